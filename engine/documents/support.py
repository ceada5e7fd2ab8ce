"""Find the stretch of the sources that carries a claim and say how well: exact, near, altered or not found.

Pure: a claim and an index in, a verdict with spans out.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from engine.documents.claims import Claim
from engine.documents.comparison import Comparison, compare
from engine.documents.limits import limits_after, limits_before
from engine.documents.normalise import Normal, normalise
from engine.documents.source_index import Region, SourceIndex, Window
from engine.documents.words import Word, words_of
from engine.records import Verdict

Span = tuple[Region, int, int]  # offsets in the region's normal form

_WINDOWS = 5  # best stretches that are compared, each alone and with its neighbours
_COMPARED_FROM = 0.4  # share of telling words (weighted) that a window must have to be compared
_COMPARED_BELOW_BEST = 0.2
_ALTERED_FROM = 0.55  # ... and to be shown as an altered version of the sentence
_ALTERED_FROM_WORDS = 0.6  # share of telling words, not weighted, in the same order
_FEW = 3  # lacking words that are all named
_LONGEST_SPAN = 700  # characters of an evidence
_TRIM = " .!?;:,\"'()[]"
_HEAD_MARKS = re.compile(r"(?:[ .!?;:,\"'()\[\]]|-(?!\d))*")
_QUOTATION = re.compile(r'"[^"]*"[.,;!]?|“[^“”]*”[.,;!]?|„[^„“]*“[.,;!]?|«[^«»]*»[.,;!]?')
_STOP = re.compile(r"(?:[)\]\"']{0,2}[.!?])?")
_JOINTS = re.compile(r"(?:[;,]? (?:and|und|et)|;|,? (?:while|whereas|but)) ")


@dataclass(frozen=True, slots=True)
class Support:
    """The verdict on a claim, the spans that show it (best first) and the parts of the claim that they do not have."""

    verdict: Verdict
    spans: tuple[Span, ...] = ()
    similarity: float = 0.0
    unsupported_parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim as it is compared: `core` is its normal form without marks at the ends, `words` are the words of the core."""

    written: str
    normal: Normal
    offset: int  # of the core in the normal form
    core: str
    words: list[Word]
    is_quotation: bool  # all of it stands in quotation marks

    @classmethod
    def of(cls, written: str) -> Claimed:
        normal = normalise(written)
        offset = _HEAD_MARKS.match(normal.text).end()  # type: ignore[union-attr]  # matches the empty string
        core = normal.text[offset:].rstrip(_TRIM + "-")
        words = words_of(core, is_capital=lambda start: written[normal.starts[offset + start]].isupper())
        return cls(written, normal, offset, core, words, bool(_QUOTATION.fullmatch(written.strip())))

    @property
    def says_enough(self) -> bool:
        """Whether finding the words somewhere means anything: three words, or two with a number."""
        return len(self.words) >= 3 or (len(self.words) == 2 and any(word.is_number for word in self.words))

    def with_marks(self, source: str, start: int, end: int) -> tuple[int, int]:
        """The span of the core in a source, widened by the claim's own marks around the core as far as they stand there."""
        before, after = self.normal.text[: self.offset], self.normal.text[self.offset + len(self.core) :]
        while before and start and source[start - 1] == before[-1] != " ":
            before, start = before[:-1], start - 1
        while after and source[end : end + 1] == after[0] != " ":
            after, end = after[1:], end + 1
        return start, end

    def phrases(self, words: Iterable[Word]) -> tuple[str, ...]:
        """Words of the claim as they are written there, neighbours together."""
        chosen = {word.start for word in words}
        runs: list[list[Word]] = []
        for place, word in enumerate(self.words):
            if word.start in chosen:
                if place and runs and runs[-1][-1] is self.words[place - 1]:
                    runs[-1].append(word)
                else:
                    runs.append([word])
        spans = [self.normal.source_span(self.offset + run[0].start, self.offset + run[-1].end) for run in runs]
        return tuple(dict.fromkeys(self.written[start:end] for start, end in spans))


def support_for(claim: Claim, index: SourceIndex, hinted: Sequence[int]) -> Support:
    """The best support that the sources give to a claim; regions in `hinted` are looked at first."""
    if claim.label:
        labelled = support_for(replace(claim, label=""), index, hinted)
        if labelled.verdict in ("exact", "near") and _has_all(labelled.spans, Claimed.of(claim.label)):
            return labelled
        return support_for(replace(claim, text=f"{claim.label}: {claim.text}", verbatim=(), label=""), index, hinted)
    text = Claimed.of(claim.text)
    if not text.words:
        return Support("not_found")
    readings = [Claimed.of(verbatim) for verbatim in claim.verbatim if verbatim != claim.text]
    exact = [each for reading in (*readings, text) if (each := _exact(reading, index, hinted))]
    found = next((each for each in exact if each.verdict == "exact"), None) or _quoted(claim, text, index, hinted)
    if found and found.verdict == "exact":
        return found
    found = found or next(iter(exact), None)
    likened = _likened(text, index, hinted)
    if likened.verdict == "near":
        return likened
    return _joined(text, index, hinted) or found or likened


def _has_all(spans: Sequence[Span], label: Claimed) -> bool:
    """Whether the telling words of a label stand in what was found for the sentence that it labels."""
    found = {word.key for region, start, end in spans for word in words_of(region.normal.text[start:end])}
    return {word.key for word in label.words if not word.is_light} <= found


# ---------------------------------------------------------------- exact
def _exact(text: Claimed, index: SourceIndex, hinted: Sequence[int], *, whole: bool = False) -> Support | None:
    """The claim's words as they stand; altered if the page limits them just before or after ("not", "unless").

    With `whole` the words must begin a sentence of the source.
    """
    limited: Support | None = None
    for region, first, last, start, end in _found(text.core, index, hinted):
        if whole and not region.words[first].opens:
            continue
        limits = [] if text.is_quotation else limits_before(region.words, first) + limits_after(region.words, last)
        start, end = text.with_marks(region.normal.text, start, end)
        if not limits and text.says_enough:
            return Support("exact", ((region, start, end),), 100.0)
        shown = (region, min([start, *(word.start for word in limits)]), max([end, *(word.end for word in limits)]))
        limited = limited or Support("altered", (shown,), 100.0)
    return limited


def _found(core: str, index: SourceIndex, hinted: Sequence[int]) -> Iterator[tuple[Region, int, int, int, int]]:
    """Where a text stands: region, places of its first and last word, span. Not inside of a value such as "5 %" or a date."""
    for number, start, end in index.exact(core, hinted) if core else ():
        region = index.regions[number]
        first, last = _places(region, start, end)
        cut = [word for word in (region.words[first], region.words[last]) if word.start < start or word.end > end]
        if not any(word.is_number for word in cut):
            yield region, first, last, start, end


def _places(region: Region, start: int, end: int) -> tuple[int, int]:
    """Places of the first and the last word in a span of the region's normal form."""
    first = bisect_left(region.words, start, key=lambda word: word.end - 1)
    return first, max(first, bisect_right(region.words, end - 1, key=lambda word: word.start) - 1)


def _quoted(claim: Claim, text: Claimed, index: SourceIndex, hinted: Sequence[int]) -> Support | None:
    """The claim's quotations; exact only if it says nothing besides them."""
    spans: list[Span] = []
    rest = text.core
    for quote in claim.quotes:
        normal = normalise(quote).text.strip(_TRIM)
        found = next(_found(normal, index, hinted), None)
        if found is None:
            return None
        region, _, _, start, end = found
        spans.append((region, start, end))
        rest = rest.replace(normal, " ", 1)
    if not spans:
        return None
    besides = [word for word in words_of(rest) if not word.is_light]
    if not besides:
        return Support("exact", tuple(spans), 100.0)
    return Support("altered", tuple(spans), 100.0, tuple(dict.fromkeys(word.text for word in besides)))


# ---------------------------------------------------------------- near and altered
def _likened(text: Claimed, index: SourceIndex, hinted: Sequence[int], *, whole: bool = False) -> Support:
    """Compare the claim with the windows that share most of its telling words."""
    best: tuple[Comparison, Window] | None = None
    windows = index.best_windows(text.words, hinted, _WINDOWS)
    top = windows[0].coverage if windows else 0.0
    for window in windows:
        if window.coverage < max(_COMPARED_FROM, top - _COMPARED_BELOW_BEST):
            break
        region = index.regions[window.region]
        source = region.words[window.first : window.last]
        comparison = compare(text.words, source, region.normal.text, index.counts)
        opens = comparison.first >= 0 and source[comparison.first].opens
        if comparison.agrees and text.says_enough and (opens or not whole):
            span = (region, source[comparison.first].start, _with_stop(region, source[comparison.last].end))
            return Support("near", (span,), _similarity(text, span))
        if comparison.n_equal and (best is None or _rank(comparison, window) < _rank(*best)):
            best = comparison, window
    if best is None or not _is_alike(text, *best):
        return Support("not_found", unsupported_parts=text.phrases(_absent(text, index)))
    comparison, window = best
    span = _shown(index.regions[window.region], window, comparison)
    return Support("altered", (span,), _similarity(text, span), text.phrases(_lacking(text, comparison)))


def _is_alike(text: Claimed, comparison: Comparison, window: Window) -> bool:
    """Whether a window is so like the claim that a person should see both."""
    n_telling = sum(not word.is_light for word in text.words)
    n_shared = n_telling - sum(not word.is_light for word in comparison.foreign)
    return n_telling >= 2 and (window.coverage >= _ALTERED_FROM or n_shared >= _ALTERED_FROM_WORDS * n_telling)


def _rank(comparison: Comparison, window: Window) -> tuple[int, float, int]:
    return comparison.n_faults, -window.coverage, window.last - window.first


def _shown(region: Region, window: Window, comparison: Comparison) -> Span:
    """The whole sentences around what was compared, so that a person sees what differs."""
    first, last = window.first + comparison.first, window.first + comparison.last
    while first > window.first and not region.words[first].opens:
        first -= 1
    while last + 1 < window.last and not region.words[last + 1].opens:
        last += 1
    while last > first and region.words[last].end - region.words[first].start > _LONGEST_SPAN:
        last -= 1
    return region, region.words[first].start, _with_stop(region, region.words[last].end)


def _with_stop(region: Region, end: int) -> int:
    """The end of a sentence's last word, or that of the full stop after it."""
    return _STOP.match(region.normal.text, end).end()  # type: ignore[union-attr]  # matches the empty string


def _joined(text: Claimed, index: SourceIndex, hinted: Sequence[int]) -> Support | None:
    """A claim that joins two sentences of the sources: each part must begin a sentence there, its subject included."""
    for joint in list(_JOINTS.finditer(text.core))[:4]:
        parts = [Claimed.of(text.core[: joint.start()]), Claimed.of(text.core[joint.end() :])]
        if any(len(part.words) < 4 for part in parts):
            continue
        found = [_supported_whole(part, index, hinted) for part in parts]
        if all(found):
            spans = tuple(span for each in found if each for span in each.spans)
            return Support("near", spans, min(each.similarity for each in found if each))
    return None


def _supported_whole(part: Claimed, index: SourceIndex, hinted: Sequence[int]) -> Support | None:
    exact = _exact(part, index, hinted, whole=True)
    if exact and exact.verdict == "exact":
        return exact
    likened = _likened(part, index, hinted, whole=True)
    return likened if likened.verdict == "near" else None


def _similarity(text: Claimed, span: Span) -> float:
    region, start, end = span
    return round(fuzz.ratio(text.core, region.normal.text[start:end]), 1)


# ---------------------------------------------------------------- what is not supported
def _lacking(text: Claimed, comparison: Comparison) -> list[Word]:
    """The words of an altered claim that the source does not have: numbers, names, guarded words; all if they are few."""
    faults = {word.start: word for word in [*comparison.foreign, *comparison.contrary]}
    return [word for word in faults.values() if len(faults) <= _FEW or word.is_guarded or word.is_name]


def _absent(text: Claimed, index: SourceIndex) -> list[Word]:
    """The numbers and names of a claim that no source has."""
    return [word for word in text.words if word.key not in index.keys and (word.is_number or word.is_name)]
