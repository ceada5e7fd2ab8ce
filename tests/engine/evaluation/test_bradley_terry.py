"""Strengths of three models and more."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from engine.evaluation.bradley_terry import strengths


def test_strengths_give_the_known_values():
    assert strengths([[0, 12, 9], [8, 0, 11], [6, 7, 0]]) == pytest.approx((0.286537, 0.010381, -0.296918), abs=5.1e-7)


def test_two_models_differ_by_the_logarithm_of_their_odds():
    one, other = strengths([[0, 30], [10, 0]])
    assert one - other == pytest.approx(math.log(3))


tables = st.integers(3, 4).flatmap(
    lambda k: st.lists(st.lists(st.integers(1, 40), min_size=k, max_size=k), min_size=k, max_size=k)
)


@given(tables)
def test_strengths_are_the_likeliest(wins):
    k = len(wins)
    table = np.array(wins) * (1 - np.eye(k))

    def unlikelihood(log_strengths):
        apart = log_strengths[:, None] - log_strengths[None, :]
        return float(np.sum(table * np.logaddexp(0, -apart)))

    theirs = minimize(unlikelihood, np.zeros(k), method="BFGS", options={"gtol": 1e-8}).x
    ours = strengths(wins)
    assert ours == pytest.approx(theirs - theirs.mean(), abs=2e-4)
    assert math.fsum(ours) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    "wins",
    [
        [[0, 5, 5], [0, 0, 3], [0, 2, 0]],  # one never lost
        [[0, 4, 0, 0], [3, 0, 0, 0], [0, 0, 0, 2], [0, 0, 5, 0]],  # two pairs that never met
        [[0, 0, 0], [0, 0, 0], [0, 0, 0]],
        [[0, 1, 1], [1, 0, 1], [0, 0, 0]],  # one never won
        [],
    ],
)
def test_votes_that_do_not_tell_give_no_strengths(wins):
    assert strengths(wins) is None


@given(st.integers(2, 4).flatmap(lambda k: st.lists(st.lists(st.integers(0, 3), min_size=k, max_size=k), min_size=k, max_size=k)))
def test_strengths_are_finite_whatever_the_votes(wins):
    found = strengths(wins)
    assert found is None or all(math.isfinite(each) for each in found)


def test_a_ring_of_defeats_is_enough():
    assert strengths([[0, 5, 0], [0, 0, 5], [5, 0, 0]]) == pytest.approx((0, 0, 0), abs=1e-9)
