"""Find hidden details in a text, in every spelling that still says them.

Pure. A place counts when the letters are those of a key and what stands between and around them is what one writes
between and around words. Pieces that are encoded are decoded and looked through in the same way.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

import regex

from engine.compare_records import HiddenDetail
from engine.hiding.disguises import decoded, encoded_pieces
from engine.hiding.keys import SOLID, Key, keys_of
from engine.hiding.letters import Letters, letters_of
from engine.hiding.name_lists import is_ordinary
from engine.hiding.patterns import later
from engine.hiding.placeholders import is_placeholder
from engine.hiding.reading import Reading

Form = Literal["as_is", "part", "joined", "spelled", "reversed", "encoded"]

_PREFIX = 4  # letters by which keys are looked up
_APART = "\n\0\n"  # between pieces that do not belong together
COVER = "\0"  # stands for what is hidden already
_IGNORED = later(r"[\p{Cf}\p{M}\x02\ufffe]+")
_BETWEEN_WORDS = later(r"[\s\-\u2010-\u2015_.,;/|+*~'’\u2018`\"“”«»·•&#%@:()\\]{1,6}")
_BETWEEN_NAMES = later(r"[\s\-\u2010-\u2015_.,/+*~'’\u2018`\"“”«»·%]{1,6}")
_BETWEEN_LETTERS = later(r"[\s\-\u2010-\u2015_.,/|+*·•]{1,3}")
_BROKEN_WORD = later(r"[-\u2010\u2011\u00ac][ \t]*(?:\r?\n|\f)[ \t>]*(?:(?:\r?\n|\f)[ \t>]*)?")
_BETWEEN_DIGITS = later(r"[^\p{L}\p{N}\0]{1,4}|\W?\s?\[?\(?(?:at|dot|of|de|del)\)?\]?\s?\W?", regex.IGNORECASE)
_APOSTROPHES = ("'", "’", "\u2018", "\u00b4", "`")
_SENTENCE_END = later(r"[.!?]\W*\s")
_OPENS = later(r"(?:^|[.!?:\n\0])[\s*_>#\"“„«(\[-]*$")
_INFLECTION = later(r"['’]?s(?![\p{L}])", regex.IGNORECASE)
_SHORT_CODE = 7


@dataclass(frozen=True, slots=True)
class Match:
    """A detail that can be read at a span of a text."""

    start: int
    end: int
    detail: HiddenDetail
    form: Form


class Wanted:
    """The keys of all details that are hidden, each owned by one. What is shown on purpose is not looked for."""

    def __init__(self, details: Sequence[HiddenDetail]) -> None:
        shown = {key.text for detail in details if not detail.is_hidden for key in keys_of(detail)}
        hidden = [(detail, keys_of(detail)) for detail in details if detail.is_hidden]
        self.keys: dict[str, tuple[Key, HiddenDetail]] = {}
        for wants_parts in (False, True):
            for detail, keys in hidden:
                for key in keys:
                    if key.is_part is wants_parts and key.text not in shown:
                        self.keys.setdefault(key.text, (key, detail))
        self.reversed: dict[str, tuple[Key, HiddenDetail]] = {
            text[::-1]: owner
            for text, owner in self.keys.items()
            if len(text) >= 6
            and text != text[::-1]
            and text[::-1] not in self.keys
            and not (text.isalpha() and is_ordinary(text[::-1]))
        }
        lengths: dict[str, set[int]] = {}
        for text in (*self.keys, *self.reversed):
            lengths.setdefault(text[:_PREFIX], set()).add(len(text))
        self._lengths = {prefix: sorted(each) for prefix, each in lengths.items()}
        self._prefixes = sorted({len(prefix) for prefix in lengths})
        # Without any letter or digit there is no key, only the sign itself.
        self.signs = [
            (each.original, each) for each, keys in hidden if not keys and each.original and not is_placeholder(each.original)
        ]

    def occurrences(self, text: str) -> Iterator[tuple[int, str]]:
        """The keys, also backwards, that stand in a text, with their places. Takes as long for a thousand keys as for one."""
        for size in self._prefixes:
            # A shorter prefix is a whole key.
            places = [at for at in range(len(text) - size + 1) if text[at : at + size] in self._lengths]
            for at in places:
                for length in self._lengths[text[at : at + size]]:
                    found = text[at : at + length]
                    if (length >= _PREFIX) == (size == _PREFIX) and (found in self.keys or found in self.reversed):
                        yield at, found


def matches(text: str, wanted: Wanted) -> list[Match]:
    """All places of `text` at which a detail can be read, encoded ones included, in no order."""
    found = list(_plain(text, wanted))
    if not (wanted.keys or wanted.signs):
        return found
    for reading in decoded(text):
        for match in _plain(reading.text, wanted):
            found.append(Match(*reading.source_span(match.start, match.end), match.detail, "encoded"))
    pieces = list(encoded_pieces(text))
    ends = list(accumulate(len(piece.text) + len(_APART) for piece in pieces))
    together = _APART.join(piece.text for piece in pieces)
    for reading in (Reading(together, range(len(together)), range(1, len(together) + 1)), *decoded(together)):
        for match in _plain(reading.text, wanted):
            piece = pieces[bisect_right(ends, reading.starts[match.start])]
            found.append(Match(piece.start, piece.end, match.detail, "encoded"))
    return found


def covered(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with the spans blanked out, at the same length."""
    parts: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if end > done:
            parts += [text[done : max(start, done)], COVER * (end - max(start, done))]
            done = end
    return "".join(parts) + text[done:]


def _plain(text: str, wanted: Wanted) -> Iterator[Match]:
    letters = letters_of(text)
    for start, found in wanted.occurrences(letters.text):
        end = start + len(found)
        if found in wanted.keys:
            key, detail = wanted.keys[found]
            form = _form_at(letters, start, key)
            if form:
                yield Match(*letters.span(start, end), detail, form)
        else:
            key, detail = wanted.reversed[found]
            if _stands_alone(letters, start, end, key) and _is_tight(letters, start, end):
                yield Match(*letters.span(start, end), detail, "reversed")
    for sign, detail in wanted.signs:
        for match in regex.finditer(regex.escape(sign), text):
            yield Match(match.start(), match.end(), detail, "as_is")


def _form_at(letters: Letters, start: int, key: Key) -> Form | None:
    """How the letters at `start` say the key; None if they only happen to follow each other."""
    end = start + len(key.text)
    if key.case != "any" and not _has_case(letters, start, end, key):
        return None
    if not _stands_alone(letters, start, end, key):
        return None
    first, last = letters.at[start], letters.at[end - 1]
    if last - first == end - start - 1:
        return "joined" if key.breaks else "part" if key.is_part else "as_is"
    gaps = _gaps(letters, start, end)
    if key.rule == "code":
        short = len(key.text) < _SHORT_CODE
        fits = all(_BETWEEN_DIGITS.fullmatch(gap) and not (short and len(gap) > 1) for gap in gaps.values())
        return ("part" if key.is_part else "as_is") if fits else None
    return _form_of_words(letters, start, end, key, gaps)


def _has_case(letters: Letters, start: int, end: int, key: Key) -> bool:
    """Whether a word that is also an ordinary one is written like a name."""
    source, first = letters.source, letters.at[start]
    if not source[first].isupper():
        return False
    if end - start == 2 and source[letters.at[end - 1]].isupper():
        return False
    return key.case == "capital" or _OPENS.search(source, max(0, first - 24), first) is None


def _form_of_words(letters: Letters, start: int, end: int, key: Key, gaps: dict[int, str]) -> Form | None:
    inside = {at: gap for at, gap in gaps.items() if at not in key.breaks}
    is_spelled = len(gaps) == end - start - 1 and bool(inside)
    for at, gap in gaps.items():
        if at in key.breaks:
            between = _BETWEEN_WORDS if key.has_stops else _BETWEEN_NAMES
            fits = between.fullmatch(gap) and gap.count("\n") < 2
            follows_word = at > 1 and (at - 1) not in gaps
            if fits and not key.has_stops and follows_word and _SENTENCE_END.match(gap):
                return None
        elif is_spelled:
            fits = _BETWEEN_LETTERS.fullmatch(gap)
        else:
            fits = gap in _APOSTROPHES or _BROKEN_WORD.fullmatch(gap)
        if not fits:
            return None
    if is_spelled:
        return "spelled"
    return "joined" if key.breaks and not gaps else "part" if key.is_part else "as_is"


def _gaps(letters: Letters, start: int, end: int) -> dict[int, str]:
    """What stands between the letters, by the number of letters before it; what is not seen does not count."""
    gaps: dict[int, str] = {}
    at, source = letters.at, letters.source
    for place in range(start, end - 1):
        if at[place + 1] - at[place] > 1:
            gap = source[at[place] + 1 : min(at[place + 1], at[place] + 24)]
            gap = gap if gap.isascii() else _IGNORED.sub("", gap)
            gap = gap.replace("\x02", "")
            if gap:
                gaps[place + 1 - start] = gap
    return gaps


def _is_tight(letters: Letters, start: int, end: int) -> bool:
    return all(_BETWEEN_WORDS.fullmatch(gap) for gap in _gaps(letters, start, end).values())


def _stands_alone(letters: Letters, start: int, end: int, key: Key) -> bool:
    """Whether nothing around the letters makes them part of another word or number."""
    if start and letters.at[start - 1] == letters.at[start]:
        return False  # half of a ligature
    is_solid = (
        len(key.text) >= SOLID and not key.is_part and ((key.rule == "words" and bool(key.breaks)) or not key.text.isalpha())
    )
    before, after = _neighbours(letters, start, end)
    first, last = letters.source[letters.at[start]], letters.source[letters.at[end - 1]]
    if not (is_solid or key.is_loose) and _continues(before, first, key):
        return False
    if is_solid and not key.text[-1].isdigit():
        return True
    if key.is_loose and key.rule == "words":
        return True
    if not _continues(last, after, key):
        return True
    return key.rule == "words" and _INFLECTION.match(letters.source, letters.at[end - 1] + 1) is not None


def _neighbours(letters: Letters, start: int, end: int) -> tuple[str, str]:
    """The characters before and after, past what is not seen."""
    source, before, after = letters.source, letters.at[start] - 1, letters.at[end - 1] + 1
    while before >= 0 and _IGNORED.match(source[before]) and letters.at[start] - before < 8:
        before -= 1
    while after < len(source) and _IGNORED.match(source[after]) and after - letters.at[end - 1] < 8:
        after += 1
    return source[before] if before >= 0 else " ", source[after] if after < len(source) else " "


def _continues(one: str, other: str, key: Key) -> bool:
    """Whether two characters next to each other belong to one word or number."""
    if _has_no_blanks(one) or _has_no_blanks(other):
        return False
    if key.rule == "code" and len(key.text) < _SHORT_CODE:
        return one.isalnum() and other.isalnum()
    if one.isalpha() and other.isalpha():
        return not (one.islower() and other.isupper())
    return one.isdigit() and other.isdigit()


def _has_no_blanks(character: str) -> bool:
    """Whether a character is of a script that is written without blanks between words."""
    return "\u2e80" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7a3" or "\u0e00" <= character <= "\u0eff"
