"""The calculator: published tables to the cent, what is exact, and what is refused."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import LedgerInputUnfit
from engine.ledger.calculator import BOUNDS, MOST_POWER, calculate
from engine.ledger_records import Spread
from engine.provider_records import Rates
from engine.statement_records import CalculatorInput

DOLLAR, CENT = 10**9, 10**7
CPU = CalculatorInput(100_000, 600, 200, "openai/gpt-4")
GPU = replace(CPU, prompt_speed=7_200_000, generate_speed=216_000, power=Spread(200_000, 275_000, 350_000))
LENGTHS = ((500, 100), (600, 200), (800, 250), (4000, 1000))

#: Dollars for a million tokens read and written; dollars for 100,000 items of each length; break-even items at $200, $350, $500.
TABLE = {
    "openai/gpt-4": ("30", "60", "2100 3000 3900 18000", "6667 11667 16667"),
    "openai/gpt-4-turbo": ("10", "30", "800 1200 1550 7000", "16667 29167 41667"),
    "openai/gpt-4o": ("2.5", "10", "225 350 450 2000", "57143 100000 142858"),
    "openai/gpt-4o-mini": ("0.15", "0.6", "13.5 21 27 120", "952381 1666667 2380953"),
    "openai/gpt-5.1": ("1.25", "10", "162.5 275 350 1500", "72728 127273 181819"),
    "openai/gpt-5.5": ("5", "30", "550 900 1150 5000", "22223 38889 55556"),
    "openai/gpt-6.1-sol": ("2", "10", "200 320 410 1800", "62500 109375 156250"),
    "openai/gpt-6-luna": ("0.1", "0.5", "10 16 20.5 90", "1250000 2187500 3125000"),
    "anthropic/claude-sonnet-4-5": ("3", "15", "300 480 615 2700", "41667 72917 104167"),
    "anthropic/claude-opus-4-5": ("5", "25", "500 800 1025 4500", "25000 43750 62500"),
    "anthropic/claude-opus-5-5": ("4", "20", "400 640 820 3600", "31250 54688 78125"),
    "anthropic/claude-haiku-5-5": ("0.1", "0.5", "10 16 20.5 90", "1250000 2187500 3125000"),
    "deepseek/deepseek-v4-pro": ("0.66", "1.98", "52.8 79.2 102.3 462", "252526 441920 631314"),
    "mistral/mistral-large-4": ("0.7", "2.1", "56 84 108.5 490", "238096 416667 595239"),
}


def rates(read, written):
    prompt, generated = (int(Fraction(each) * 1_000_000) for each in (read, written))
    return Rates(prompt, generated, prompt, prompt, "0" * 16, "2026-11-09")


def rates_of(model):
    return rates(*TABLE[model][:2])


def done(asked, model="openai/gpt-4"):
    return calculate(asked, rates_of(model), "2026-11-09")


@pytest.mark.parametrize("model", TABLE)
def test_what_a_hundred_thousand_items_cost_at_each_of_the_known_models(model):
    found = [calculate(replace(CPU, prompt=p, generated=g), rates_of(model), "").api for p, g in LENGTHS]
    assert found == [Fraction(each) * DOLLAR for each in TABLE[model][2].split()]


@pytest.mark.parametrize("model", TABLE)
def test_from_how_many_items_on_a_rented_server_is_cheaper(model):
    plans = [done(replace(CPU, server=rent * DOLLAR), model).server for rent in (200, 350, 500)]
    assert [plan.break_even for plan in plans] == [int(each) for each in TABLE[model][3].split()]


@pytest.mark.parametrize(("model", "saved"), [("openai/gpt-4", 2650), ("openai/gpt-4o", 0), ("openai/gpt-6-luna", -334)])
def test_a_server_for_350_dollars_may_save_much_nothing_or_less_than_that(model, saved):
    plan = done(CPU, model).server
    assert plan.cost == Spread(350 * DOLLAR, 350 * DOLLAR, 350 * DOLLAR)
    assert plan.saves == Spread(saved * DOLLAR, saved * DOLLAR, saved * DOLLAR)


def test_the_table_of_the_workstations():
    cpu, gpu = done(CPU), done(GPU)
    assert (cpu.item_ms, gpu.item_ms) == (30_000, 3_633)
    assert cpu.item_uwh == Spread(291_667, 541_667, 1_000_000)
    assert gpu.item_uwh == Spread(201_852, 277_546, 353_241)
    assert (cpu.most_items, gpu.most_items) == (43_800, 361_651)
    assert (cpu.computer.cost.mid, gpu.computer.cost.mid) == (10_833_333_333, 5_550_925_926)  # $10.83 and $5.55
    one = replace(CPU, n_items=1)
    assert done(one).computer.cost.mid == 108_333  # $0.000108
    assert calculate(replace(GPU, n_items=1), rates_of("openai/gpt-4"), "").computer.cost.mid == 55_509
    assert (cpu.computer.is_feasible, gpu.computer.is_feasible) == (False, True)


def test_what_is_feasible_ends_with_the_last_item_that_can_be_done():
    assert done(replace(CPU, n_items=43_800)).computer.is_feasible
    assert not done(replace(CPU, n_items=43_801)).computer.is_feasible


def test_with_dear_electricity_a_cheap_model_is_cheaper_than_this_computer():
    cpu, gpu = (done(replace(each, per_kwh=350_000_000), "openai/gpt-6-luna") for each in (CPU, GPU))
    assert (round(cpu.computer.cost.mid / CENT), round(gpu.computer.cost.mid / CENT)) == (1896, 971)
    assert cpu.computer.saves.mid < 0 < gpu.computer.saves.mid
    assert (cpu.computer.break_even, gpu.computer.break_even) == (None, 1)
    assert cpu.per_kwh_limit < 350_000_000 < gpu.per_kwh_limit


@pytest.mark.parametrize(
    ("asked", "model", "cents"),
    [(CPU, "openai/gpt-6-luna", 30), (GPU, "openai/gpt-6-luna", 58), (CPU, "openai/gpt-4o", 646), (GPU, "openai/gpt-4o", 1261)],
)
def test_the_price_of_electricity_above_which_this_computer_costs_more(asked, model, cents):
    limit = done(asked, model).per_kwh_limit
    assert round(limit / CENT) == cents
    assert done(replace(asked, per_kwh=limit + CENT), model).computer.saves.mid < 0
    assert done(replace(asked, per_kwh=limit - CENT), model).computer.saves.mid > 0


@pytest.mark.parametrize(
    ("model", "months"),
    [("openai/gpt-4", 0.67), ("openai/gpt-4o", 5.81), ("openai/gpt-6.1-sol", 6.36), ("openai/gpt-6-luna", 191.40)],
)
def test_when_a_computer_for_two_thousand_dollars_has_paid_for_itself(model, months):
    found = done(replace(GPU, computer=2000 * DOLLAR), model)
    assert abs(found.payback_months - 1000 * months) <= 5.5  # published with two decimals


def test_a_computer_that_cannot_do_the_work_or_saves_nothing_never_pays_back():
    box = replace(CPU, computer=2000 * DOLLAR)
    assert done(box).payback_months is None  # it can do 43,800
    assert done(replace(box, n_items=40_000)).payback_months is not None
    dear = replace(box, n_items=40_000, per_kwh=10 * DOLLAR)
    found = done(dear, "openai/gpt-6-luna")
    assert found.payback_months is None
    assert found.computer.break_even is None


def test_the_price_of_a_computer_falls_on_its_months():
    found = done(replace(GPU, computer=4800 * DOLLAR, n_months=48))
    assert found.computer.cost.mid == 105_550_925_926
    assert found.computer.break_even == -(-100 * DOLLAR // (30_000_000 - Fraction(5_550_925_926, 100_000)))
    too_dear = done(replace(GPU, computer=480_000 * DOLLAR, n_months=48), "openai/gpt-6-luna")
    assert too_dear.per_kwh_limit == 0


def test_without_a_price_nothing_is_compared_and_what_is_known_is_told():
    found = calculate(CPU, None, "2026-11-09")
    assert (found.api, found.server, found.computer, found.payback_months, found.per_kwh_limit) == (None,) * 5
    assert (found.most_items, found.item_ms, found.prices_as_of) == (43_800, 30_000, "2026-11-09")


def test_a_model_that_costs_nothing_is_never_beaten():
    found = calculate(CPU, rates("0", "0"), "")
    assert found.api == 0
    assert (found.server.break_even, found.computer.break_even, found.payback_months) == (None, None, None)
    assert found.server.saves.mid == -350 * DOLLAR


def test_a_fee_is_added_to_the_price():
    assert done(replace(CPU, fee_ppm=55_000)).api == 3165 * DOLLAR


def test_a_computer_that_needs_no_electricity_has_no_limit():
    assert done(replace(CPU, power=Spread(0, 0, 0))).per_kwh_limit is None


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"n_items": 0}, "n_items", "negative"),
        ({"n_items": -1}, "n_items", "negative"),
        ({"n_items": 10**9 + 1}, "n_items", "too_large"),
        ({"n_items": 1.5}, "n_items", "not_a_number"),
        ({"n_items": True}, "n_items", "not_a_number"),
        ({"prompt": -1}, "prompt", "negative"),
        ({"prompt": 0, "generated": 0}, "generated", "negative"),
        ({"prompt_speed": 0}, "prompt_speed", "negative"),
        ({"generate_speed": 0}, "generate_speed", "negative"),
        ({"server": -1}, "server", "negative"),
        ({"computer": 10**30}, "computer", "too_large"),
        ({"n_months": 0}, "n_months", "negative"),
        ({"usable_percent": 101}, "usable_percent", "too_large"),
        ({"fee_ppm": -1}, "fee_ppm", "negative"),
        ({"power": Spread(3, 2, 4)}, "power", "negative"),
        ({"power": Spread(-1, 2, 4)}, "power", "negative"),
        ({"power": Spread(1, 2, MOST_POWER + 1)}, "power", "too_large"),
        ({"per_kwh": float("nan")}, "per_kwh", "not_a_number"),
    ],
)
def test_what_nothing_can_be_worked_out_with_is_refused_by_its_name(change, field, reason):
    with pytest.raises(LedgerInputUnfit) as refused:
        done(replace(CPU, **change))
    assert (refused.value.field, refused.value.reason) == (field, reason)


inputs = st.builds(
    CalculatorInput,
    model=st.just("a/b"),
    power=st.lists(st.integers(0, MOST_POWER), min_size=3, max_size=3).map(lambda each: Spread(*sorted(each))),
    **{name: st.integers(least, most) for name, (least, most) in BOUNDS.items()},
).filter(lambda asked: asked.prompt + asked.generated > 0)
prices = st.builds(lambda read, written: Rates(read, written, read, read, "", ""), st.integers(0, 10**9), st.integers(0, 10**9))


@settings(max_examples=60, deadline=None)
@given(inputs, prices)
def test_within_the_bounds_every_figure_is_whole_and_in_order(asked, price):
    found = calculate(asked, price, "")
    for spread in (found.item_uwh, found.server.cost, found.computer.cost, found.computer.saves):
        assert spread.low <= spread.mid <= spread.high
        assert all(type(each) is int for each in (spread.low, spread.mid, spread.high))
    assert found.server.saves.mid + found.server.cost.mid == found.api
    assert found.computer.saves.low + found.computer.cost.high == found.api
    assert found.computer.is_feasible == (asked.n_items <= found.most_items)


@settings(max_examples=60, deadline=None)
@given(inputs, prices)
def test_at_the_break_even_the_rent_is_earned_and_one_item_before_it_is_not(asked, price):
    item = Fraction((asked.prompt * price.prompt + asked.generated * price.generated) * (10**6 + asked.fee_ppm), 10**9)
    n = calculate(asked, price, "").server.break_even
    if n is None:
        assert item == 0
    else:
        assert n * item >= asked.server
        assert n == 1 or (n - 1) * item < asked.server
