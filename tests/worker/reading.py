"""Read a document through the real sealed process, as the program does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.documents.protocol import Opened, PagesRead, PageText
from engine.documents.reader import Limits, read_document
from engine.errors import StrongroomError


@dataclass
class WasRead:
    """What came out: the opening, the pages, and the error that ended it, if one did."""

    opened: Opened | None
    pages: list[PageText]
    error: StrongroomError | None

    @property
    def text(self) -> str:
        return "\n".join(page.text for page in self.pages)

    @property
    def reason(self) -> str:
        return "" if self.error is None else str(self.error.facts.get("reason", self.error.kind))


async def read(
    name: str, content: bytes | Iterable[bytes], *, password: str | None = None, limits: Limits | None = None
) -> WasRead:
    """Read to the end or to the error."""
    result = WasRead(None, [], None)
    try:
        async for step in read_document(name, content, password=password, limits=limits or Limits()):
            if isinstance(step, PagesRead):
                result.pages += step.pages
            else:
                result.opened = step
    except StrongroomError as error:
        result.error = error
    return result
