"""The words of a text that begin with a capital, in runs that can be one name.

Pure. A run is broken by lower-case words, except those that stand inside of names ("van", "de la"), and by punctuation,
except the full stop of an initial or a title.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from engine.hiding.name_lists import WEAK, is_given, is_noun, is_ordinary, is_place, is_surname
from engine.hiding.patterns import later
from engine.hiding.person_names import PARTICLES, TITLES

_SMALL_TITLES = (
    "mevrouw|meneer|señora|señor|señorita|doña|don|signora|signor|signorina|docteur|doctor|madame|monsieur|maître|pani|pan"
    "|pana|panu|panią"
    "|familie|herrn|frau|dr|prof"
)
_WORD = later(
    rf"(?<![\p{{L}}\p{{M}}\p{{N}}_'])({_SMALL_TITLES})(?=\.?[ ]\p{{Lu}})"
    r"|(?<![\p{L}\p{M}\p{N}_])(?:(?:[ldnsmtcj]|qu|dell|all|nell"
    r"|sull)')?(\p{Lu}[\p{L}\p{M}]*+(?:['-]\p{L}[\p{L}\p{M}]*+)*+)(?![\p{N}_@])"
)
_JOINT = later(rf"[*_]{{0,3}}[ \t]{{1,3}}[*_]{{0,3}}(?:(?:{PARTICLES})[ ]|[dl]'){{0,3}}|[ \t]{{0,3}}\n[ \t>]{{0,4}}|-")
_STOPPED = later(
    rf"\.(?:[ \t]?|[ \t]*\n[ \t]*)(?:(?:med|jur|phil|rer|nat|pol|dent|vet|h\.c|ing"
    rf"|habil)\.?[ ]?){{0,4}}(?:(?:{PARTICLES})[ ]){{0,3}}"
)
_DOUBLE_INITIAL = later(r"\p{Lu}-\p{Lu}")
_NO_TITLES = frozenset("me ra nat op la ing med arch".split())
_OPENS = later(r"(?:^|[.!?:…]['\"”»)]{0,2}|[\n•·*\-–>|;\"“„«(\[])[ \t>*_#\"“„«(\[-]{0,8}$")


@dataclass(frozen=True, slots=True)
class _Nature:
    """What is known of a word by itself."""

    lower: str
    is_initial: bool
    is_title: bool
    is_given: bool
    is_surname: bool
    is_ordinary: bool
    is_place: bool
    is_noun: bool
    is_acronym: bool


@lru_cache(maxsize=50_000)
def _nature(text: str) -> _Nature:
    lower = text.lower()
    given, surname = len(text) > 1 and is_given(text), len(text) > 1 and is_surname(text)
    return _Nature(
        lower,
        is_initial=len(text) == 1 or (len(text) == 2 and text.isupper()) or _DOUBLE_INITIAL.fullmatch(text) is not None,
        is_title=len(text) > 1 and lower in TITLES and lower not in _NO_TITLES,
        is_given=given,
        is_surname=surname,
        is_ordinary=lower in WEAK or is_ordinary(text),
        is_place=is_place(text),
        is_noun=is_noun(text),
        is_acronym=text.isupper() and 1 < len(text) <= 5 and not (given or surname),
    )


class Capital:
    """A word with a capital; `text` is without a genitive's ending. `opens`: a sentence, a line or a quotation."""

    __slots__ = (
        "end", "is_acronym", "is_given", "is_initial", "is_noun", "is_ordinary", "is_place", "is_surname", "is_title",
        "is_unknown", "lower", "opens", "start", "text",
    )  # fmt: skip

    def __init__(self, text: str, start: int, end: int, *, opens: bool) -> None:
        nature = _nature(text)
        self.text, self.start, self.end, self.opens = text, start, end, opens
        self.lower, self.is_initial, self.is_title = nature.lower, nature.is_initial, nature.is_title
        self.is_given, self.is_surname, self.is_ordinary = nature.is_given, nature.is_surname, nature.is_ordinary
        self.is_place, self.is_noun, self.is_acronym = nature.is_place, nature.is_noun, nature.is_acronym
        # Neither an ordinary word nor a place: most likely the name of something.
        self.is_unknown = not (self.is_ordinary or self.is_place or self.is_initial or self.is_acronym)


def capitals(text: str) -> list[Capital]:
    """All words with a capital, in order."""
    found = []
    for match in _WORD.finditer(text):
        start = match.start(match.lastindex or 0)
        word = match[match.lastindex or 0].rstrip(".")
        if word[-2:] in ("'s", "'S"):
            word = word[:-2]
        found.append(
            Capital(
                word, start, start + len(word), opens=start == 0 or _OPENS.search(text, max(0, start - 24), start) is not None
            )
        )
    return found


def runs(text: str, words: list[Capital]) -> Iterator[list[Capital]]:
    """The words in runs that could be one name."""
    run: list[Capital] = []
    for word in words:
        if run and not _joins(text, run, word):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _joins(text: str, run: list[Capital], word: Capital) -> bool:
    last = run[-1]
    gap_length = word.start - last.end
    if not 0 < gap_length <= 24 or len(run) > 12:
        return False
    if (last.is_initial or last.is_title) and _STOPPED.fullmatch(text, last.end, word.start):
        return True
    if not _JOINT.fullmatch(text, last.end, word.start):
        return False
    if "\n" not in text[last.end : word.start]:
        return True
    # A name is broken at the end of a full line; below each other stand different things.
    line = text.rfind("\n", 0, last.end) + 1
    is_wrapped = last.end - line >= 30 or (last.is_title and last.end - line > len(last.text))
    return is_wrapped and (last.is_given or last.is_initial or last.is_title) and word.is_unknown
