"""A month by kinds of work, and what of it counts for electricity only. Pure.

Every figure is converted and rounded where it is shown; sums are made of what is shown. The electricity of the lines and of
what was left out is the electricity of the month, to the last nano-unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engine.ledger.avoided_sums import AvoidedSum, ReferenceSums, reference_sums
from engine.ledger.electricity import Tariffs
from engine.ledger.money import converted
from engine.ledger.paid import PaidRow, PaidRows, by_workload
from engine.ledger.terms import Terms
from engine.ledger_records import ASK, CHAT, COMPARE, NO_WORKLOAD, NOTHING, USES, DayTotal, Spread, Use, WorkloadId
from engine.price_records import Currency
from engine.statement_records import LeftOut, WorkloadLine

#: Work that is always there; it has no name of its own.
ALWAYS_THERE = (ASK, CHAT, COMPARE)

Names = Mapping[WorkloadId, str]
_Part = tuple[WorkloadId, Use]


@dataclass(frozen=True)
class MonthWork:
    """The lines of a month. `electricity` is of all generations, and of what was left out too; `avoided` of work alone, None
    where none of it has a price. `energy` is by tariff, `reference` what stands behind `avoided`.
    """

    lines: tuple[WorkloadLine, ...]
    left_out: tuple[LeftOut, ...]
    avoided: Spread | None
    electricity: Spread
    paid: int
    paid_elsewhere: int
    reference: ReferenceSums
    energy: dict[int, list[int]]

    @property
    def n_items(self) -> int:
        return sum(line.n_items for line in self.lines)


def shown_as(totals: Iterable[DayTotal], names: Names) -> list[DayTotal]:
    """The same totals, those of vote sets that are there no more under no workload."""
    known = {*ALWAYS_THERE, NO_WORKLOAD, *names}
    return [each if each.workload in known else replace(each, workload=NO_WORKLOAD) for each in totals]


def month_work(
    totals: list[DayTotal], paid: PaidRows, reference: str, terms: Terms, currency: Currency, tariffs: Tariffs, names: Names
) -> MonthWork:
    """What the totals of a month (`shown_as`) and what was paid in it come to, in a currency."""
    used: dict[_Part, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    whole: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for total in totals:
        number, amount = tariffs.number_on(total.day), total.energy
        for sums in (used[_part(total)][number], whole[number]):
            sums[0] += amount.low
            sums[1] += amount.mid
            sums[2] += amount.high
    counted = reference_sums(work_of(totals), reference, terms)
    electricity = {key: tariffs.cost(energy) for key, energy in used.items()}
    paid_by = by_workload(paid, [*ALWAYS_THERE, *names])
    lines = _lines(counted, electricity, paid_by, currency, names)
    left_out = _left_out(totals, electricity, reference, terms, currency)
    return MonthWork(
        lines=lines,
        left_out=left_out,
        avoided=counted.whole(currency),
        electricity=sum([line.electricity for line in lines] + [each.electricity for each in left_out], NOTHING),
        paid=sum(line.paid for line in lines),
        paid_elsewhere=sum(converted(row.elsewhere, currency) for row in paid_by.values()),
        reference=counted,
        energy=dict(whole),
    )


def work_of(totals: Iterable[DayTotal]) -> list[DayTotal]:
    """What was answered on this computer and wanted: the only generations that can have saved anything."""
    return [each for each in totals if each.place == "local" and each.use == "work"]


def _part(total: DayTotal) -> _Part:
    """Where the electricity of a total is shown: in the line of its workload, or with what was left out for the same reason."""
    return (total.workload if total.use == "work" else NO_WORKLOAD, total.use)


def _lines(
    counted: ReferenceSums,
    electricity: Mapping[_Part, Spread],
    paid: Mapping[WorkloadId, PaidRow],
    currency: Currency,
    names: Names,
) -> tuple[WorkloadLine, ...]:
    lines = []
    for workload in (*ALWAYS_THERE, *names, NO_WORKLOAD):
        avoided = counted.by_workload.get(workload, AvoidedSum())
        amount, cost = avoided.amount(currency), electricity.get((workload, "work"), NOTHING)
        row = paid.get(workload, PaidRow())
        line = WorkloadLine(
            workload=workload,
            name=names.get(workload, ""),
            n_items=avoided.n,
            n_paid=row.n,
            avoided=amount,
            electricity=cost,
            saved=None if amount is None else amount - cost,
            paid=converted(row.counted, currency) + converted(row.elsewhere, currency),
        )
        if line.n_items or line.n_paid or line.paid or cost != NOTHING or amount not in (None, NOTHING):
            lines.append(line)
    return tuple(sorted(lines, key=_order))


def _order(line: WorkloadLine) -> tuple[int, bool, int, int]:
    """The largest saving first, then the most items; what belongs to no kind of work last."""
    nowhere = line.workload == NO_WORKLOAD
    return (int(nowhere), line.avoided is None, -(line.avoided.mid if line.avoided else 0), -line.n_items)


def _left_out(
    totals: list[DayTotal],
    electricity: Mapping[_Part, Spread],
    reference: str,
    terms: Terms,
    currency: Currency,
) -> tuple[LeftOut, ...]:
    """Each kind of it. Tests avoided nothing: the remote model was asked as well, or nobody would have asked it."""
    found = []
    for use in USES[1:]:
        of_use = [each for each in totals if each.place == "local" and each.use == use]
        cost = electricity.get((NO_WORKLOAD, use), NOTHING)
        if of_use or cost != NOTHING:
            avoided = NOTHING if use == "test" else reference_sums(of_use, reference, terms).whole(currency)
            found.append(LeftOut(use, sum(each.n for each in of_use), avoided, cost))
    return tuple(found)
