"""An HTTP client whose every request and redirect goes through the door, for a library that wants a client.

Keeps no cookies and no connection. Its answers are short: what is larger than 32 MB is not one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx2

from engine.errors import NetworkFailed
from engine.network_messages import Answer
from engine.policy import Origin

MAX_ANSWER = 32 * 1024 * 1024
PIECE = 64 * 1024
_CAME_FROM = "strongroom.came_from"


def client(send: Callable[..., Answer], *, max_redirects: int, timeout_s: float) -> httpx2.Client:
    """A client on `send(method, url, headers, content, came_from=…)`, which may raise whatever it likes."""
    transport = _Transport(send, max_redirects)
    return httpx2.Client(transport=transport, timeout=timeout_s, follow_redirects=True, trust_env=False)


class _Transport(httpx2.BaseTransport):
    def __init__(self, send: Callable[..., Answer], max_redirects: int) -> None:
        self._send = send
        self._max_redirects = max_redirects

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url, headers = str(request.url), dict(request.headers)  # without secrets of another origin: httpx2 took them out
        came_from: tuple[Origin, ...] = request.extensions.get(_CAME_FROM, ())
        if len(came_from) > self._max_redirects:
            raise NetworkFailed(came_from[-1][1], "bad_answer", f"more than {self._max_redirects} redirects")
        stream: Any = request.stream  # of bytes, since the client is not an asynchronous one
        answer = self._send(request.method, url, headers, stream, came_from=came_from[-1] if came_from else None)
        if request.method != "HEAD":
            try:
                answer.require_plain()
            except NetworkFailed as error:
                answer.close(error)
                raise
        request.extensions = {**request.extensions, _CAME_FROM: (*came_from, answer.origin)}
        return httpx2.Response(answer.status, headers=answer.headers, stream=_Body(answer))


class _Body(httpx2.SyncByteStream):
    """An answer's content, up to a size that no short answer has."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        room = MAX_ANSWER
        for piece in self._answer.chunks(PIECE):
            room -= len(piece)
            if room < 0:
                error = NetworkFailed(self._answer.host, "bad_answer", "the answer is larger than 32 MB")
                self._answer.close(error)
                raise error
            yield piece

    def close(self) -> None:
        self._answer.close()
