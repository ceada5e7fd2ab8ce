"""Cut an answer into sentences while it is being written.

Reads the Markdown that language models write: paragraphs, list items, headings, tables, fenced code. A stretch is
handed out only when nothing that may still come can change it: each decision looks at a fixed number of characters
ahead and waits for them, so the cuts do not depend on how the text arrives. Pure: does not know what a sentence
claims or whether it is true.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from engine.documents.sentence_ends import LOOKAHEAD, LOOKBEHIND, WIDE_STOPS, after_end

Kind = Literal["prose", "item", "heading", "row", "header_row", "code"]

LONGEST_SENTENCE = 2_000  # characters; a text without any end is cut here, between words
_NARROWEST_WRAP = 60  # a line is wrapped, not ended, if its next word would have made it longer than this
_HEAD = 64  # characters of a line that decide what it is

_MARKER = re.compile(r"[ \t]{0,12}(?:(?:[-*+•‣◦>]|\d{1,3}[.)]|[A-Za-z]\))[ \t]{1,4}){1,3}")
_NEVER_FIRST = "/(~-+=<&,;:)%@"  # no paragraph begins with these
_FENCE = re.compile(r"[ \t]{0,12}(```)[^`\n]*(?:\n|\Z)")
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]")
_ROW = re.compile(r"[ \t]{0,3}\|")
_RULE = re.compile(r"[ \t]*[-|:=+*_ \t]{3,}\Z")
_STOP = re.compile(rf"\n|[.!?…]+|[{WIDE_STOPS}]")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sentence or another piece of an answer that is read as one; offsets into the answer, end exclusive."""

    start: int
    end: int
    kind: Kind


class Splitter:
    """Takes an answer piece by piece and hands out its stretches in order."""

    def __init__(self) -> None:
        self._rest = ""
        self._offset = 0  # of `_rest` in the answer
        self._open: Kind | None = None  # the paragraph that `_rest` continues; None at the start of a line
        self._fence = ""
        self._judged = 0  # characters of `_rest` that are known to hold no end of a sentence
        self._final = False

    def feed(self, text: str) -> list[Stretch]:
        """Take more of the answer; the stretches that are now complete."""
        self._rest += text
        found: list[Stretch] = []
        while self._rest and self._step(found):
            pass
        return found

    def finish(self) -> list[Stretch]:
        """The answer has ended; what is left of it."""
        self._final = True
        return self.feed("")

    def _step(self, found: list[Stretch]) -> bool:
        """Hand out or skip one piece; False when more text is needed to decide."""
        if self._open is not None:
            return self._sentence(found)
        head = self._rest[:_HEAD]
        if not self._final and "\n" not in head and len(head) < _HEAD:
            return False
        first_line, newline, _ = head.partition("\n")
        if not first_line.strip() and (newline or self._final):
            return self._take(found, len(first_line + newline))
        if self._fence or _FENCE.match(head) or _HEADING.match(head) or _ROW.match(head) or _RULE.match(first_line):
            return self._line(found, head)
        marker = _MARKER.match(head)
        self._open = "item" if marker else "prose"
        return self._take(found, marker.end() if marker else len(head) - len(head.lstrip(" \t")), anyway=True)

    def _line(self, found: list[Stretch], head: str) -> bool:
        """A piece that is a whole line: heading, table row, rule, fence or code."""
        size = self._rest.find("\n", 0, LONGEST_SENTENCE)
        if size < 0:
            if len(self._rest) < LONGEST_SENTENCE and not self._final:
                return False
            size = min(len(self._rest), LONGEST_SENTENCE) - 1
        line = self._rest[: size + 1].rstrip("\n")
        fence = _FENCE.match(head)
        if fence and self._fence in ("", fence[1]):
            self._fence = "" if self._fence else fence[1]
            return self._take(found, size + 1)
        if self._fence:
            return self._take(found, size + 1, "code")
        if _RULE.match(line):
            return self._take(found, size + 1)
        if not _ROW.match(head):
            return self._take(found, size + 1, "heading")
        following = self._rest[size + 1 : size + 1 + _HEAD]
        if not self._final and "\n" not in following and len(following) < _HEAD:
            return False
        return self._take(found, size + 1, "header_row" if _is_rule(following) else "row")

    def _sentence(self, found: list[Stretch]) -> bool:
        """A sentence of the open paragraph."""
        assert self._open is not None
        for stop in _STOP.finditer(self._rest, self._judged, LONGEST_SENTENCE):
            ahead = self._rest[stop.end() : stop.end() + LOOKAHEAD]
            if not self._final and len(ahead) < LOOKAHEAD:
                return False
            if stop[0] != "\n":
                end = after_end(self._rest[max(0, stop.end() - LOOKBEHIND) : stop.end()], ahead)
                if end is not None:
                    return self._take(found, stop.end() + end, self._open)
            elif self._ends_paragraph(stop.start(), ahead):
                kind, self._open = self._open, None
                return self._take(found, stop.end(), kind)
            self._judged = stop.end()
        if len(self._rest) >= LONGEST_SENTENCE:
            blank = self._rest.rfind(" ", LONGEST_SENTENCE // 2, LONGEST_SENTENCE)
            return self._take(found, blank + 1 or LONGEST_SENTENCE, self._open)
        return self._final and self._take(found, len(self._rest), self._open)

    def _ends_paragraph(self, line_end: int, ahead: str) -> bool:
        """Whether the line break at `line_end` ends the paragraph or only wraps a long line."""
        following = ahead.partition("\n")[0]
        if not following.strip() or any(start.match(following) for start in (_MARKER, _FENCE, _HEADING, _ROW)):
            return True
        first_word = following.split()[0]
        line_width = line_end - (self._rest.rfind("\n", 0, line_end) + 1)
        if first_word[0].islower() or first_word[0] in _NEVER_FIRST:
            return False
        return line_width + len(first_word) < _NARROWEST_WRAP

    def _take(self, found: list[Stretch], size: int, kind: Kind | None = None, *, anyway: bool = False) -> bool:
        """Consume `size` characters, as a stretch if `kind` is given. False if nothing was consumed, unless `anyway`."""
        piece = self._rest[:size]
        if kind is not None and piece.strip():
            start = self._offset + len(piece) - len(piece.lstrip())
            found.append(Stretch(start, self._offset + len(piece.rstrip()), kind))
        self._rest = self._rest[size:]
        self._judged = 0
        self._offset += len(piece)
        return anyway or bool(piece)


def split(text: str) -> list[Stretch]:
    """All stretches of a complete answer."""
    splitter = Splitter()
    return splitter.feed(text) + splitter.finish()


def _is_rule(head: str) -> bool:
    line = head.partition("\n")[0]
    return "-" in line and bool(_RULE.match(line))
