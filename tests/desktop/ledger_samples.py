"""Months, break-evens and advice as an engine in use would send them. For tests and pictures only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from engine.advice_records import Advice, Label, Quality, Reason, Route, Rule, Traits, WorkFacts, Workload
from engine.events import Event
from engine.ledger_events import AdviceShown, LedgerShown, MonthSaved
from engine.ledger_records import LedgerCheck, Month, Spread, WorkloadId
from engine.price_records import Currency
from engine.statement_records import (
    BreakEven,
    BudgetState,
    EnergyUsed,
    HardwareShare,
    LedgerPage,
    LeftOut,
    MonthBar,
    ReferenceLine,
    Statement,
    WorkloadLine,
)

EURO = Currency("EUR", 1_000_000_000, date(2025, 9, 1))  # a euro is a dollar here, so that figures can be read in both
SEPTEMBER = Month(2025, 9)
SOL, OPUS, LUNA = "openai/gpt-6.1-sol", "anthropic/claude-opus-5-5", "openai/gpt-6-luna"
NO_RATIO = Spread(800_000, 1_000_000, 1_600_000)


def euros(amount: float) -> int:
    """Nano-euros, to the cent."""
    return round(amount * 100) * 10_000_000


def exactly(amount: float) -> Spread:
    return Spread(euros(amount), euros(amount), euros(amount))


def between(low: float, mid: float, high: float) -> Spread:
    return Spread(euros(low), euros(mid), euros(high))


# ---------------------------------------------------------------- a month
def line(key: str, name: str, n: int, avoided: float, electricity: float, paid: float = 0.0) -> WorkloadLine:
    saved = exactly(avoided - electricity)
    return WorkloadLine(WorkloadId(key), name, n, 0, exactly(avoided), exactly(electricity), saved, euros(paid))


def lines() -> tuple[WorkloadLine, ...]:
    return (
        line("v1", "Ticket triage", 100_000, 214.60, 4.10),
        line("v2", "Contract summaries", 1_240, 96.30, 2.30),
        line("v3", "Redaction of letters", 8_900, 71.80, 1.70),
        line("ask", "", 1_610, 38.40, 0.90),
        line("v5", "Translation", 730, 17.10, 0.40),
    )


def references() -> tuple[ReferenceLine, ...]:
    return (
        ReferenceLine(
            "would_use",
            SOL,
            between(419.73, 438.20, 451.73),
            between(352, 370.47, 384),
            (2_000_000_000, 10_000_000_000),
            NO_RATIO,
            "prior",
        ),
        ReferenceLine(
            "strong",
            OPUS,
            between(812, 876.40, 951),
            between(744.27, 808.67, 883.27),
            (4_000_000_000, 20_000_000_000),
            NO_RATIO,
            "prior",
        ),
        ReferenceLine(
            "cheapest",
            LUNA,
            between(20.90, 21.91, 23.70),
            between(-46.83, -45.82, -44.03),
            (100_000_000, 500_000_000),
            NO_RATIO,
            "prior",
        ),
    )


def statement(**changes: Any) -> Statement:
    """September 2025 as it is drawn."""
    facts: dict[str, Any] = {
        "month": SEPTEMBER,
        "currency": EURO,
        "is_running": True,
        "reference": SOL,
        "n_items": 112_480,
        "n_workloads": 5,
        "avoided": between(419.73, 438.20, 451.73),
        "electricity": exactly(9.40),
        "hardware": HardwareShare(euros(58.33), euros(2_800), 48, 100, date(2025, 3, 4)),
        "net": between(352, 370.47, 384),
        "paid": euros(6.12),
        "paid_elsewhere": 0,
        "n_paid": 214,
        "n_unknown": 0,
        "unknown_at_most": 0,
        "forecast": None,
        "energy": EnergyUsed(Spread(36_000_000_000, 38_000_000_000, 41_000_000_000), (("meter", 1_000_000),), 247_000_000, False),
        "lines": lines(),
        "references": references(),
        "left_out": (),
        "budgets": (),
        "n_prompt_tokens": 61_200_000,
        "n_generated_tokens": 21_400_000,
        "prices_as_of": "2025-09-30",
        "prices_age_days": 3,
        "caveats": (),
    }
    return Statement(**(facts | changes))


def bars() -> tuple[MonthBar, ...]:
    """A year: first paid elsewhere only, then here."""
    paid = (212, 228, 196, 241, 234, 141, 52, 31, 18, 11, 9, 6.12)
    avoided = (0, 0, 0, 0, 0, 61, 189, 264, 318, 352, 401, 438.20)
    local = (0, 0, 0, 0, 0, 60.5, 62.4, 64.1, 65.3, 66.0, 67.2, 67.73)
    months = [SEPTEMBER.plus(at - 11) for at in range(12)]
    return tuple(
        MonthBar(month, exactly(its_avoided), exactly(its_local), euros(its_paid), 100 if its_avoided else 0)
        for month, its_paid, its_avoided, its_local in zip(months, paid, avoided, local, strict=True)
    )


def break_even(**changes: Any) -> BreakEven:
    sums = (60, 246, 506, 820, 1_160, 1_552, 1_980)
    past = tuple((Month(2025, 3).plus(at), exactly(value)) for at, value in enumerate(sums))
    rates = ((2_410, 2_230, 2_540), (2_840, 2_480, 3_080), (3_270, 2_750, 3_540), (3_700, 3_130, 4_010), (4_140, 3_480, 4_480))
    ahead = tuple((SEPTEMBER.plus(at + 1), between(low, mid, high)) for at, (mid, low, high) in enumerate(rates))
    facts: dict[str, Any] = {
        "state": "likely",
        "price": euros(2_800),
        "past": past,
        "ahead": ahead,
        "reached": Month(2025, 11),
        "earliest": Month(2025, 11),
        "latest": Month(2025, 12),
    }
    return BreakEven(**(facts | changes))


def page(**changes: Any) -> LedgerPage:
    """The page as it is drawn; changes go to its statement."""
    months = tuple(SEPTEMBER.plus(-at) for at in range(12))
    return LedgerPage(statement(**changes), bars(), break_even(), months, LedgerCheck(112_694, 0))


def empty_page() -> LedgerPage:
    """Nothing was counted yet, and nothing was entered."""
    nothing = exactly(0)
    shown = statement(
        n_items=0,
        n_workloads=0,
        avoided=nothing,
        electricity=nothing,
        net=nothing,
        hardware=HardwareShare(),
        paid=0,
        n_paid=0,
        lines=(),
        energy=EnergyUsed(nothing, (), 200_000_000, True),
        caveats=("example_tariff", "default_reference"),
    )
    return LedgerPage(shown, (), BreakEven("no_hardware", 0), (SEPTEMBER,))


def dear_page() -> LedgerPage:
    """A month in which the API would have been cheaper, and one in which nearly nothing was saved."""
    shown = statement(
        avoided=between(9.10, 9.80, 11.20),
        net=between(-58.63, -57.93, -56.53),
        lines=(line("v1", "Ticket triage", 3_100, 7.20, 6.90), line("ask", "", 21, 2.60, 2.50)),
        references=(
            replace(references()[2], role="would_use", avoided=between(9.1, 9.8, 11.2), net=between(-58.63, -57.93, -56.53)),
        ),
        reference=LUNA,
        n_items=3_121,
        n_workloads=2,
        caveats=("api_cheaper", "default_reference", "example_tariff"),
        energy=EnergyUsed(Spread(20_000_000_000, 38_000_000_000, 60_000_000_000), (("model", 1_000_000),), 247_000_000, True),
    )
    past = tuple((Month(2025, 3).plus(at), exactly(value)) for at, value in enumerate((-3, 2, 4, 3, 6, 5, 5.4)))
    ahead = tuple((SEPTEMBER.plus(at + 1), between(5.4 - 2 * at, 5.4 + at, 5.4 + 3 * at)) for at in range(6))
    never = break_even(state="never", past=past, ahead=ahead, reached=None, earliest=None, latest=None)
    return replace(page(), statement=shown, break_even=never)


def troubled_page() -> LedgerPage:
    """Every caveat at once, budgets in every state, what was left out, bills of other programs."""
    budgets = (
        BudgetState("", "", euros(50), euros(41.20), True, 80),
        BudgetState("provider:openai", "OpenAI", euros(20), euros(20.40), True, 100, True),
        BudgetState("workload:v1", "Ticket triage", euros(10), euros(1.20), False),
    )
    left_out = (
        LeftOut("test", 214, exactly(0.8), exactly(0.3)),
        LeftOut("cancelled", 31, exactly(0.1), exactly(0.05)),
        LeftOut("again", 12, exactly(0.1), exactly(0.05)),
    )
    shown = statement(
        budgets=budgets,
        left_out=left_out,
        electricity=between(7.10, 9.80, 14.20),
        net=between(340, 370.07, 391),
        paid=euros(212.40),
        paid_elsewhere=euros(171.20),
        n_unknown=3,
        unknown_at_most=euros(0.42),
        forecast=euros(301),
        prices_age_days=193,
        lines=tuple(replace(one, paid=euros(3.2)) if at == 1 else one for at, one in enumerate(lines())),
        energy=EnergyUsed(Spread(20_000_000_000, 38_000_000_000, 60_000_000_000), (("model", 1_000_000),), 247_000_000, True),
        references=(replace(references()[0], is_default=True), *references()[1:]),
        caveats=(
            "very_old_prices", "example_tariff", "default_reference", "no_ratio", "unknown_price", "unknown_cost", "clock_ahead",
            "rate_old", "no_rate", "unbounded_cost", "modelled_energy", "differs",
        ),
    )  # fmt: skip
    return replace(page(), statement=shown, check=LedgerCheck(112_694, 2))


# ---------------------------------------------------------------- advice
def advice(key: str, name: str, label: Label, rule: Rule, quality: Quality, **changes: Any) -> Advice:
    traits = changes.pop("traits", Traits())
    route = changes.pop("route", Route())
    facts = WorkFacts(100_000, 100_000, 214_600_000_000, 7_100_000_000, 361_651, 900, 32_768)
    work = Workload(WorkloadId(key), name, "classify", traits, route)
    reasons = (Reason(rule, label, True),)
    return Advice(work, label, reasons, changes.pop("facts", facts), quality, **changes)


TRIAGE = Quality("reached", 1_000, "evaluation", "local:q", SOL, (920, 21, 28, 31), 0.9926, (0.981, 1.007), "nam_blackwelder")
SUMMARIES = Quality("unknown", 41, "votes", "local:q", SOL, (9, 14, 12, 6), n_more=40)
GRANTS = Quality("inferior", 100, "votes", "local:q", SOL, (8, 24, 61, 7))


def three_advices() -> tuple[Advice, ...]:
    return (
        advice("v1", "Ticket triage", "migrate", "reached", TRIAGE),
        advice("v2", "Contract summaries", "test_more", "quality_unknown", SUMMARIES),
        advice("v6", "Grant letters", "stay", "inferior", GRANTS),
    )


def alerting_advices() -> tuple[Advice, ...]:
    """One that was moved and has got worse, one that may be moved, one that has to wait."""
    moved = Route("local", since=datetime(2025, 9, 1, tzinfo=UTC))
    worse = replace(TRIAGE, status="failing", table=(840, 10, 90, 60))
    dropped = advice(
        "v3", "Redaction of letters", "stay", "inferior", worse, alert="quality_dropped", route=moved, previous=Route("api")
    )
    until = datetime(2025, 10, 12, tzinfo=UTC)
    waiting = advice("v1", "Ticket triage", "migrate", "reached", TRIAGE, obstacle="one_at_a_time", watched_until=until)
    saving = Spread(180_000_000_000, 210_000_000_000, 224_000_000_000)
    ready = advice("v7", "Letters to landlords in every district of the city", "migrate", "reached", TRIAGE, saving=saving)
    small = advice(
        "v8", "Minutes", "stay", "no_saving", Quality(), facts=WorkFacts(120, 120, 2_800_000_000, 1_100_000_000, 9_000, 1, 2)
    )
    return (ready, waiting, *three_advices()[1:], small, dropped)


def a_month_of_work(shown: LedgerPage | None = None, advices: tuple[Advice, ...] | None = None) -> list[Event]:
    """What the engine says when the ledger is looked at."""
    shown = shown or page()
    given = three_advices() if advices is None else advices
    month = shown.statement
    return [
        LedgerShown(shown),
        AdviceShown(given, EURO),
        MonthSaved(month.month, month.currency, month.net, month.n_items),
    ]
