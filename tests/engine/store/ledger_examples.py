"""Entries to test the books with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from engine.ledger_records import Avoided, Energy, LedgerEvent, Spread, WorkloadId
from engine.provider_records import Rates

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
RATES = Rates(2_500_000, 10_000_000, 1_250_000, 2_500_000, "0123456789abcdef", "2026-11-09")
EVENT = LedgerEvent(
    "01" * 16, NOON, TODAY, "local", WorkloadId("ask"), "Qwen3 8B", prompt=800, generated=60, cached=300, cache_write=7,
    reasoning=5, duration_us=1_500_000, ttft_us=810_000, stop_reason="end_of_text",
    avoided=Avoided("openai/gpt-6.1-sol", Spread(1_000, 2_000, 3_000), Spread(800_000, 1_000_000, 1_600_000), "none", RATES),
    energy=Energy(Spread(20, 30, 45), "rapl"),
)  # fmt: skip
PAID = LedgerEvent(
    "02" * 16, NOON, TODAY, "api", WorkloadId("set"), "gpt-4o", "openai", prompt=600, generated=200, duration_us=2_000_000,
    cost=3_500, cost_source="computed", rates=RATES,
)  # fmt: skip
UNKNOWN = replace(PAID, id="03" * 16, cost=None, at_most=9_000, cost_source="unknown")


def numbered(event: LedgerEvent, number: int, **changed: Any) -> LedgerEvent:
    """The same with an id of its own."""
    return replace(event, id=UUID(int=number + (1 << 120)).hex, **changed)


# ---------------------------------------------------------------- any entries
FIGURES = st.integers(0, 2**40)
SPREADS = st.tuples(FIGURES, FIGURES, FIGURES).map(lambda ends: Spread(*sorted(ends)))
ZONES = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
MOMENTS = st.datetimes(datetime(2025, 11, 28), datetime(2026, 3, 3), timezones=st.just(UTC))


@st.composite
def events(draw: st.DrawFn) -> LedgerEvent:
    """Any entry: every place, zone, month and sort of work, with and without what is not known."""
    moment = draw(MOMENTS)
    place = draw(st.sampled_from(["local", "api"]))
    cost = draw(st.none() | FIGURES) if place == "api" else 0
    is_estimated = cost is not None and place == "api" and draw(st.booleans())
    avoided = st.builds(
        Avoided, st.sampled_from(["a/b", "c/d"]), SPREADS, SPREADS, st.sampled_from(["prior", "none"]), st.just(RATES)
    )
    return LedgerEvent(
        id=draw(st.uuids()).hex,
        time=moment,
        local_day=moment.astimezone(draw(ZONES)).date(),
        place=place,
        workload=WorkloadId(draw(st.sampled_from(["ask", "chat", ""]))),
        model=draw(st.sampled_from(["m", "ä\nn"])),
        provider="openai" if place == "api" else "",
        use=draw(st.sampled_from(["work", "again", "cancelled", "test"])),
        prompt=draw(FIGURES),
        generated=draw(FIGURES),
        cached=draw(FIGURES),
        duration_us=draw(FIGURES),
        ttft_us=draw(st.none() | FIGURES),
        cost=cost,
        at_most=draw(st.none() | FIGURES) if cost is None or is_estimated else None,
        cost_source="free" if place == "local" else "unknown" if cost is None else "estimated" if is_estimated else "computed",
        rates=draw(st.none() | st.just(RATES)),
        avoided=draw(st.none() | avoided),
        energy=draw(st.none() | st.builds(Energy, SPREADS, st.sampled_from(["meter", "model"]))),
        pair=draw(st.sampled_from(["", "c" * 32])),
    )  # fmt: skip
