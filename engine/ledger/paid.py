"""What was paid to remote models: through this program and by bills that were imported, each once.

Pure; nano-dollars. A bill says what a provider charged for a day of UTC. Where it includes what this program asked of that
provider, the day costs what the bill says, or what was asked if that is more: an export can be older than the day's end.
The calls of such a day go to the month of its UTC day, with their bill, and all others to the month of their local day, so
that around midnight nothing is counted in two months or in none.

A bill names the company and not the account: our calls are held against it by the name that their provider has in the price
list, those of several accounts together.

A call whose cost is not known counts as the most it can have cost, unless a bill covers its day: the bill has it then. Of a
bill that has lines without a cost the others count, and it settles no such call: it may be in one of those lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from engine.ledger_records import NO_WORKLOAD, DayTotal, Month, WorkloadId
from engine.price_records import BillDay


@dataclass
class PaidRow:
    """One provider and workload in a month. `elsewhere` is what bills say beyond our own calls; `n` counts requests of both.

    `n_unbounded`: calls that can have cost anything, and lines of bills that name no money.
    """

    ours: int = 0
    at_most: int = 0
    elsewhere: int = 0
    n: int = 0
    n_unknown: int = 0
    n_unbounded: int = 0

    @property
    def counted(self) -> int:
        """What of our own calls counts, in nano-dollars."""
        return self.ours + self.at_most

    def add(self, other: PaidRow) -> None:
        self.ours += other.ours
        self.at_most += other.at_most
        self.elsewhere += other.elsewhere
        self.n += other.n
        self.n_unknown += other.n_unknown
        self.n_unbounded += other.n_unbounded


PaidRows = Mapping[tuple[str, WorkloadId], PaidRow]
_ProviderDay = tuple[str, date]
NO_NAMES: Mapping[str, str] = {}


def paid_by_month(
    totals: Iterable[DayTotal], bills: Iterable[BillDay], billed_as: Mapping[str, str] = NO_NAMES
) -> dict[Month, PaidRows]:
    """The rows of every month, by provider and workload. `billed_as`: what bills call our providers, where not by their id.

    Whole only for months whose totals and bills are here with the day before and the day after.
    """
    rows: dict[Month, dict[tuple[str, WorkloadId], PaidRow]] = defaultdict(lambda: defaultdict(PaidRow))
    including: dict[_ProviderDay, list[BillDay]] = defaultdict(list)
    for bill in bills:
        row = rows[Month.of(bill.day)][bill.provider, bill.workload]
        if bill.cost is None:
            row.n_unbounded += bill.n_unpriced or 1
            continue
        row.n_unbounded += bill.n_unpriced
        if bill.includes_ours:
            including[bill.provider, bill.day].append(bill)
        else:
            row.elsewhere += bill.cost
            row.n += bill.n_requests
    own: dict[_ProviderDay, PaidRow] = defaultdict(PaidRow)
    for total in totals:
        if total.place == "api":
            key = (billed_as.get(total.provider, total.provider), total.utc_day)
            is_settled = not any(bill.n_unpriced for bill in including.get(key, ()))
            _count(total, rows, own[key] if key in including else None, is_settled=is_settled)
    for (provider, day), covering in including.items():
        _beyond(covering, own[provider, day], rows[Month.of(day)])
    return {month: dict(of_month) for month, of_month in rows.items()}


def _count(
    total: DayTotal, rows: dict[Month, dict[tuple[str, WorkloadId], PaidRow]], covered: PaidRow | None, *, is_settled: bool
) -> None:
    made = PaidRow(total.cost, total.at_most, 0, total.n, total.n_unknown, total.n_unbounded)
    if covered is not None:
        if is_settled:
            made.at_most = made.n_unknown = made.n_unbounded = 0
        covered.add(made)
    rows[Month.of(total.day if covered is None else total.utc_day)][total.provider, total.workload].add(made)


def _beyond(covering: list[BillDay], own: PaidRow, rows: dict[tuple[str, WorkloadId], PaidRow]) -> None:
    """Add what the bills of a day say beyond our own calls, first taken from those that are for no work in particular."""
    cost, n = own.ours, own.n
    for bill in sorted(covering, key=lambda each: each.workload):
        row, money = rows[bill.provider, bill.workload], bill.cost or 0
        row.elsewhere += money - min(cost, money)
        row.n += bill.n_requests - min(n, bill.n_requests)
        cost -= min(cost, money)
        n -= min(n, bill.n_requests)


def by_workload(rows: PaidRows, known: Iterable[WorkloadId]) -> dict[WorkloadId, PaidRow]:
    """Rows of all providers together; work that is not `known` any more goes to none in particular."""
    of_known, sums = frozenset(known), defaultdict[WorkloadId, PaidRow](PaidRow)
    for (_, workload), row in rows.items():
        sums[workload if workload in of_known else NO_WORKLOAD].add(row)
    return dict(sums)


def all_together(rows: PaidRows) -> PaidRow:
    """One row of all."""
    whole = PaidRow()
    for row in rows.values():
        whole.add(row)
    return whole
