"""What the extract and the render worker say and are told. Named by receiver; one struct, one frame.

The bytes of a document travel as `Chunk`s, so that a worker never opens a user's file. A password travels once,
inside `ReadDocument` or `OpenDocument`, and is never stored. Knows nothing of processes, formats or the store.

Offsets: a page's text is the only coordinate system. For a PDF, character `i` of `PageText.text` is character `i`
of the PDF engine's own list of characters on that page (see pdf_text), so a span can be found again on the picture.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from engine.records import DocumentId, Page, PageSource

CHUNK_BYTES = 1 << 20


# ---------------------------------------------------------------- to both workers
class Chunk(msgspec.Struct, frozen=True, tag=True):
    """The next bytes of the document; `last` ends it."""

    content: bytes
    last: bool


# ---------------------------------------------------------------- to the extract worker
class ReadDocument(msgspec.Struct, frozen=True, tag=True):
    """Read the document whose chunks follow. `name` is used for its ending and for messages only.

    After a death the reading goes on at `first_page`, and `one_by_one`, so that the page that kills is found.
    """

    name: str
    password: str | None = None
    first_page: int = 1
    one_by_one: bool = False

    def __repr__(self) -> str:
        return "ReadDocument()"  # neither a password nor a name belongs in a log


class ReadOn(msgspec.Struct, frozen=True, tag=True):
    """The last batch of pages was taken; the worker may read another one."""


ToExtractor = ReadDocument | Chunk | ReadOn


# ---------------------------------------------------------------- from the extract worker
class PageText(msgspec.Struct, frozen=True, array_like=True):
    """One page as it was read; fields as in records.Page. `confidence` (0–1) is known for recognised pages only."""

    number: int
    text: str
    source: PageSource
    label: str = ""
    width: float | None = None
    height: float | None = None
    confidence: float | None = None

    def of(self, document: DocumentId) -> Page:
        """This page as the record of a document that is in the store."""
        return Page(document, self.number, self.text, self.source, self.label, self.width, self.height)


class Opened(msgspec.Struct, frozen=True, tag=True):
    """The document could be opened. `media_type` is what it really is, whatever its name says."""

    media_type: str
    n_pages: int


class PagesRead(msgspec.Struct, frozen=True, tag=True):
    """The next pages, in order and without gaps."""

    pages: tuple[PageText, ...]

    @property
    def confidences(self) -> tuple[float | None, ...]:
        """How sure the recognition was of each page, in the order of `pages`."""
        return tuple(page.confidence for page in self.pages)


class Refused(msgspec.Struct, frozen=True, tag=True):
    """Last word: the document cannot be read, or no further. An error of engine.errors as kind and facts."""

    kind: str
    facts: dict[str, Any]


class AllRead(msgspec.Struct, frozen=True, tag=True):
    """Last word: every page was sent."""


FromExtractor = Opened | PagesRead | Refused | AllRead


# ---------------------------------------------------------------- to the render worker
class OpenDocument(msgspec.Struct, frozen=True, tag=True):
    """Keep the PDF whose chunks follow open, instead of the one before."""

    password: str | None = None

    def __repr__(self) -> str:
        return "OpenDocument()"  # a password does not belong in a log


class RenderPage(msgspec.Struct, frozen=True, tag=True):
    """Draw a page `width` pixels wide and find the places of `spans` (offsets into its text, end exclusive)."""

    request: int
    page: int
    width: int
    spans: tuple[tuple[int, int], ...] = ()


ToRenderer = OpenDocument | Chunk | RenderPage


# ---------------------------------------------------------------- from the render worker
class DocumentOpen(msgspec.Struct, frozen=True, tag=True):
    """The chunks made a PDF of `n_pages`."""

    n_pages: int


class Rendered(msgspec.Struct, frozen=True, tag=True):
    """`rgb` has height × width × 3 bytes; `quads` are (left, top, right, bottom) in fractions of the picture."""

    request: int
    width: int
    height: int
    rgb: bytes
    quads: tuple[tuple[float, float, float, float], ...]


class NotRendered(msgspec.Struct, frozen=True, tag=True):
    """The page cannot be drawn (`no_page`: there is none of this number), or the document not be opened."""

    request: int | None
    reason: Literal["no_page", "damaged", "encrypted"]


FromRenderer = DocumentOpen | Rendered | NotRendered
