"""An answer as plain blocks and runs, each rendered character knowing its place in the raw Markdown.

Values only, no behaviour beyond small derived facts. Knows no parser, no citations and no Qt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

BlockKind = Literal["paragraph", "heading", "code", "table", "rule"]


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style. `places[i]` is the offset of `text[i]` in the raw answer; never falling."""

    text: str
    places: tuple[int, ...]
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False


@dataclass(frozen=True)
class Marker:
    """What stands before a list item's first block. `list_id` is the raw offset of the list's first line."""

    ordered: bool
    number: int
    list_id: int


Cell = tuple[Run, ...]


@dataclass(frozen=True)
class Block:
    """One paragraph, heading, code block, table or rule.

    `level` is 1-6 for headings; `depth` counts the lists around it, `quote` the block quotes; `tight` is True in
    lists without blank lines. `cells` holds a table's rows, the header first; `alignments` a letter for each
    column (l, c, r). A long table comes in parts: `continues` is True for those without the header, and `widths`
    are the columns' shares in per cent, empty where the columns may find their own.
    """

    kind: BlockKind
    runs: tuple[Run, ...] = ()
    level: int = 0
    depth: int = 0
    quote: int = 0
    marker: Marker | None = None
    tight: bool = False
    cells: tuple[tuple[Cell, ...], ...] = ()
    alignments: str = ""
    widths: tuple[int, ...] = ()
    continues: bool = False

    def all_runs(self) -> Iterator[Run]:
        """The runs in reading order, those of a table cell by cell."""
        yield from self.runs
        for row in self.cells:
            for cell in row:
                yield from cell

    @cached_property
    def text(self) -> str:
        """What is shown, without list markers; a table's cells follow each other without a gap."""
        return "".join(run.text for run in self.all_runs())

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The raw offset of each character of `text`."""
        return tuple(place for run in self.all_runs() for place in run.places)
