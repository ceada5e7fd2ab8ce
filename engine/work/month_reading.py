"""What a page of the ledger takes out of the store. For the store's threads; what it comes to is worked out elsewhere.

A page is quick because it reads sums of days, never single entries: the shown month by workload, the other months without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.ledger.budgets import PROVIDER, WORKLOAD, is_scope
from engine.ledger.counterfactual import kept_as
from engine.ledger.references import references
from engine.ledger.statement import MonthBooks
from engine.ledger.terms import Terms
from engine.ledger.workload_lines import ALWAYS_THERE, work_of
from engine.ledger_records import NO_WORKLOAD, DayTotal, LedgerCheck, Month, WorkloadId
from engine.ledger_settings import LedgerSettings
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


def read_month(store: Store, month: Month, today: date, settings: LedgerSettings, check: LedgerCheck | None = None) -> MonthBooks:
    """A month by workload, with the day before and the day after. What is spent is read for the running month only."""
    first, last = month.first - DAY, month.last + DAY
    names = {WorkloadId(each.id): each.name for each in store.votes.sets()}
    scopes = {each.scope for each in settings.budgets if is_scope(each.scope)} if Month.of(today) == month else set()
    scope_names = {f"{WORKLOAD}{id}": name for id, name in names.items()}
    if scopes:
        scope_names |= {f"{PROVIDER}{each.id}": each.name for each in store.providers.list()}
    return MonthBooks(
        month=month,
        totals=store.ledger.totals(first, last),
        bills=store.bills.days(first, last),
        names=names,
        spent={scope: store.ledger.spent(month, scope) for scope in sorted(scopes)},
        scope_names=scope_names,
        check=check,
        n_ahead=n_ahead(store, today),
        billed_as=store.providers.names_on_bills(),
    )


def n_ahead(store: Store, today: date) -> int:
    """How many entries are dated in the future. One day does not count: somebody may have travelled west."""
    return max(0, sum(each.n for each in store.ledger.totals(today + 2 * DAY, date.max, by_workload=False)))


def read_totals(store: Store, months: Sequence[Month], terms: Terms) -> list[DayTotal]:
    """The sums of these months, from the day before the first to the day after the last.

    With their workloads, which is ten times as much to read, only where it makes a difference: where work has to be priced
    anew, and the tokens of its kinds have different ratios.
    """
    if not months:
        return []
    first, last = min(months).first - DAY, max(months).last + DAY
    totals = store.ledger.totals(first, last, by_workload=False)
    (_, reference, _), *_ = references(terms.settings)
    kept = kept_as(reference, in_batches=terms.settings.would_use_batch)
    models = {each.model for each in work_of(totals) if each.reference != kept and each.prompt + each.generated > 0}
    if not models:
        return totals
    workloads = [*ALWAYS_THERE, *(WorkloadId(each.id) for each in store.votes.sets())]
    for model in models:
        alike = terms.ratio(reference, model, NO_WORKLOAD)
        if any(terms.ratio(reference, model, workload) != alike for workload in workloads):
            return store.ledger.totals(first, last)
    return totals


def read_bills(store: Store, first: Month, last: Month) -> tuple[BillDay, ...]:
    """The bills of all months from one to another, with the day before and the day after."""
    return tuple(store.bills.days(first.first - DAY, last.last + DAY))
