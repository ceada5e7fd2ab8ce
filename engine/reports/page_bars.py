"""Bars of the printed page: what remote models would have charged, what local work cost and what was paid, month by month."""

from __future__ import annotations

from fractions import Fraction

from engine.price_records import Currency
from engine.reports import figures, paper
from engine.reports.paper import Paper
from engine.statement_records import MonthBar

MOST_MONTHS = 12
MOST_LINES = 5
UNIT = 1_000_000_000  # nano-units
LARGE = ((1_000_000_000, " bn"), (1_000_000, " m"))
AXIS = 52.0  # points for the amounts beside the lines
SERIES = (("API price avoided", paper.PALE_GREEN), ("Local cost", paper.GREEN), ("API spend", paper.COPPER))


def draw_bars(on: Paper, bars: tuple[MonthBar, ...], currency: Currency, top: float, bottom: float) -> None:
    """At most twelve months between two heights, the last one marked. The axis begins at zero."""
    _legend(on, top)
    shown = bars[-MOST_MONTHS:]
    floor, ceiling = bottom - 14, top + 18
    highest = max((value for bar in shown for value in _values(bar)), default=0)
    if highest <= 0:
        on.rule(floor)
        on.text((paper.LEFT + paper.RIGHT) / 2, (floor + ceiling) / 2, "No amounts yet", colour=paper.QUIET, align="center")
        return
    step = _step(highest)
    scale = Fraction(step * -(-highest // step))
    left = paper.LEFT + AXIS
    room = (paper.RIGHT - left) / MOST_MONTHS
    on.box(left + room * (len(shown) - 1) + 2, ceiling, room - 4, floor - ceiling, paper.BAND)
    for line in range(int(scale // step) + 1):
        y = floor - (floor - ceiling) * float(line * step / scale)
        on.rule(y, left=left)
        on.figure(left - 6, y + 2.5, tick(line * step, step, currency), AXIS - 6, size=7, colour=paper.QUIET)
    for at, bar in enumerate(shown):
        has_year = bar.month.month == 1 or (at == 0 and bar.month.month != 12)  # December stands beside one with its year
        _month(on, bar, left + room * at, room, floor, ceiling, scale, is_last=at == len(shown) - 1, has_year=has_year)


def tick(nano: int, step: int, currency: Currency) -> str:
    """An amount beside a line, with as many decimals as the step needs, in millions or billions where the step is."""
    for size, name in LARGE:
        if step % (size * UNIT) == 0:
            return f"{figures.sign_of(currency)}{nano // (size * UNIT):,}{name if nano else ''}"
    decimals = next((n for n in range(9) if step % 10 ** (9 - n) == 0), 9)
    amount = figures.rounded(nano, decimals if decimals == 0 else max(decimals, figures.decimals_of(currency)))
    return f"{figures.sign_of(currency)}{amount:,f}"


def _legend(on: Paper, top: float) -> None:
    x = paper.RIGHT
    for name, colour in reversed(SERIES):
        x -= paper.width_of(name, 7.5, paper.REGULAR)
        on.text(x, top + 6, name, size=7.5, colour=paper.SOFT)
        x -= 10
        on.box(x, top, 6, 6, colour)
        x -= 12


def _values(bar: MonthBar) -> tuple[int, int, int]:
    return (bar.avoided.mid if bar.avoided else 0, bar.local.mid, bar.paid)


def _month(
    on: Paper, bar: MonthBar, left: float, room: float, floor: float, ceiling: float, scale: Fraction, *, is_last: bool,
    has_year: bool,
) -> None:  # fmt: skip
    drawn = [(value, colour) for value, (_, colour) in zip(_values(bar), SERIES, strict=True) if value > 0]
    width = min(9.0, (room - 8) / 3)
    x = left + (room - width * len(drawn)) / 2
    for value, colour in drawn:
        # What is not nothing is seen.
        height = max(0.7, (floor - ceiling) * float(min(value / scale, Fraction(1))))
        on.box(x + 0.5, floor - height, width - 1, height, colour)
        x += width
    font, colour = (paper.BOLD, paper.INK) if is_last else (paper.REGULAR, paper.QUIET)
    name = figures.month_short(bar.month) + (f" {bar.month.year}" if has_year else "")
    on.text(left + room / 2, floor + 11, name, size=7.5, font=font, colour=colour, align="center")


def _step(highest: int) -> int:
    """Between two lines: 1, 2, 2.5 or 5 of a power of ten, so that there are few of them."""
    if highest <= 0:
        return 1
    power = 1
    while True:
        for factor in (10, 20, 25, 50):
            step = max(1, factor * power // 10)
            if step * (MOST_LINES - 1) >= highest:
                return step
        power *= 10
