"""What each of the reference models makes of a month. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time

from engine.ledger.avoided_sums import ReferenceSums, reference_sums
from engine.ledger.references import references
from engine.ledger.terms import Terms
from engine.ledger.workload_lines import MonthWork
from engine.ledger_records import DayTotal, Month, Spread
from engine.price_records import Currency
from engine.statement_records import HardwareShare, ReferenceLine

NANO_A_MILLION = 1_000  # nano-dollars for a million tokens are so many times the pico-dollars for one


def net(avoided: Spread | None, electricity: Spread, hardware: HardwareShare) -> Spread | None:
    """What is left: at least with the least avoided and the most electricity, at most the other way round."""
    return None if avoided is None else (avoided - electricity).shifted(-hardware.amount)


def reference_lines(
    counting: list[DayTotal], work: MonthWork, hardware: HardwareShare, currency: Currency, terms: Terms, month: Month
) -> tuple[ReferenceLine, ...]:
    """One line for each role. `counting` are the totals of the work that counts; `work` has those of the first role already."""
    lines, known = [], dict[str, ReferenceSums]()
    for role, reference, is_default in references(terms.settings):
        if reference not in known:
            known[reference] = work.reference if role == "would_use" else reference_sums(counting, reference, terms)
        sums, avoided = known[reference], known[reference].whole(currency)
        lines.append(
            ReferenceLine(
                role=role,
                reference=reference,
                avoided=avoided,
                net=net(avoided, work.electricity, hardware),
                prices=prices(reference, terms, month),
                ratio=sums.ratio,
                ratio_source=sums.source,
                is_default=is_default,
            )
        )
    return tuple(lines)


def prices(reference: str, terms: Terms, month: Month) -> tuple[int, int] | None:
    """Nano-dollars for a million tokens read and written, on the last day of the month, but not after today, that has both."""
    last = min(month.last, terms.today)
    for day in range(last.day, 0, -1):
        rates = terms.book.rates_of(reference, 0, datetime.combine(last.replace(day=day), time(12), UTC))
        if rates is not None:
            return (rates.prompt * NANO_A_MILLION, rates.generated * NANO_A_MILLION)
    return None
