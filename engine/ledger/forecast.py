"""How much of a month is over, and what will have been paid by its end if it goes on as it began. Pure; half to even."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from engine.ledger_records import DayTotal, Month

#: Before the fifth day a single large bill would be taken for a habit.
FIRST_DAY = 5


def forecast(spent: int, elapsed: int, n_days: int) -> int | None:
    """`spent` divided by the days that are over, times the days of the month; None before the fifth day."""
    return round(Fraction(spent * n_days, elapsed)) if elapsed >= FIRST_DAY else None


def elapsed_days(month: Month, totals: Iterable[DayTotal], today: date) -> int:
    """How many days of a month are over, that of `today` included; all of them where the month is not the running one.

    Where a clock was set back within the month, the days up to the newest entry are over all the same.
    """
    if Month.of(today) != month:
        return month.n_days
    return max([today.day, *(each.day.day for each in totals if Month.of(each.day) == month)])
