"""When what was saved reaches the price of the computer. Pure; whole nano-units of the shown currency.

    saved(month) = saved(month before) + avoided - electricity          before any share of the hardware

Up to today these are the sums of the books. From there on each month brings what the last full months brought on average,
at their low, middle and high figures, so that the range widens with the time and its edges never meet. A line that has
passed the price counts as having reached it in the first month from which it stayed above.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import accumulate

from engine.ledger.month_bars import MonthSum
from engine.ledger_records import Month, Spread
from engine.statement_records import BreakEven, BreakEvenState

N_FULL_MONTHS = 3
MOST_MONTHS = 120
SHORTEST_LINE, LINE_WITHOUT_END, BEYOND = 6, 12, 2  # months that are drawn ahead


def break_even(sums: Sequence[MonthSum], price: int | None, begun: date | None, today: date) -> BreakEven:
    """From months without a gap, the first one that of `begun`, the last one the running one.

    `price` is the part that this work has to bring in; None or 0: there is none. `begun` is the day of the first work, or on
    which the computer was bought if that is later; None: not yet.
    """
    price = price or 0
    past = tuple(zip((each.month for each in sums), accumulate(each.earned for each in sums), strict=True))
    if price <= 0:
        return BreakEven("no_hardware", 0, past)
    full = [] if begun is None else _full_months(sums, begun, today)[-N_FULL_MONTHS:]
    if not past or not full:
        done = bool(past) and past[-1][1].low >= price
        return BreakEven("reached" if done else "too_early", price, past, (), *_in_the_past(past, price))
    return _ahead(past, full, price, today)


def _full_months(sums: Sequence[MonthSum], begun: date, today: date) -> list[MonthSum]:
    """Months that are over and in which there was work, or could have been, from the first day to the last."""
    return [each for each in sums if begun <= each.month.first and each.month < Month.of(today)]


def _ahead(past: tuple[tuple[Month, Spread], ...], full: Sequence[MonthSum], price: int, today: date) -> BreakEven:
    running, now = past[-1]
    left = Fraction(running.n_days - today.day, running.n_days)
    rates = tuple(Fraction(sum(_ends(each.earned)[end] for each in full), len(full)) for end in range(3))
    levels = [
        tuple(level + rate * (left + n) for level, rate in zip(_ends(now), rates, strict=True)) for n in range(MOST_MONTHS + 1)
    ]
    line = [Spread(*map(round, level)) for level in levels]
    low, mid, high = (_reached(past, line, price, end) for end in range(3))
    far = low or mid or high
    n_shown = LINE_WITHOUT_END if far is None else min(MOST_MONTHS, max(SHORTEST_LINE, running.until(far) + BEYOND))
    state: BreakEvenState = "reached" if now.low >= price else "never" if mid is None else "likely"
    shown = tuple((running.plus(n), line[n]) for n in range(1, n_shown + 1))
    return BreakEven(state, price, past, shown, reached=mid, earliest=high, latest=low)


def _reached(past: tuple[tuple[Month, Spread], ...], line: Sequence[Spread], price: int, end: int) -> Month | None:
    """The month in which one end of the range reaches the price; None: not within ten years. `line` begins with the end of
    the running month.
    """
    running, now = past[-1]
    if _ends(now)[end] >= price:
        return _since(past, price, end)
    return next((running.plus(n) for n, level in enumerate(line) if _ends(level)[end] >= price), None)


def _in_the_past(past: tuple[tuple[Month, Spread], ...], price: int) -> tuple[Month | None, Month | None, Month | None]:
    """Middle, high and low end, where they have reached the price already."""
    low, mid, high = (_since(past, price, end) for end in range(3))
    return mid, high, low


def _since(past: tuple[tuple[Month, Spread], ...], price: int, end: int) -> Month | None:
    """The first month from which one end of the range has stayed at the price or above; None: it is below."""
    found = None
    for month, level in reversed(past):
        if _ends(level)[end] < price:
            break
        found = month
    return found


def _ends(figure: Spread) -> tuple[int, int, int]:
    return figure.low, figure.mid, figure.high
