"""Whether a sentence says what a stretch of a source says: an alignment of their words that respects order.

Pure and suspicious: what it does not understand is a difference. Two texts agree when all that differs is light
words, inflection, misread letters, left-out parentheses or a phrase moved as a whole; numbers, negations, conditions,
modal verbs, quantities and directions must be equal and in the same place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, permutations
from types import MappingProxyType

from rapidfuzz.distance import LCSseq

from engine.documents.limits import limits_after, limits_before
from engine.documents.rewording import active, rotated, same_word
from engine.documents.vocabulary import BREAKS_ASIDE, PAST, PRESENT
from engine.documents.words import Word

NO_COUNTS: Mapping[str, int] = MappingProxyType({})


@dataclass(slots=True)
class Comparison:
    """What stands between a sentence and a source. They agree when nothing is `foreign`, `missing` or `contrary`.

    `foreign`: words of the sentence that the source lacks there. `missing`: words of the source that matter and that
    the sentence leaves out. `contrary`: other reasons, such as an exchanged voice. `first` and `last` are the places of
    the source's words that the sentence covers (-1 if there is none). `n_equal` counts the words they share;
    `has_both_ends`: the sentence's first and last word are among them.
    """

    foreign: list[Word] = field(default_factory=list)
    missing: list[Word] = field(default_factory=list)
    contrary: list[Word] = field(default_factory=list)
    first: int = -1
    last: int = -1
    n_equal: int = 0
    has_both_ends: bool = False

    @property
    def agrees(self) -> bool:
        return self.n_equal > 0 and not (self.foreign or self.missing or self.contrary)

    @property
    def n_faults(self) -> int:
        return len(self.foreign) + len(self.missing) + len(self.contrary)


@dataclass(slots=True)
class _Gap:
    """Words between two pairs of equal words: `source[s1:s2]` stands where `claim[c1:c2]` stands."""

    s1: int
    s2: int
    c1: int
    c2: int


def compare(claim: Sequence[Word], source: Sequence[Word], source_text: str, counts: Mapping[str, int] = NO_COUNTS) -> Comparison:
    """Compare a sentence's words with those of a stretch of `source_text` (normal form).

    It may also say it in the other voice, or with its first or last phrase moved to the other end. `counts` tells how
    often a word occurs in all sources; see `same_word`.
    """
    best = _compare(claim, source, source_text, counts)
    if best.agrees or not {word.key for word in _telling(claim)} - {"by"} <= {word.key for word in source}:
        return best
    for turned_claim, turned_source, verb in _readings(claim, source):
        turned = _compare(turned_claim, turned_source, source_text, counts, turned_verb=verb)
        if turned.agrees:
            if verb is None and not turned.has_both_ends:
                continue  # the phrase that was moved is not there
            covered = {word.start for word in turned_source[turned.first : turned.last + 1]}
            places = [place for place, word in enumerate(source) if word.start in covered]
            turned.first, turned.last = places[0], places[-1]
            crosses = any(word.opens for word in source[places[0] + 1 : places[-1] + 1])
            if not crosses and not limits_before(source, places[0]) and not limits_after(source, places[-1]):
                return turned
    return best


def _readings(claim: Sequence[Word], source: Sequence[Word]) -> Iterator[tuple[Sequence[Word], Sequence[Word], Word | None]]:
    """The sentence or the source in another order that says the same, and the verb whose voice was turned."""
    for words in rotated(claim):
        yield words, source, None
    for words in rotated(source):
        yield claim, words, None
    for words, verb in active(claim):
        yield words, source, verb
    for words, verb in active(source):
        yield claim, words, verb


def _compare(
    claim: Sequence[Word], source: Sequence[Word], text: str, counts: Mapping[str, int], turned_verb: Word | None = None
) -> Comparison:
    pairs = _aligned(claim, source)
    if not pairs:
        return Comparison(foreign=_telling(claim))
    has_both_ends = pairs[0][1] == 0 and pairs[-1][1] == len(claim) - 1
    result = Comparison(first=pairs[0][0], last=pairs[-1][0], n_equal=len(pairs), has_both_ends=has_both_ends)
    for s, c in pairs:
        if claim[c].is_passive != source[s].is_passive and turned_verb not in (claim[c], source[s]):
            result.contrary.append(claim[c])
    for gap in _without_moved_adverb(_gaps(pairs, len(claim), source), claim, source):
        _judge(gap, claim, source, text, counts, result)
    result.missing += limits_before(source, result.first) + limits_after(source, result.last)
    return result


def _aligned(claim: Sequence[Word], source: Sequence[Word]) -> list[tuple[int, int]]:
    """Places (source, claim) of equal words in order, gathered into as short a stretch of the source as possible."""
    claim_keys = [word.key for word in claim]
    offset, size = 0, len(source)
    pairs: list[tuple[int, int]] = []
    for _ in range(3):
        keys = [word.key for word in source[offset : offset + size]]
        pairs = _equal_places(keys, claim_keys, offset)
        telling = [s for s, c in pairs if not claim[c].is_light]
        if not telling:
            return pairs
        lead = next(c for s, c in pairs if s == telling[0])
        tail = len(claim) - 1 - next(c for s, c in pairs if s == telling[-1])
        start, end = max(offset, telling[0] - lead - 1), min(offset + size, telling[-1] + tail + 2)
        if (start, end) == (offset, offset + size):
            return pairs
        offset, size = start, end - start
    return pairs


def _equal_places(source_keys: list[str], claim_keys: list[str], offset: int) -> list[tuple[int, int]]:
    """A longest common subsequence; read backwards if that lies closer together."""
    forward = [
        (offset + op.src_start + n, op.dest_start + n)
        for op in LCSseq.opcodes(source_keys, claim_keys)
        if op.tag == "equal"
        for n in range(op.src_end - op.src_start)
    ]
    last_s, last_c = offset + len(source_keys) - 1, len(claim_keys) - 1
    backward = [
        (last_s - op.src_start - n, last_c - op.dest_start - n)
        for op in LCSseq.opcodes(source_keys[::-1], claim_keys[::-1])
        if op.tag == "equal"
        for n in range(op.src_end - op.src_start)
    ][::-1]
    if forward and backward and backward[-1][0] - backward[0][0] < forward[-1][0] - forward[0][0]:
        return backward
    return forward


def _gaps(pairs: list[tuple[int, int]], n_claim: int, source: Sequence[Word]) -> list[_Gap]:
    """The gaps between equal words; before the first and after the last one only as much source as claim, within its sentence."""
    (first_s, first_c), (last_s, last_c) = pairs[0], pairs[-1]
    gaps: list[_Gap] = []
    if first_c:
        start = first_s
        while start > max(0, first_s - first_c) and not source[start].opens:
            start -= 1
        gaps.append(_Gap(start, first_s, 0, first_c))
    for (s, c), (next_s, next_c) in pairwise(pairs):
        if next_s - s > 1 or next_c - c > 1:
            gaps.append(_Gap(s + 1, next_s, c + 1, next_c))
    if last_c + 1 < n_claim:
        end = last_s + 1
        while end < min(len(source), last_s + n_claim - last_c) and not source[end].opens:
            end += 1
        gaps.append(_Gap(last_s + 1, end, last_c + 1, n_claim))
    return gaps


def _without_moved_adverb(gaps: list[_Gap], claim: Sequence[Word], source: Sequence[Word]) -> list[_Gap]:
    """Take out an adverb that stands on the other side of its verb: "explained briefly", "briefly explained"."""
    for here, there in permutations(gaps, 2):
        added, left_out = claim[here.c1 : here.c2], source[there.s1 : there.s2]
        if len(added) != 1 or len(left_out) != 1 or here.s1 != here.s2 or there.c1 != there.c2:
            continue
        jumped = source[there.s2 : here.s1] or source[here.s1 : there.s1]
        swapped = [left_out[0], *jumped]
        if (
            added[0].key == left_out[0].key
            and len(swapped) == 2
            and any(w.text.endswith("ly") and not w.is_guarded for w in swapped)
        ):
            return [gap for gap in gaps if gap is not here and gap is not there]
    return gaps


def _judge(
    gap: _Gap, claim: Sequence[Word], source: Sequence[Word], text: str, counts: Mapping[str, int], result: Comparison
) -> None:
    """Decide whether what stands in a gap is a difference."""
    added, left_out = _telling(claim[gap.c1 : gap.c2]), _telling(source[gap.s1 : gap.s2])
    if _tense_differs(claim[gap.c1 : gap.c2], source[gap.s1 : gap.s2]):
        result.contrary += [word for word in claim[gap.c1 : gap.c2] if word.text in PAST | PRESENT]
    ends_otherwise = gap.c2 == len(claim) and gap.c1 < gap.c2 and gap.s1 < gap.s2
    if _are_misread(claim[gap.c1 : gap.c2], source[gap.s1 : gap.s2], counts) or (
        not ends_otherwise and _spelt(added) == _spelt(left_out)
    ):
        if gap.c1 < gap.c2 and gap.s1 < gap.s2:
            result.first, result.last = min(result.first, gap.s1), max(result.last, gap.s2 - 1)
        return
    if not added and _is_aside(gap, source, text):
        return
    result.foreign += added or (claim[gap.c1 : gap.c2] if ends_otherwise else [])
    result.missing += left_out


def _are_misread(added: Sequence[Word], left_out: Sequence[Word], counts: Mapping[str, int]) -> bool:
    if len(added) != len(left_out):
        added, left_out = _telling(added), _telling(left_out)
    return len(added) == len(left_out) and all(same_word(a, b, counts) for a, b in zip(added, left_out, strict=True))


def _telling(words: Sequence[Word]) -> list[Word]:
    return [word for word in words if not word.is_light]


def _spelt(words: Sequence[Word]) -> str:
    """The letters of words without the blanks and marks between them; numbers by their value."""
    return "".join(word.key if word.is_number else "".join(filter(str.isalnum, word.text)) for word in words)


def _tense_differs(added: Sequence[Word], left_out: Sequence[Word]) -> bool:
    def tenses(words: Sequence[Word]) -> tuple[bool, bool]:
        return any(w.text in PAST for w in words), any(w.text in PRESENT for w in words)

    one, other = tenses(added), tenses(left_out)
    return (one == (True, False) and other == (False, True)) or (one == (False, True) and other == (True, False))


def _is_aside(gap: _Gap, source: Sequence[Word], text: str) -> bool:
    """Whether the left-out words are an aside: in brackets, or between commas or dashes; numbers only in brackets."""
    if gap.s1 == 0 or gap.s2 >= len(source):
        return False
    before = text[source[gap.s1 - 1].end : source[gap.s1].start]
    after = text[source[gap.s2 - 1].end : source[gap.s2].start]
    left_out = source[gap.s1 : gap.s2]
    if ("(" in before and ")" in after) or ("[" in before and "]" in after):
        return not any(word.text in BREAKS_ASIDE for word in left_out)
    return (
        not any(word.is_guarded for word in left_out)
        and any(mark in before for mark in ",-")
        and any(mark in after for mark in ",-")
    )
