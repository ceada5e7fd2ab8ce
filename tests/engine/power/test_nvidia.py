"""The counters of graphics cards, with a stand-in for the driver's library and, here, with the real one without a driver."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from engine.power.nvidia import GraphicsEnergy, installed


class Driver:
    """As much of pynvml as is asked."""

    class NVMLError(Exception):
        pass

    def __init__(self, *counters: int | None, has_driver: bool = True) -> None:
        self.counters, self.has_driver, self.is_open = list(counters), has_driver, False

    def nvmlInit(self) -> None:
        if not self.has_driver:
            raise self.NVMLError("Driver Not Loaded")
        self.is_open = True

    def nvmlShutdown(self) -> None:
        self.is_open = False

    def nvmlDeviceGetCount(self) -> int:
        return len(self.counters)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        return index

    def nvmlDeviceGetTotalEnergyConsumption(self, card: int) -> int:
        counter = self.counters[card]
        if counter is None:
            raise self.NVMLError("Not Supported")
        return counter


def test_all_cards_count_together():
    driver = Driver(1_000, 50_000)
    energy = GraphicsEnergy(lambda: driver)
    assert energy.used() is None
    driver.counters = [1_250, 50_007]
    assert energy.used() == 257_000
    energy.close()
    assert not driver.is_open


def test_a_driver_that_was_loaded_anew_counts_from_nothing():
    driver = Driver(1_000)
    energy = GraphicsEnergy(lambda: driver)
    energy.used()
    driver.counters = [10]
    assert energy.used() is None
    driver.counters = [30]
    assert energy.used() == 20_000


@pytest.mark.parametrize("driver", [Driver(), Driver(5, None), Driver(5, has_driver=False)])
def test_no_card_an_older_one_and_no_driver_are_no_faults(driver: Driver):
    energy = GraphicsEnergy(lambda: driver)
    assert [energy.used(), energy.used()] == [None, None]
    energy.close()


def test_without_the_package_there_is_no_counter():
    def missing() -> Any:
        raise ImportError("pynvml")

    energy = GraphicsEnergy(missing)
    assert [energy.used(), energy.used()] == [None, None]


def test_the_real_library_is_asked_as_it_wants_to_be():
    """Its names and its error are there; without a driver it says so, and with one it counts."""
    library = installed()
    asked = [each for each in vars(Driver) if each.startswith("nvml")]
    assert [each for each in asked if not callable(getattr(library, each, None))] == []
    assert issubclass(library.NVMLError, Exception)
    energy = GraphicsEnergy()
    assert energy.used() is None
    assert energy.used() is None or energy.used() >= 0  # type: ignore[operator]
    energy.close()


def test_it_is_not_imported_before_it_is_wanted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(sys.modules, "pynvml", raising=False)
    GraphicsEnergy()
    assert "pynvml" not in sys.modules
