"""A model's Markdown as blocks. Nothing in the text can name a resource to load or a link to follow.

Raw HTML, links, images and reference definitions are not interpreted: HTML is shown as the text that it is, a link
as its words and its target, an image as its description. Pure: text in, values out. Knows nothing of sentences,
citations or Qt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from desktop.viewmodels.answer_blocks import Block, BlockKind, Cell, Marker, Run
from desktop.viewmodels.answer_inline import runs_of

# Characters that Markdown or Qt would turn into something else, each replaced by exactly one other.
_UNWANTED = {0: "\ufffd", 0x0D: "\n", **dict.fromkeys((0x0B, 0x0C, 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029, 0x2060, 0xFFFC), " ")}
_UNWANTED |= dict.fromkeys(range(0xFDD0, 0xFDF0), " ")  # QTextDocument marks its frames with these


ROWS_AT_ONCE = 24
_NARROWEST = 8  # characters that a column is counted as at least


def cleaned(raw: str) -> str:
    """The answer with the same number of characters, all of which can be shown as they are."""
    text = raw.replace("\r\n", " \n")
    text = text[:-1] + " " if text.endswith("\r") else text  # its line feed may still be on the way
    return text.translate(_UNWANTED)


def blocks_of(raw: str) -> tuple[Block, ...]:
    """Parse a whole answer at once."""
    return Parse(cleaned(raw)).blocks()


@cache
def _markdown() -> MarkdownIt:
    # References would let later text change earlier blocks. Links and images are found in the finished text instead:
    # that takes linear time on hostile input and cannot load anything.
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
    unwanted = ["reference", "link", "image", "autolink", "html_block", "html_inline"]
    return parser.enable(["table", "strikethrough"]).disable(unwanted)


class Parse:
    """One pass over cleaned text from `start` (a line's start) on; places count from the text's first character."""

    def __init__(self, text: str, start: int = 0) -> None:
        self._text = text
        self._tokens = _markdown().parse(text[start:])
        breaks = [match.end() for match in re.finditer("\n", text[start:])]
        self._lines = [start, *(start + each for each in breaks), len(text) + 1]
        self._complete = len(breaks)
        self._lists: list[Token] = []
        self._numbers: list[int] = []
        self._marker: Marker | None = None
        self._quote = 0
        self._level = 0
        self._tight = False
        self._top = start  # where the top-level block of the block at hand starts

    def last_block_start(self) -> int:
        """Raw offset of the last top-level block among the complete lines: later text cannot touch the blocks before it."""
        starts = [token.map[0] for token in self._tokens if token.level == 0 and token.map]
        earlier = [line for line in starts if line < self._complete]
        return self._lines[max(earlier)] if earlier else self._lines[0]

    def blocks(self) -> tuple[Block, ...]:
        """All blocks in reading order; call `blocks` or `split` once."""
        return tuple(self._walk())

    def split(self, offset: int) -> tuple[list[Block], list[Block]]:
        """The blocks of what starts before a top-level block's offset, and the others."""
        parts: tuple[list[Block], list[Block]] = ([], [])
        for block in self._walk():
            parts[self._top >= offset].append(block)
        return parts

    # ------------------------------------------------------------ blocks
    def _walk(self) -> Iterator[Block]:
        tokens = iter(self._tokens)
        for token in tokens:
            if token.level == 0 and token.map:
                self._top = self._line_start(token)
            match token.type:
                case "inline":
                    kind: BlockKind = "heading" if self._level else "paragraph"
                    yield self._block(kind, self._inline(token), level=self._level, tight=self._tight)
                case "fence" | "code_block":
                    yield self._block("code", self._code(token))
                case "hr":
                    yield self._block("rule")
                case "table_open":
                    yield from self._table(tokens)
                case "list_item_open" | "list_item_close":
                    if self._marker is not None:  # the item before had nothing of its own to show
                        yield self._block("paragraph", tight=True)
                    if token.nesting > 0:
                        self._number_item()
                case _:
                    self._nest(token)

    def _block(self, kind: BlockKind, runs: tuple[Run, ...] = (), **more: object) -> Block:
        marker, self._marker = self._marker, None
        return Block(kind, runs, depth=len(self._lists), quote=self._quote, marker=marker, **more)  # type: ignore[arg-type]

    def _nest(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._lists.append(token)
                self._numbers.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
                self._numbers.pop()
            case "blockquote_open" | "blockquote_close":
                self._quote += token.nesting
            case "heading_open":
                self._level, self._tight = int(token.tag[1]), False
            case "paragraph_open":
                self._level, self._tight = 0, token.hidden

    def _number_item(self) -> None:
        of = self._lists[-1]
        self._marker = Marker(of.type == "ordered_list_open", self._numbers[-1], self._line_start(of))
        self._numbers[-1] += 1

    def _line_start(self, token: Token) -> int:
        return self._lines[token.map[0]] if token.map else self._lines[0]

    def _table(self, tokens: Iterator[Token]) -> Iterator[Block]:
        rows, alignments = self._rows(tokens)
        # Laying a table out takes as long as it has cells: a long one is several, so that only the last one grows.
        widths = _widths(rows[:ROWS_AT_ONCE]) if len(rows) > ROWS_AT_ONCE else ()
        for start in range(0, len(rows), ROWS_AT_ONCE):
            cells = tuple(rows[start : start + ROWS_AT_ONCE])
            yield self._block("table", cells=cells, alignments=alignments, widths=widths, continues=start > 0)

    def _rows(self, tokens: Iterator[Token]) -> tuple[list[tuple[Cell, ...]], str]:
        rows: list[list[Cell]] = []
        alignments: list[str] = []
        cursor = 0
        for token in tokens:
            match token.type:
                case "table_close":
                    break
                case "tr_open":
                    rows.append([])
                    cursor = max(cursor, self._line_start(token))
                case "th_open":
                    style = str(token.attrs.get("style", "text-align:left"))
                    alignments.append(style.removeprefix("text-align:")[:1])
                case "inline":
                    cursor, cell = self._cell(token, cursor)
                    rows[-1].append(cell)
        return [tuple(row) for row in rows], "".join(alignments)

    # ------------------------------------------------------------ places
    def _cell(self, token: Token, cursor: int) -> tuple[int, Cell]:
        start = max(cursor, self._text.find(token.content, cursor))
        places = range(start, start + len(token.content))
        return start + len(token.content), tuple(runs_of(token.children or (), token.content, places))

    def _inline(self, token: Token) -> tuple[Run, ...]:
        first = token.map[0] if token.map else 0
        return tuple(runs_of(token.children or (), token.content, self._line_places(token.content, first)))

    def _code(self, token: Token) -> tuple[Run, ...]:
        text = token.content.removesuffix("\n")
        first = token.map[0] if token.map else 0
        places = self._line_places(text, first + (token.type == "fence"))
        return (Run(text, tuple(places), code=True),) if text else ()

    def _line_places(self, text: str, first: int) -> list[int]:
        """Places of text whose lines are ends of raw lines, from the line `first` of this pass on.

        What was taken away at a line's start (quote marks, indentation) is passed over; its break comes last.
        """
        places: list[int] = []
        for number, line in enumerate(text.split("\n"), start=first):
            at = min(number, len(self._lines) - 2)
            start, stop = self._lines[at], self._lines[at + 1] - 1
            words = line.strip()
            found = self._text.rfind(words, start, stop) if words else start
            origin = max(start, found - line.find(words)) if found >= 0 else start
            inside = min(len(line), stop - origin)
            places.extend(range(origin, origin + inside))
            places.extend([stop] * (len(line) - inside + 1))  # and one for the line's end
        return places[: len(text)]


def _widths(rows: list[tuple[Cell, ...]]) -> tuple[int, ...]:
    """Shares of the columns in per cent, by their longest words and texts, so that parts of a table line up."""
    longest = [
        max(_NARROWEST, *(min(60, sum(len(run.text) for run in cell)) for cell in column)) for column in zip(*rows, strict=False)
    ]
    return tuple(round(100 * each / sum(longest)) for each in longest)
