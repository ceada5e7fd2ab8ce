"""A text as it is read for details: its typography levelled, with a map back to the source.

Pure. What is not seen is dropped (soft hyphens, zero-width characters, marks of direction), accents are joined to their
letters, kinds of blanks, dashes and apostrophes become one, and words broken at the end of a line are joined. Case,
line breaks and everything else stay.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import regex

from engine.hiding.patterns import later

_UNSEEN = r"\p{Cf}\ufffe\x02"
_SPECIAL = later(
    rf"(?<=\p{{Ll}})-[ \t]*+\r?\n[ \t]*+(?=\p{{Ll}})"  # a word broken at the end of a line
    rf"|[{_UNSEEN}]++(?:\r?\n)?+"
    r"|[^\p{M}\s]\p{M}++"
    r"|[^\S\n ]|\r\n"
    r"|[\u2018\u2019\u02bc\u00b4`\u2032]|[\u2010-\u2015\u2212]"
    r"|[\ufb00-\ufb06\uff01-\uff5e\U0001d400-\U0001d7ff]"
)
_LEVELLED = {
    **dict.fromkeys("\u2018\u2019\u02bc\u00b4`\u2032", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """`text[i]` stands for the source's characters `starts[i]` to `ends[i]`, end exclusive."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        return self.starts[start], self.ends[end - 1]


def read(text: str) -> Reading:
    """Level the typography of `text`."""
    return replaced(text, _SPECIAL, _level)


def replaced(text: str, pattern: regex.Pattern[str], to: Callable[[str], str]) -> Reading:
    """`text` with each match of `pattern` replaced by what `to` makes of it."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in pattern.finditer(text):
        parts.append(text[done : match.start()])
        starts += range(done, match.start())
        ends += range(done + 1, match.start() + 1)
        new = to(match[0])
        parts.append(new)
        starts += [match.start()] * len(new)
        ends += [match.end()] * len(new)
        done = match.end()
    if not parts:
        return Reading(text, range(len(text)), range(1, len(text) + 1))
    parts.append(text[done:])
    starts += range(done, len(text))
    ends += range(done + 1, len(text) + 1)
    return Reading("".join(parts), starts, ends)


def _level(found: str) -> str:
    if found in _LEVELLED:
        return _LEVELLED[found]
    if found == "\r\n" or found in "\r\v\f\x85\u2028\u2029":
        return "\n"
    if found.isspace():
        return " "
    if unicodedata.combining(found[-1]) or len(found) == 1:
        levelled = unicodedata.normalize("NFKC", found)
        return "" if unicodedata.category(levelled[:1] or " ") == "Cf" else levelled
    return ""
