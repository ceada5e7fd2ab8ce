"""A month on one sheet of A4, for somebody who decides and was not there.

The saving stands beside everything that was taken off for it, with its range; what was left out and what is doubtful is on
the same sheet in words. Where a month has more than fits, workloads are folded into one row, and never a caveat.
"""

from __future__ import annotations

from engine.ledger_records import Spread
from engine.reports import figures, page_table, paper, wording
from engine.reports.figures import money, span
from engine.reports.page_bars import draw_bars
from engine.reports.page_table import draw_table
from engine.reports.paper import Paper
from engine.statement_records import LedgerPage, Statement

ROOM = paper.RIGHT - paper.LEFT
HEADLINE, SUBTRACTION, BARS, TABLE = 66.0, 190.0, 262.0, 442.0  # from the top
BARS_HEIGHT = 158.0
FOOT = paper.HEIGHT - 34
LEADING = 1.38  # of the notes, in their size
SIZES = (8.0, 7.5, 7.0, 6.5, 6.0, 5.5)  # of the notes; the largest at which everything fits
SMALL = (7.5, 7.0, 6.5, 6.0, 5.5, 5.0)
LEAST_ROWS = 4
GAP = 22.0
HOW = (
    "Net saving = API price avoided − electricity − hardware share. API price avoided is what {reference} would have charged"
    " for the same work: list price of each day, standard service, nothing from a cache, answers of the same text."
)
ROUNDED = "Each amount is rounded by itself, so that sums can differ by a cent. The export as CSV has all nine places."


def printed_page(page: LedgerPage) -> bytes:
    """The month as PDF with exactly one page. The same month makes the same bytes; nothing in it names its author."""
    of = page.statement
    name = figures.month(of.month)
    on = Paper(f"Ledger, {name}", "What local models saved and cost", of.month.last)
    on.text(paper.LEFT, 40, "Strongroom ledger", size=9, font=paper.BOLD)
    on.text(paper.RIGHT, 40, name + (", so far" if of.is_running else ""), size=9, colour=paper.SOFT, align="right")
    on.rule(50)
    _headline(on, of)
    _subtraction(on, of)
    size, notes = _fitting_notes(page)
    most = int((FOOT - 8 - len(notes) * size * LEADING - GAP - TABLE - page_table.ROW) // page_table.ROW)
    on.text(paper.LEFT, BARS - 6, "Month by month", size=9.5, font=paper.BOLD)
    draw_bars(on, page.bars, of.currency, BARS - 12, BARS + BARS_HEIGHT - 16)
    on.text(paper.LEFT, TABLE - 6, "By workload", size=9.5, font=paper.BOLD)
    below = draw_table(on, of, page_table.rows(of, most), TABLE)
    _notes(on, notes, size, below + GAP - size)
    on.rule(FOOT)
    on.text(
        paper.LEFT,
        FOOT + 12,
        "Made by Strongroom on this computer. Nothing was sent to make this page.",
        size=7,
        colour=paper.QUIET,
    )
    prices = wording.prices_of(of)
    on.text(paper.RIGHT, FOOT + 12, prices[0].upper() + prices[1:], size=7, colour=paper.QUIET, align="right")
    return on.content()


# ---------------------------------------------------------------- what the month comes to
def _headline(on: Paper, of: Statement) -> None:
    is_loss = of.net is not None and of.net.mid < 0
    on.text(paper.LEFT, HEADLINE + 8, wording.heading(of), size=10, font=paper.MEDIUM, colour=_tone(of))
    net = of.net if of.net is None or not is_loss else -of.net
    amount = money(net.mid if net else None, of.currency)
    size = min(32.0, 32 * ROOM * 0.62 / paper.width_of(amount, 32, paper.DISPLAY))
    width = on.text(paper.LEFT, HEADLINE + 42, amount, size=size, font=paper.DISPLAY)
    if net is not None and net.low != net.high:
        place = paper.LEFT + width + 12
        between = f"between {span(net, of.currency).replace(' to ', ' and ')}"
        on.figure(place, HEADLINE + 42, between, paper.RIGHT - place, size=10, colour=paper.SOFT, align="left")
    against = f"{wording.work_done(of)}, compared with {of.reference}"
    on.fitted(paper.LEFT, HEADLINE + 62, against, ROOM, size=9, least=8, colour=paper.SOFT)


def _subtraction(on: Paper, of: Statement) -> None:
    """The three amounts and what is left, as it is worked out."""
    on.rule(SUBTRACTION - 46)
    net = of.net
    columns = (
        ("", "API price avoided", money(of.avoided.mid if of.avoided else None, of.currency), _range(of.avoided, of), paper.INK),
        ("−", "Electricity", money(of.electricity.mid, of.currency), wording.energy(of.energy), paper.INK),
        ("−", "Hardware share", money(of.hardware.amount, of.currency), wording.hardware(of.hardware, of), paper.INK),
        ("=", "Net saving", money(net.mid if net else None, of.currency), _range(net, of), _tone(of)),
    )
    room = ROOM / 4
    for at, (sign, title, amount, note, colour) in enumerate(columns):
        x = paper.LEFT + room * at
        if sign:
            on.text(x - 2, SUBTRACTION - 8, sign, size=13, colour=paper.QUIET)
            x += 14
        width = room - (24 if sign else 10)
        on.text(x, SUBTRACTION - 28, title, size=8.5, colour=paper.SOFT)
        on.figure(x, SUBTRACTION - 8, amount, width, size=15, font=paper.BOLD, colour=colour, align="left")
        small = next((each for each in SMALL if len(paper.wrapped(note, width, each)) <= 3), SMALL[-1])
        for line, text in enumerate(paper.wrapped(note, width, small)):
            on.text(x, SUBTRACTION + 6 + line * small * 1.27, text, size=small, colour=paper.QUIET)
    on.rule(SUBTRACTION + 36)


def _tone(of: Statement) -> str:
    return paper.GREEN if of.net is not None and of.net.mid >= 0 else paper.INK


def _range(of: Spread | None, statement: Statement) -> str:
    return "" if of is None or of.low == of.high else f"range {span(of, statement.currency)}"


# ---------------------------------------------------------------- what to know
def _fitting_notes(page: LedgerPage) -> tuple[float, list[tuple[str, str]]]:
    """All notes in lines with their fonts, at the largest size that leaves room for the table."""
    room = FOOT - TABLE - page_table.height(LEAST_ROWS) - GAP - 8
    lines: list[tuple[str, str]] = []
    for size in SIZES:
        lines = [(font, line) for font, text in _sentences(page) for line in paper.wrapped(text, ROOM, size, font)]
        if len(lines) * size * LEADING <= room:
            return size, lines
    return SIZES[-1], lines


def _sentences(page: LedgerPage) -> list[tuple[str, str]]:
    of = page.statement
    regular = [wording.break_even(page.break_even, of.currency), *wording.against(of)]
    regular += [wording.all_left_out(of), wording.paid(of)]
    parts = (of.avoided.mid, -of.electricity.mid, -of.hardware.amount) if of.avoided and of.net else ()
    if of.net and not figures.adds_up(of.net.mid, parts, of.currency):
        regular.append(ROUNDED)
    return [
        (paper.BOLD, "What to know"),
        *((paper.MEDIUM, each) for each in wording.caveats(of)),
        *((paper.REGULAR, each) for each in regular if each),
        (paper.REGULAR, HOW.format(reference=of.reference[: wording.LONGEST_NAME])),
    ]


def _notes(on: Paper, notes: list[tuple[str, str]], size: float, top: float) -> None:
    for at, (font, line) in enumerate(notes, 1):
        on.text(paper.LEFT, top + at * size * LEADING, line, size=size, font=font, colour=paper.SOFT if at > 1 else paper.INK)
