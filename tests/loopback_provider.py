"""A provider of remote models on 127.0.0.1 that speaks both dialects, well or badly, and keeps what it was sent.

Every POST is kept as it came, so tests can count them and compare bytes. One thread for each connection.
"""

from __future__ import annotations

import contextlib
import enum
import gzip
import json
import socket
import socketserver
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, Self

from tests.loopback_dialects import Event, a_page, error_body, error_event, events_of, plain_answer

HUGE_EVENT = 2_000_000  # bytes


class Fault(enum.Enum):
    """How the provider misbehaves."""

    NONE = "none"
    KEY_REFUSED = "401"
    FORBIDDEN = "403"
    NO_CREDIT = "402"
    NO_QUOTA = "429 insufficient_quota"
    RATE_LIMITED = "429 with Retry-After: 7"
    MODEL_UNKNOWN = "404"
    TOO_LONG = "400 about the length of the prompt"
    SERVER_ERROR = "500"
    OVERLOADED = "529"
    DROPPED = "hangs up before it says anything"
    SILENT = "reads the request and never answers"
    REDIRECT = "307 to another path of this server"
    GZIP = "an answer that is compressed although that was not asked for"
    PAGE = "a web page with 200"
    PLAIN = "one piece of JSON where a stream was asked for"
    HALF = "hangs up in the middle of a stream"
    SHORT = "ends a stream in good order, but before its end"
    STALLED = "falls silent in the middle of a stream"
    MALFORMED = "an event in the middle that is no JSON"
    HUGE_EVENT = "an event of two million bytes"
    ERROR_EVENT = "reports an error in the middle of a stream"
    OTHER_MODEL = "another model answers than the one that was asked for"
    NO_USAGE = "does not say how many tokens it counted"
    TOKEN_LIMIT = "the answer ends at its limit"
    FILTERED = "the answer is withheld"
    COMMENTS = "comments between the events"


@dataclass(frozen=True)
class Post:
    """A request with content, byte for byte. `headers` have names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @property
    def asked(self) -> dict[str, Any]:
        """The body as it was meant."""
        return dict(json.loads(self.body))


def _echo(asked: dict[str, Any]) -> str:
    return f"This is {asked['model']}. It has read your question and thinks that all is well."


class LoopbackProvider:
    """Serves until `close`. What it does may be changed at any time.

    `fault` is how it misbehaves, `faults` the same for single models. `answer_with` makes the answer from the body that it
    was sent; `thinks` is the reasoning before it. `usage` is what it reports, instead of words counted as tokens. `keys`
    are those that it accepts, None for any and none. `may_go_on` can be cleared to hold every answer after its first words.
    """

    def __init__(self) -> None:
        self.fault = Fault.NONE
        self.faults: dict[str, Fault] = {}
        self.answer_with: Callable[[dict[str, Any]], str] = _echo
        self.thinks = ""
        self.usage: dict[str, Any] | None = None
        self.models: tuple[str, ...] = ("test-large", "test-small")
        self.keys: set[str] | None = None
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.posts: list[Post] = []
        self.gets: list[Post] = []
        self.own_faults: list[BaseException] = []
        self.stopped = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="provider")
        self._thread.start()

    @property
    def origin(self) -> str:
        """As it stands in a list of allowed hosts."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def url_for(self, dialect: str) -> str:
        """The base address under which this dialect is spoken."""
        return f"{self.origin}/{dialect}/v1"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End every connection and thread. Raises the first fault of the stub itself."""
        self.stopped.set()
        self.may_go_on.set()
        self._server.shutdown()
        self._server.end_connections()
        self._server.server_close()
        self._thread.join()
        if self.own_faults:
            raise self.own_faults[0]


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    request_queue_size = 64
    daemon_threads = False

    def __init__(self, owner: LoopbackProvider) -> None:
        self.owner = owner
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

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


_STATUS = {
    Fault.KEY_REFUSED: 401, Fault.FORBIDDEN: 403, Fault.NO_CREDIT: 402, Fault.NO_QUOTA: 429, Fault.RATE_LIMITED: 429,
    Fault.MODEL_UNKNOWN: 404, Fault.TOO_LONG: 400, Fault.SERVER_ERROR: 500, Fault.OVERLOADED: 529,
}  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing; the server keeps everything."""

    def _came(self) -> Post:
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Post(self.path, headers, self.rfile.read(int(headers.get("content-length", "0"))))

    def do_GET(self) -> None:
        owner, came = self.server.owner, self._came()
        owner.gets.append(came)
        if self._refuses(came, owner.fault) or self._misbehaves_at_once(owner.fault):
            return
        listed = {"data": [{"id": name, "object": "model"} for name in owner.models], "object": "list"}
        self._say(200, json.dumps(listed).encode())

    def do_POST(self) -> None:
        owner, came = self.server.owner, self._came()
        owner.posts.append(came)
        if len(came.body) < int(came.headers.get("content-length", "0")):
            return  # whoever sent it left in the middle, as somebody does who closes the lock
        asked = came.asked
        fault = owner.faults.get(asked["model"], owner.fault)
        if self._refuses(came, fault) or self._misbehaves_at_once(fault):
            return
        text = owner.answer_with(asked)
        if fault is Fault.PLAIN or not asked.get("stream"):
            self._say(200, plain_answer(self._dialect, asked, text, owner.thinks, owner.usage, fault.name))
        else:
            self._stream(events_of(self._dialect, asked, text, owner.thinks, owner.usage, fault.name), fault)

    @property
    def _dialect(self) -> str:
        return "anthropic" if self.path.startswith("/anthropic/") else "openai"

    # ------------------------------------------------------------ instead of an answer
    def _refuses(self, came: Post, fault: Fault) -> bool:
        keys = self.server.owner.keys
        key = came.headers.get("x-api-key") or came.headers.get("authorization", "").removeprefix("Bearer ")
        if keys is not None and key not in keys:
            fault = Fault.KEY_REFUSED
        if (status := _STATUS.get(fault)) is None:
            return False
        waits = {"Retry-After": "7"} if fault is Fault.RATE_LIMITED else {}
        self._say(status, error_body(self._dialect, fault.name), **waits)
        return True

    def _misbehaves_at_once(self, fault: Fault) -> bool:
        match fault:
            case Fault.DROPPED:
                self._hang_up()
            case Fault.SILENT:
                self._fall_silent()
            case Fault.REDIRECT:
                self._say(307, b"", Location=self.path + "/elsewhere")
            case Fault.GZIP:
                self._say(200, gzip.compress(b'{"data": []}' * 100), **{"Content-Encoding": "gzip"})
            case Fault.PAGE:
                self._say(200, a_page(), **{"Content-Type": "text/html; charset=utf-8"})
            case _:
                return False
        return True

    def _say(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        said = {"Content-Type": "application/json", "Content-Length": str(len(content)), "Request-Id": "req_1", **headers}
        for name, value in said.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    # ------------------------------------------------------------ a stream
    def _stream(self, events: list[Event], fault: Fault) -> None:
        self.send_response(200)
        for name, value in (("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked"), ("Request-Id", "req_1")):
            self.send_header(name, value)
        self.end_headers()
        middle = max(2, len(events) // 2)
        for number, event in enumerate(events):
            if number == middle and self._breaks(fault):
                return
            if number == 4:  # something was said, in both dialects
                self.server.owner.may_go_on.wait()
            if fault is Fault.COMMENTS:
                self._chunk(b": OPENROUTER PROCESSING\n\n")
            self._chunk(event.raw())
        self._chunk(b"")

    def _breaks(self, fault: Fault) -> bool:
        """Whether nothing more is said after this."""
        match fault:
            case Fault.HALF:
                self._hang_up()
            case Fault.SHORT:
                self._chunk(b"")
            case Fault.STALLED:
                self._fall_silent()
            case Fault.ERROR_EVENT:
                self._chunk(error_event(self._dialect).raw())
                self._chunk(b"")
            case Fault.MALFORMED:
                self._chunk(b'data: {"choices": [{"delta": {"content": "half of\n\n')
                return False
            case Fault.HUGE_EVENT:
                self._chunk(b'data: {"x": "' + b"x" * HUGE_EVENT + b'"}\n\n')
                return False
            case _:
                return False
        return True

    def _chunk(self, content: bytes) -> None:
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")

    def _hang_up(self) -> None:
        # With no time to linger, closing sends a reset instead of an orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def _fall_silent(self) -> None:
        """Until the provider is closed or the client gives up."""
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
