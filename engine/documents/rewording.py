"""Ways of saying the same that are recognised: misread letters, and the passive voice with its agent.

Pure. Each is narrow on purpose: what looks alike and may mean the opposite ("employer", "employee") is not the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz.distance import Levenshtein

from engine.documents.vocabulary import BE, MODALS, MOVABLE_HEADS, NEGATIONS
from engine.documents.words import Word

_MOST_ROTATIONS = 6
# Pairs that differ by little and mean the opposite or the other party; prefixes and endings as (one, other).
_OPPOSITE_PREFIXES = (
    *(("un", ""), ("in", ""), ("im", ""), ("il", ""), ("ir", ""), ("dis", ""), ("non", ""), ("mis", ""), ("de", ""), ("a", "")),
    *(("anti", ""), ("in", "ex"), ("in", "de"), ("in", "out"), ("im", "ex"), ("inter", "intra"), ("under", "over")),
    *(("up", "down"), ("pre", "post"), ("super", "sub"), ("max", "min"), ("en", "dis"), ("as", "des"), ("hyper", "hypo")),
)
_OPPOSITE_ENDINGS = (
    *(("or", "ee"), ("er", "ee"), ("ful", "less"), ("er", "ed"), ("or", "ed"), ("ing", "ed"), ("teen", "ty")),
    ("illion", "illiard"),
)
_MISREAD = (("rn", "m"), ("cl", "d"), ("vv", "w"), ("1", "l"), ("i", "l"), ("0", "o"), ("5", "s"), ("8", "b"))


def same_word(one: Word, other: Word, counts: Mapping[str, int]) -> bool:
    """Whether two words are one word with a letter misread or mistyped; `counts` tells how often a word occurs in the sources.

    Two words that both occur elsewhere in the sources are two real words, however alike.
    """
    if one.key == other.key:
        return True
    if one.is_guarded or other.is_guarded or (counts.get(one.text, 0) and counts.get(other.text, 0) > 1):
        return False
    if _as_misread(one.text) == _as_misread(other.text):
        return len(one.text) >= 3
    distance = Levenshtein.distance(one.text, other.text)
    if one.is_light or other.is_light:
        return distance == 1
    if one.is_name or other.is_name:
        return False
    if one.text[0] != other.text[0] or are_opposites(one.text, other.text):
        return False
    length = min(len(one.text), len(other.text))
    return distance <= (length >= 6) + (length >= 9)


def are_opposites(one: str, other: str) -> bool:
    """Whether two words differ in a beginning or an ending that turns the meaning or names the other party."""
    for pairs, cut in ((_OPPOSITE_PREFIXES, str.removeprefix), (_OPPOSITE_ENDINGS, str.removesuffix)):
        for a, b in pairs:
            for x, y in ((one, other), (other, one)):
                starts = x.startswith(a) and y.startswith(b) if cut is str.removeprefix else x.endswith(a) and y.endswith(b)
                if starts and cut(x, a) == cut(y, b):
                    return True
    return False


def _as_misread(text: str) -> str:
    for written, read in _MISREAD:
        text = text.replace(written, read)
    return text


def active(words: Sequence[Word]) -> Iterator[tuple[list[Word], Word]]:
    """The words of "B shall be paid by A in May" in the order "A shall pay B in May", and the verb that was turned."""
    for verb in range(1, len(words) - 2):
        if not words[verb].is_passive:
            continue
        by = next((place for place in range(verb + 1, min(verb + 5, len(words) - 1)) if words[place].text == "by"), None)
        if by is None:
            continue
        helpers = verb
        while helpers > 0 and _helps(words[helpers - 1].text):
            helpers -= 1
        end = next((place for place in range(by + 2, len(words)) if words[place].text in MOVABLE_HEADS), len(words))
        kept = [word for word in words[helpers:verb] if word.text not in BE]
        yield [*words[by + 1 : end], *kept, words[verb], *words[:helpers], *words[verb + 1 : by], *words[end:]], words[verb]
        return


def rotated(words: Sequence[Word]) -> Iterator[list[Word]]:
    """ "Y if X" as "If X, Y", and "If X, Y" as "Y if X": a phrase with a head that may be moved, from one end to the other."""
    if any(word.opens for word in words[1:]):
        return
    heads = [place for place in range(2, len(words) - 1) if words[place].text in MOVABLE_HEADS]
    for place in heads[:_MOST_ROTATIONS]:
        yield [*words[place:], *words[:place]]
    if words and words[0].text in MOVABLE_HEADS:
        commas = [place for place in range(2, len(words) - 1) if words[place].after_comma]
        for place in commas[:_MOST_ROTATIONS]:
            yield [*words[place:], *words[:place]]


def _helps(text: str) -> bool:
    return (
        text in BE
        or text in MODALS
        or text in NEGATIONS
        or text in ("has", "have", "had")
        or re.fullmatch(r"\w+ly", text) is not None
    )
