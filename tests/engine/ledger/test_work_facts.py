"""What a kind of work comes to in a month: which items count, what one costs elsewhere, and what it costs here."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from engine.advice_records import Route, Traits, Workload
from engine.compare_records import RemoteChoice
from engine.ledger.price_book import PriceBook
from engine.ledger.prices import Prices
from engine.ledger.ratios import Ratio
from engine.ledger.work_facts import LastDays, Measured, work_facts
from engine.ledger_records import Spread, WorkloadId
from engine.ledger_settings import Hardware, LedgerSettings
from tests.engine.ledger.month_stage import CENT, DOLLAR, SOL, TICKETS, TODAY, bill, local, rate, remote, tariff, terms

WORK = Workload(TICKETS, "Tickets", "classify")
YESTERDAY = TODAY - timedelta(days=1)
#: A local answer that takes three seconds and a watt-hour, give or take half of it.
ANSWERED = Measured(600, 4_000_001, 3_000_000, 1)
WATT_HOUR = Spread(500_000, 1_000_000, 1_500_000)


def here(n=1, **more):
    return local(workload=TICKETS, n=n, energy=Spread(*(n * each for each in (500_000, 1_000_000, 1_500_000))), **more)


def there(n=1, cost=0, use="work", **more):
    return remote(workload=TICKETS, n=n, cost=cost, use=use, **more)


def found(*totals, bills=(), workload=WORK, measured=ANSWERED, by=None, **more):
    return work_facts(
        workload, LastDays(totals, bills), measured, by or terms(), **({"n_ctx": 4096, "has_local_model": True} | more)
    )


# ---------------------------------------------------------------- items
def test_what_was_wanted_counts_wherever_it_was_answered():
    facts, _ = found(here(40), there(60, DOLLAR), here(5, use="test"), here(3, use="cancelled"), here(2, use="again"))
    assert (facts.n_items, facts.n_api, facts.is_planned) == (100, 60, False)


def test_other_work_does_not_count():
    other = WorkloadId("letters")
    facts, costs = found(here(1), replace(there(60, DOLLAR), workload=other), bills=[bill(TODAY, DOLLAR, workload=other)])
    assert (facts.n_items, facts.n_api) == (1, 0)
    assert costs.api.mid < CENT


def test_a_plan_of_the_user_takes_the_place_of_what_was_counted_and_the_costs_follow():
    planned = replace(WORK, traits=Traits(monthly_items=1000))
    counted, planned_costs = found(here(), there(10, DOLLAR), workload=planned)
    assert (counted.n_items, counted.n_api, counted.is_planned) == (1000, 10, True)
    assert planned_costs.api == Spread(100 * DOLLAR, 100 * DOLLAR, 100 * DOLLAR)
    assert counted.api_cost == 100 * DOLLAR
    assert counted.local_cost == 300_000_000  # 1,000 · 1.5 Wh at $0.20


def test_bills_for_the_work_are_items_and_cost_money():
    facts, costs = found(here(), bills=[bill(TODAY, 3 * DOLLAR, workload=TICKETS, n=30)])
    assert (facts.n_items, facts.n_api) == (31, 30)
    assert costs.item == Fraction(DOLLAR, 10)
    assert costs.api.low == 31 * DOLLAR // 10


def test_a_bill_that_includes_our_own_calls_counts_them_once():
    covering = bill(TODAY, 3 * DOLLAR, workload=TICKETS, n=30)
    facts, costs = found(there(10, DOLLAR), bills=[covering])
    assert (facts.n_items, costs.item) == (30, Fraction(DOLLAR, 10))
    beside, costs = found(there(10, DOLLAR), bills=[replace(covering, includes_ours=False)])
    assert (beside.n_items, costs.item) == (40, Fraction(DOLLAR, 10))


def test_money_of_a_bill_that_counts_no_requests_is_not_the_price_of_the_few_that_were_counted():
    uncounted = bill(TODAY, 3000 * DOLLAR, workload=TICKETS, n=0)
    facts, costs = found(here(1000), there(1, CENT), bills=[uncounted])
    assert (facts.n_items, costs.item, costs.api.mid) == (1001, CENT, 1001 * CENT)


def test_a_bill_of_which_a_part_has_no_price_tells_no_price_of_an_item():
    partial = replace(bill(TODAY, 3 * DOLLAR, workload=TICKETS, n=3000), n_unpriced=1)
    facts, costs = found(there(10, DOLLAR), bills=[partial])
    assert (facts.n_items, costs.item) == (10, Fraction(DOLLAR, 10))


def test_a_bill_includes_the_calls_of_every_account_of_its_company():
    covering = bill(TODAY, 3 * DOLLAR, workload=TICKETS, n=30)
    days = LastDays([there(10, DOLLAR, provider="work-openai")], [covering], {"work-openai": "openai"})
    facts, costs = work_facts(WORK, days, ANSWERED, terms(), n_ctx=4096, has_local_model=True)
    assert (facts.n_items, costs.item) == (30, Fraction(DOLLAR, 10))


def test_tests_on_a_billed_day_are_no_items():
    facts, costs = found(there(10, DOLLAR, use="test"), bills=[bill(TODAY, 3 * DOLLAR, workload=TICKETS, n=30)])
    assert (facts.n_api, costs.item) == (20, Fraction(DOLLAR, 10))


def routed(kind="local", sample_percent=2, days_ago=10):
    """Tickets that were moved some days ago."""
    since = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC) - timedelta(days=days_ago)
    answered_by = RemoteChoice("openai", "gpt-6.1-sol")
    return replace(WORK, route=Route(kind, remote=answered_by, sample_percent=sample_percent, since=since))


def sampled(n, **more):
    """Items that were put to both models."""
    return here(n, use="test", **more), there(n, n * CENT, use="test", **more)


def test_quality_samples_are_items_of_what_runs_here():
    facts, costs = found(*sampled(20), workload=routed())
    assert (facts.n_items, facts.n_api, costs.item, costs.api.mid) == (20, 0, CENT, 20 * CENT)
    assert found(here(4900), *sampled(100), workload=routed())[0].n_items == 5000
    assert found(*sampled(300), workload=routed(sample_percent=100))[0].n_items == 300


def test_a_test_of_a_whole_set_is_not_taken_for_many_samples():
    assert found(here(100), *sampled(500), workload=routed())[0].n_items == 140
    assert found(here(100), here(30, use="test"), workload=routed())[0].n_items == 100, "no one else was asked"


@pytest.mark.parametrize("workload", [WORK, routed("api"), routed("shadow"), routed(sample_percent=0), routed(days_ago=0)])
def test_where_there_are_no_samples_tests_are_no_items(workload):
    assert found(here(100), *sampled(15, day=YESTERDAY), workload=workload)[0].n_items == 100


# ---------------------------------------------------------------- what an item costs elsewhere
def test_calls_of_unknown_cost_are_items_and_tell_no_price():
    facts, costs = found(there(10, 8 * CENT, n_unknown=2, at_most=DOLLAR))
    assert (facts.n_items, costs.item) == (10, CENT)


def test_tests_tell_the_price_where_nothing_was_paid_for_work():
    tests = there(4, 4 * CENT, use="test"), there(1, 6 * CENT, use="test", model="gpt-4")
    facts, costs = found(here(100), *tests)
    assert costs.api == Spread(100 * CENT, 200 * CENT, 600 * CENT)
    assert (facts.api_cost, costs.item, facts.has_ratio) == (100 * CENT, 2 * CENT, True)
    chosen = replace(WORK, route=Route(remote=RemoteChoice("openai", "gpt-4")))
    assert found(here(100), *tests, workload=chosen)[1].api == Spread(600 * CENT, 600 * CENT, 600 * CENT)


def test_without_any_call_the_reference_model_tells_the_price_at_its_low_end():
    answered = here(10, avoided=Spread(9 * CENT, 10 * CENT, 11 * CENT))
    facts, costs = found(answered, workload=replace(WORK, traits=Traits(monthly_items=100)))
    assert costs.api == Spread(90 * CENT, 100 * CENT, 110 * CENT)
    assert (facts.api_cost, facts.has_ratio) == (90 * CENT, True)


def test_what_was_set_against_no_reference_is_priced_now():
    facts, costs = found(here(2, prompt=2_000_000, generated=200_000))
    assert costs.api == Spread(540 * CENT, 600 * CENT, 660 * CENT)  # $2 and $10 a million, a tenth to each side
    rough = terms(ratio=lambda *_: Ratio(Spread(800_000, 1_000_000, 1_600_000), "none"))
    assert not found(here(2, prompt=2_000_000), by=rough)[0].has_ratio
    assert facts.has_ratio


def test_tests_here_tell_the_price_of_a_plan():
    planned = replace(WORK, traits=Traits(monthly_items=10))
    facts, _ = found(here(2, prompt=2_000_000, use="test"), workload=planned)
    assert facts.api_cost == 10 * 180 * CENT


def test_without_a_price_or_without_items_there_is_no_cost():
    unpriced = terms(LedgerSettings(would_use="nobody/nothing"), book=PriceBook((), (), Prices()))
    assert found(here(2, prompt=100), by=unpriced)[0].api_cost is None
    idle, costs = found(there(10, DOLLAR, use="test"))
    assert (idle.n_items, idle.api_cost, costs.api, costs.item) == (0, None, None, DOLLAR // 10)


# ---------------------------------------------------------------- what it costs here
def test_electricity_is_that_of_its_own_answers_at_todays_price():
    dear = LedgerSettings(would_use=SOL, tariffs=(tariff(date(2026, 1, 1), "0.10"), tariff(TODAY, "0.40")))
    totals = here(50), here(50, use="test"), here(7, use="cancelled")
    facts, costs = found(*totals, by=terms(dear))
    assert costs.electricity == Spread(10_000_000, 20_000_000, 30_000_000)  # 50 items
    assert facts.local_cost == 30_000_000


def test_energy_that_nobody_weighed_is_not_known():
    facts, costs = found(replace(here(50), energy_method=""), there(1, DOLLAR))
    assert (facts.local_cost, costs.electricity, costs.saving) == (None, None, None)


def hardware(**more):
    bought = Hardware(price=Decimal(4800), bought=date(2026, 1, 5), n_months=48, **more)
    return LedgerSettings(would_use=SOL, hardware=bought)


def test_hardware_falls_on_the_work_by_its_time_here():
    settings = hardware(share_percent=50)
    alone, costs = found(here(100, duration_us=300_000_000), by=terms(settings))
    assert (costs.hardware, costs.price) == (50 * DOLLAR, 2400 * DOLLAR)
    assert alone.local_cost == 50 * DOLLAR + 30_000_000
    beside = local(workload=WorkloadId("letters"), n=1, duration_us=900_000_000)
    assert found(here(100), beside, by=terms(settings))[1].hardware == 12_500_000_000
    assert found(here(100), beside, by=terms(settings), measured=Measured())[1].hardware == 50 * DOLLAR


def test_hardware_whose_price_cannot_be_converted_makes_the_cost_unknown():
    settings = hardware(currency="EUR")
    assert found(here(100), by=terms(settings))[0].local_cost is None
    known = settings.model_copy(update={"rates": (rate("EUR", TODAY, "0.5"),)})
    assert found(here(100), by=terms(known))[1].hardware == 200 * DOLLAR


def test_hardware_that_is_paid_off_costs_nothing_more():
    settings = LedgerSettings(hardware=Hardware(price=Decimal(4800), bought=date(2020, 1, 5)))
    assert found(here(100), by=terms(settings))[1].hardware == 0


# ---------------------------------------------------------------- what this computer can do
@pytest.mark.parametrize(("seconds", "most"), [(30, 43_800), (Fraction(109, 30), 361_651)])
def test_how_many_items_this_computer_can_do_in_a_month(seconds, most):
    assert found(measured=Measured(answers_us=int(seconds * 30_000_000), n_answers=30))[0].most_items == most


def test_what_was_never_measured_is_not_known():
    facts, _ = found(measured=Measured(), n_ctx=None, has_local_model=False)
    assert (facts.most_items, facts.wait_95_ms, facts.prompt_95, facts.n_ctx) == (None,) * 4
    assert not facts.has_local_model


def test_waits_are_rounded_up():
    facts, _ = found()
    assert (facts.wait_95_ms, facts.prompt_95, facts.n_ctx) == (4_001, 600, 4096)
