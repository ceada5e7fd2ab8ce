"""An HTTP server on 127.0.0.1 that sends answers as they are described, including badly.

One thread for each connection. Knows nothing of hubs; `tests/loopback_hub.py` decides what is answered.
"""

from __future__ import annotations

import contextlib
import re
import socket
import socketserver
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import unquote

from tests.loopback_answers import Answer

_PIECE = 64 * 1024  # bytes that are sent, counted and timed together


@dataclass
class Request:
    """A request as it arrived. `file` is the `owner/name/file` whose bytes it asked for, `n_sent` how many it got."""

    server: str
    method: str
    path: str
    query: str
    range: str | None
    headers: dict[str, str]
    file: str | None = None
    status: int | None = None
    n_sent: int = 0
    done: bool = False


class LoopbackServer:
    """Serves until `close`. `answer` is called in the connection's thread."""

    def __init__(
        self, name: str, answer: Callable[[Request], Answer], requests: list[Request], tls: ssl.SSLContext | None
    ) -> None:
        self.name, self.answer, self.requests = name, answer, requests
        self.stopped = threading.Event()
        self.own_faults: list[BaseException] = []
        self._server = _Server(self, tls)
        scheme, host = ("https", "localhost") if tls else ("http", "127.0.0.1")
        self.url = f"{scheme}://{host}:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name=f"loopback {name}"
        )
        self._thread.start()

    def close(self) -> None:
        """End every connection and thread. Raises the first fault of the stub itself."""
        self.stopped.set()
        self._server.shutdown()
        self._server.end_connections()
        self._server.server_close()
        self._thread.join()
        if self.own_faults:
            raise self.own_faults[0]


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    request_queue_size = 64
    daemon_threads = False

    def __init__(self, owner: LoopbackServer, tls: ssl.SSLContext | None) -> None:
        self.owner, self._tls = owner, tls
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self._tls is None:
            super().finish_request(request, client_address)
            return
        with contextlib.suppress(OSError), self._tls.wrap_socket(request, server_side=True) as wrapped:  # in its own thread
            with self._lock:
                self._open.add(wrapped)
            try:
                super().finish_request(wrapped, client_address)
            finally:
                with self._lock:
                    self._open.discard(wrapped)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        import sys

        fault = sys.exception()
        if fault is not None and not isinstance(fault, OSError):  # a client that goes away is no fault of the stub
            self.owner.own_faults.append(fault)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    do_PUT = do_DELETE = do_OPTIONS = do_POST

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing; `requests` holds everything."""

    def _serve(self) -> None:
        owner = self.server.owner
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(owner.name, self.command, unquote(path), query, headers.get("range"), headers)
        owner.requests.append(request)
        if length := int(headers.get("content-length", "0")):
            self.rfile.read(length)
        try:
            self._send(request, owner.answer(request))
        finally:
            request.done = True

    def _send(self, request: Request, answer: Answer) -> None:
        if answer.stalls_before_answer:
            self._stall()
            return
        n_bytes = answer.content.n_bytes if answer.content else 0
        start, end, status = _wanted(request, answer, n_bytes)
        request.status = status
        self.send_response(status)
        if status == 206:
            shift = answer.wrong_range
            self.send_header("Content-Range", f"bytes {start + shift}-{end - 1 + shift}/{n_bytes}")
        elif status == 416:
            self.send_header("Content-Range", f"bytes */{n_bytes}")
        self._send_headers(answer, end - start)
        if request.method != "HEAD" and answer.content is not None:
            self._send_body(request, answer, start, end)

    def _send_headers(self, answer: Answer, n_bytes: int) -> None:
        headers = {"Content-Length": str(n_bytes + answer.wrong_length), "Content-Type": "application/octet-stream"}
        if answer.takes_ranges:
            headers["Accept-Ranges"] = "bytes"
        if answer.etag:
            headers["ETag"] = answer.etag
        if answer.location:
            headers["Location"] = answer.location
        own = {name.lower() for name in answer.headers}
        headers = {name: value for name, value in headers.items() if name.lower() not in own} | dict(answer.headers)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send_body(self, request: Request, answer: Answer, start: int, end: int) -> None:
        assert answer.content is not None
        began = time.monotonic()
        limits = [limit for limit in (answer.stall_after, answer.truncate_at, answer.drop_after) if limit is not None]
        last = min([end - start, *limits])
        for piece in answer.content.read(start, start + last):
            for at in range(0, len(piece), _PIECE):
                part = piece[at : at + _PIECE]
                request.n_sent += len(part)  # before it is there: who has read all of it may ask at once
                try:
                    self.wfile.write(part)
                except OSError:
                    request.n_sent -= len(part)
                    raise
                if answer.bytes_per_s:
                    ahead = request.n_sent / answer.bytes_per_s - (time.monotonic() - began)
                    if ahead > 0 and self.server.owner.stopped.wait(ahead):
                        return
        self._break(answer, request.n_sent)

    def _break(self, answer: Answer, n_sent: int) -> None:
        if answer.stall_after is not None and n_sent >= answer.stall_after:
            self._stall()
        if answer.truncate_at is not None or answer.wrong_length:
            self.close_connection = True
        if answer.drop_after is not None:
            # With no time to linger, closing sends a reset instead of an orderly end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True

    def _stall(self) -> None:
        """Silence until the hub is closed or the client gives up."""
        self.close_connection = True
        self.connection.settimeout(0.05)
        while not self.server.owner.stopped.is_set():
            try:
                if not self.connection.recv(1):
                    return
            except TimeoutError:
                continue
            except OSError:
                return


def _wanted(request: Request, answer: Answer, n_bytes: int) -> tuple[int, int, int]:
    """The stretch that is served, end exclusive, and the status that says so."""
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", request.range or "")
    if not asked or not answer.takes_ranges or answer.status != 200:
        return 0, n_bytes, answer.status
    if request.headers.get("if-range", answer.etag) != answer.etag:
        return 0, n_bytes, 200
    start, end = int(asked[1]), min(int(asked[2]) + 1 if asked[2] else n_bytes, n_bytes)
    return (start, end, 206) if start < end else (0, 0, 416)
