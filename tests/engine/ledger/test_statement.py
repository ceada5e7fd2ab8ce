"""What is subtracted in view is subtracted exactly, and nothing that is not known is shown as nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ledger.price_book import PriceBook
from engine.ledger.prices import Prices
from engine.ledger.ratios import UNKNOWN, Ratio
from engine.ledger.statement import MonthBooks, statement
from engine.ledger_records import (
    CHAT,
    COMPARE,
    NO_WORKLOAD,
    NOTHING,
    USES,
    DayTotal,
    LedgerCheck,
    Month,
    Spent,
    Spread,
    WorkloadId,
)
from engine.ledger_settings import LedgerSettings
from engine.price_records import ListedPrice
from engine.statement_records import HardwareShare, Statement
from tests.engine.ledger.month_stage import (
    BOOK,
    CENT,
    DOLLAR,
    LETTERS,
    LUNA,
    NAMES,
    OPUS,
    SOL,
    TICKETS,
    TODAY,
    bill,
    budget,
    hardware,
    local,
    price,
    rate,
    remote,
    spread,
    tariff,
    terms,
)

NOVEMBER, OCTOBER = Month(2026, 11), Month(2026, 10)
OCT = date(2026, 10, 10)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROOT = PriceBook((), (), Prices())
KWH = 10**9
CHOSEN = LedgerSettings(would_use=SOL, tariffs=(tariff(date(2026, 1, 1), "0.30"),))


def of(
    *totals: DayTotal, month: Month = NOVEMBER, chosen: LedgerSettings = CHOSEN, today: date = TODAY, **books: object
) -> Statement:
    made = MonthBooks(month, totals, **({"names": NAMES} | books))  # type: ignore[arg-type]
    return statement(made, terms(chosen, today))


# ---------------------------------------------------------------- the subtraction
def test_a_month_says_what_was_avoided_and_what_is_left() -> None:
    shown = of(
        local(OCT, TICKETS, 100, spread(80 * DOLLAR, 100 * DOLLAR, 130 * DOLLAR), spread(5 * KWH, 10 * KWH, 20 * KWH)),
        local(OCT, CHAT, 3, spread(1 * DOLLAR, 2 * DOLLAR, 3 * DOLLAR), spread(0, KWH, 2 * KWH)),
        month=OCTOBER,
        chosen=CHOSEN.model_copy(update={"hardware": hardware("2400")}),
    )
    assert shown.avoided == spread(81 * DOLLAR, 102 * DOLLAR, 133 * DOLLAR)
    assert shown.electricity == spread(150 * CENT, 330 * CENT, 660 * CENT)
    assert shown.hardware == HardwareShare(50 * DOLLAR, 2400 * DOLLAR, 48, 100, date(2026, 1, 15))
    assert shown.net == spread(2440 * CENT, 4870 * CENT, 8150 * CENT)
    assert (shown.n_items, shown.n_workloads, shown.is_running, shown.forecast) == (103, 2, False, None)
    assert [(line.name, line.n_items, line.saved) for line in shown.lines] == [
        ("Ticket triage", 100, spread(74 * DOLLAR, 97 * DOLLAR, 12850 * CENT)),
        ("", 3, spread(40 * CENT, 170 * CENT, 3 * DOLLAR)),
    ]
    assert (shown.energy.amount, shown.energy.per_kwh) == (spread(5 * KWH, 11 * KWH, 22 * KWH), 30 * CENT)


AMOUNTS = st.lists(st.integers(0, 10**18), min_size=3, max_size=3).map(lambda each: Spread(*sorted(each)))
DAYS = st.dates(date(2026, 9, 28), date(2026, 12, 3))


@st.composite
def totals(draw: st.DrawFn) -> DayTotal:
    day, workload = draw(DAYS), draw(st.sampled_from(["ask", "chat", "compare", TICKETS, LETTERS, "gone", ""]))
    n = draw(st.integers(1, 10**6))
    if draw(st.booleans()):
        utc_day = day + timedelta(draw(st.integers(-1, 1)))
        return remote(day, draw(st.integers(0, 10**15)), utc_day, n, workload=workload, at_most=draw(st.integers(0, 10**12)))
    avoided = draw(st.none() | AMOUNTS)
    made = local(day, WorkloadId(workload), n, avoided, draw(AMOUNTS), draw(st.sampled_from(USES)))
    return replace(made, prompt=draw(st.integers(0, 10**9)), generated=draw(st.integers(0, 10**9)))


CHOICES = [
    CHOSEN,
    LedgerSettings(hardware=hardware("3333.333333", n_months=7, share_percent=37)),
    LedgerSettings(
        currency="EUR",
        rates=(rate("EUR", date(2026, 11, 3), "0.87654321"), rate("EUR", date(2026, 9, 3), "0.91234567")),
        tariffs=(tariff(date(2026, 6, 1), "0.313131", "EUR"), tariff(date(2026, 11, 11), "0.272727"), tariff(OCT, "0.4", "CHF")),
        hardware=hardware("2999.99", currency="EUR"),
        would_use=LUNA,
    ),
    LedgerSettings(currency="JPY", rates=(rate("JPY", OCT, "151.23456789"),), strong=SOL, would_use=SOL),
]
BILLS = st.lists(
    st.builds(
        bill, DAYS, st.none() | st.integers(0, 10**14), workload=st.sampled_from(["", TICKETS]), includes_ours=st.booleans()
    ),
    max_size=4,
)


@settings(max_examples=60)
@given(st.lists(totals(), max_size=15), BILLS, st.sampled_from(CHOICES), st.sampled_from([OCTOBER, NOVEMBER]))
def test_in_every_currency_rows_are_what_the_sums_are_made_of(
    made: list[DayTotal], bills: list, chosen: LedgerSettings, month: Month
) -> None:
    shown = of(*made, month=month, chosen=chosen, bills=bills)
    if shown.avoided is not None:
        assert shown.net == (shown.avoided - shown.electricity).shifted(-shown.hardware.amount)
        assert shown.net.mid == shown.avoided.mid - shown.electricity.mid - shown.hardware.amount
        assert shown.avoided == sum((line.avoided for line in shown.lines if line.avoided), NOTHING)
    rows = [line.electricity for line in shown.lines] + [each.electricity for each in shown.left_out]
    assert sum(rows, NOTHING) == shown.electricity
    assert (shown.paid, shown.n_items) == (sum(line.paid for line in shown.lines), sum(line.n_items for line in shown.lines))
    assert shown.n_paid == sum(line.n_paid for line in shown.lines)
    assert 0 <= shown.paid_elsewhere <= shown.paid
    for line in shown.lines:
        assert line.saved == (None if line.avoided is None else line.avoided - line.electricity)
    for each in shown.references:
        assert each.net == (None if each.avoided is None else (each.avoided - shown.electricity).shifted(-shown.hardware.amount))
    assert (shown.references[0].avoided, shown.references[0].net) == (shown.avoided, shown.net)
    assert sum(share for _, share in shown.energy.methods) in (0, 10**6)
    for figure in figures(shown):
        assert figure.low <= figure.mid <= figure.high
        assert all(type(each) is int for each in (figure.low, figure.mid, figure.high))


def figures(shown: Statement) -> list[Spread]:
    found = [shown.avoided, shown.electricity, shown.net, shown.energy.amount, *(each.avoided for each in shown.references)]
    found += [each for line in shown.lines for each in (line.avoided, line.electricity, line.saved)]
    found += [each for out in shown.left_out for each in (out.avoided, out.electricity)]
    return [each for each in found if each is not None]


@given(st.integers(0, 10**15), st.integers(1, 10**12))
def test_a_currency_changes_the_unit_and_nothing_else(amount: int, per_usd: int) -> None:
    text = str(Decimal(per_usd) / 10**8)
    if Decimal(text) > 10**7:
        return
    chosen = LedgerSettings(would_use=SOL, currency="EUR", rates=(rate("EUR", OCT, text),))
    shown = of(local(OCT, TICKETS, 1, spread(amount, amount, amount)), month=OCTOBER, chosen=chosen)
    assert shown.avoided is not None
    assert shown.avoided.mid == round(Fraction(amount) * Fraction(text))


# ---------------------------------------------------------------- what counts
def test_only_wanted_local_work_has_saved_anything_but_all_of_it_took_electricity() -> None:
    dear = spread(DOLLAR, DOLLAR, DOLLAR)
    energy = spread(KWH, KWH, KWH)
    shown = of(
        *(local(TODAY, TICKETS, 10, dear, energy, use) for use in USES), remote(TODAY, 5, use="work", avoided=dear, reference=SOL)
    )
    assert (shown.avoided, shown.n_items, shown.electricity.mid) == (dear, 10, 120 * CENT)
    assert [(each.use, each.n, each.avoided, each.electricity.mid) for each in shown.left_out] == [
        ("again", 10, dear, 30 * CENT),
        ("cancelled", 10, dear, 30 * CENT),
        ("test", 10, NOTHING, 30 * CENT),
    ]
    assert (shown.lines[0].electricity.mid, shown.energy.amount.mid) == (30 * CENT, 4 * KWH)


def test_other_months_are_not_part_of_it() -> None:
    worth = spread(DOLLAR, DOLLAR, DOLLAR)
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1), date(2024, 2, 29)]
    entries = [local(day, TICKETS, 1, worth) for day in days]
    assert of(*entries, month=Month(2026, 1)).avoided == spread(2 * DOLLAR, 2 * DOLLAR, 2 * DOLLAR)
    assert of(*entries, month=Month(2024, 2)).n_items == of(*entries, month=Month(2025, 12)).n_items == 1


def test_what_was_taken_back_is_gone() -> None:
    worth = local(TODAY, TICKETS, 2, spread(50, 60, 70), spread(5, 6, 7))
    back = replace(worth, n=-1, avoided=spread(-25, -30, -35), energy=spread(-2, -3, -4))
    shown = of(worth, back, remote(TODAY, 500), remote(TODAY, -500, n=-1))
    assert (shown.avoided, shown.n_items, shown.n_paid, shown.paid) == (spread(25, 30, 35), 1, 0, 0)
    assert shown.energy.amount == spread(3, 3, 3)


def test_a_month_without_anything_is_empty_and_no_fault() -> None:
    shown = of(chosen=LedgerSettings(hardware=hardware("2400")))
    assert (shown.avoided, shown.electricity, shown.n_items, shown.lines, shown.left_out, shown.paid) == (
        NOTHING,
        NOTHING,
        0,
        (),
        (),
        0,
    )
    assert shown.net is not None and shown.net.mid == -shown.hardware.amount < 0
    assert "api_cheaper" not in shown.caveats and "unknown_price" not in shown.caveats
    assert [each.role for each in shown.references] == ["would_use", "strong", "cheapest"]


def test_work_of_deleted_sets_stays_under_no_workload() -> None:
    worth = spread(DOLLAR, DOLLAR, DOLLAR)
    shown = of(
        local(TODAY, WorkloadId("gone"), 5, worth), local(TODAY, TICKETS, 1, NOTHING), local(TODAY, WorkloadId(""), 1, worth)
    )
    assert [(line.workload, line.n_items) for line in shown.lines] == [(TICKETS, 1), (NO_WORKLOAD, 6)]


def test_figures_beyond_sixty_four_bits_are_added_like_others() -> None:
    huge = 2**62
    shown = of(
        *(local(TODAY - timedelta(n), TICKETS, huge, spread(huge, huge, huge), spread(huge, huge, huge)) for n in range(20))
    )
    assert shown.avoided == spread(20 * huge, 20 * huge, 20 * huge)
    assert shown.n_items == 20 * huge


# ---------------------------------------------------------------- references
def test_history_of_a_reference_stays_and_another_is_priced_by_tokens() -> None:
    old = local(TODAY, TICKETS, 1, spread(1, 2, 3), prompt=10**6, generated=10**6, longest_prompt=10**6)
    shown = of(old)
    assert shown.avoided == spread(1, 2, 3)  # as it was worked out then
    would_use, strong, cheapest = shown.references
    assert (strong.reference, strong.avoided) == (OPUS, spread(216 * DOLLAR // 10, 24 * DOLLAR, 264 * DOLLAR // 10))
    assert (cheapest.reference, cheapest.avoided) == (LUNA, spread(54 * DOLLAR // 10, 6 * DOLLAR, 66 * DOLLAR // 10))
    assert (would_use.prices, strong.prices) == ((2 * DOLLAR, 10 * DOLLAR), (4 * DOLLAR, 20 * DOLLAR))
    assert (strong.ratio, strong.ratio_source) == (spread(900_000, 1_000_000, 1_100_000), "prior")
    other = of(old, chosen=CHOSEN.model_copy(update={"would_use": OPUS}))
    assert (other.reference, other.avoided) == (OPUS, strong.avoided)


def test_in_batches_what_is_priced_now_costs_half() -> None:
    old = local(TODAY, TICKETS, 1, None, prompt=10**6, generated=10**6, longest_prompt=10**6)
    batch = CHOSEN.model_copy(update={"would_use_batch": True})
    assert (of(old).avoided, of(old, chosen=batch).avoided) == (
        spread(108 * DOLLAR // 10, 12 * DOLLAR, 132 * DOLLAR // 10),
        spread(54 * DOLLAR // 10, 6 * DOLLAR, 66 * DOLLAR // 10),
    )


def test_the_ratio_told_is_the_mean_by_tokens_and_the_least_trusted_source() -> None:
    entries = [local(TODAY, TICKETS, 1, prompt=300, model="a"), local(TODAY, LETTERS, 1, prompt=100, model="b")]
    ratios = {"a": replace(UNKNOWN, amount=spread(1, 2, 3), source="calibrated"), "b": replace(UNKNOWN, amount=spread(5, 6, 7))}
    made = statement(MonthBooks(NOVEMBER, entries, names=NAMES), terms(CHOSEN, ratio=lambda _, model, __: ratios[model]))
    assert (made.references[0].ratio, made.references[0].ratio_source) == (spread(2, 3, 4), "none")
    assert "no_ratio" in made.caveats


def test_days_of_one_price_are_priced_together_and_rounded_once() -> None:
    """A third of a nano-dollar a day is ten in a month, and not nothing."""
    book = PriceBook(
        [ListedPrice(SOL, 333, 0, last=date(2026, 11, 15)), ListedPrice(SOL, 667, 0, first=date(2026, 11, 16))], (), Prices()
    )
    chosen = CHOSEN.model_copy(update={"strong": SOL, "cheapest": SOL})
    days = [local(date(2026, 11, 1) + timedelta(n), TICKETS, 1, prompt=1, longest_prompt=1) for n in range(30)]
    made = statement(MonthBooks(NOVEMBER, days, names=NAMES), terms(chosen, date(2026, 11, 30), book))
    assert made.avoided is not None and made.avoided.mid == 5 + 10
    assert made.n_items == 30


def test_prompts_that_reach_a_step_are_priced_day_by_day() -> None:
    """Haiku costs five times as much above 100,000 tokens, and only the day with the long prompt has reached that."""
    haiku = "anthropic/claude-haiku-5-5"
    chosen = CHOSEN.model_copy(update={"would_use": haiku})
    days = [
        local(TODAY, TICKETS, 10, prompt=10**6, longest_prompt=10**5),
        local(TODAY - timedelta(1), TICKETS, 1, prompt=10**6, longest_prompt=10**6),
    ]
    made = statement(
        MonthBooks(NOVEMBER, days, names=NAMES), terms(chosen, ratio=lambda *_: Ratio(spread(10**6, 10**6, 10**6), "prior"))
    )
    short, long = ROOT.rates_of(haiku, 10**5, NOON), ROOT.rates_of(haiku, 10**6, NOON)
    assert short is not None and long is not None and long.prompt == 5 * short.prompt
    assert made.avoided is not None and made.avoided.mid == (short.prompt + long.prompt) * 10**6 // 1000


def test_without_a_price_nothing_is_claimed() -> None:
    entry = local(TODAY, TICKETS, 4, None, spread(KWH, KWH, KWH), prompt=10)
    shown = of(entry, chosen=CHOSEN.model_copy(update={"would_use": "openai/gpt-foo"}))
    assert shown.avoided is shown.net is shown.lines[0].avoided is shown.lines[0].saved is shown.references[0].prices is None
    assert (shown.electricity.mid, shown.n_items) == (30 * CENT, 4)
    assert "unknown_price" in shown.caveats and "api_cheaper" not in shown.caveats


def test_days_without_a_price_are_named_and_the_others_count() -> None:
    book = PriceBook([price("openai/new", 2, 10, first=date(2026, 11, 10))], (), Prices())
    days = [local(date(2026, 11, 9), TICKETS, 1, prompt=10**6), local(date(2026, 11, 10), TICKETS, 1, prompt=10**6)]
    chosen = CHOSEN.model_copy(update={"would_use": "openai/new", "strong": SOL, "cheapest": SOL})
    made = statement(MonthBooks(NOVEMBER, days, names=NAMES), terms(chosen, book=book))
    assert made.avoided is not None and made.avoided.mid == 2 * DOLLAR
    assert made.lines[0].n_items == 2 and "unknown_price" in made.caveats


# ---------------------------------------------------------------- paid, budgets, forecast
def test_paid_counts_the_most_that_unknown_calls_can_have_cost() -> None:
    shown = of(remote(date(2026, 11, 2), 300, n=4, n_unknown=1, at_most=900), bills=[bill(date(2026, 11, 3), 800, n=5)])
    assert (shown.paid, shown.paid_elsewhere, shown.n_paid, shown.n_unknown, shown.unknown_at_most) == (2000, 800, 9, 1, 900)
    assert "unknown_cost" in shown.caveats and "unbounded_cost" not in shown.caveats
    assert shown.forecast == round(Fraction(2000 * 30, 22))
    assert "unbounded_cost" in of(remote(TODAY, n_unknown=1, n_unbounded=1)).caveats


def test_there_is_no_forecast_before_the_fifth_day() -> None:
    assert of(remote(date(2026, 11, 2), 300), today=date(2026, 11, 4)).forecast is None
    assert of(remote(date(2026, 11, 2), 300), today=date(2026, 11, 5)).forecast == 1800


def test_budgets_count_requests_under_way_and_bills() -> None:
    chosen = CHOSEN.model_copy(
        update={"budgets": (budget("10"), budget("4", "provider:openai", is_hard=True), budget("1", "workload:ask"))}
    )
    spent = {"": Spent(3 * DOLLAR, 2 * DOLLAR, 9), "provider:openai": Spent(3 * DOLLAR, 0, 2)}
    books = {"spent": spent, "scope_names": {"provider:openai": "OpenAI"}, "bills": [bill(TODAY, DOLLAR)]}
    shown = of(chosen=chosen, **books).budgets
    assert [(each.scope, each.name, each.spent, each.warned, each.is_reached) for each in shown] == [
        ("", "", 6 * DOLLAR, 50, False),
        ("provider:openai", "OpenAI", 4 * DOLLAR, 100, True),
        ("workload:ask", "", 0, 0, False),
    ]
    assert of(chosen=chosen, month=OCTOBER, **books).budgets == ()  # of the running month only


def test_a_bill_counts_in_the_budget_of_every_account_of_its_company() -> None:
    scopes = ("provider:work-openai", "provider:openai", "provider:other")
    chosen = CHOSEN.model_copy(update={"budgets": tuple(budget("10", scope) for scope in scopes)})
    named = {"work-openai": "openai", "openai": "openai", "other": "other"}
    totals = [remote(TODAY, DOLLAR, provider=provider) for provider in ("work-openai", "other")]
    shown = of(*totals, chosen=chosen, bills=[bill(TODAY, 3 * DOLLAR)], billed_as=named)
    assert (shown.paid, shown.paid_elsewhere) == (4 * DOLLAR, 2 * DOLLAR)
    assert [each.spent for each in shown.budgets] == [2 * DOLLAR, 2 * DOLLAR, 0]


def test_a_bill_of_which_a_part_has_no_price_says_so() -> None:
    shown = of(bills=[replace(bill(TODAY, 3 * DOLLAR), n_unpriced=1)])
    assert (shown.paid, "unbounded_cost" in shown.caveats) == (3 * DOLLAR, True)


# ---------------------------------------------------------------- energy
def test_energy_tells_how_it_is_known_and_its_carbon_only_with_a_factor() -> None:
    entries = [
        local(TODAY, TICKETS, 1, NOTHING, spread(1, 100, 200), energy_method=method, duration_us=5)
        for method in ("model", "meter", "rapl")
    ]
    energy = of(*entries).energy
    assert energy.methods == (("meter", 333_333), ("rapl", 333_334), ("model", 333_333))
    assert (energy.duration_us, energy.co2_g) == (15, None)
    grams = of(
        local(TODAY, TICKETS, 1, NOTHING, spread(KWH, 2 * KWH, 5 * KWH)), chosen=CHOSEN.model_copy(update={"co2_g_per_kwh": 380})
    )
    assert grams.energy.co2_g == spread(380, 760, 1900)


# ---------------------------------------------------------------- caveats
def test_a_loss_is_said_to_be_one() -> None:
    shown = of(local(TODAY, TICKETS, 1, spread(10 * CENT, 20 * CENT, 40 * CENT), spread(KWH, KWH, KWH)))
    assert shown.net == spread(-20 * CENT, -10 * CENT, 10 * CENT)
    assert "api_cheaper" in shown.caveats


@pytest.mark.parametrize(
    ("changed", "caveat"),
    [
        ({"tariffs": ()}, "example_tariff"),
        ({"would_use": ""}, "default_reference"),
        ({"currency": "CHF"}, "no_rate"),
        ({"tariffs": (tariff(OCT, "0.3", "CHF"),)}, "no_rate"),
        ({"hardware": hardware("2400", currency="CHF")}, "no_rate"),
        ({"budgets": (budget("5", currency="CHF"),)}, "no_rate"),
        ({"currency": "EUR", "rates": (rate("EUR", date(2026, 8, 1), "0.9"),)}, "rate_old"),
    ],
)
def test_what_a_reader_has_to_know_is_told(changed: dict, caveat: str) -> None:
    entry = local(TODAY, TICKETS, 1, spread(DOLLAR, DOLLAR, DOLLAR), spread(KWH, KWH, KWH))
    assert of(entry).caveats == ()
    assert caveat in of(entry, chosen=CHOSEN.model_copy(update=changed)).caveats


def test_a_rate_of_these_days_is_not_old() -> None:
    chosen = CHOSEN.model_copy(update={"currency": "EUR", "rates": (rate("EUR", date(2026, 10, 1), "0.9"),)})
    assert of(chosen=chosen).caveats == ()
    assert "rate_old" in of(chosen=chosen, month=Month(2026, 2)).caveats  # a rate of October says little of February


@pytest.mark.parametrize(
    ("today", "caveats"),
    [
        (date(2027, 1, 8), set()),
        (date(2027, 1, 9), {"old_prices"}),
        (date(2027, 5, 8), {"old_prices"}),
        (date(2027, 5, 9), {"very_old_prices"}),
    ],
)
def test_prices_grow_old(today: date, caveats: set) -> None:
    """The list that comes with the program is of 9 November 2026."""
    made = of(month=Month.of(today), today=today)
    assert set(made.caveats) == caveats
    assert (made.prices_as_of, made.prices_age_days) == (BOOK.as_of(), (today - date(2026, 11, 9)).days)
    assert of(month=NOVEMBER, today=today).caveats == ()  # they were fresh then


def test_who_measured_is_told() -> None:
    modelled = local(TODAY, TICKETS, 1, NOTHING, spread(0, 2, 3), energy_method="model")
    measured = local(TODAY, TICKETS, 1, NOTHING, spread(0, 5, 6))
    assert "modelled_energy" in of(modelled).caveats
    assert "modelled_energy" not in of(modelled, measured).caveats
    assert "modelled_energy" in of(measured, local(TODAY, TICKETS, 1, NOTHING, energy_method="")).caveats


def test_books_that_are_not_in_order_are_told() -> None:
    assert of(n_ahead=1).caveats == ("clock_ahead",)
    assert of(check=LedgerCheck(10, 1)).caveats == ("differs",)
    assert of(check=LedgerCheck(10, 0)).caveats == ()


def test_calls_have_a_line_of_their_own_even_without_work_here() -> None:
    (line,) = of(remote(TODAY, 700, workload=COMPARE)).lines
    assert (line.workload, line.n_items, line.n_paid, line.paid, line.avoided, line.saved) == (
        COMPARE,
        0,
        1,
        700,
        NOTHING,
        NOTHING,
    )


def test_whether_the_reference_would_have_been_asked_in_batches_holds_for_work_of_either_time() -> None:
    tokens = {"prompt": 1_000_000, "generated": 100_000, "longest_prompt": 1_000_000}
    full = local(avoided=spread(2 * DOLLAR, 3 * DOLLAR, 4 * DOLLAR), **tokens)
    half = local(avoided=spread(DOLLAR, 150 * CENT, 2 * DOLLAR), **tokens, reference=f"{SOL} in batches")
    in_batches = CHOSEN.model_copy(update={"would_use_batch": True})
    for chosen, mid in ((CHOSEN, 6 * DOLLAR), (in_batches, 3 * DOLLAR)):
        shown = of(full, half, chosen=chosen)
        assert shown.avoided is not None and shown.avoided.mid == mid
        would_use, strong, _ = shown.references
        assert strong.avoided is not None and strong.avoided.mid == 2 * mid, "at twice the price"
        assert would_use.avoided == shown.avoided
