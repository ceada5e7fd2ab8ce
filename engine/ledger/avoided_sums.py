"""What a reference model would have charged for the work of a month, added up from the days.

Pure; nano-dollars. What was worked out for this reference when the work was done stays as it is, so that the history of a
reference never changes. Work that was set against another one, or against none, or not in batches as it would be now, is
priced now with the prices of its day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from engine.ledger.counterfactual import kept_as, reaches_a_step, repriced
from engine.ledger.money import converted
from engine.ledger.price_book import PriceBook
from engine.ledger.prices import Stepped
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
    ratios, kept = _Ratios(reference, terms), kept_as(reference, in_batches=terms.settings.would_use_batch)
    sources: set[RatioSource] = set()
    to_price = []
    for total in totals:
        tokens[total.model, total.workload] += total.prompt + total.generated
        if total.reference == kept:
            sums.by_workload[total.workload].add(total.n, total.avoided, total.ratio_source != "none")
            if total.ratio_source:
                sources.add(total.ratio_source)
        else:
            to_price.append(total)
    for total in _together(to_price, reference, ratios, terms.book):
        ratio = ratios.of(total)
        amount = repriced(total, reference, ratio, terms.book, in_batches=terms.settings.would_use_batch)
        sums.by_workload[total.workload].add(total.n, amount, ratio.source != "none")
        if amount is not None:
            sources.add(ratio.source)
    weighed = [(count, ratios.between(*key).amount) for key, count in tokens.items() if count > 0]
    if weighed:
        sums.ratio = _mean(weighed)
    sums.source = min(sources, key=_TRUST.index, default="none")
    return sums


class _Ratios:
    """The ratios of one reference, each asked for once."""

    def __init__(self, reference: str, terms: Terms) -> None:
        self._reference, self._ask = reference, terms.ratio
        self._known: dict[tuple[str, WorkloadId], Ratio] = {}

    def of(self, total: DayTotal) -> Ratio:
        return self.between(total.model, total.workload)

    def between(self, model: str, workload: WorkloadId) -> Ratio:
        if (model, workload) not in self._known:
            self._known[model, workload] = self._ask(self._reference, model, workload)
        return self._known[model, workload]


def days_matter(totals: Iterable[DayTotal], reference: str, first: date, last: date, terms: Terms) -> bool:
    """Whether sums of all days (UTC) from `first` to `last` could be priced otherwise than the sums of each of these days."""
    kept = kept_as(reference, in_batches=terms.settings.would_use_batch)
    to_price = [each for each in totals if each.reference != kept and each.place == "local" and each.use != "test"]
    if not to_price:
        return False
    days = (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
    prices, *others = {terms.book.of_day(reference, day) for day in days}
    if others or len(prices) > 1:
        return True
    ratios = _Ratios(reference, terms)
    return any(reaches_a_step(each, ratios.of(each), stepped) for stepped in prices for each in to_price)


def _together(totals: Iterable[DayTotal], reference: str, ratios: _Ratios, book: PriceBook) -> list[DayTotal]:
    """The totals, those of one model and workload as one wherever their prompts have the same price on all of their days.

    What they cost is the same, rounded once instead of every day, and a year of them is priced in a moment.
    """
    apart, sums = list[DayTotal](), dict[tuple[str, WorkloadId, int], tuple[DayTotal, list[int]]]()
    periods, by_day = dict[Stepped, int](), dict[date, tuple[int, Stepped] | None]()
    for total in totals:
        if total.utc_day not in by_day:
            prices = book.of_day(reference, total.utc_day)
            by_day[total.utc_day] = (periods.setdefault(prices[0], len(periods)), prices[0]) if len(prices) == 1 else None
        period = by_day[total.utc_day]
        if period is None or reaches_a_step(total, ratios.of(total), period[1]):
            apart.append(total)
            continue
        _, figures = sums.setdefault((total.model, total.workload, period[0]), (total, [0, 0, 0, 0]))
        figures[0] += total.n
        figures[1] += total.prompt
        figures[2] += total.generated
        figures[3] = max(figures[3], total.longest_prompt)
    return apart + [
        replace(first, n=n, prompt=prompt, generated=generated, longest_prompt=longest)
        for first, (n, prompt, generated, longest) in sums.values()
    ]


def _mean(weighed: list[tuple[int, Spread]]) -> Spread:
    n = sum(count for count, _ in weighed)
    return Spread(
        round(Fraction(sum(count * each.low for count, each in weighed), n)),
        round(Fraction(sum(count * each.mid for count, each in weighed), n)),
        round(Fraction(sum(count * each.high for count, each in weighed), n)),
    )
