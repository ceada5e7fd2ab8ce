"""Prices, requests of unknown cost and settings of the ledger as an engine would send them. For tests and pictures only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from engine.events import Event, SettingsChanged
from engine.ledger_events import AdviceShown, LedgerShown, OpenCallsListed, PricesListed
from engine.ledger_records import OpenCall, WorkloadId
from engine.ledger_settings import Budget, ExchangeRate, Hardware, LedgerSettings, MeterWatts, Tariff
from engine.price_records import ListedPrice
from engine.settings import Settings
from engine.statement_records import ReferenceLine
from tests.desktop import consent_samples, ledger_samples

OWN_PRICE = ListedPrice(
    "openai/gpt-6.1-sol", 1_800_000, 9_000_000, 180_000, first=date(2025, 9, 1), source="own", checked="2025-09-02"
)
FROM_FILE = ListedPrice("northmoor/llama-3.3-70b", 200_000, 600_000, source="imported", checked="2025-08-30")
BUNDLED = (
    ListedPrice("openai/gpt-6-luna", 100_000, 500_000, 10_000, checked="2025-09-28"),
    ListedPrice("anthropic/claude-haiku-5-5", 100_000, 500_000, has_steps=True, url="https://claude.example/pricing"),
    ListedPrice("anthropic/claude-opus-5-5", 4_000_000, 20_000_000, first=date(2025, 6, 12)),
    ListedPrice("google/gemini-4-argon", 75_000, 300_000, first=date(2025, 12, 1), note="Announced & dated"),
)
PRICES = (OWN_PRICE, FROM_FILE, *BUNDLED)

OPEN_CALLS = (
    OpenCall("c1", datetime(2025, 9, 14, 9, 5, tzinfo=UTC), WorkloadId("compare"), "OpenAI", "gpt-5.2", 21_400_000),
    OpenCall("c2", datetime(2025, 9, 11, 16, 40, tzinfo=UTC), WorkloadId("v1"), "Northmoor Council", "llama-3.3-70b", None),
)

FULL = LedgerSettings(
    currency="EUR",
    rates=(
        ExchangeRate(currency="EUR", day=date(2025, 9, 1), per_usd=Decimal("0.92")),
        ExchangeRate(currency="EUR", day=date(2025, 3, 3), per_usd=Decimal("0.951")),
        ExchangeRate(currency="GBP", day=date(2025, 7, 1), per_usd=Decimal("0.79")),
    ),
    tariffs=(
        Tariff(day=date(2025, 1, 1), currency="EUR", per_kwh=Decimal("0.312")),
        Tariff(day=date(2025, 6, 1), currency="EUR", per_kwh=Decimal("0.247")),
    ),
    watts=MeterWatts(idle=38, busy=124),
    hardware=Hardware(price=Decimal(2800), currency="EUR", bought=date(2025, 3, 4), n_months=48, share_percent=100),
    co2_g_per_kwh=363,
    would_use=ledger_samples.SOL,
    budgets=(
        Budget(limit=Decimal(50), currency="EUR", is_hard=True),
        Budget(scope="provider:openai", limit=Decimal(20), currency="EUR"),
        Budget(scope="workload:v1", limit=Decimal("12.50"), currency="EUR", warn_percent=(90,)),
    ),
)


def listed(text: str = "", prices: tuple[ListedPrice, ...] = PRICES, *, age_days: int = 13, imported: str = "") -> PricesListed:
    n_found = len(prices) if text else len(prices) + 1_418
    return PricesListed(text, prices, n_found, "2025-09-30", age_days, imported)


def settings_of(ledger: LedgerSettings, **changes: object) -> Settings:
    return Settings(theme="light", first_run_done=True, ledger=ledger, **changes)  # type: ignore[arg-type]


def references() -> tuple[ReferenceLine, ...]:
    """The first was chosen, the others are suggested; the last one has no price."""
    used, strong, cheapest = ledger_samples.references()
    return used, replace(strong, is_default=True), replace(cheapest, is_default=True, prices=None, avoided=None, net=None)


def a_page_of_costs(ledger: LedgerSettings = FULL) -> list[Event]:
    """What the engine says when the page is looked at."""
    return [
        SettingsChanged(settings_of(ledger)),
        consent_samples.listed(),
        LedgerShown(ledger_samples.page(references=references())),
        AdviceShown(ledger_samples.three_advices(), ledger_samples.EURO),
        listed(),
        OpenCallsListed(OPEN_CALLS),
    ]
