"""Send one approved text to a provider and hand on the answer as it comes: one POST, whatever happens.

Nothing is tried again, no redirect is followed, and nothing but the named headers is said. Blocks its thread. Errors and
logs hold neither the text nor the key. What is charged cannot be known after an answer that broke off, and is called so.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from typing import Any

from engine.errors import NetworkFailed, OutcomeUnknown, ProviderFailed
from engine.network import Answer, Interruption, NetworkDoor
from engine.network_messages import Patience
from engine.provider_records import Provider
from engine.providers.dialect import ErrorReported, Event, Unreadable
from engine.providers.event_stream import events_in
from engine.providers.provider import Body, Dialect, Ended, Grew, Piece, Thought, dialect_of
from engine.providers.refusals import refusal, reported
from engine.providers.untrusted import items, mapping, name_of

PATIENCE = Patience(10.0, 120.0)
LIST_PATIENCE = Patience(10.0, 30.0, 60.0)
MAX_TEXT = 4_000_000  # letters of an answer with its reasoning
MAX_WHOLE = 16_000_000  # bytes of an answer that comes in one piece
MAX_ERROR = 64 * 1024
MAX_MODELS = 5000
_CHUNK = 64 * 1024
_BLANK = b" \t\r\n\xef\xbb\xbf"  # with the mark that some begin a text in UTF-8 with


def answer(
    door: NetworkDoor,
    provider: Provider,
    body: Body,
    key: str | None,
    *,
    about: str,
    interruption: Interruption | None = None,
    patience: Patience = PATIENCE,
    leaving: Callable[[], None] = lambda: None,
) -> Iterator[Piece]:
    """Send `body`, which the door must have been told to let pass, and yield the answer; its last piece is Ended.

    `leaving` is called right before the first byte of the text leaves. Until then nothing can cost anything, and failures are
    NetworkFailed or NetworkRefused. After it: KeyRefused, OutOfCredit, RateLimited, ProviderFailed; OutcomeUnknown where the
    answer did not come, or not to its end; NetworkRefused and Interrupted when it was ended here.
    """
    has_left = False

    def left() -> None:
        nonlocal has_left
        has_left = True
        leaving()

    dialect = dialect_of(provider)
    headers = {"accept": "text/event-stream", "content-type": "application/json", **dialect.headers(provider, key)}
    try:
        came = door.send(
            "compare", "POST", body.url, headers, body.content,
            about=about, interruption=interruption, patience=patience, leaving=left,
        )  # fmt: skip
    except NetworkFailed as failed:
        if has_left:
            raise _unknown(provider, failed) from None
        raise
    with closing(came):
        yield from _Reading(provider, dialect, came).pieces()


def list_models(
    door: NetworkDoor,
    provider: Provider,
    key: str | None,
    *,
    about: str,
    interruption: Interruption | None = None,
    patience: Patience = LIST_PATIENCE,
) -> tuple[str, ...]:
    """The names of the models that the provider offers; sends nothing but the key.

    Raises NetworkRefused, NetworkFailed, KeyRefused, OutOfCredit, RateLimited, ProviderFailed, OutcomeUnknown; Interrupted.
    """
    dialect = dialect_of(provider)
    headers = {"accept": "application/json", **dialect.headers(provider, key)}
    came = door.send(
        "compare", "GET", dialect.models_url(provider), headers,
        about=about, interruption=interruption, patience=patience,
    )  # fmt: skip
    with closing(came):
        _require_answer(provider, came)
        try:
            listed = _json(_joined(came.chunks(_CHUNK), MAX_WHOLE))
        except Unreadable:
            raise ProviderFailed(provider.name, provider.host, "bad_answer", came.status) from None
    entries = items(mapping(listed).get("data")) or items(mapping(listed).get("models")) or items(listed)
    names = (name_of(mapping(each).get("id")) or name_of(mapping(each).get("name")) for each in entries[:MAX_MODELS])
    return tuple(dict.fromkeys(name.removeprefix("models/") for name in names if name))  # so does Gemini call them


class _Reading:
    """An answer that is being read."""

    def __init__(self, provider: Provider, dialect: Dialect, came: Answer) -> None:
        self._provider = provider
        self._dialect = dialect
        self._came = came
        self._broken: NetworkFailed | None = None
        self._has_begun = False

    def pieces(self) -> Iterator[Piece]:
        _require_answer(self._provider, self._came)
        whole = _Whole()
        try:
            for piece in self._read():
                if isinstance(piece, Ended):
                    yield from whole.rest()
                    yield self._complete(piece)
                    return
                self._has_begun = True
                yield from whole.add(piece)
        except ErrorReported as said:
            raise reported(self._provider, said.error, has_begun=self._has_begun) from None
        except (Unreadable, NetworkFailed) as problem:
            if isinstance(problem, NetworkFailed) and problem.reason != "bad_answer":
                raise _unknown(self._provider, problem) from None
            raise ProviderFailed(self._provider.name, self._provider.host, "bad_answer", self._came.status) from None
        raise _unknown(self._provider, self._broken)

    def _read(self) -> Iterator[Piece]:
        """By its first letter: an object, a page, or a stream, whatever the answer calls itself."""
        chunks = self._came.chunks(_CHUNK)
        start = b""
        while not start.strip(_BLANK) and len(start) <= _CHUNK:
            chunk = next(chunks, None)
            if chunk is None:
                return
            start += chunk
        start = start.lstrip(_BLANK)
        rest = chain((start,), chunks)
        match start[:1]:
            case b"{":
                yield from self._dialect.whole(_object(_joined(rest, MAX_WHOLE)))
            case b"<" | b"[":
                raise Unreadable
            case _:
                yield from self._dialect.pieces(self._events(rest))

    def _events(self, chunks: Iterable[bytes]) -> Iterator[Event]:
        """Objects of a stream up to its end marker. One that breaks off ends here; whether it was complete, the dialect knows."""
        try:
            for content in events_in(chunks):
                if content.strip() == b"[DONE]":
                    return
                yield _object(content)
        except NetworkFailed as broken:
            if broken.reason == "bad_answer":
                raise
            self._broken = broken

    def _complete(self, ended: Ended) -> Ended:
        said = self._came.headers
        request_id = name_of(said.get("request-id")) or name_of(said.get("x-request-id")) or ended.request_id
        is_in_dollars = self._provider.prices == "openrouter"  # nobody else says what currency it is
        return replace(ended, request_id=request_id, cost_nano=ended.cost_nano if is_in_dollars else None)


class _Whole:
    """Makes letters whole that came in halves, and keeps the answer within bounds.

    JSON can name halves of a surrogate pair, in two pieces even; half a pair without the other one is replaced.
    """

    def __init__(self) -> None:
        self._half: Grew | Thought | None = None
        self._n_letters = 0

    def add(self, piece: Grew | Thought) -> Iterator[Grew | Thought]:
        """Raises Unreadable when the answer has no end in sight."""
        if self._half is not None and type(self._half) is not type(piece):
            yield from self.rest()
        text = (self._half.text if self._half else "") + piece.text  # never empty
        self._half = None
        if "\ud800" <= text[-1] <= "\udbff":
            self._half, text = replace(piece, text=text[-1]), text[:-1]
        self._n_letters += len(text)
        if self._n_letters > MAX_TEXT:
            raise Unreadable
        if text:
            yield replace(piece, text=_mended(text))

    def rest(self) -> Iterator[Grew | Thought]:
        if self._half is not None:
            yield replace(self._half, text=_mended(self._half.text))
        self._half = None


def _mended(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _require_answer(provider: Provider, came: Answer) -> None:
    """Raises what it means when an answer is none."""
    if came.status == 200:
        try:
            came.require_plain()
        except NetworkFailed:
            raise ProviderFailed(provider.name, provider.host, "bad_answer", came.status) from None
        return
    error: Any = None
    if came.headers.get("content-encoding", "identity").strip().lower() in ("", "identity"):
        try:
            error = _json(_joined(came.chunks(_CHUNK), MAX_ERROR))
        except (Unreadable, NetworkFailed):  # its status has come, and says enough
            error = None
    raise refusal(provider, came.status, came.headers, error, now=time.time())


def _unknown(provider: Provider, failed: NetworkFailed | None) -> OutcomeUnknown:
    is_late = failed is not None and failed.reason == "timed_out"
    return OutcomeUnknown(provider.name, provider.host, "timed_out" if is_late else "broken_off")


def _joined(chunks: Iterable[bytes], most: int) -> bytes:
    joined = bytearray()
    for chunk in chunks:
        joined += chunk
        if len(joined) > most:
            raise Unreadable
    return bytes(joined)


def _object(content: bytes) -> Event:
    found = _json(content)
    if not isinstance(found, dict):
        raise Unreadable
    return found


def _json(content: bytes) -> Any:
    """Numbers with a point come as Decimal, so that a cost stays what it is. Raises Unreadable."""
    try:
        return json.loads(content.decode(), parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, ArithmeticError, RecursionError):  # a number can be out of all bounds
        raise Unreadable from None


def _refuse(_: str) -> Any:
    raise ValueError
