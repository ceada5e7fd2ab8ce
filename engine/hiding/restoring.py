"""Put the originals back where placeholders stand, also while an answer is still arriving.

Pure. Holds back only what may be the beginning of a placeholder, so that a half one is never shown. What comes out does
not depend on how the answer was cut into pieces.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.compare_records import DetailKind, HiddenDetail, Place
from engine.hiding.patterns import later
from engine.hiding.placeholders import ONE, WRITTEN, number_of, parsed

_LONGEST = 600  # characters; more is no placeholder, however it begins
#: Where a placeholder may begin, up to the first letter of its label or the end of what has come.
_BEGINNING = later(
    r"(?:\[\[?|\\(?:\[|\Z)|\(|\{\{?|<<?|&(?:lt;|l?t?\Z)|[【\uff3b「«⟨〈])\s{0,2}"
    r"(?=[*_`]{0,3}(?:\p{L}|\Z))"
)


@dataclass(frozen=True)
class Restored:
    """A text with the originals in it; `places` are their spans."""

    text: str
    places: tuple[Place, ...]


class Restoring:
    """Takes a text piece by piece and hands it out with the originals in the places of their placeholders."""

    def __init__(self, details: Iterable[HiddenDetail]) -> None:
        self._originals: dict[tuple[DetailKind, int], HiddenDetail] = {}
        for detail in details:
            number = number_of(detail.placeholder)
            if number:
                self._originals[number] = detail
        self._rest = ""
        self._length = 0  # characters handed out
        self._places: list[Place] = []

    @property
    def places(self) -> tuple[Place, ...]:
        """Where originals stand in all that was handed out."""
        return tuple(self._places)

    def feed(self, text: str) -> str:
        """Take more; what can be handed out now."""
        self._rest += text
        return self._step(is_last=False)

    def finish(self) -> str:
        """The text has ended; what is left of it."""
        return self._step(is_last=True)

    def _step(self, *, is_last: bool) -> str:
        out: list[str] = []
        rest, done = self._rest, 0
        opening = _BEGINNING.search(rest)
        while opening:
            self._hand_out(out, rest[done : opening.start()])
            done = opening.start()
            # Most that begins like one is none, which is cheap to see; an answer may be full of it.
            has_label = ONE.match(rest, opening.end(), partial=not is_last)
            match = WRITTEN.match(rest, done, partial=not is_last) if has_label else None
            if match and match.partial and len(rest) - done <= _LONGEST:
                break
            if match and not match.partial and self._put_back(out, match[0]):
                done = match.end()
            else:
                self._hand_out(out, rest[done])
                done += 1
            opening = _BEGINNING.search(rest, done)
        else:
            self._hand_out(out, rest[done:])
            done = len(rest)
        self._rest = rest[done:]
        return "".join(out)

    def _put_back(self, out: list[str], written: str) -> bool:
        """Hand out the originals for a placeholder or a list of them; False if one of them is not known."""
        ones = list(ONE.finditer(written))
        if not all(parsed(one) in self._originals for one in ones):
            return False
        # Round brackets may be the writer's own, all others belong to the placeholder.
        is_round = written[0] == "("
        self._hand_out(out, "(" if is_round else "")
        for number, one in enumerate(ones):
            if number:
                self._hand_out(out, written[ones[number - 1].end() : one.start()])
            detail = self._originals[parsed(one)]
            self._places.append(Place(self._length, self._length + len(detail.original), detail.placeholder))
            self._hand_out(out, detail.original)
        self._hand_out(out, ")" if is_round else "")
        return True

    def _hand_out(self, out: list[str], text: str) -> None:
        if text:
            out.append(text)
            self._length += len(text)
