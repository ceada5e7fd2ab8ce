"""The speed limit and the pace that is shown, in a time that only the test moves."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.models.pace import Pace
from engine.models.rate_limit import BURST_S, RateLimit


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


@given(st.integers(1_000, 10_000_000), st.lists(st.tuples(st.integers(1, 2_000_000), st.floats(0, 2)), min_size=1, max_size=30))
def test_never_more_than_the_limit_allows_and_never_much_less(limit, chunks):
    clock = Clock()
    bucket = RateLimit(lambda: limit, now=lambda: clock.now, sleep=clock.sleep)
    began, paid = clock.now, 0
    for n_bytes, pause in chunks:
        before = clock.now
        bucket.pay(n_bytes)
        paid += n_bytes
        assert paid <= limit * (clock.now - began + BURST_S) * 1.001 + 1
        assert clock.now - before <= (n_bytes / limit) * 1.001 + 0.002  # never waits for more than what it brought
        clock.sleep(pause + 1e-9)


def test_without_a_limit_nothing_waits_and_a_change_counts_at_once():
    clock = Clock()
    limits: list[int | None] = [None]
    bucket = RateLimit(lambda: limits[0], now=lambda: clock.now, sleep=clock.sleep)
    bucket.pay(10**12)
    assert clock.now == 100.0 and bucket.chunk_bytes(1 << 20) == 1 << 20
    limits[0] = 100_000
    assert bucket.chunk_bytes(1 << 20) == 12_500
    waited = []

    def look() -> None:
        waited.append(clock.now)
        if len(waited) == 5:
            limits[0] = None

    bucket.pay(10**9, look)  # hours at this limit
    assert len(waited) == 5 and clock.now < 101


def test_waiting_is_ended_by_whoever_looks():
    clock = Clock()
    bucket = RateLimit(lambda: 1000, now=lambda: clock.now, sleep=clock.sleep)

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        bucket.pay(10**6, stop)


def test_all_that_pay_share_one_limit():
    bucket = RateLimit(lambda: 1_000_000)
    began = time.monotonic()

    def pay() -> None:
        for _ in range(10):
            bucket.pay(10_000)

    threads = [threading.Thread(target=pay) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began >= 0.4 - 1e-3  # 400,000 bytes; a limit holds from below, whatever the machine does


@given(st.integers(1, 10**9), st.integers(2, 50))
def test_the_pace_of_an_even_flow_is_its_pace(bytes_per_s, n_seconds):
    pace = Pace()
    for second in range(n_seconds):
        pace.note(float(second), second * bytes_per_s)
    assert pace.bytes_per_s == pytest.approx(bytes_per_s)
    assert pace.seconds_left(bytes_per_s * (n_seconds + 9)) == pytest.approx(10)
    assert pace.seconds_left(None) is None


def test_nothing_is_said_before_something_was_seen_nor_after_a_step_back():
    pace = Pace()
    assert pace.bytes_per_s is None and pace.seconds_left(5) is None
    pace.note(0.0, 0)
    pace.note(0.5, 1000)
    assert pace.bytes_per_s is None
    pace.note(2.0, 4000)
    assert pace.bytes_per_s == 2000
    pace.note(2.5, 0)
    assert pace.bytes_per_s is None
    pace.note(30.0, 0)
    assert pace.bytes_per_s == 0 and pace.seconds_left(5) is None
    pace.restart()
    assert pace.bytes_per_s is None
