"""A detail that was found in a text, and how overlapping finds are settled.

Pure. Kinds that are certain by their shape win over those that are guessed from words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.compare_records import DetailKind

#: From what is certain by its shape to what is guessed from words.
ORDER: tuple[DetailKind, ...] = (
    "email", "web", "account", "birth_date", "phone", "reference", "address", "organisation", "person", "term",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A detail at the characters `start` to `end` of a text, end exclusive."""

    start: int
    end: int
    kind: DetailKind


class Taken:
    """Spans that do not overlap."""

    def __init__(self) -> None:
        self._spans: list[Found] = []  # in order

    def __iter__(self) -> Iterator[Found]:
        return iter(self._spans)

    def is_free(self, start: int, end: int) -> bool:
        at = bisect_left(self._spans, end, key=lambda each: each.start)
        return at == 0 or self._spans[at - 1].end <= start

    def take(self, found: Iterable[Found]) -> None:
        """Keep those that are free, longest first."""
        for each in sorted(found, key=lambda find: (find.start - find.end, find.start)):
            if each.end > each.start and self.is_free(each.start, each.end):
                self._spans.insert(bisect_left(self._spans, each.start, key=lambda kept: kept.start), each)
