"""What a reference model would have charged for the work of a month, added up from the days.

Pure; nano-dollars. What was worked out for this reference when the work was done stays as it is, so that the history of a
reference never changes. Work that was set against another one, or against none, is priced now with the prices of its day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from engine.ledger.counterfactual import repriced
from engine.ledger.money import converted
from engine.ledger.ratios import UNKNOWN, Ratio
from engine.ledger.terms import Terms
from engine.ledger_records import DayTotal, RatioSource, Spread, WorkloadId
from engine.price_records import Currency

_TRUST: tuple[RatioSource, ...] = ("none", "prior", "calibrated")


@dataclass
class AvoidedSum:
    """A sum with what could not be priced: `n_unpriced` generations of `n`."""

    low: int = 0
    mid: int = 0
    high: int = 0
    n: int = 0
    n_unpriced: int = 0
    n_without_ratio: int = 0

    def add(self, n: int, amount: Spread | None, has_ratio: bool) -> None:
        self.n += n
        if amount is None:
            self.n_unpriced += n
            return
        self.low += amount.low
        self.mid += amount.mid
        self.high += amount.high
        self.n_without_ratio += 0 if has_ratio else n

    def amount(self, currency: Currency) -> Spread | None:
        """The sum in a currency; None where there is work and none of it has a price."""
        if 0 < self.n == self.n_unpriced:
            return None
        return Spread(*(converted(each, currency) for each in (self.low, self.mid, self.high)))


@dataclass
class ReferenceSums:
    """What one reference makes of some totals, by workload; `ratio` is the mean by tokens and `source` the least trusted."""

    by_workload: dict[WorkloadId, AvoidedSum] = field(default_factory=lambda: defaultdict(AvoidedSum))
    ratio: Spread = UNKNOWN.amount
    source: RatioSource = "none"

    def whole(self, currency: Currency) -> Spread | None:
        """The sum of the workloads as each is shown, so that it is exact in view; None where nothing has a price."""
        amounts = [each.amount(currency) for each in self.by_workload.values()]
        priced = [each for each in amounts if each is not None]
        return sum(priced, Spread(0, 0, 0)) if priced or not amounts else None

    @property
    def lacks_price(self) -> bool:
        return any(each.n_unpriced > 0 for each in self.by_workload.values())

    @property
    def lacks_ratio(self) -> bool:
        return any(each.n_without_ratio > 0 for each in self.by_workload.values())


def reference_sums(totals: Iterable[DayTotal], reference: str, terms: Terms) -> ReferenceSums:
    """What a reference makes of local generations; `totals` are only those that shall count, by workloads as they are shown."""
    sums, tokens = ReferenceSums(), defaultdict[tuple[str, WorkloadId], int](int)
    ratios: dict[tuple[str, WorkloadId], Ratio] = {}
    sources: set[RatioSource] = set()

    def ratio(model: str, workload: WorkloadId) -> Ratio:
        if (model, workload) not in ratios:
            ratios[model, workload] = terms.ratio(reference, model, workload)
        return ratios[model, workload]

    for total in totals:
        amount: Spread | None = total.avoided
        source = total.ratio_source
        if total.reference != reference:
            by = ratio(total.model, total.workload)
            amount = repriced(total, reference, by, terms.book, in_batches=terms.settings.would_use_batch)
            source = by.source
        sums.by_workload[total.workload].add(total.n, amount, source != "none")
        tokens[total.model, total.workload] += total.prompt + total.generated
        if amount is not None and source:
            sources.add(source)
    weighed = [(count, ratio(*key).amount) for key, count in tokens.items() if count > 0]
    if weighed:
        sums.ratio = _mean(weighed)
    sums.source = min(sources, key=_TRUST.index, default="none")
    return sums


def _mean(weighed: list[tuple[int, Spread]]) -> Spread:
    n = sum(count for count, _ in weighed)
    return Spread(
        round(Fraction(sum(count * each.low for count, each in weighed), n)),
        round(Fraction(sum(count * each.mid for count, each in weighed), n)),
        round(Fraction(sum(count * each.high for count, each in weighed), n)),
    )
