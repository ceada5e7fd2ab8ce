"""What a page of the ledger takes out of the store. For the store's threads; what it comes to is worked out elsewhere.

A page is quick because it reads sums, never single entries: wherever days are reckoned alike, one of all of them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.ledger.avoided_sums import days_matter
from engine.ledger.budgets import PROVIDER, WORKLOAD, is_scope
from engine.ledger.references import references
from engine.ledger.statement import MonthBooks
from engine.ledger.terms import Terms
from engine.ledger.workload_lines import Names, shown_as
from engine.ledger_records import DayTotal, LedgerCheck, Month, Place, WorkloadId
from engine.price_records import BillDay
from engine.store.store import Store

DAY = timedelta(days=1)
#: Before this, a clock had not been set yet.
OLDEST = Month(2000, 1)


@dataclass(frozen=True)
class Span:
    """From which month on there is something in the books, None: nothing yet; `first_entry` leaves bills aside."""

    first: Month | None = None
    first_entry: Month | None = None


def read_span(store: Store) -> Span:
    day = store.ledger.first_day()
    entry = None if day is None else Month.of(max(day, OLDEST.first))
    bills = [Month.of(max(each.first, OLDEST.first)) for each in store.bills.list()]
    return Span(min([*bills, *([entry] if entry else [])], default=None), entry)


def read_month(store: Store, month: Month, terms: Terms, check: LedgerCheck | None = None) -> MonthBooks:
    """A month, with the day before and the day after. What is spent is read for the running month only."""
    first, last = month.first - DAY, month.last + DAY
    names = {WorkloadId(each.id): each.name for each in store.votes.sets()}
    is_running = Month.of(terms.today) == month
    scopes = {each.scope for each in terms.settings.budgets if is_scope(each.scope)} if is_running else set()
    scope_names = {f"{WORKLOAD}{id}": name for id, name in names.items()}
    if scopes:
        scope_names |= {f"{PROVIDER}{each.id}": each.name for each in store.providers.list()}
    bills = store.bills.days(first, last)
    return MonthBooks(
        month=month,
        totals=_read(store, [month], terms, bills, names, [reference for _, reference, _ in references(terms.settings)]),
        bills=bills,
        names=names,
        spent={scope: store.ledger.spent(month, scope) for scope in sorted(scopes)},
        scope_names=scope_names,
        check=check,
        n_ahead=n_ahead(store, terms.today),
        billed_as=store.providers.names_on_bills(),
    )


def n_ahead(store: Store, today: date) -> int:
    """How many entries are dated in the future. One day does not count: somebody may have travelled west."""
    (ahead,) = store.ledger.stretches([(today + 2 * DAY, date.max)])
    return max(0, sum(each.n for each in ahead))


def read_totals(store: Store, months: Sequence[Month], terms: Terms, bills: Sequence[BillDay], names: Names) -> list[DayTotal]:
    """The sums of these months for one reference, that which would be used, each with the day before and the day after."""
    (_, reference, _), *_ = references(terms.settings)
    return _read(store, months, terms, bills, names, [reference])


def _read(
    store: Store, months: Sequence[Month], terms: Terms, bills: Sequence[BillDay], names: Names, wanted: Sequence[str]
) -> list[DayTotal]:
    """Days of which everything is reckoned alike come as one sum; only where it makes a difference, each for itself.

    It does for calls that a bill includes, for work that the `wanted` references would have been paid for at several prices,
    and for what is dated in the future, whose last day counts.
    """
    totals = list[DayTotal]()
    covered = {each.day for each in bills if each.includes_ours}
    stretches = _stretches(months, terms)
    for (first, last), sums in zip(stretches, store.ledger.stretches(stretches), strict=True):
        before, after = first - DAY, last + DAY  # no zone is further from UTC
        work, is_ahead = shown_as(sums, names), first > terms.today
        has_days: dict[Place, bool] = {
            "local": is_ahead or any(days_matter(work, each, before, after, terms) for each in wanted),
            "api": is_ahead or any(before <= day <= after for day in covered),
        }
        for place, is_apart in has_days.items():
            of_place = [each for each in sums if each.place == place]
            totals += store.ledger.totals(first, last, place=place) if of_place and is_apart else of_place
    return totals


def _stretches(months: Sequence[Month], terms: Terms) -> list[tuple[date, date]]:
    """The months, cut where another price of electricity begins and after today; between them the days around them."""
    around = {day for month in months for day in (month.first - DAY, month.last + DAY) if Month.of(day) not in months}
    cuts = {*(each.day for each in terms.settings.tariffs), terms.today + DAY}
    found = [(day, day) for day in around]
    for month in months:
        begins = sorted({month.first, *(day for day in cuts if month.first < day <= month.last)})
        found += zip(begins, [*(day - DAY for day in begins[1:]), month.last], strict=True)
    return sorted(found)


def read_bills(store: Store, first: Month, last: Month) -> tuple[BillDay, ...]:
    """The bills of all months from one to another, with the day before and the day after."""
    return tuple(store.bills.days(first.first - DAY, last.last + DAY))
