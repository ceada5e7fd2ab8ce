"""Months to work out: totals and bills made by hand, and a book with three prices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from engine.ledger.price_book import PriceBook
from engine.ledger.prices import Prices
from engine.ledger.ratios import Ratio
from engine.ledger.terms import Terms
from engine.ledger_records import ASK, NOTHING, DayTotal, Spread, Use, WorkloadId
from engine.ledger_settings import Budget, ExchangeRate, Hardware, LedgerSettings, Tariff
from engine.price_records import BillDay, ListedPrice

SOL, OPUS, LUNA = "openai/gpt-6.1-sol", "anthropic/claude-opus-5-5", "openai/gpt-6-luna"
TICKETS, LETTERS = WorkloadId("tickets"), WorkloadId("letters")
NAMES = {TICKETS: "Ticket triage", LETTERS: "Letters"}
DOLLAR, CENT = 10**9, 10**7
TODAY = date(2026, 11, 22)
EVEN = Ratio(Spread(900_000, 1_000_000, 1_100_000), "prior")


def price(model: str, prompt: int, generated: int, **more: object) -> ListedPrice:
    """Of one's own, in dollars a million tokens."""
    return ListedPrice(model, prompt * 10**6, generated * 10**6, source="own", **more)  # type: ignore[arg-type]


BOOK = PriceBook([price(SOL, 2, 10), price(OPUS, 4, 20), price(LUNA, 1, 5)], (), Prices())


def terms(
    settings: LedgerSettings | None = None,
    today: date = TODAY,
    book: PriceBook = BOOK,
    ratio: Callable[[str, str, WorkloadId], Ratio] = lambda *_: EVEN,
) -> Terms:
    return Terms(settings or LedgerSettings(would_use=SOL), book, ratio, today)


def local(
    day: date = TODAY,
    workload: WorkloadId = ASK,
    n: int = 1,
    avoided: Spread | None = None,
    energy: Spread = NOTHING,
    use: Use = "work",
    **more: object,
) -> DayTotal:
    """Generations on this computer; `avoided` None: no reference was known then."""
    made = DayTotal(day, day, "local", workload, "", "qwen3", use, n=n, energy=energy, energy_method="meter")
    if avoided is not None:
        made = replace(made, reference=SOL, ratio_source="prior", avoided=avoided)
    return replace(made, **more)  # type: ignore[arg-type]


def remote(day: date = TODAY, cost: int = 0, utc_day: date | None = None, n: int = 1, **more: object) -> DayTotal:
    """Calls to a provider."""
    made = DayTotal(day, utc_day or day, "api", ASK, "openai", "gpt-6.1-sol", "test", n=n, cost=cost)
    return replace(made, **more)  # type: ignore[arg-type]


def bill(
    day: date, cost: int | None, *, provider: str = "openai", workload: str = "", includes_ours: bool = True, n: int = 1
) -> BillDay:
    return BillDay(day, provider, WorkloadId(workload), includes_ours, n, 1000, 100, cost)


def spread(low: int, mid: int, high: int) -> Spread:
    return Spread(low, mid, high)


def rate(code: str, day: date, per_usd: str) -> ExchangeRate:
    return ExchangeRate(currency=code, day=day, per_usd=Decimal(per_usd))


def tariff(day: date, per_kwh: str, currency: str = "USD") -> Tariff:
    return Tariff(day=day, per_kwh=Decimal(per_kwh), currency=currency)


def hardware(price: str = "2400", bought: date = date(2026, 1, 15), **more: object) -> Hardware:
    return Hardware(price=Decimal(price), bought=bought, **more)  # type: ignore[arg-type]


def budget(limit: str, scope: str = "", **more: object) -> Budget:
    return Budget(scope=scope, limit=Decimal(limit), **more)  # type: ignore[arg-type]
