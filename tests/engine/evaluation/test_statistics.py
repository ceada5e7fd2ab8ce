"""Shares, paired wins and agreement, against published values, scipy and simulation."""

import math
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.evaluation.statistics import clopper_pearson, cohen_kappa, e_value, holm, sign_test, wilson

N_CASES = 10_000
counts = st.integers(0, 3_000)


@pytest.fixture
def cases():
    """Ten thousand random (wins, n), small and large."""
    chance = np.random.default_rng(20261122)
    n = np.concatenate([chance.integers(1, 60, N_CASES // 2), chance.integers(60, 1_400, N_CASES // 2)])
    return chance.binomial(n, chance.random(N_CASES)), n


@pytest.mark.parametrize(
    ("b", "c", "p"), [(10, 2, 0.038574), (12, 3, 0.035156), (5, 5, 1), (9, 1, 0.021484), (30, 18, 0.111403), (0, 6, 0.03125)]
)
def test_the_sign_test_gives_the_known_values(b, c, p):
    assert sign_test(b, c) == pytest.approx(p, abs=5e-7)


@pytest.mark.parametrize(
    ("wins", "n", "by_score", "exact"),
    [
        (19, 20, (0.7639, 0.9911), (0.7513, 0.9987)),
        (47, 50, (0.8378, 0.9794), (0.8345, 0.9875)),
        (95, 100, (0.8882, 0.9785), (0.8872, 0.9836)),
        (0, 10, (0, 0.2775), (0, 0.3085)),
    ],
)
def test_intervals_give_the_known_values(wins, n, by_score, exact):
    assert wilson(wins, n) == pytest.approx(by_score, abs=5.1e-5)
    assert clopper_pearson(wins, n) == pytest.approx(exact, abs=5.1e-5)


@pytest.mark.parametrize(
    ("b", "c", "e"),
    [(6, 0, 9.1429), (7, 0, 16), (8, 0, 28.4444), (9, 1, 9.3091), (11, 1, 26.2564), (12, 1, 45.0110), (20, 8, 2.9781)],
)
def test_evidence_gives_the_known_values(b, c, e):
    assert e_value(b, c) == pytest.approx(e, abs=5.1e-5)


def test_the_sign_test_is_that_of_scipy(cases):
    wins, n = cases
    expected = np.minimum(1, 2 * stats.binom.cdf(np.minimum(wins, n - wins), n, 0.5))
    np.testing.assert_allclose(
        [sign_test(int(w), int(k - w)) for w, k in zip(*cases, strict=True)], expected, rtol=1e-9, atol=1e-200
    )


def test_the_score_interval_is_that_of_scipy(cases):
    for wins, n in zip(*(each[::10].tolist() for each in cases), strict=True):
        theirs = stats.binomtest(wins, n).proportion_ci(method="wilson")
        assert wilson(wins, n) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_the_score_interval_holds_the_shares_that_its_own_test_does_not_reject(cases):
    wins, n = cases
    for end in (0, 1):
        share = np.array([wilson(int(w), int(k))[end] for w, k in zip(*cases, strict=True)])
        inner = (share > 0) & (share < 1)
        z = (wins / n - share)[inner] / np.sqrt((share * (1 - share) / n)[inner])
        np.testing.assert_allclose(np.abs(z), stats.norm.ppf(0.975), rtol=1e-6)


def test_the_exact_interval_is_that_of_scipy(cases):
    wins, n = cases
    ours = np.array([clopper_pearson(int(w), int(k)) for w, k in zip(*cases, strict=True)])
    low = np.where(wins == 0, 0, stats.beta.ppf(0.025, np.maximum(wins, 1), n - wins + 1))
    high = np.where(wins == n, 1, stats.beta.ppf(0.975, wins + 1, np.maximum(n - wins, 1)))
    np.testing.assert_allclose(ours, np.column_stack([low, high]), atol=1e-10)


def test_evidence_is_the_average_likelihood_ratio(cases):
    """A uniform prior over the share against a half, by scipy's beta function."""
    from scipy.special import betaln

    wins, n = (each[: N_CASES // 2] for each in cases)
    expected = np.exp(betaln(wins + 1, n - wins + 1) + n * math.log(2))
    np.testing.assert_allclose([e_value(int(w), int(k - w)) for w, k in zip(wins, n, strict=True)], expected, rtol=1e-10)


def test_looking_at_the_evidence_after_every_vote_misleads_in_one_case_of_twenty_at_most():
    """And looking at a p-value every time does so far more often, which is why none is shown between looks."""
    wins = np.cumsum(np.random.default_rng(7).random((4_000, 100)) < 0.5, axis=1)
    evidence = {(n, b): e_value(b, n - b) for n in range(1, 101) for b in range(n + 1)}
    p_values = {(n, b): sign_test(b, n - b) for n in range(1, 101) for b in range(n + 1)}
    ever_strong = sum(any(evidence[n, b] >= 20 for n, b in enumerate(row, 1)) for row in wins.tolist()) / len(wins)
    ever_small = sum(any(p_values[n, b] < 0.05 for n, b in enumerate(row, 1)) for row in wins.tolist()) / len(wins)
    assert 0.015 < ever_strong <= 0.05
    assert ever_small > 0.2


def test_evidence_finds_a_true_difference_nearly_always():
    wins = np.cumsum(np.random.default_rng(8).random((2_000, 100)) < 0.7, axis=1)
    evidence = {(n, b): e_value(b, n - b) for n in range(1, 101) for b in range(n + 1)}
    found = sum(any(evidence[n, b] >= 20 for n, b in enumerate(row, 1)) for row in wins.tolist()) / len(wins)
    assert found == pytest.approx(0.892, abs=0.03)


def test_evidence_expects_nothing_of_equal_sides():
    """A martingale from 1: its mean under no difference is 1 after any number of votes."""
    for n in (1, 2, 9, 40):
        assert math.fsum(e_value(b, n - b) * math.comb(n, b) / 2**n for b in range(n + 1)) == pytest.approx(1)


@given(counts, counts)
def test_which_side_is_which_does_not_matter(b, c):
    assert sign_test(b, c) == sign_test(c, b)
    assert e_value(b, c) == e_value(c, b)
    assert 0 <= sign_test(b, c) <= 1
    assert 0 < e_value(b, c) <= sys.float_info.max


@given(counts, counts)
def test_a_further_win_of_the_winning_side_is_further_evidence(b, c):
    more, fewer = max(b, c), min(b, c)
    assert sign_test(more + 1, fewer) <= sign_test(more, fewer) * (1 + 1e-9)


@given(st.integers(1, 3_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_intervals_hold_the_share_and_turn_with_it(case):
    wins, n = case
    for interval in (wilson, clopper_pearson):
        low, high = interval(wins, n)
        assert 0 <= low <= wins / n <= high <= 1
        assert interval(n - wins, n) == pytest.approx((1 - high, 1 - low), abs=1e-9)
        if wins < n:
            assert interval(wins + 1, n) > (low, high)


def test_an_interval_of_nothing_says_nothing():
    assert wilson(0, 0) == clopper_pearson(0, 0) == (0, 1)
    assert sign_test(0, 0) == e_value(0, 0) == 1


def test_more_wins_than_votes_is_a_mistake():
    with pytest.raises(ValueError):
        wilson(3, 2)
    with pytest.raises(ValueError):
        sign_test(-1, 4)


def test_holm_gives_the_known_values():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([0.9, 0.8]) == (1, 1)
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_keeps_the_order_and_never_makes_a_p_value_smaller(p_values):
    adjusted = holm(p_values)
    assert all(p <= new <= 1 for p, new in zip(p_values, adjusted, strict=True))
    by_p = [new for _, new in sorted(zip(p_values, adjusted, strict=True))]
    assert by_p == sorted(by_p)
    if p_values:
        assert min(adjusted) == min(1, len(p_values) * min(p_values))


def test_kappa_gives_the_known_value():
    """Two readers of fifty applications: 20 both yes, 5 and 10 split, 15 both no (a textbook's 0.4)."""
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert cohen_kappa(pairs) == pytest.approx(0.4)
    assert cohen_kappa([("a", "a"), ("b", "b")]) == 1
    assert cohen_kappa([("a", "b"), ("b", "a")]) == -1
    assert cohen_kappa([("a", "a")] * 9) is None
    assert cohen_kappa([]) is None
