"""Generations are weighed in the order in which they begin and end, off the loop that answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.ledger_settings import LedgerSettings, MeterWatts
from engine.power.nvidia import GraphicsEnergy
from engine.power.power import Power
from engine.power.rapl import ProcessorEnergy
from tests.engine.power.test_nvidia import Driver
from tests.engine.power.test_rapl import domain

METER = LedgerSettings(watts=MeterWatts(idle=40, busy=76))  # 36 W: 10 µWh each millisecond
SECOND = 10**9


class Clock:
    """Seconds that a test decides: each look is one second after the one before."""

    def __init__(self, *steps: int) -> None:
        self.now, self.steps = 0, list(steps)

    def __call__(self) -> int:
        self.now += self.steps.pop(0) if self.steps else SECOND
        return self.now


@pytest.fixture
def made() -> Iterator[list[Power]]:
    made: list[Power] = []
    yield made
    for each in made:
        each.close()


def a_power(made: list[Power], tmp_path: Path, **more: Any) -> Power:
    made.append(Power(**{"processor": ProcessorEnergy(tmp_path), "now_ns": Clock(), **more}))
    return made[-1]


def test_two_at_once_take_together_what_one_after_the_other_would_show(made: list[Power], tmp_path: Path):
    power = a_power(made, tmp_path)
    first = power.begin()
    second = power.begin()
    energies = [power.end(each, METER).result().amount.mid for each in (first, second)]
    assert energies == [15_000, 15_000]  # one second alone and half of one shared, each: 1.5 s of 36 W


def test_a_clock_that_is_set_back_takes_nothing_away(made: list[Power], tmp_path: Path):
    power = a_power(made, tmp_path, now_ns=Clock(SECOND, -5 * SECOND, SECOND))
    first, second = power.begin(), power.begin()
    assert power.end(first, METER).result().amount.mid == 5_000
    assert power.end(second, METER).result().amount.mid == 15_000


def test_the_processor_is_weighed_beyond_what_it_took_while_nobody_asked(made: list[Power], tmp_path: Path):
    power = a_power(made, tmp_path, now_ns=Clock(SECOND, SECOND, 10 * SECOND, SECOND))
    domain(tmp_path, "intel-rapl:0", "package-0", 0)
    power.end(power.begin(), LedgerSettings()).result()
    domain(tmp_path, "intel-rapl:0", "package-0", 36_000_000)  # ten seconds of rest: 3.6 W
    number = power.begin()
    power._thread.submit(lambda: None).result()  # the look is over
    domain(tmp_path, "intel-rapl:0", "package-0", 36_000_000 + 39_600_000)
    energy = power.end(number, LedgerSettings()).result()
    assert (energy.method, energy.amount.mid) == ("rapl", 12_750)  # 39.6 J without 3.6 J are 10000 µWh, × 1.275


@pytest.mark.parametrize(("on_graphics", "method"), [(True, "nvml"), (False, "model")])
def test_a_card_counts_only_where_models_compute_on_it(made: list[Power], tmp_path: Path, on_graphics: bool, method: str):
    driver = Driver(0)
    power = a_power(made, tmp_path, graphics=GraphicsEnergy(lambda: driver), on_graphics=lambda: on_graphics)
    number = power.begin()
    power._thread.submit(lambda: None).result()
    driver.counters = [5_000]
    assert power.end(number, LedgerSettings()).result().method == method


def test_this_computer_always_has_a_figure(made: list[Power]):
    power = Power()
    made.append(power)
    energy = power.end(power.begin(), LedgerSettings()).result()
    assert energy.amount.low <= energy.amount.mid <= energy.amount.high


def test_after_closing_nothing_is_weighed(tmp_path: Path):
    power = Power()
    power.close()
    power.close()
    with pytest.raises(RuntimeError):
        power.begin()
