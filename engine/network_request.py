"""One HTTP request on one exchange: what of it is sent, how its answer is read, what foreign errors mean.

Judges nothing and writes nothing down; engine.network does both before it calls this. Follows no redirect.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin, urlsplit

import httpcore2

from engine.errors import NetworkFailed
from engine.network_exchange import Exchange
from engine.network_stream import Wire, trusted_context
from engine.policy import DEFAULT_PORT, Origin
from engine.proxies import Proxy

#: What a request may say beside its address. Everything else that a library would add stays on this computer.
SAID = frozenset(
    "accept authorization content-length content-type if-match if-none-match if-range range transfer-encoding".split()
)
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_VALUE = re.compile(r"[\t\x20-\x7e]*")


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds: to connect, in silence, and for the whole answer (None: as long as it flows)."""

    connect_s: float
    stall_s: float
    whole_s: float | None = None

    @property
    def head_s(self) -> float:
        """For everything up to the answer's headers, however slowly they come."""
        return self.whole_s if self.whole_s is not None else 2 * self.connect_s + self.stall_s


class Answer:
    """The head of an answer, and its content as it comes. `headers` have names in lower case."""

    def __init__(self, url: str, exchange: Exchange, response: httpcore2.Response, pool: httpcore2.ConnectionPool) -> None:
        self.url = url
        self.status = response.status
        self.headers = _readable(response.headers)
        self._exchange = exchange
        self._response = response
        self._pool = pool

    @property
    def host(self) -> str:
        return self._exchange.host

    @property
    def origin(self) -> Origin:
        return self._exchange.origin

    def chunks(self, n_bytes: int) -> Iterator[bytes]:
        """The content's bytes as they arrive, no piece larger than `n_bytes`. May be asked for once.

        Raises NetworkFailed, NetworkRefused when the purpose is closed meanwhile, and Interrupted.
        """
        with translated(self._exchange):
            for piece in self._response.iter_stream():
                for start in range(0, len(piece), n_bytes):
                    self._exchange.check()
                    yield piece[start : start + n_bytes]

    def redirect(self) -> str | None:
        """Where this answer leads instead; None if it is the answer itself. Raises NetworkFailed for a place that is none."""
        place = self.headers.get("location")
        if self.status not in REDIRECTS or place is None:
            return None
        try:
            return urljoin(self.url, place.strip()).partition("#")[0]
        except ValueError:
            raise NetworkFailed(self.host, "bad_answer", "redirected to no address") from None

    def require_plain(self) -> None:
        """Raises NetworkFailed when the content is encoded although that was not asked for, and so has other bytes."""
        encoding = self.headers.get("content-encoding", "identity").lower()
        if encoding not in ("", "identity"):
            raise NetworkFailed(self.host, "bad_answer", "content-encoding")

    def close(self, error: BaseException | None = None) -> None:
        """Hang up and complete the log's entry; what was not read stays unread. Safe to call twice."""
        for each in (self._response, self._pool):
            with suppress(Exception):  # a connection that is already gone cannot be left in better order
                each.close()
        self._exchange.finish(error or self._exchange.ended_by)


def send(
    exchange: Exchange,
    proxy: Proxy | None,
    url: str,
    headers: Iterable[tuple[str, str]],
    content: Iterable[bytes],
    *,
    user_agent: str,
    patience: Patience,
) -> Answer:
    """Open a connection that serves this request only, send, and wait for the answer's head.

    Raises NetworkFailed and whatever ended the exchange; its entry in the log is complete then.
    """
    scheme, host, port = exchange.origin
    authority = f"[{host}]" if ":" in host else host
    ours = [
        ("Host", authority if port == DEFAULT_PORT[scheme] else f"{authority}:{port}"),
        ("User-Agent", user_agent),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
    ]
    timeout = {"connect": patience.connect_s, "read": patience.stall_s, "write": patience.stall_s, "pool": patience.connect_s}
    with translated(exchange):
        exchange.check()
        request = httpcore2.Request(
            exchange.connection.method,
            httpcore2.URL(scheme=scheme, host=host, port=port, target=_target(url)),
            headers=[*ours, *headers],
            content=content,
            extensions={"timeout": timeout},
        )
        pool = _pool(exchange, proxy)
        response = pool.handle_request(request)
        exchange.status = response.status
    return Answer(url, exchange, response, pool)


def said(headers: Mapping[str, str]) -> dict[str, str]:
    """Those of the headers that are sent, in lower case. Raises ValueError for a value that would break out of its line."""
    kept = {name.lower(): value for name, value in headers.items() if name.lower() in SAID}
    for name, value in kept.items():
        if _VALUE.fullmatch(value) is None:
            raise ValueError(f"the header {name} holds what no header may hold")
    return kept


@contextmanager
def translated(exchange: Exchange) -> Iterator[None]:
    """Turn errors of the HTTP library into ours, and complete the log's entry with whatever is raised."""
    try:
        try:
            yield
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.ProxyError, httpcore2.TimeoutException) as problem:
            exchange.check()
            raise _meaning(exchange, problem) from None
    except GeneratorExit:  # whoever read it has had enough; closing completes the entry
        raise
    except BaseException as error:
        exchange.finish(error)
        raise


def _meaning(exchange: Exchange, problem: Exception) -> NetworkFailed:
    reason: Literal["proxy", "timed_out", "broken_off", "bad_answer"]
    match problem:
        case httpcore2.ProxyError():
            reason = "proxy"
        case httpcore2.TimeoutException():
            reason = "timed_out"
        case httpcore2.RemoteProtocolError() if not exchange.other_side_left:
            reason = "bad_answer"
        case httpcore2.LocalProtocolError():
            reason = "bad_answer"
        case _:
            reason = "broken_off"
    return NetworkFailed(exchange.host, reason, str(problem)[:200])


def _pool(exchange: Exchange, proxy: Proxy | None) -> httpcore2.ConnectionPool:
    """A pool of one connection for one request, so that no request can ever find one that another left behind."""
    return httpcore2.ConnectionPool(
        ssl_context=trusted_context() if exchange.origin[0] == "https" else None,
        proxy=None if proxy is None else httpcore2.Proxy(_proxy_url(proxy), auth=_credentials(proxy)),
        max_connections=1,
        max_keepalive_connections=0,
        retries=0,
        network_backend=Wire(exchange, through_proxy=proxy is not None),
    )


def _proxy_url(proxy: Proxy) -> httpcore2.URL:
    return httpcore2.URL(scheme="http", host=proxy.host, port=proxy.port, target="/")


def _credentials(proxy: Proxy) -> tuple[bytes, bytes] | None:
    return (proxy.name.encode(), proxy.password.encode()) if proxy.name else None


def _target(url: str) -> str:
    """What a request asks its host for: path and query."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _readable(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers as text. Cookies are left out: nothing here keeps them."""
    kept: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name not in ("set-cookie", "set-cookie2"):
            kept[name] = f"{kept[name]}, {value}" if name in kept else value
    return kept
