"""Which source is trusted, and how far: figures worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ledger_records import Energy, Spread
from engine.ledger_settings import LedgerSettings, MeterWatts
from engine.power.estimates import energy_of
from engine.power.plausible import plausible_power
from engine.power.sharing import COUNTED, NS_IN_S, Share

DESKTOP = plausible_power(8, is_mobile=False, on_graphics=False)  # 8 W a core, 45 W idle
MINUTE = 60 * NS_IN_S
ALL = {"nvml": 36_000_000, "rapl": 18_000_000, "cpu": 240_000_000}  # 36 J, 18 J, 240 s of processor time


def energy(used: dict, idle: dict | None = None, ns: int = MINUTE, wall_ns: int | None = None, **told: Any) -> Energy:
    return energy_of(Share(ns, wall_ns or ns, used), idle or {}, LedgerSettings(**told), DESKTOP)


def test_watts_of_a_meter_go_before_every_counter():
    told = {"watts": MeterWatts(idle=40, busy=100)}
    assert energy(ALL, **told) == Energy(Spread(900_000, 1_000_000, 1_100_000), "meter")  # 60 W for a minute: a watt-hour


def test_a_computer_that_is_on_for_this_only_takes_all_of_its_watts():
    told = {"watts": MeterWatts(idle=40, busy=120), "is_on_anyway": False}
    assert energy(ALL, **told) == Energy(Spread(1_800_000, 2_000_000, 2_200_000), "meter")


def test_a_meter_that_shows_less_while_it_works_makes_no_energy_out_of_that():
    assert energy(ALL, watts=MeterWatts(idle=50, busy=40)).amount == Spread(0, 0, 0)


def test_a_card_that_was_seen_idle_counts_beyond_that():
    """36 J counted, 0.3 W at rest for a minute are 18 J: 18 J or 5000 µWh; 10 % of what was counted either way."""
    found = energy(ALL, {"nvml": 300_000, "rapl": 1})
    assert found == Energy(Spread(4400, 5875, 7500), "nvml")  # (5000 - 1000) × 1.10, 5000 × 1.175, (5000 + 1000) × 1.25


def test_a_card_that_was_never_seen_idle_may_have_taken_half_of_it_anyway():
    assert energy(ALL) == Energy(Spread(4950, 11750, 13750), "nvml")  # 10000 × 0.9 × 0.5 × 1.10, × 1.175, × 1.1 × 1.25


def test_a_card_tells_less_of_an_answer_of_half_a_second():
    assert energy(ALL, {"nvml": 0}, ns=NS_IN_S // 2).amount == Spread(7150, 11750, 16875)  # 35 % either way


def test_a_processor_counts_where_no_card_does():
    used = {"rapl": ALL["rapl"], "cpu": ALL["cpu"]}
    assert energy(used, {"rapl": 0}) == Energy(Spread(5462, 6375, 7350), "rapl")  # 5000 × 0.95 × 1.15, × 1.275, × 1.05 × 1.4


def test_a_counter_that_stood_still_is_not_believed():
    assert energy({"nvml": 0, "rapl": 0, "cpu": 240_000_000}).method == "model"


def test_noise_below_what_the_idle_computer_takes_is_not_negative():
    found = energy(ALL, {"nvml": 700_000})  # 42 J
    assert found.amount == Spread(0, 0, 1250)


def test_without_counters_the_cores_that_worked_are_taken_from_a_model_of_the_computer():
    """240 s of processor time at 8 W are 1920 J, or 0.5333 Wh."""
    assert energy({"cpu": 240_000_000}) == Energy(Spread(320_000, 533_333, 960_000), "model")


def test_where_nobody_could_look_all_cores_worked_all_the_time():
    assert energy({}).amount.mid == round(8 * 8 * 60 / 3600 * 1e6)
    assert energy({"cpu": 10**12}).amount == energy({}).amount, "no process works more than all cores"


def test_on_graphics_the_model_has_watts_for_the_card_as_well():
    share = Share(MINUTE, MINUTE, {"cpu": 0})
    on_card = energy_of(share, {}, LedgerSettings(), plausible_power(8, is_mobile=False, on_graphics=True))
    assert on_card.amount.mid == round(200 * 60 / 3600 * 1e6)


@pytest.mark.parametrize("used", [{}, {"rapl": 10**7}, {"nvml": 10**7}])
def test_a_computer_that_is_on_for_this_only_takes_its_idle_watts_too(used: dict):
    apart = energy(used).amount.mid
    assert energy(used, is_on_anyway=False).amount.mid == pytest.approx(apart + 45 * 60 / 3600 * 1e6, abs=1)


def test_many_cores_are_clocked_lower_and_notebooks_take_less():
    assert plausible_power(64, is_mobile=False, on_graphics=False).core * 64 <= 250_000
    notebook = plausible_power(8, is_mobile=True, on_graphics=True)
    assert (notebook.core, notebook.graphics, notebook.idle) == (4_000, 25_000, 8_000)


@settings(max_examples=100)
@given(
    st.integers(0, 10**14),
    st.integers(0, 10**14),
    st.dictionaries(st.sampled_from(COUNTED), st.integers(0, 10**13)),
    st.dictionaries(st.sampled_from(COUNTED), st.integers(0, 10**9)),
    st.none() | st.builds(MeterWatts, idle=st.integers(0, 10**5), busy=st.integers(0, 10**5)),
    st.booleans(),
)
def test_every_figure_is_whole_and_in_order(busy: int, more: int, used: Any, idle: Any, watts: Any, is_on: bool) -> None:
    told = LedgerSettings(watts=watts, is_on_anyway=is_on)
    amount = energy_of(Share(busy, busy + more, used), idle, told, DESKTOP).amount
    assert 0 <= amount.low <= amount.mid <= amount.high
    assert {type(each) for each in vars(amount).values()} == {int}
