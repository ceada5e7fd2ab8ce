"""Months as the ledger shows them, made by hand: an ordinary one, one with nothing in it, one that lost, one that is crowded.

What is subtracted in view is subtracted exactly in all of them, as in those that the program makes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from engine.ledger_records import LedgerCheck, Month, Spread, WorkloadId
from engine.price_records import Currency
from engine.statement_records import (
    BreakEven,
    BudgetState,
    Caveat,
    EnergyUsed,
    HardwareShare,
    LedgerPage,
    LeftOut,
    MonthBar,
    ReferenceLine,
    Statement,
    WorkloadLine,
)

UNIT = 1_000_000_000
CENT = UNIT // 100
MONTH = Month(2026, 9)
EURO = Currency("EUR", 920_000_000, date(2026, 9, 28))

CAVEATS: tuple[Caveat, ...] = (
    "example_tariff", "default_reference", "old_prices", "very_old_prices", "no_ratio", "unknown_price", "unknown_cost",
    "clock_ahead", "rate_old", "no_rate", "unbounded_cost", "api_cheaper", "modelled_energy", "differs",
)  # fmt: skip


def spread(cents: int, percent: int = 5) -> Spread:
    """Around so many cents, with a few nano-units that no rounding may lose."""
    mid = cents * CENT + 123 if cents else 0
    wide = abs(mid) * percent // 100
    return Spread(mid - wide, mid, mid + wide)


def line(key: str, name: str, n: int, avoided: int | None, electricity: int, n_paid: int = 0, paid: int = 0) -> WorkloadLine:
    cost, price = spread(electricity, 10), None if avoided is None else spread(avoided)
    return WorkloadLine(WorkloadId(key), name, n, n_paid, price, cost, None if price is None else price - cost, paid * CENT)


LINES = (
    line("w1", "Ticket triage", 100_000, 21_460, 410),
    line("w2", "Contract summaries", 1_240, 9_630, 230, 12, 181),
    line("w3", "Redaction of letters", 8_900, 7_180, 170),
    line("ask", "", 1_610, 3_840, 90, 2, 31),
    line("w4", "Translation", 730, 1_710, 40),
    line("", "", 0, None, 0, 200, 400),
)
LEFT_OUT = (
    LeftOut("again", 31, spread(62), spread(12, 10)),
    LeftOut("cancelled", 4, spread(3), spread(1, 10)),
    LeftOut("test", 214, None, spread(31, 10)),
)
HARDWARE = HardwareShare(58_333_333_333, 2_800 * UNIT, 48, 100, date(2026, 3, 2))


def statement(
    lines: tuple[WorkloadLine, ...] = LINES,
    left_out: tuple[LeftOut, ...] = LEFT_OUT,
    hardware: HardwareShare = HARDWARE,
    caveats: tuple[Caveat, ...] = (),
    month: Month = MONTH,
    currency: Currency = EURO,
) -> Statement:
    """A month whose sums are those of its lines."""
    nothing = Spread(0, 0, 0)
    prices = [each.avoided for each in lines if each.avoided is not None]
    avoided = sum(prices, nothing) if prices or not lines else None
    electricity = sum((each.electricity for each in (*lines, *left_out)), nothing)
    net = None if avoided is None else (avoided - electricity).shifted(-hardware.amount)
    paid = sum(each.paid for each in lines)
    ratio = Spread(1_190_000, 1_290_000, 1_380_000)
    return Statement(
        month=month, currency=currency, is_running=False, reference="openai/gpt-6.1-sol",
        n_items=sum(each.n_items for each in lines), n_workloads=sum(each.n_items > 0 for each in lines),
        avoided=avoided, electricity=electricity, hardware=hardware, net=net,
        paid=paid, paid_elsewhere=paid * 2 // 3, n_paid=sum(each.n_paid for each in lines), n_unknown=2 if paid else 0,
        unknown_at_most=4 * CENT if paid else 0, forecast=None,
        energy=EnergyUsed(
            Spread(42_300_000_000, 47_000_000_000, 51_700_000_000) if lines else nothing,
            (("meter", 800_000), ("model", 200_000)) if lines else (), 200_000_000, False, 86_400_000_000 * 3,
        ),
        lines=lines,
        references=(
            ReferenceLine("would_use", "openai/gpt-6.1-sol", avoided, net, (2 * UNIT, 10 * UNIT), ratio, "calibrated"),
            ReferenceLine("strong", "anthropic/claude-opus-5-5", spread(92_000, 20), spread(86_000, 25), (4 * UNIT, 20 * UNIT),
                          Spread(1_200_000, 1_500_000, 1_900_000), "prior"),
            ReferenceLine("cheapest", "openai/gpt-6-luna", None, None, None, Spread(800_000, 1_000_000, 1_600_000), "none",
                          is_default=True),
        ),
        left_out=left_out,
        budgets=(BudgetState("", "", 20 * UNIT, paid, True, 0),
                 BudgetState("provider:openai", "OpenAI", 5 * UNIT, paid, False, 80)),
        n_prompt_tokens=81_234_567, n_generated_tokens=12_345_678, prices_as_of="2026-09-30", prices_age_days=3, caveats=caveats,
    )  # fmt: skip


def page(made: Statement | None = None, n_bars: int = 12) -> LedgerPage:
    """The month with those before it: first nothing but paid, then more and more answered here."""
    made = made or statement()
    local = made.electricity.shifted(made.hardware.amount)
    bars = []
    for at in range(n_bars - 1):
        month = made.month.plus(at - n_bars + 1)
        if at < 5:
            bars.append(MonthBar(month, Spread(0, 0, 0), Spread(0, 0, 0), (21_000 + 700 * at) * CENT))
        else:
            fading = 14_000 * CENT // (at - 4) ** 2
            bars.append(MonthBar(month, spread(6_000 * (at - 4)), spread(6_200 + 90 * at), fading, 9_000 * at))
    bars.append(MonthBar(made.month, made.avoided, local, made.paid, made.n_items))
    past = tuple((made.month.plus(at - 5), spread(4_000 * at * at + 2_000)) for at in range(6))
    ahead = tuple((made.month.plus(at), spread(100_000 + 40_000 * at, 10)) for at in range(1, 6))
    break_even = BreakEven("likely", made.hardware.price, past, ahead, made.month.plus(5), made.month.plus(4), made.month.plus(7))
    return LedgerPage(made, tuple(bars), break_even, tuple(each.month for each in reversed(bars)), LedgerCheck(112_480, 0))


def empty() -> LedgerPage:
    """A month in which nothing was done, of a ledger that just began."""
    made = replace(statement((), (), HardwareShare()), references=(), budgets=(), n_prompt_tokens=0, n_generated_tokens=0)
    made = replace(made, avoided=Spread(0, 0, 0), net=Spread(0, 0, 0), caveats=("example_tariff", "default_reference"))
    bar = MonthBar(made.month, made.avoided, Spread(0, 0, 0), 0)
    return LedgerPage(made, (bar,), BreakEven("no_hardware", 0), (made.month,))


def loss() -> LedgerPage:
    """A month that cost more than the remote model would have."""
    lines = (line("w1", "Ticket triage", 800, 24, 310), line("chat", "", 40, 2, 30))
    return page(statement(lines, caveats=("api_cheaper", "modelled_energy")), n_bars=3)


def unpriced() -> LedgerPage:
    """A month of which nobody knows what the remote model would have charged."""
    lines = (line("w1", "Ticket triage", 800, None, 310),)
    return page(statement(lines, caveats=("unknown_price",)), n_bars=2)


def crowded() -> LedgerPage:
    """Everything there can be: many workloads with long names and letters of many kinds, every caveat, amounts without end."""
    names = ["Schriftverkehr mit Behörden und Gerichten – Zusammenfassung, Übersetzung, Fristen und Wiedervorlage 2026",
             "=HYPERLINK(\"http://example.test\";\"click\")", "@SUM(A1)", "案件概要 and the rest of it",
             "A\nname\twith\x07 marks \u202egnp",
             "W" * 300, "العقود", "<b>bold</b> & co"]  # fmt: skip
    lines = tuple(
        line(f"w{at}", names[at % len(names)] + f" {at}", 10**9 - at, 98_765_432_198 - at, 12_345_678, 3, 98_765_432)
        for at in range(30)
    )
    made = statement((*lines, line("gone", "", 3, 1, 1)), caveats=CAVEATS)
    energy = replace(made.energy, is_example=True, co2_g=Spread(15_000, 16_800, 18_500))
    made = replace(made, reference="openrouter/" + "very-long-name-" * 15, is_running=True, forecast=made.paid * 2, energy=energy)
    return page(made, n_bars=24)
