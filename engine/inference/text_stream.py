"""From the bytes of tokens to text that may be shown: whole characters only, and nothing of a stop word.

Pure. A token can end in the middle of a UTF-8 character and a stop word can arrive in pieces; what could still
become one of either is held back until the next token decides. Knows nothing of tokens, models or reasoning tags:
a later filter for those takes the text that comes out here.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence


class TextStream:
    """Feed the bytes of one token after another; `stopped` turns True at the first stop word, which is not shown."""

    def __init__(self, stop: Sequence[str] = ()) -> None:
        self.stopped = False
        self._stop = [word for word in stop if word]
        self._characters = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._held = ""

    def feed(self, piece: bytes) -> str:
        """The text that became certain with this token."""
        if self.stopped:
            return ""
        self._held += self._characters.decode(piece)
        return self._certain()

    def finish(self) -> str:
        """What was held back when the answer ends; a character that did not come to its end is left out."""
        text, self._held = self._held, ""
        return text

    def _certain(self) -> str:
        place = min((at for word in self._stop if (at := self._held.find(word)) >= 0), default=-1)
        if place >= 0:
            text, self._held, self.stopped = self._held[:place], "", True
            return text
        length = max((_overlap(self._held, word) for word in self._stop), default=0)
        cut = len(self._held) - length
        text, self._held = self._held[:cut], self._held[cut:]
        return text


def _overlap(text: str, word: str) -> int:
    """Length of the longest end of `text` that is a beginning of `word`."""
    return next((length for length in range(min(len(text), len(word)), 0, -1) if text.endswith(word[:length])), 0)
