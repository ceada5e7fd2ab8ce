"""The words of a text that begin with a capital, in runs that can be one name.

Pure. A run is broken by lower-case words, except those that stand inside of names ("van", "de la"), and by punctuation,
except the full stop of an initial or a title.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import regex

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
_OPENS = later(r"(?:^|[.!?:…]['\"”»)]{0,2}|[\n•·*\-–>|;\"“„«(\[])[ \t>*_#\"“„«(\[-]{0,8}$")


@dataclass(eq=False)
class Capital:
    """A word with a capital; `text` is without a genitive's ending. `opens`: a sentence, a line or a quotation."""

    text: str
    start: int
    end: int
    opens: bool

    @cached_property
    def lower(self) -> str:
        return self.text.lower()

    @cached_property
    def is_initial(self) -> bool:
        return (
            len(self.text) == 1
            or (len(self.text) == 2 and self.text.isupper())
            or regex.fullmatch(r"\p{Lu}-\p{Lu}", self.text) is not None
        )

    @cached_property
    def is_title(self) -> bool:
        return (
            self.lower in TITLES
            and len(self.text) > 1
            and self.lower not in ("me", "ra", "nat", "op", "la", "ing", "med", "arch")
        )

    @cached_property
    def is_given(self) -> bool:
        return len(self.text) > 1 and is_given(self.text)

    @cached_property
    def is_surname(self) -> bool:
        return len(self.text) > 1 and is_surname(self.text)

    @cached_property
    def is_ordinary(self) -> bool:
        return self.lower in WEAK or is_ordinary(self.text)

    @cached_property
    def is_place(self) -> bool:
        return is_place(self.text)

    @cached_property
    def is_noun(self) -> bool:
        return is_noun(self.text)

    @cached_property
    def is_acronym(self) -> bool:
        return self.text.isupper() and 1 < len(self.text) <= 5 and not (self.is_given or self.is_surname)

    @cached_property
    def is_unknown(self) -> bool:
        """Neither an ordinary word nor a place: most likely the name of something."""
        return not (self.is_ordinary or self.is_place) and not self.is_initial and not self.is_acronym


def capitals(text: str) -> list[Capital]:
    """All words with a capital, in order."""
    found = []
    for match in _WORD.finditer(text):
        start = match.start(match.lastindex or 0)
        word = match[match.lastindex or 0].rstrip(".")
        if word[-2:] in ("'s", "'S"):
            word = word[:-2]
        found.append(
            Capital(word, start, start + len(word), _OPENS.search(text, max(0, start - 24), start) is not None or start == 0)
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
