"""The clock that stands still while the computer sleeps."""

from __future__ import annotations

import ctypes
import sys
import time
from types import SimpleNamespace
from typing import Any

import pytest

from engine.power.awake import awake_ns


def test_it_goes_on_while_the_computer_is_awake() -> None:
    before = awake_ns()
    began = time.perf_counter_ns()
    while time.perf_counter_ns() - began < 1_000_000:
        pass
    assert awake_ns() > before


def test_windows_is_asked_for_the_time_without_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    def query(ticks: Any) -> int:
        ticks._obj.value = 36_000_000_000  # of a hundred nanoseconds: an hour
        return 1

    kernel = SimpleNamespace(QueryUnbiasedInterruptTime=query)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    assert awake_ns() == 3_600_000_000_000
