"""Tie every sentence of an answer to the words of a page, whatever the model cites.

The program looks for the support itself. *exact*: the page has these words. *near*: it says the same, differing only
in what `comparison` allows. *altered*: it says something like it; a person has to look at both. *not_found*: nothing
in the given texts carries the sentence. Nothing is dropped: every stretch of the answer comes back, marked. Pure: no
store, no model, no files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.documents.claims import read_claim
from engine.documents.sentences import Splitter, Stretch
from engine.documents.source_index import Region, SourceIndex, region_of
from engine.documents.support import Support, support_for
from engine.records import DocumentId, Evidence, Sentence

PageText = Callable[[DocumentId, int], str]

MOST_EVIDENCES = 2


@dataclass(frozen=True, slots=True)
class GivenPassage:
    """A passage that the model was given: `text` is its page's text from `start` to `end`."""

    document: DocumentId
    document_name: str
    page: int
    start: int
    end: int
    text: str


def check(answer: str, given: Sequence[GivenPassage], page_text: PageText | None = None) -> list[Sentence]:
    """Every sentence of a complete answer, in order, with its evidence.

    With `page_text` the whole pages of the given passages count as sources (it raises LookupError for a page that it
    does not have; then the passages stand for it). Without it only the passages do.
    """
    checker = AnswerChecker(given, page_text)
    return checker.feed(answer) + checker.finish()


class AnswerChecker:
    """Checks an answer while it is being written; the sentences do not depend on how its text arrives."""

    def __init__(self, given: Sequence[GivenPassage], page_text: PageText | None = None) -> None:
        regions, self._region_of_passage = _regions(given, page_text)
        self._index = SourceIndex(regions)
        self._names = frozenset(passage.document_name for passage in given if passage.document_name)
        self._splitter = Splitter()
        self._text = ""

    def feed(self, text: str) -> list[Sentence]:
        """Take more of the answer; the sentences that have become complete, checked."""
        self._text += text
        return [self._checked(stretch) for stretch in self._splitter.feed(text)]

    def finish(self) -> list[Sentence]:
        """The answer has ended; its last sentences, checked."""
        return [self._checked(stretch) for stretch in self._splitter.finish()]

    def _checked(self, stretch: Stretch) -> Sentence:
        text = self._text[stretch.start : stretch.end]
        claim = read_claim(text, stretch.kind, self._names)
        if not claim.checkable:
            return Sentence(stretch.start, stretch.end, text, checkable=False)
        hinted = [self._region_of_passage[n - 1] for n in claim.passages if 0 < n <= len(self._region_of_passage)]
        hinted += [number for number, region in enumerate(self._index.regions) if region.page in claim.pages]
        support = support_for(claim, self._index, tuple(dict.fromkeys(hinted)))
        return Sentence(
            start=stretch.start,
            end=stretch.end,
            text=text,
            evidence=tuple(_evidence(support, region, start, end) for region, start, end in support.spans[:MOST_EVIDENCES]),
            supported=support.verdict in ("exact", "near"),
            unsupported_parts=support.unsupported_parts,
        )


def _evidence(support: Support, region: Region, start: int, end: int) -> Evidence:
    """`start` and `end` are offsets in the region's normal form."""
    source_start, source_end = region.normal.source_span(start, end)
    return Evidence(
        document=region.document,
        document_name=region.document_name,
        page=region.page,
        start=region.offset + source_start,
        end=region.offset + source_end,
        quote=region.text[source_start:source_end],
        verdict=support.verdict,
        similarity=support.similarity,
    )


def _regions(given: Sequence[GivenPassage], page_text: PageText | None) -> tuple[list[Region], list[int]]:
    """The texts to search, each piece of a page once, and for each passage the place of its region."""
    regions: list[Region] = []
    places: dict[GivenPassage, int] = {}
    pages: dict[tuple[DocumentId, int], list[GivenPassage]] = {}
    for passage in given:
        pages.setdefault((passage.document, passage.page), []).append(passage)
    for (document, page), passages in pages.items():
        for offset, text, members in _pieces(passages, _page(page_text, document, page)):
            places.update(dict.fromkeys(members, len(regions)))
            regions.append(region_of(document, members[0].document_name, page, offset, text))
    return regions, [places[passage] for passage in given]


def _page(page_text: PageText | None, document: DocumentId, page: int) -> str | None:
    if page_text is None:
        return None
    try:
        return page_text(document, page)
    except LookupError:
        return None


def _pieces(passages: list[GivenPassage], page: str | None) -> list[tuple[int, str, list[GivenPassage]]]:
    """(offset, text, passages in it): the whole page, or its passages with overlapping ones joined."""
    if page is not None:
        return [(0, page, passages)]
    pieces: list[tuple[int, str, list[GivenPassage]]] = []
    for passage in sorted(passages, key=lambda p: p.start):
        offset, text, members = pieces[-1] if pieces else (0, "", [])
        overlap = offset + len(text) - passage.start
        if members and overlap >= 0 and text[len(text) - overlap :].startswith(passage.text[:overlap]):
            pieces[-1] = (offset, text + passage.text[overlap:], [*members, passage])
        else:
            pieces.append((passage.start, passage.text, [passage]))
    return pieces
