"""Entries for other programs: a line for each, as it is read, and without holding the others."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from weakref import WeakSet

from engine.ledger_records import Avoided, Energy, LedgerEvent, Spread, WorkloadId
from engine.provider_records import Rates
from engine.reports.entries_csv import COLUMNS, entries_csv

RATES = Rates(2_000_000, 10_000_000, 200_000, 2_500_000, "0123456789abcdef", "2026-11-09")
REMOTE = LedgerEvent(
    id="e1", time=datetime(2026, 9, 1, 22, 30, tzinfo=UTC), local_day=date(2026, 9, 2), place="api", workload=WorkloadId("ask"),
    model="gpt-6.1-sol", provider="openai", prompt=1200, generated=300, cached=1024, reasoning=12, duration_us=1_234_567,
    ttft_us=250_000, stop_reason="end_of_text", cost=3_348_000, cost_source="computed", rates=RATES,
)  # fmt: skip
LOCAL = LedgerEvent(
    id="e2", time=datetime(2026, 9, 2, tzinfo=UTC), local_day=date(2026, 9, 2), place="local", workload=WorkloadId("w1"),
    model="=Qwen3 8B", prompt=600, generated=200,
    avoided=Avoided("openai/gpt-6.1-sol", Spread(2_800_000, 3_200_000, 3_600_001), Spread(900_000, 1_000_000, 1_100_000), "prior",
                    RATES),
    energy=Energy(Spread(400_000, 541_667, 1_000_000), "model"), pair="p1",
)  # fmt: skip
UNKNOWN = replace(REMOTE, id="e3", cost=None, at_most=5, cost_source="unknown", ttft_us=None, rates=None)
TAKEN_BACK = replace(REMOTE, id="e4", cost=-3_348_000, prompt=-1200, reverses="e1")


def read(events: list[LedgerEvent]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(entries_csv(events)), newline="")))


def test_every_entry_is_a_line_with_all_its_figures() -> None:
    remote, local, unknown, back = read([REMOTE, LOCAL, UNKNOWN, TAKEN_BACK])
    assert list(remote) == list(COLUMNS)
    assert (remote["time_utc"], remote["local_day"], remote["place"]) == ("2026-09-01T22:30:00+00:00", "2026-09-02", "api")
    assert (remote["cost_usd"], remote["duration_s"], remote["first_word_s"]) == ("0.003348000", "1.234567000", "0.250000000")
    assert (remote["rate_prompt_usd"], remote["rate_cached_usd"]) == ("2.000000000", "0.200000000")
    assert remote["price_list"] == RATES.snapshot and remote["avoided_mid_usd"] == remote["energy_mid_kwh"] == ""
    assert local["model"] == "'=Qwen3 8B" and local["reference"] == "openai/gpt-6.1-sol"
    assert int(Decimal(local["avoided_high_usd"]).scaleb(9)) == 3_600_001 and local["ratio_low"] == "0.900000000"
    assert (local["energy_mid_kwh"], local["energy_method"], local["pair"]) == ("0.000541667", "model", "p1")
    assert (unknown["cost_usd"], unknown["cost_at_most_usd"], unknown["first_word_s"]) == ("", "0.000000005", "")
    assert (back["cost_usd"], back["prompt_tokens"], back["reverses"]) == ("-0.003348000", "-1200", "e1")


def test_entries_come_one_by_one_and_are_not_held() -> None:
    alive: WeakSet[LedgerEvent] = WeakSet()
    taken, most = 0, 0

    def events() -> Iterator[LedgerEvent]:
        nonlocal taken, most
        for at in range(50):
            taken += 1
            event = replace(LOCAL, id=f"e{at}")
            alive.add(event)
            most = max(most, len(alive))
            yield event

    lines = entries_csv(events())
    assert next(lines).startswith("schema,id,") and taken == 0
    assert next(lines).startswith("1,e0,") and taken == 1
    assert sum(1 for _ in lines) == 49 and most <= 3
