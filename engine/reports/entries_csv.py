"""Every entry of a month as CSV, a line at a time, so that a million of them need no memory. Pure.

Money is in dollars, as providers charge, with all nine places; energy in kilowatt-hours; moments in UTC. Nothing of a prompt
or an answer is in an entry.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from engine.csv_cells import cell
from engine.ledger_records import LedgerEvent, Spread
from engine.reports.figures import nine_places

SCHEMA = 1
COLUMNS = (
    "schema", "id", "time_utc", "local_day", "place", "workload", "provider", "model", "use", "prompt_tokens", "cached_tokens",
    "cache_write_tokens", "generated_tokens", "reasoning_tokens", "duration_s", "first_word_s", "stop_reason", "cost_usd",
    "cost_at_most_usd", "cost_source", "rate_prompt_usd", "rate_generated_usd", "rate_cached_usd", "rate_cache_write_usd",
    "price_list", "prices_as_of", "reference", "avoided_low_usd", "avoided_mid_usd", "avoided_high_usd", "ratio_low",
    "ratio_mid", "ratio_high", "ratio_source", "energy_low_kwh", "energy_mid_kwh", "energy_high_kwh", "energy_method", "pair",
    "reverses",
)  # fmt: skip
MICRO = 1000  # what a millionth is in billionths


def entries_csv(events: Iterable[LedgerEvent]) -> Iterator[str]:
    """The header, then a line for each entry in the order given. An entry that takes back another has its figures negated."""
    yield _line(COLUMNS)
    for event in events:
        yield _line(_cells(event))


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def _cells(event: LedgerEvent) -> tuple[str, ...]:
    """Texts are made harmless; figures are, and may begin with a minus."""
    avoided, energy, first_word = event.avoided, event.energy, event.ttft_us
    return (
        str(SCHEMA), cell(event.id), event.time.isoformat(), event.local_day.isoformat(), event.place, cell(str(event.workload)),
        cell(event.provider), cell(event.model), event.use, str(event.prompt), str(event.cached), str(event.cache_write),
        str(event.generated), str(event.reasoning), nine_places(event.duration_us * MICRO),
        "" if first_word is None else nine_places(first_word * MICRO), cell(event.stop_reason), _money(event.cost),
        _money(event.at_most), event.cost_source, *_rates(event),
        cell(avoided.reference) if avoided else "", *_spread(avoided.amount if avoided else None, 1),
        *_spread(avoided.ratio if avoided else None, MICRO), avoided.ratio_source if avoided else "",
        *_spread(energy.amount if energy else None, 1), energy.method if energy else "", cell(event.pair), cell(event.reverses),
    )  # fmt: skip


def _money(nano: int | None) -> str:
    return "" if nano is None else nine_places(nano)


def _spread(of: Spread | None, factor: int) -> tuple[str, str, str]:
    if of is None:
        return ("", "", "")
    return nine_places(of.low * factor), nine_places(of.mid * factor), nine_places(of.high * factor)


def _rates(event: LedgerEvent) -> tuple[str, ...]:
    """Dollars for a million tokens: a pico-dollar a token is a micro-dollar for a million."""
    rates = event.rates
    if rates is None:
        return ("",) * 6
    prices = (nine_places(each * MICRO) for each in (rates.prompt, rates.generated, rates.cached, rates.cache_write))
    return (*prices, cell(rates.snapshot), cell(rates.as_of))
