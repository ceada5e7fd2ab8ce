"""Sequence: what is computed, what is left, and how a prompt is divided into steps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.inference.sequence import Sequence, even_chunk


def test_the_newest_token_is_not_computed_yet():
    sequence = Sequence("a", [1, 2, 3], max_tokens=5)
    sequence.n_computed = 3
    assert not sequence.is_decoding
    sequence.append(4)
    assert sequence.is_decoding
    assert sequence.next_tokens(10) == [4]
    assert sequence.tokens == [1, 2, 3, 4]
    assert sequence.prompt == [1, 2, 3]


def test_the_last_token_needs_no_place_in_the_cache():
    assert Sequence("a", [1, 2, 3], max_tokens=5).n_at_most == 7


def test_interactive_goes_before_batch_and_old_before_new():
    ranks = [
        Sequence("", [1], 1, priority, order).rank for priority, order in [("interactive", 1), ("interactive", 2), ("batch", 0)]
    ]
    assert ranks == sorted(ranks)


def test_no_small_rest_is_left_over():
    left, steps = 520, []
    while left:
        steps.append(min(left, even_chunk(left, 256)))
        left -= steps[-1]
    assert steps == [192, 192, 136]


@given(n_left=st.integers(1, 10_000), at_most=st.integers(1, 512))
def test_a_prompt_takes_no_more_steps_than_it_must(n_left, at_most):
    n_steps, left = 0, n_left
    while left > 0:
        chunk = even_chunk(left, at_most)
        assert 1 <= chunk <= at_most
        left -= chunk
        n_steps += 1
    assert n_steps == -(-n_left // at_most)
