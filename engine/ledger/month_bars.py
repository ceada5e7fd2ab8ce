"""The months before and up to one, as bars: what was avoided, what working here cost, what was paid. Pure.

Each bar is in the rate of its own month, and says what the statement of that month says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.ledger.electricity import Tariffs
from engine.ledger.forecast import elapsed_days
from engine.ledger.hardware import hardware_share
from engine.ledger.money import currency_at
from engine.ledger.paid import NO_NAMES, PaidRows, paid_by_month
from engine.ledger.references import references
from engine.ledger.terms import Terms
from engine.ledger.workload_lines import MonthWork, Names, month_work, shown_as
from engine.ledger_records import DayTotal, Month, Spread
from engine.price_records import BillDay
from engine.statement_records import MonthBar

N_BARS = 12
FIRST_MONTH = Month(1, 1)


@dataclass(frozen=True)
class MonthSum:
    """A month in a currency. `electricity` of all generations; `avoided` None: no price; `hardware` its share of the price."""

    month: Month
    avoided: Spread | None
    electricity: Spread
    hardware: int
    paid: int
    n_items: int

    @property
    def earned(self) -> Spread:
        """What was avoided less the electricity, before hardware; what has no price counts as nothing avoided."""
        return (self.avoided or Spread(0, 0, 0)) - self.electricity


def last_months(shown: Month, n: int = N_BARS) -> tuple[Month, ...]:
    """`shown` and the months before it, the oldest first; fewer at the beginning of the calendar."""
    n = min(n, FIRST_MONTH.until(shown) + 1)
    return tuple(shown.plus(-back) for back in reversed(range(n)))


def month_sums(
    months: Sequence[Month],
    totals: Iterable[DayTotal],
    bills: Iterable[BillDay],
    terms: Terms,
    names: Names,
    billed_as: Mapping[str, str] = NO_NAMES,
) -> list[MonthSum]:
    """Each of the months; `totals` and `bills` are of all of them together, of the day before and of the day after."""
    totals = list(totals)
    by_month: dict[Month, list[DayTotal]] = defaultdict(list)
    for total in shown_as(totals, names):
        by_month[Month.of(total.day)].append(total)
    paid = paid_by_month(totals, bills, billed_as)
    return [_sum(month, by_month[month], paid.get(month, {}), terms, names) for month in months]


def _sum(month: Month, totals: list[DayTotal], paid: PaidRows, terms: Terms, names: Names) -> MonthSum:
    currency = currency_at(terms.settings, month)
    tariffs = Tariffs(terms.settings, currency, month)
    (_, would_use, _), *_ = references(terms.settings)
    work: MonthWork = month_work(totals, paid, would_use, terms, currency, tariffs, names)
    share = hardware_share(terms.settings, month, currency.code, elapsed_days(month, totals, terms.today), terms.today)
    return MonthSum(month, work.avoided, work.electricity, share.amount, work.paid, work.n_items)


def month_bars(sums: Iterable[MonthSum]) -> tuple[MonthBar, ...]:
    """The bars of these months."""
    return tuple(
        MonthBar(each.month, each.avoided, each.electricity.shifted(each.hardware), each.paid, each.n_items) for each in sums
    )
