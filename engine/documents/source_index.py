"""The texts that an answer may rest on, ready to be searched for the stretch that carries a sentence.

Pure: takes page texts and offers spans of them. Does not judge.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.documents.normalise import Normal, normalise
from engine.documents.words import Word, words_of
from engine.records import DocumentId

_SENTENCE_END = re.compile(r"[.!?:;]\d{0,2}[\"'”’»)\]]*\s|[•▪◦]|\n\s*\n")
_LONGEST_STRETCH = 90  # words; longer ones are cut, so that a page without full stops is not one stretch
_SEARCHED_WORDS = 60  # of a sentence


@dataclass(frozen=True, slots=True)
class Region:
    """A piece of one page: `text` begins at the page's character `offset`."""

    document: DocumentId
    document_name: str
    page: int
    offset: int
    text: str
    normal: Normal
    words: tuple[Word, ...]
    stretches: tuple[tuple[int, int], ...]  # places of words that make one sentence, end exclusive


@dataclass(frozen=True, slots=True)
class Window:
    """Up to three neighbouring stretches of a region (`first` to `last` word, end exclusive) and how much they cover (0–1)."""

    region: int
    first: int
    last: int
    coverage: float


class SourceIndex:
    """Regions in the order in which they were given; searched by exact words and by coverage of telling words."""

    def __init__(self, regions: Sequence[Region]) -> None:
        self.regions = tuple(regions)
        self.counts: Counter[str] = Counter(word.text for region in self.regions for word in region.words)
        self.keys = frozenset(word.key for region in self.regions for word in region.words)
        self._stretches = [
            (number, first, last) for number, region in enumerate(self.regions) for first, last in region.stretches
        ]
        self._postings: dict[str, list[int]] = defaultdict(list)
        for place, (number, first, last) in enumerate(self._stretches):
            for key in {word.key for word in self.regions[number].words[first:last] if not word.is_light}:
                self._postings[key].append(place)

    def weight(self, key: str) -> float:
        """How telling a word is: more for one in few stretches."""
        return math.log(1 + len(self._stretches) / (1 + len(self._postings.get(key, ()))))

    def exact(self, normal_text: str, first: Sequence[int] = ()) -> Iterator[tuple[int, int, int]]:
        """(region, start, end) in normal text wherever the words stand, regions in `first` before the others."""
        order = [*first, *(number for number in range(len(self.regions)) if number not in first)]
        for number in order:
            text = self.regions[number].normal.text
            at = text.find(normal_text)
            for _ in range(20):
                if at < 0:
                    break
                if _whole_words(text, at, at + len(normal_text)):
                    yield number, at, at + len(normal_text)
                at = text.find(normal_text, at + 1)

    def best_windows(self, claim: Sequence[Word], first: Sequence[int], limit: int) -> list[Window]:
        """The windows that cover most of the sentence's telling words, the shorter and the hinted ones first."""
        weights = {word.key: self.weight(word.key) for word in claim[:_SEARCHED_WORDS] if not word.is_light}
        total = sum(weights.values())
        if not total:
            return []
        scores: dict[int, float] = defaultdict(float)
        for key, weight in weights.items():
            for place in self._postings.get(key, ()):
                scores[place] += weight
        ranked = sorted(scores, key=lambda p: (-scores[p] - (0.1 * total if self._stretches[p][0] in first else 0), p))[:limit]
        windows = {window for place in ranked for window in self._around(place, weights, total)}
        return sorted(windows, key=lambda w: (-w.coverage, w.last - w.first, w.region not in first, w.region, w.first))

    def _around(self, place: int, weights: dict[str, float], total: float) -> Iterator[Window]:
        """The stretch alone, with a neighbour on either side, and with both."""
        number = self._stretches[place][0]
        for before, after in ((0, 0), (1, 0), (0, 1), (1, 1)):
            low, high = place - before, place + after
            if low < 0 or high >= len(self._stretches) or self._stretches[low][0] != number or self._stretches[high][0] != number:
                continue
            start, end = self._stretches[low][1], self._stretches[high][2]
            keys = {word.key for word in self.regions[number].words[start:end]}
            yield Window(number, start, end, sum(weight for key, weight in weights.items() if key in keys) / total)


def region_of(document: DocumentId, document_name: str, page: int, offset: int, text: str) -> Region:
    """Read a piece of a page."""
    normal = normalise(text)

    def opens(word_end: int, next_start: int) -> bool:
        before = text[normal.ends[word_end - 1] : normal.starts[next_start]]
        return _opens_sentence(before, text[normal.starts[next_start]])

    words = tuple(words_of(normal.text, opens, lambda start: text[normal.starts[start]].isupper()))
    return Region(document, document_name, page, offset, text, normal, words, tuple(_stretches(words)))


def _opens_sentence(before: str, first: str) -> bool:
    """Whether a sentence begins after the characters `before`: after a full stop, or with a capital on a new line."""
    if before == " ":
        return False
    if _SENTENCE_END.search(before):
        return not (before[0] == "." and first.islower())
    return ("\n" in before or "\r" in before) and not first.islower()


def _stretches(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    first = 0
    for place, word in enumerate(words):
        if place > first and (word.opens or place - first >= _LONGEST_STRETCH):
            yield first, place
            first = place
    if words:
        yield first, len(words)


def _whole_words(text: str, start: int, end: int) -> bool:
    """Whether the span neither begins nor ends inside a word or a number."""
    before, after = text[start - 1 : start], text[end : end + 2]
    if before and (before.isalnum() or before in "_") and text[start].isalnum():
        return False
    if after[:1] in ("'", ".", ",", "-") and after[1:].isalnum() and text[end - 1].isalnum():
        return not (after[0] == "'" or after[1:].isdigit() == text[end - 1].isdigit())
    if before in (".", ",") and text[start].isdigit() and text[start - 2 : start - 1].isdigit():
        return False
    return not (after and (after[0].isalnum() or after[0] == "_") and text[end - 1].isalnum())
