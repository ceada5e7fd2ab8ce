"""How many more it takes: known planning values, and that nothing is endless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.sample_sizes import needed, needed_by_difference, needed_by_ratio, needed_graded


@pytest.mark.parametrize(("right", "split", "n"), [(0.95, 0.05, 131), (0.90, 0.08, 233), (0.80, 0.20, 736)])
def test_planning_by_ratio_gives_the_known_values(right, split, n):
    assert needed_by_ratio(right - split / 2, split / 2, split / 2) == n


@pytest.mark.parametrize(
    ("margin", "split", "n"),
    [(0.05, 0.05, 124), (0.05, 0.10, 248), (0.05, 0.20, 495), (0.10, 0.05, 31), (0.10, 0.10, 62), (0.10, 0.20, 124)],
)
def test_planning_by_difference_gives_the_known_values(margin, split, n):
    assert needed_by_difference(split / 2, split / 2, margin) == n


def test_scores_of_nought_and_one_are_planned_like_a_table():
    local = [1.0] * 85 + [1.0] * 5 + [0.0] * 5 + [0.0] * 5
    remote = [1.0] * 85 + [0.0] * 5 + [1.0] * 5 + [0.0] * 5
    assert needed_graded(local, remote) == needed_by_ratio(0.85, 0.05, 0.05)


def test_an_estimate_beyond_the_margin_is_not_mended_by_more_pairs():
    assert needed_by_difference(0.02, 0.09) is None
    assert needed_by_ratio(0.80, 0.01, 0.15) is None


@given(st.floats(-1, 1), st.floats(0, 1))
def test_what_is_needed_is_finite(mean, variance):
    n = needed(mean, variance)
    assert n is None if mean <= 0 else 0 <= n <= 10**9


@given(st.floats(0.001, 1), st.floats(0, 1), st.floats(0, 1))
def test_more_noise_needs_more_pairs(mean, variance, more):
    assert needed(mean, variance) <= needed(mean, min(1, variance + more))
