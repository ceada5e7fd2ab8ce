"""The numbers of an answer's sources: which sentence carries which number, and what each number stands for.

Pure: sentences in, numbers out. Each distinct span of a document gets a number in the order of its first use; a
sentence that nothing supports gets a number of its own. Knows no text layout, no wording and no widgets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.records import DocumentId, Evidence, Sentence, Verdict

_Span = tuple[DocumentId, int, int, int, Verdict]


@dataclass(frozen=True)
class Source:
    """What a number stands for. `evidence` is None where no passage supports `sentence`, its first user."""

    number: int
    verdict: Verdict
    sentence: Sentence
    evidence: Evidence | None = None

    @property
    def is_verified(self) -> bool:
        """Whether the documents carry the sentence word for word or nearly so."""
        return self.verdict in ("exact", "near")


@dataclass(frozen=True)
class Mark:
    """One citation behind the sentence that ends at `end` (an offset into the answer's text)."""

    source: Source
    start: int
    end: int

    @property
    def number(self) -> int:
        return self.source.number


@dataclass(frozen=True)
class Citations:
    """The sources in order of their numbers, and the marks in order of the text."""

    sources: tuple[Source, ...] = ()
    marks: tuple[Mark, ...] = ()

    def source(self, number: int) -> Source | None:
        """The source with this number, or None."""
        return self.sources[number - 1] if 0 < number <= len(self.sources) else None


def number_sources(sentences: Sequence[Sentence]) -> Citations:
    """Give each source its number; sentences that claim nothing and carry nothing stay without."""
    sources: list[Source] = []
    numbers: dict[_Span, Source] = {}
    marks: list[Mark] = []
    for sentence in sorted(sentences, key=lambda each: (each.start, each.end)):
        found = [each for each in sentence.evidence if each.verdict != "not_found"]
        cited: list[Source] = []
        for evidence in found:
            span = (evidence.document, evidence.page, evidence.start, evidence.end, evidence.verdict)
            if span not in numbers:
                numbers[span] = Source(len(sources) + 1, evidence.verdict, sentence, evidence)
                sources.append(numbers[span])
            if numbers[span] not in cited:
                cited.append(numbers[span])
        if not found and sentence.checkable and not sentence.supported:
            cited = [Source(len(sources) + 1, "not_found", sentence)]
            sources += cited
        marks += [Mark(source, sentence.start, sentence.end) for source in cited]
    return Citations(tuple(sources), tuple(marks))
