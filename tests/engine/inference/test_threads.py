"""Threads: leave other programs their cores, take them back when they are done, do not waver."""

from __future__ import annotations

import asyncio
import os

from hypothesis import given
from hypothesis import strategies as st

from engine.inference import threads
from engine.inference.threads import CpuUse, ThreadKeeper, threads_for


def test_a_busy_competitor_gets_a_core():
    assert threads_for(n_most=2, n_now=2, busy_others=0.67) == 1
    assert threads_for(n_most=8, n_now=8, busy_others=0.9) == 7
    assert threads_for(n_most=8, n_now=8, busy_others=3.1) == 5


def test_small_things_take_no_core_away():
    assert threads_for(n_most=2, n_now=2, busy_others=0.3) == 2


def test_the_core_comes_back_when_the_competitor_is_done():
    assert threads_for(n_most=2, n_now=1, busy_others=0.05) == 2
    assert threads_for(n_most=8, n_now=3, busy_others=0.0) == 8


def test_a_competitor_that_got_its_core_keeps_it():
    assert threads_for(n_most=2, n_now=1, busy_others=1.0) == 1
    assert threads_for(n_most=2, n_now=1, busy_others=0.4) == 1


@given(n_most=st.integers(1, 64), n_now=st.integers(1, 64), busy=st.floats(0, 128))
def test_there_is_always_one_and_never_too_many(n_most, n_now, busy):
    n_now = min(n_now, n_most)
    wanted = threads_for(n_most, n_now, busy)
    assert 1 <= wanted <= n_most


@given(n_most=st.integers(1, 64), busy=st.floats(0, 64))
def test_a_steady_load_leads_to_a_steady_number(n_most, busy):
    first = threads_for(n_most, n_most, busy)
    assert threads_for(n_most, first, busy) == first


def test_the_worker_itself_is_no_competitor():
    before, later = CpuUse(0.0, 100.0, 50.0), CpuUse(2.0, 103.0, 52.0)
    assert before.busy_others(later) == 0.5
    assert before.busy_others(before) == 0.0


async def test_a_worker_is_told_once_of_each_change(monkeypatch):
    """Other programs use 1 core for two looks, then nothing."""
    clock = iter(CpuUse(float(at), busy, 0.0) for at, busy in enumerate([0.0, 1.0, 2.0, 2.0, 2.0, 2.0]))
    monkeypatch.setattr(threads, "cpu_use", lambda worker: next(clock))
    monkeypatch.setattr(threads, "most_threads", lambda: 2)
    monkeypatch.setattr(threads, "FIRST_LOOK_S", 0)
    monkeypatch.setattr(threads, "LOOK_EVERY_S", 0)
    told: list[int] = []

    async def send(n_threads: int) -> None:
        told.append(n_threads)

    keeper = ThreadKeeper(None)
    keeper.watch(os.getpid(), lambda: told != [1, 2], send)
    async with asyncio.timeout(5):
        while told != [1, 2]:
            await asyncio.sleep(0)
    await keeper.close()
    assert keeper.n_now == 2


async def test_a_fixed_number_stays():
    async def send(n_threads: int) -> None:
        raise AssertionError("nobody asked for that")

    keeper = ThreadKeeper(3)
    keeper.watch(os.getpid(), lambda: True, send)
    await asyncio.sleep(0)
    assert keeper.n_now == keeper.n_most == 3
    await keeper.close()
