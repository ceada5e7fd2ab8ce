"""Pace: a step's length in seconds stays what people can bear, whatever the speed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.inference.pace import ALONE_S, BESIDE_S, SMALLEST, UNKNOWN, Pace


def test_the_first_step_is_cautious():
    assert Pace(512).alone == UNKNOWN
    assert Pace(32).alone == 32


def test_a_fast_computer_reads_whole_batches():
    pace = Pace(512)
    pace.learn(64, 0.01)
    assert (pace.alone, pace.beside) == (512, 512)


def test_a_slow_computer_reads_the_smallest_chunk_that_is_efficient():
    pace = Pace(512)
    pace.learn(64, 6.4)
    assert (pace.alone, pace.beside) == (SMALLEST, SMALLEST)


def test_decode_steps_say_nothing_about_prefill():
    pace = Pace(512)
    pace.learn(1, 10.0)
    assert pace.tokens_per_s == 0


@given(speed=st.floats(SMALLEST / BESIDE_S, 500 / ALONE_S))
def test_a_step_takes_about_as_long_as_intended(speed):
    pace = Pace(512)
    pace.learn(100, 100 / speed)
    assert ALONE_S - SMALLEST / speed <= pace.alone / speed <= ALONE_S + 1e-9
    assert pace.beside / speed <= BESIDE_S + 1e-9
