"""The table of the printed page: workloads as far as there is room, what was left out, and the sums that they lead to."""

from __future__ import annotations

from dataclasses import dataclass

from engine.ledger_records import NOTHING
from engine.reports import figures, paper, wording
from engine.reports.figures import NOT_KNOWN, short
from engine.reports.paper import Paper
from engine.statement_records import Statement, WorkloadLine

ROW = 15.0
HEADER = ("Workload", "Items", "API price", "Electricity", "Saved", "Paid to APIs")
#: Where columns end; the first begins at the margin, the others are right-aligned.
ENDS = (paper.LEFT + 160, paper.LEFT + 214, paper.LEFT + 290, paper.LEFT + 362, paper.LEFT + 438, paper.RIGHT)


@dataclass(frozen=True)
class Row:
    name: str
    cells: tuple[str, str, str, str, str]
    is_sum: bool = False


def rows(of: Statement, most: int) -> list[Row]:
    """At most so many rows: workloads, the rest of them in one, what was left out, the sum before the hardware share."""
    after = [*_left_out(of), _sum(of)]
    room = max(1, most - len(after))
    lines = list(of.lines)
    shown, folded = (lines, []) if len(lines) <= room else (lines[: room - 1], lines[room - 1 :])
    return [*(_line(each, of) for each in shown), *([_rest(folded, of)] if folded else []), *after]


def height(n_rows: int) -> float:
    return ROW * (n_rows + 1)


def draw_table(on: Paper, of: Statement, made: list[Row], top: float) -> float:
    """Draws the rows and returns where they end."""
    y = top + ROW - 5
    _cells(on, HEADER[0], HEADER[1:], y, paper.REGULAR, paper.QUIET)
    on.rule(top + ROW, colour=paper.QUIET, width=0.5)
    for at, row in enumerate(made, 1):
        font = paper.BOLD if row.is_sum else paper.REGULAR
        _cells(on, row.name, row.cells, y + ROW * at, font, paper.INK)
        on.rule(top + ROW * (at + 1))
    return top + height(len(made))


def _cells(on: Paper, name: str, cells: tuple[str, ...], y: float, font: str, colour: str) -> None:
    on.text(paper.LEFT, y, paper.cut(name, ENDS[0] - paper.LEFT - 6, 8, font), size=8, font=font, colour=colour)
    for at, cell in enumerate(cells, 1):
        paid = at == len(cells) and colour != paper.QUIET and cell != "–"
        room = ENDS[at] - ENDS[at - 1] - 6
        on.figure(ENDS[at], y, cell, room, size=8, font=font, colour=paper.COPPER if paid else colour)


def _line(line: WorkloadLine, of: Statement) -> Row:
    avoided, saved = (None if each is None else each.mid for each in (line.avoided, line.saved))
    if not line.n_items and line.electricity == NOTHING and not avoided:
        return Row(wording.workload(line.workload, line.name), ("–", "–", "–", "–", _paid(line.paid, of)))
    return Row(
        wording.workload(line.workload, line.name),
        (figures.count(line.n_items), short(avoided, of.currency), short(line.electricity.mid, of.currency),
         short(saved, of.currency), _paid(line.paid, of)),
    )  # fmt: skip


def _rest(folded: list[WorkloadLine], of: Statement) -> Row:
    prices = [each.avoided for each in folded]
    saved = [each.saved for each in folded]
    known = all(each is not None for each in prices)
    return Row(
        f"and {figures.count(len(folded))} more",
        (figures.count(sum(each.n_items for each in folded)),
         short(sum(each.mid for each in prices if each), of.currency) if known else NOT_KNOWN,
         short(sum(each.electricity.mid for each in folded), of.currency),
         short(sum(each.mid for each in saved if each), of.currency) if known else NOT_KNOWN,
         _paid(sum(each.paid for each in folded), of)),
    )  # fmt: skip


def _left_out(of: Statement) -> list[Row]:
    if not of.left_out:
        return []
    electricity = sum(each.electricity.mid for each in of.left_out)
    n = figures.counted(sum(each.n for each in of.left_out), "item", "items")
    return [Row(f"Not counted as saved, {n}", ("–", "–", short(electricity, of.currency), short(-electricity, of.currency), "–"))]


def _sum(of: Statement) -> Row:
    saved = None if of.avoided is None else of.avoided.mid - of.electricity.mid
    return Row(
        "Before the hardware share",
        (figures.count(of.n_items), short(of.avoided.mid if of.avoided else None, of.currency),
         short(of.electricity.mid, of.currency), short(saved, of.currency), _paid(of.paid, of)),
        is_sum=True,
    )  # fmt: skip


def _paid(nano: int, of: Statement) -> str:
    return short(nano, of.currency) if nano else "–"
