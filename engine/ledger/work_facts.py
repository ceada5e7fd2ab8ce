"""What a kind of work comes to in a month, from what the books have of the last 30 days. Pure.

Items are what was answered and wanted, here or by a remote model, quality samples too, and what bills say of it besides; or
as many as the user says there are. What an item costs at the remote model is taken from the first of these that says anything:

    what was paid for wanted answers, here and on bills     the mean of the calls whose cost is known
    what was paid for tests                                 the mean, from the cheapest to the dearest model that was tested
    what the reference model would have charged             for what was answered here, with its range

What it costs here is the energy that its own answers took, at today's price, and its part of the hardware's month: by the
time that it takes of all that the computer works. Work without a number of items has no cost a month, and no saving.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from engine.advice_records import WorkFacts, Workload
from engine.ledger.advice_rules import Costs
from engine.ledger.avoided_sums import reference_sums
from engine.ledger.calculator import most_items
from engine.ledger.electricity import Tariffs
from engine.ledger.hardware import hardware_share, part_to_earn
from engine.ledger.money import DOLLARS
from engine.ledger.paid import paid_by_month
from engine.ledger.references import references
from engine.ledger.terms import Terms
from engine.ledger_records import DayTotal, Month, Spread, WorkloadId, local_day
from engine.price_records import BillDay

N_DAYS = 30
_US_AN_HOUR = 3_600_000_000

#: What an item costs at the least, in the middle and at the most, before it is rounded.
Range = tuple[Fraction, Fraction, Fraction]


@dataclass(frozen=True)
class Measured:
    """What single entries say of a workload. `answers_us` is what `n_answers` local answers took, in microseconds."""

    prompt_95: int | None = None
    local_us_95: int | None = None
    answers_us: int = 0
    n_answers: int = 0


@dataclass(frozen=True)
class LastDays:
    """The books of the last 30 days: the sums and the days of bills of all workloads. `billed_as` as in paid_by_month."""

    totals: Sequence[DayTotal] = ()
    bills: Sequence[BillDay] = ()
    billed_as: Mapping[str, str] = field(default_factory=dict)


def work_facts(
    workload: Workload, days: LastDays, measured: Measured, terms: Terms, *, n_ctx: int | None, has_local_model: bool
) -> tuple[WorkFacts, Costs]:
    """The facts that advice rests on, and the ranges of its costs, in nano-dollars."""
    own = [each for each in days.totals if each.workload == workload.id]
    n_here = sum(each.n for each in own if (each.place, each.use) == ("local", "work"))
    paid = _paid(workload.id, days)
    planned = workload.traits.monthly_items
    n_items = n_here + _sampled(workload, own, n_here, terms) + paid.n if planned is None else planned
    item, has_ratio = _item(workload, own, paid, terms)
    electricity = _electricity(own, n_items, terms)
    hardware = _hardware(n_items, measured, _elsewhere_us(workload.id, days), terms)
    is_known = electricity is not None and hardware is not None
    costs = Costs(
        api=_whole(item, n_items) if item is not None and n_items else None,
        electricity=electricity if is_known else None,
        hardware=hardware or 0,
        price=part_to_earn(terms.settings, DOLLARS.code) or 0,
        item=item[1] if item is not None else None,
    )
    hours = Fraction(measured.answers_us, measured.n_answers * _US_AN_HOUR) if measured.n_answers else None
    facts = WorkFacts(
        n_items=n_items,
        n_api=paid.n,
        api_cost=None if costs.api is None else costs.api.low,
        local_cost=None if costs.electricity is None else costs.electricity.high + costs.hardware,
        most_items=most_items(terms.settings.usable_percent, hours) if hours else None,
        prompt_95=measured.prompt_95,
        n_ctx=n_ctx,
        wait_95_ms=None if measured.local_us_95 is None else -(-measured.local_us_95 // 1_000),
        has_local_model=has_local_model,
        has_ratio=has_ratio,
        is_planned=planned is not None,
    )
    return facts, costs


def _sampled(workload: Workload, own: Sequence[DayTotal], n_here: int, terms: Terms) -> int:
    """How many items of a workload that runs here were quality samples, which the books have as tests.

    The sums of days cannot tell them from tests of whole sets, so there are never more than the route asks for: its per cent
    of all that is answered here, and the least of each of the two months that thirty days can lie in.
    """
    route, percent = workload.route, workload.route.sample_percent
    if route.kind not in ("share", "local") or route.since is None or percent == 0:
        return 0
    tests = [each for each in own if each.use == "test" and each.day >= local_day(route.since)]
    n = min(sum(each.n for each in tests if each.place == place) for place in ("local", "api"))
    if percent == 100:
        return max(0, n)
    most = max(2 * terms.settings.thresholds.least_sample, -(-n_here * percent // (100 - percent)))
    return max(0, min(n, most))


# ---------------------------------------------------------------- what the remote model costs
@dataclass(frozen=True)
class _Paid:
    """`n` items were answered by remote models; `n_priced` of them have the known cost of `cost`."""

    n: int
    n_priced: int
    cost: int


def _paid(workload: WorkloadId, days: LastDays) -> _Paid:
    """What was wanted of remote models: through this program, and what bills that count requests have for it beyond that."""
    remote = [each for each in days.totals if each.workload == workload and each.place == "api"]
    wanted = [each for each in remote if each.use == "work"]
    # What a bill without counts of requests charged cannot be divided by the requests of others, nor a part of it by all.
    counted = [each for each in days.bills if each.n_requests > 0 and not each.n_unpriced]
    rows = paid_by_month(days.totals, counted, days.billed_as).values()
    billed = [row for month in rows for (_, of), row in month.items() if of == workload]
    n_billed = sum(row.n for row in billed) - sum(each.n for each in remote)
    n, n_priced = sum(each.n for each in wanted), sum(each.n - each.n_unknown for each in wanted)
    cost = sum(each.cost for each in wanted) + sum(row.elsewhere for row in billed)
    return _Paid(n + n_billed, n_priced + n_billed, cost)


def _item(workload: Workload, own: Sequence[DayTotal], paid: _Paid, terms: Terms) -> tuple[Range | None, bool]:
    """What an item costs at the remote model, and whether its tokens are known well enough for that."""
    if paid.n_priced > 0:
        mean = Fraction(paid.cost, paid.n_priced)
        return (mean, mean, mean), True
    tested = _tested(workload, own)
    if tested is not None:
        return tested, True
    return _avoided(workload.id, own, terms)


def _tested(workload: Workload, own: Sequence[DayTotal]) -> Range | None:
    """By tests of the remote model of the route, or of all that were tested where none is chosen."""
    chosen, sums = workload.route.remote, defaultdict[tuple[str, str], list[int]](lambda: [0, 0])
    for each in own:
        is_meant = chosen is None or (each.provider, each.model) == (chosen.provider, chosen.model)
        if (each.place, each.use) == ("api", "test") and is_meant:
            sums[each.provider, each.model][0] += each.cost
            sums[each.provider, each.model][1] += each.n - each.n_unknown
    means = [Fraction(cost, n) for cost, n in sums.values() if n > 0]
    if not means:
        return None
    whole = Fraction(sum(cost for cost, n in sums.values() if n > 0), sum(n for _, n in sums.values() if n > 0))
    return min(means), whole, max(means)


def _avoided(workload: WorkloadId, own: Sequence[DayTotal], terms: Terms) -> tuple[Range | None, bool]:
    """By what the reference model would have charged for local answers: those that were wanted, or else tests."""
    (_, reference, _), *_ = references(terms.settings)
    for use in ("work", "test"):
        here = [each for each in own if (each.place, each.use) == ("local", use)]
        found = reference_sums(here, reference, terms).by_workload.get(workload)
        if found is not None and (n := found.n - found.n_unpriced) > 0:
            return (Fraction(found.low, n), Fraction(found.mid, n), Fraction(found.high, n)), found.n_without_ratio == 0
    return None, True


def _whole(item: Range, n_items: int) -> Spread:
    low, mid, high = (round(each * n_items) for each in item)
    return Spread(low, mid, high)


# ---------------------------------------------------------------- what this computer costs
def _electricity(own: Sequence[DayTotal], n_items: int, terms: Terms) -> Spread | None:
    """Electricity of so many items at today's price, by what those took whose energy is known; None: of none."""
    weighed = [each for each in own if each.place == "local" and each.use != "cancelled" and each.energy_method]
    n = sum(each.n for each in weighed)
    if n <= 0:
        return None
    tariffs, energy = Tariffs(terms.settings, DOLLARS, Month.of(terms.today)), [0, 0, 0]
    for each in weighed:
        for at, figure in enumerate((each.energy.low, each.energy.mid, each.energy.high)):
            energy[at] += figure
    scaled = [round(Fraction(max(0, figure) * n_items, n)) for figure in energy]
    return tariffs.cost({tariffs.number_on(terms.today): scaled})


def _hardware(n_items: int, measured: Measured, elsewhere_us: int, terms: Terms) -> int | None:
    """The workload's part of the hardware's month, by its time among all local work; all of it where its time is not known.

    None: there is hardware and its price cannot be converted.
    """
    if terms.settings.hardware is None:
        return 0
    if part_to_earn(terms.settings, DOLLARS.code) is None:
        return None
    month = Month.of(terms.today)
    whole = hardware_share(terms.settings, month, DOLLARS.code, month.n_days, terms.today).amount
    if not measured.n_answers:
        return whole
    ours = Fraction(measured.answers_us * n_items, measured.n_answers)
    return round(whole * ours / (ours + elsewhere_us)) if ours + elsewhere_us else whole


def _elsewhere_us(workload: WorkloadId, days: LastDays) -> int:
    """How long this computer worked for everything else."""
    return max(0, sum(each.duration_us for each in days.totals if each.place == "local" and each.workload != workload))
