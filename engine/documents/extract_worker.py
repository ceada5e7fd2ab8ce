"""The sealed, short-lived process that reads one document: its bytes come through the pipe, its pages go back.

Pages are sent in small batches as they are read. At most AHEAD batches are under way before the program says ReadOn,
so that a program that pauses pauses the reading too. Knows the pipe and `extraction`, nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from engine.documents import extraction
from engine.documents.incoming import receive_content
from engine.documents.protocol import AllRead, Opened, PagesRead, PageText, ReadDocument, Refused, ToExtractor
from engine.errors import DocumentError, DocumentUnreadable
from engine.records import Seal
from engine.wire import Channel, Start, WireBroken

AHEAD = 2
BATCH_PAGES = 16
BATCH_CHARACTERS = 200_000
BATCH_S = 0.15  # a page that takes longer is sent alone, so that progress is seen


def main(channel: Channel[Start], start: Start, seal: Seal) -> int:
    """Read the one document that the program sends; returns the exit code."""
    wire: Channel[ToExtractor] = channel.expecting(ToExtractor)
    request = wire.receive()
    if request is None:
        return 0
    if not isinstance(request, ReadDocument):
        raise WireBroken("a document was expected")
    try:
        _read(wire, request)
    except DocumentError as error:
        wire.send(Refused(error.kind, error.facts))
    except RecursionError:
        wire.send(_refused(request.name, "damaged"))
    return 0


def _read(wire: Channel[ToExtractor], request: ReadDocument) -> None:
    content = receive_content(wire, request.name)
    opened = extraction.extract(request.name, content, request.password, first_page=request.first_page)
    wire.send(Opened(opened.media_type, opened.n_pages))
    n_under_way = 0
    for batch in _batches(opened.pages, 1 if request.one_by_one else BATCH_PAGES):
        wire.send(PagesRead(batch))
        n_under_way += 1
        if n_under_way == AHEAD:
            if wire.receive() is None:
                return
            n_under_way -= 1
    wire.send(AllRead())


def _batches(pages: Iterable[PageText], most: int) -> Iterator[tuple[PageText, ...]]:
    batch: list[PageText] = []
    n_characters, started = 0, time.monotonic()
    for page in pages:
        batch.append(page)
        n_characters += len(page.text)
        if len(batch) == most or n_characters > BATCH_CHARACTERS or time.monotonic() - started > BATCH_S:
            yield tuple(batch)
            batch, n_characters, started = [], 0, time.monotonic()
    if batch:
        yield tuple(batch)


def _refused(name: str, reason: str) -> Refused:
    error = DocumentUnreadable(name, reason)  # type: ignore[arg-type]
    return Refused(error.kind, error.facts)
