"""A text as a person may look at it: what cannot be seen is written out, and nothing is left out.

Qt counts UTF-16 units and Python characters, and characters that are written out are longer than they were. So places
are converted here, both ways. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

#: Controls, formats (bidi marks, zero-width characters, tags), separators that look like line ends, lone surrogates, private
#: characters, blanks that are no spaces, what asks for another shape of the character before it, and the stand-in that Qt
#: uses for pictures. Line ends and tabs are seen as what they are.
_UNSEEN = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
    r"\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000dfffe-\U000e0fff\U000efffe-\U0010ffff"
)
_TOLD = re.compile(rf"(?P<unseen>[{_UNSEEN}])|[\U00010000-\U0010ffff]")
_LONG_WORD = re.compile(r"\S{1500}")

Tone = Literal["outbound", "local", "caution", "danger"]


@dataclass(frozen=True)
class Marked:
    """A stretch that stands out, in UTF-16 units of the shown text; `word` says why."""

    start: int
    end: int
    tone: Tone
    word: str = ""


class ShownText:
    """`text` is what to show for `source`. `unseen` are the written-out characters in it, `kinds` their names."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.unseen: list[Marked] = []
        self.kinds: dict[str, str] = {}
        self._begins: list[int] = []  # places in the source where a character takes another room than one unit
        self._ends: list[tuple[int, int]] = [(0, 0)]  # behind each of them: place in the source, place in the shown text
        pieces: list[str] = []
        for match in _TOLD.finditer(source):
            start, end = match.span()
            (before, shown), character = self._ends[-1], match.group()
            shown += start - before
            pieces.append(source[before:start])
            if match["unseen"]:
                name = f"<U+{ord(character):04X}>"
                self.kinds.setdefault(name, _name(character))
                self.unseen.append(Marked(shown, shown + len(name), "caution", self.kinds[name]))
                pieces.append(name)
                shown += len(name)
            else:
                pieces.append(character)
                shown += 2
            self._begins.append(start)
            self._ends.append((end, shown))
        pieces.append(source[self._ends[-1][0] :])
        self.text = "".join(pieces)

    @property
    def has_long_words(self) -> bool:
        """Whether something in it is so long that lines have to break inside it; looking for a better place is slow."""
        return _LONG_WORD.search(self.text) is not None

    def shown(self, place: int) -> int:
        """Where a character of the source stands in the shown text."""
        source, shown = self._ends[bisect_left(self._begins, place)]
        return shown + place - source

    def found(self, place: int) -> int:
        """Which character of the source stands at a place of the shown text; inside one that is written out, that one."""
        after = bisect_right(self._ends, place, key=lambda end: end[1]) - 1
        source, shown = self._ends[after]
        found = source + place - shown
        return min(found, self._begins[after] if after < len(self._begins) else len(self.source))

    def marked(self, spans: Sequence[tuple[int, int]], tone: Tone, word: str = "") -> list[Marked]:
        """Spans of the source as marks; those outside of it are left out."""
        inside = [(start, end) for start, end in spans if 0 <= start < end <= len(self.source)]
        return [Marked(self.shown(start), self.shown(end), tone, word) for start, end in inside]


def _name(character: str) -> str:
    return unicodedata.name(character, "").lower()
