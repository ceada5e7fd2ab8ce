"""One HTTP request on one exchange: send it, read its answer, and turn the library's errors into ours.

Judges nothing and writes nothing down; engine.network does both before it calls this. Follows no redirect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Literal
from urllib.parse import urlsplit

import httpcore2

from engine.errors import NetworkFailed
from engine.network_exchange import Exchange
from engine.network_messages import Answer, Patience, readable
from engine.network_stream import Wire, trusted_context
from engine.policy import DEFAULT_PORT
from engine.proxies import Proxy

FOREIGN = (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.ProxyError, httpcore2.TimeoutException)


def send(
    exchange: Exchange,
    proxy: Proxy | None,
    url: str,
    headers: Mapping[str, str],
    content: Iterable[bytes],
    patience: Patience,
) -> Answer:
    """Open a connection that serves this request only, send, and wait for the answer's head.

    Raises NetworkFailed and whatever ended the exchange; its entry in the log is complete then.
    """
    scheme, host, port = exchange.origin
    authority = f"[{host}]" if ":" in host else host
    ours = [
        ("Host", authority if port == DEFAULT_PORT[scheme] else f"{authority}:{port}"),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
    ]
    timeout = {"connect": patience.connect_s, "read": patience.stall_s, "write": patience.stall_s, "pool": patience.connect_s}
    with _translated(exchange):
        exchange.check()
        request = httpcore2.Request(
            exchange.connection.method,
            httpcore2.URL(scheme=scheme, host=host, port=port, target=_target(url)),
            headers=[*ours, *headers.items()],
            content=content,
            extensions={"timeout": timeout},
        )
        pool = _pool(exchange, proxy)
        response = pool.handle_request(request)
        exchange.status = response.status
    return _answer(url, exchange, response, pool)


def _answer(url: str, exchange: Exchange, response: httpcore2.Response, pool: httpcore2.ConnectionPool) -> Answer:
    def pieces() -> Iterator[bytes]:
        with _translated(exchange):
            yield from response.iter_stream()

    def hang_up() -> None:
        for each in (response, pool):
            with suppress(Exception):  # a connection that is already gone cannot be left in better order
                each.close()

    return Answer(url, response.status, readable(response.headers), exchange, pieces, hang_up)


@contextmanager
def _translated(exchange: Exchange) -> Iterator[None]:
    """Turn errors of the HTTP library into ours, and complete the log's entry with whatever is raised."""
    try:
        try:
            yield
        except FOREIGN as problem:
            exchange.check()
            raise _meaning(exchange, problem) from None
    except GeneratorExit:  # whoever read it has had enough; closing completes the entry
        raise
    except BaseException as error:
        exchange.finish(error)
        raise


def _meaning(exchange: Exchange, problem: Exception) -> NetworkFailed:
    reason: Literal["proxy", "timed_out", "broken_off", "bad_answer"] = "broken_off"
    match problem:
        case httpcore2.ProxyError():
            reason = "proxy"
        case httpcore2.TimeoutException():
            reason = "timed_out"
        case httpcore2.ProtocolError() if not exchange.other_side_left:
            reason = "bad_answer"
    return NetworkFailed(exchange.host, reason, str(problem)[:200])


def _pool(exchange: Exchange, proxy: Proxy | None) -> httpcore2.ConnectionPool:
    """A pool of one connection for one request, so that no request can ever find one that another left behind."""
    return httpcore2.ConnectionPool(
        ssl_context=trusted_context() if exchange.origin[0] == "https" else None,
        proxy=None if proxy is None else _as_proxy(proxy),
        max_connections=1,
        max_keepalive_connections=0,
        retries=0,
        network_backend=Wire(exchange, through_proxy=proxy is not None),
    )


def _as_proxy(proxy: Proxy) -> httpcore2.Proxy:
    credentials = (proxy.name.encode(), proxy.password.encode()) if proxy.name else None
    return httpcore2.Proxy(httpcore2.URL(scheme="http", host=proxy.host, port=proxy.port, target="/"), auth=credentials)


def _target(url: str) -> str:
    """What a request asks its host for: path and query."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
