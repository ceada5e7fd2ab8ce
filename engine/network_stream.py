"""The sockets behind the door: look a name up, connect, speak TLS, read and write, for one exchange.

Everything waits in short slices and asks the exchange in between, so that whatever ends it is heard at once, in every
stage. Knows no policy and no HTTP. Certificates are checked against the system's own store of authorities.
"""

from __future__ import annotations

import errno
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from queue import Empty, SimpleQueue
from typing import Any

import httpcore2
import truststore

from engine import tripwire
from engine.errors import NetworkFailed
from engine.network_exchange import Exchange
from engine.policy import is_loopback

SLICE_S = 0.02
NEXT_ADDRESS_AFTER_S = 0.25  # a broken IPv6 must not cost a whole time-out
Address = tuple[int, Any]  # family, and what to connect to


class Wire(httpcore2.NetworkBackend):
    """Opens the connection of one exchange, to its host or to the proxy on the way there."""

    def __init__(self, exchange: Exchange, *, through_proxy: bool) -> None:
        self._exchange = exchange
        self._through_proxy = through_proxy

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Raises NetworkFailed, and whatever ended the exchange."""
        until = time.monotonic() + (timeout or 0.0)
        try:
            addresses = _addresses(host, port, self._exchange, until)
            if self._exchange.origin[0] == "http" and not all(is_loopback(str(place[0])) for _, place in addresses):
                raise NetworkFailed(self._exchange.host, "no_address", "a name of this computer that leads elsewhere")
            connected = _connected(addresses, self._exchange, until)
        except NetworkFailed as failure:
            if self._through_proxy:
                raise NetworkFailed(self._exchange.host, "proxy", failure.detail or failure.reason) from None
            raise
        with ExitStack() as undo:
            undo.callback(connected.close)
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stream = Stream(connected, self._exchange)
            undo.pop_all()
        return stream


class Stream(httpcore2.NetworkStream):
    """A connection, in clear or under TLS, on which the exchange counts what passes."""

    def __init__(self, connected: socket.socket, exchange: Exchange) -> None:
        self._socket = connected
        self._exchange = exchange
        connected.settimeout(SLICE_S)
        exchange.uses(lambda: socket.socket.shutdown(connected, socket.SHUT_RDWR))  # of TLS as well: nothing is said goodbye

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Raises NetworkFailed, and whatever ended the exchange."""
        until = time.monotonic() + (timeout or 0.0)
        while True:
            self._exchange.check()
            try:
                piece = self._socket.recv(max_bytes)
            except TimeoutError:
                if time.monotonic() > until:
                    raise NetworkFailed(self._exchange.host, "timed_out") from None
                continue
            except OSError as problem:
                self._exchange.check()
                raise NetworkFailed(self._exchange.host, "broken_off", type(problem).__name__) from None
            self._exchange.check()  # what came while it was being ended is not handed on
            self._exchange.passed_in(len(piece))
            return piece

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Raises WriteError when the other side no longer listens, as it may have answered already; else as `read`."""
        until = time.monotonic() + (timeout or 0.0)
        left = memoryview(buffer)
        while left:
            self._exchange.check()
            try:
                n_bytes = self._socket.send(left)
            except TimeoutError:
                if time.monotonic() > until:
                    raise NetworkFailed(self._exchange.host, "timed_out") from None
                continue
            except OSError as problem:
                self._exchange.check()
                raise httpcore2.WriteError(type(problem).__name__) from None
            self._exchange.passed_out(n_bytes)
            left = left[n_bytes:]

    def close(self) -> None:
        with suppress(OSError):
            self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """Raises NetworkFailed, reason `tls` when the certificate is not trusted, and whatever ended the exchange."""
        until = time.monotonic() + (timeout or 0.0)
        host = self._exchange.host
        with ExitStack() as undo:
            undo.callback(self.close)
            try:
                secured = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname, do_handshake_on_connect=False)
                undo.callback(secured.close)
                self._exchange.uses(lambda: socket.socket.shutdown(secured, socket.SHUT_RDWR))
                secured.settimeout(SLICE_S)
                while not _shaken(secured):
                    self._exchange.check()
                    if time.monotonic() > until:
                        raise NetworkFailed(host, "timed_out")
            except ssl.SSLCertVerificationError as problem:
                self._exchange.check()
                raise NetworkFailed(host, "tls", f"certificate not trusted: {_why(problem)}") from None
            except ssl.SSLError as problem:
                self._exchange.check()
                raise NetworkFailed(host, "tls", _why(problem)) from None
            except OSError as problem:
                self._exchange.check()
                raise NetworkFailed(host, "broken_off", f"TLS handshake: {type(problem).__name__}") from None
            stream = Stream(secured, self._exchange)
            undo.pop_all()
        return stream

    def get_extra_info(self, info: str) -> Any:
        if info == "ssl_object" and isinstance(self._socket, ssl.SSLSocket):
            return self._socket
        return None


def trusted_context() -> ssl.SSLContext:
    """What TLS must hold to: the system's authorities, the host's name, at least version 1.2. One for each connection.

    A context that is shared would make every handshake wait for one that stalls.
    """
    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _why(problem: ssl.SSLError) -> str:
    """What OpenSSL or the system said; which of these is there differs from system to system."""
    return getattr(problem, "verify_message", None) or getattr(problem, "reason", None) or str(problem)[:200]


def _shaken(secured: ssl.SSLSocket) -> bool:
    try:
        secured.do_handshake()
    except TimeoutError:
        return False
    return True


def _addresses(host: str, port: int, exchange: Exchange, until: float) -> list[Address]:
    """Look `host` up on a thread of its own, since that cannot be interrupted; one that is given up ends by itself."""
    found: SimpleQueue[list[Any] | OSError | UnicodeError] = SimpleQueue()

    def look_up() -> None:
        try:
            with tripwire.expected("socket.getaddrinfo", host):
                found.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as problem:
            found.put(problem)

    threading.Thread(target=look_up, name="name look-up", daemon=True).start()
    while True:
        exchange.check()
        try:
            answer = found.get(timeout=SLICE_S)
        except Empty:
            if time.monotonic() > until:
                raise NetworkFailed(exchange.host, "no_address", "the look-up took too long") from None
            continue
        if isinstance(answer, OSError | UnicodeError):
            raise NetworkFailed(exchange.host, "no_address", "the name has no address")
        return _in_turn([(family, place) for family, _, _, _, place in answer])


def _in_turn(addresses: list[Address]) -> list[Address]:
    """The same addresses with the families taking turns, the first one's first."""
    first = [each for each in addresses if each[0] == addresses[0][0]]
    others = [each for each in addresses if each[0] != addresses[0][0]]
    mixed = [each for pair in zip(first, others, strict=False) for each in pair]
    return mixed + first[len(others) :] + others[len(first) :]


def _connected(addresses: list[Address], exchange: Exchange, until: float) -> socket.socket:
    """The first of `addresses` that answers; the next is tried when one fails, or beside it when it takes long."""
    waiting, problem = list(addresses), ""
    with ExitStack() as opened, selectors.DefaultSelector() as selector:
        next_at = 0.0
        while True:
            exchange.check()
            now = time.monotonic()
            if waiting and (now >= next_at or not selector.get_map()):
                next_at = now + NEXT_ADDRESS_AFTER_S
                attempt, error = _begun(waiting.pop(0))
                if attempt is not None:
                    opened.callback(attempt.close)
                    selector.register(attempt, selectors.EVENT_WRITE)
                problem = error or problem
            elif not selector.get_map():
                raise NetworkFailed(exchange.host, "no_connection", problem)
            elif now > until:
                raise NetworkFailed(exchange.host, "timed_out", "connecting")
            for key, _ in selector.select(SLICE_S) if selector.get_map() else ():
                reached: Any = key.fileobj
                selector.unregister(reached)
                if (code := reached.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)) == 0:
                    kept = socket.socket(reached.family, reached.type, reached.proto, reached.detach())
                    return kept
                problem = _words(code)


def _begun(address: Address) -> tuple[socket.socket | None, str]:
    """A socket that is on its way to an address, or why it is not."""
    family, place = address
    try:
        attempt = socket.socket(family, socket.SOCK_STREAM)
    except OSError as problem:
        return None, _words(problem.errno or 0)
    attempt.setblocking(False)
    with tripwire.expected("socket.connect", place):
        code = attempt.connect_ex(place)
    if code in _ON_ITS_WAY:
        return attempt, ""
    attempt.close()
    return None, _words(code)


def _words(code: int) -> str:
    return errno.errorcode.get(code, str(code))


_ON_ITS_WAY = {0, errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0)}
