"""The measured speed of memory: a number that this computer can have, or none."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from engine.models import memory_speed


def test_memory_is_read_at_a_speed_that_a_computer_can_have() -> None:
    found = memory_speed.memory_bytes_per_s(rounds=1)
    assert found is not None and 1e8 < found < 2e12


def test_each_thread_reads_a_part_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    parts: list[np.ndarray] = []
    both = threading.Barrier(2, timeout=20)  # passed only if two threads are here at once

    def read(part: np.ndarray, end: float) -> float:
        both.wait()
        parts.append(part)
        return 5e9

    monkeypatch.setattr(psutil, "cpu_count", lambda logical: 2)
    monkeypatch.setattr(memory_speed, "_read", read)
    assert memory_speed.memory_bytes_per_s(rounds=1) == 10e9
    assert sum(part.nbytes for part in parts) == memory_speed.STRETCH
    assert not np.shares_memory(*parts)


def test_the_best_round_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    speeds = iter([3e9, 9e9, 6e9])
    monkeypatch.setattr(memory_speed, "_round", lambda *_: next(speeds))
    assert memory_speed.memory_bytes_per_s() == 9e9


def test_nothing_is_measured_where_it_would_push_something_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=memory_speed.LEAST_FREE - 1))
    assert memory_speed.memory_bytes_per_s() is None
