"""Cut pages into passages, the unit of search. Pure.

A passage lies within one page and under one heading. It has at most MAX_CHARACTERS, and at least MIN_CHARACTERS
unless it is the last one under its heading; it ends at the end of a paragraph, a sentence or at least a word.
Consecutive passages share a tenth or so of their text, so that a statement on the border is whole in one of them.
Every character of a page that is not blank lies in a passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.documents.headings import Heading, headings_of, path_after
from engine.documents.sections import LABEL_SEPARATOR
from engine.records import Page

MIN_CHARACTERS = 600
MAX_CHARACTERS = 900
_RUNNING_TITLE = 90  # a single line of at most so many characters above the first heading of a page is no passage
_OVERLAP_MIN, _OVERLAP_MAX = 0.10, 0.15  # of the passage before

_BREAKS = (
    re.compile(r"\n[ \t]*\n"),  # between paragraphs
    re.compile(r"(?<=[.!?])[\"'”’)\]]{0,2}[ \t]*\n"),  # a sentence that ends its line
    re.compile(r"(?<=[.!?])[\"'”’)\]]{0,2}\s"),
    re.compile(r"(?<=[;:])\s|\n"),
    re.compile(r"\s"),
)
_SENTENCE_START = re.compile(r"(?<=[.!?\"'”’)\]])\s+(?=\S)|\n[ \t]*\n\s*(?=\S)")
_WORD_START = re.compile(r"\s(?=\S)")


@dataclass(frozen=True)
class NewPassage:
    """A passage that is not stored yet. `text` is the page's own text from `start` to `end`."""

    page: int
    start: int
    end: int
    heading: str
    text: str

    def indexed_text(self, document_name: str) -> str:
        """What search looks at: the text under its document's name and heading, with split words joined again."""
        return indexed_text(document_name, self.heading, self.text)


class Cutter:
    """Cuts the pages of one document in order and remembers the heading that a page begins under."""

    def __init__(self) -> None:
        self._path: tuple[Heading, ...] = ()

    def cut(self, pages: Iterable[Page]) -> list[NewPassage]:
        """The passages of the next pages."""
        return [passage for page in pages for passage in self._cut_page(page)]

    def _cut_page(self, page: Page) -> Iterator[NewPassage]:
        for start, end, heading in self._stretches(page):
            for first, last in spans(page.text, start, end):
                yield NewPassage(page.number, first, last, heading, page.text[first:last])

    def _stretches(self, page: Page) -> Iterator[tuple[int, int, str]]:
        """The parts of a page that each lie under one heading; headings in a row belong to the text after them."""
        if page.width is None:  # no PDF: the reader has already made each section a page
            yield 0, len(page.text), page.label
            return
        start, last_heading_end = 0, -1
        for heading in headings_of(page.text):
            before = page.text[max(start, last_heading_end) : heading.line.start].strip()
            is_running_title = start == 0 and len(before) < _RUNNING_TITLE and "\n" not in before
            if before and not is_running_title:
                yield start, heading.line.start, self._heading()
                start = heading.line.start
            self._path = path_after(self._path, heading)
            last_heading_end = heading.line.end
        yield start, len(page.text), self._heading()

    def _heading(self) -> str:
        return LABEL_SEPARATOR.join(heading.title for heading in self._path)


def cut(pages: Iterable[Page]) -> list[NewPassage]:
    """The passages of a whole document. For pages that arrive in batches keep one `Cutter` for the document."""
    return Cutter().cut(pages)


def indexed_text(document_name: str, heading: str, text: str) -> str:
    """The contextual header and the text, without the marks of words that were split at a line's end."""
    head = f"{document_name}: {heading}" if heading else document_name
    return f"{head}\n{readable(text)}"


def readable(text: str) -> str:
    """A page's text for a reader or a model: split words joined, blanks at line ends removed. Offsets do not survive."""
    return re.sub(r"[ \t]+\n", "\n", text.replace("\u00ad", ""))


def spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cover text[start:end] with overlapping spans of passage length that neither start nor end with a blank."""
    start, end = _trimmed(text, start, end)
    while end - start > MAX_CHARACTERS:
        cut_at = _best_break(text, start)
        yield start, cut_at
        start = _next_start(text, start, cut_at)
    if start < end:
        yield start, end


def _best_break(text: str, start: int) -> int:
    """Where the passage from `start` ends: the last break of the best kind in reach."""
    for kind in _BREAKS:
        best = None
        for match in kind.finditer(text, start + MIN_CHARACTERS, start + MAX_CHARACTERS + 1):
            end = start + len(text[start : match.end()].rstrip())
            if MIN_CHARACTERS <= end - start <= MAX_CHARACTERS:
                best = end
        if best is not None:
            return best
    return start + len(text[start : start + MAX_CHARACTERS].rstrip())


def _next_start(text: str, start: int, end: int) -> int:
    """Where the next passage starts: at a sentence, else a word, within the wanted overlap."""
    length = end - start
    low, high = end - int(length * _OVERLAP_MAX), end - int(length * _OVERLAP_MIN)
    for kind in (_SENTENCE_START, _WORD_START):
        if match := kind.search(text, low, high):
            return match.end()
    return high if not text[high].isspace() else _trimmed(text, high, len(text))[0]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), start + len(stretch.rstrip())
