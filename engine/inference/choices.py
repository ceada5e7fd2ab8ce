"""An answer made of given texts: which tokens may come next, so that nothing but those texts can be written.

Pure: token numbers in, token numbers out. The texts keep their order, each is used at most once, and at least one is.
Knows nothing of probabilities; whoever samples takes the likeliest of what is allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

Tokens = Sequence[int]


@dataclass(frozen=True)
class _Way:
    """A text that fits what was written so far: `place` tokens of text `number`, the `nth` text of the answer."""

    tokens: Tokens
    place: int
    number: int
    nth: int

    @property
    def is_complete(self) -> bool:
        return self.place == len(self.tokens)


class Choices:
    """The ways in which an answer can go on.

    `first` holds each text as it begins an answer, `later` as it follows another one (with what separates them);
    both are token lists that are not empty. `end` is the token that ends an answer, `most` the number of texts.
    """

    def __init__(self, first: Sequence[Tokens], later: Sequence[Tokens], *, end: int, most: int) -> None:
        self._later, self._end, self._most = later, end, most
        self._ways = [_Way(tokens, 0, number, 1) for number, tokens in enumerate(first)]

    def allowed(self) -> list[int]:
        """Tokens that may come next, each once; empty after the end."""
        found: dict[int, None] = {}
        for way in self._ways:
            if not way.is_complete:
                found.setdefault(way.tokens[way.place])
            else:
                found.setdefault(self._end)
                for following in self._after(way):
                    found.setdefault(following.tokens[0])
        return list(found)

    def take(self, token: int) -> None:
        """`token`, one of the allowed, was written."""
        ways: list[_Way] = []
        for way in self._ways:
            candidates = self._after(way) if way.is_complete else [way]
            ways += [replace(each, place=each.place + 1) for each in candidates if each.tokens[each.place] == token]
        self._ways = ways

    def _after(self, way: _Way) -> list[_Way]:
        if way.nth == self._most:
            return []
        return [_Way(self._later[number], 0, number, way.nth + 1) for number in range(way.number + 1, len(self._later))]
