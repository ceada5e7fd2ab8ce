"""The paired tests: known values, an oracle that maximises the likelihood by itself, sizes and powers by simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import xlogy

from engine.evaluation.non_inferiority import (
    lower_bound,
    nam_blackwelder,
    ratio_interval,
    resampled_means,
    tango,
    tango_interval,
    upper_bound,
)

N_CASES = 10_000


@pytest.mark.parametrize(
    ("b", "c", "n", "p"),
    [(8, 10, 400, 0.00038), (10, 14, 200, 0.11758), (2, 9, 100, 0.73817), (1, 1, 100, 0.01894), (0, 0, 60, 0.03778)],
)
def test_tango_gives_the_known_values(b, c, n, p):
    assert tango(b, c, n).p == pytest.approx(p, abs=5.1e-6)


def test_tango_intervals_give_the_known_values():
    assert tango_interval(8, 10, 400) == pytest.approx((-0.0280, 0.0173), abs=5.1e-5)
    assert tango_interval(2, 9, 100) == pytest.approx((-0.146, -0.006), abs=5.1e-4)


@pytest.mark.parametrize(
    ("table", "z", "p"),
    [
        ((380, 5, 5, 10), 3.9601, 0.00004),
        ((95, 0, 0, 5), 2.2361, 0.01267),
        ((85, 4, 6, 5), 0.7880, 0.21534),
        ((340, 12, 28, 20), 0.3844, 0.35036),
        ((88, 2, 7, 3), -0.0861, 0.5343),
    ],
)
def test_nam_blackwelder_gives_the_known_values(table, z, p):
    test = nam_blackwelder(*table)
    assert test.z == pytest.approx(z, abs=5.1e-5)
    assert test.p == pytest.approx(p, abs=2e-5)


def test_if_all_is_right_on_both_sides_it_takes_fifty_two_pairs():
    assert nam_blackwelder(51, 0, 0, 0).p > 0.05 > nam_blackwelder(52, 0, 0, 0).p


@pytest.fixture
def tables():
    """Ten thousand random tables (a, b, c, d) of 5 to 400 pairs."""
    chance = np.random.default_rng(20261122)
    shares = chance.dirichlet([2, 0.6, 0.6, 0.6], N_CASES)
    return chance.multinomial(chance.integers(5, 400, N_CASES), shares)


def _maximised(likelihood, low, high):
    """Where a concave function of each row is greatest: golden section, far from how the engine solves it."""
    golden = (math.sqrt(5) - 1) / 2
    for _ in range(90):
        left, right = high - golden * (high - low), low + golden * (high - low)
        is_left = likelihood(left) >= likelihood(right)
        low, high = np.where(is_left, low, left), np.where(is_left, right, high)
    return (low + high) / 2


def test_tango_is_the_score_test_at_the_likeliest_shares(tables):
    a, b, c, d = tables.T
    n, shift = a + b + c + d, -0.05

    def likelihood(q):  # p_R only = q, p_L only = q + shift
        return xlogy(b, q + shift) + xlogy(c, q) + xlogy(a + d, 1 - 2 * q - shift)

    q = _maximised(likelihood, np.full(len(n), -shift), np.full(len(n), (1 - shift) / 2))
    expected = ((b - c) / n - shift) / np.sqrt((2 * q + shift - shift * shift) / n)
    ours = [tango(int(row[1]), int(row[2]), int(row.sum())) for row in tables]
    np.testing.assert_allclose([each.z for each in ours], expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose([each.p for each in ours], stats.norm.sf([each.z for each in ours]), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("rho", [0.8, 0.95, 1.0, 1.2])
def test_nam_blackwelder_is_the_score_test_at_the_likeliest_shares(tables, rho):
    tables = tables[tables[:, :3].sum(axis=1) > 0]
    a, b, c, d = tables.T
    n = a + b + c + d
    m = (a + b + c) / n

    def likelihood(x):  # local only = x
        return xlogy(a, m * rho - (1 + rho) * x) + xlogy(b, x) + xlogy(c, m * (1 - rho) + rho * x)

    x = _maximised(likelihood, m * max(0, rho - 1) / rho, m * rho / (1 + rho))
    expected = ((a + b) - rho * (a + c)) / n / np.sqrt(rho * (x + m * (1 - rho) + rho * x) / n)
    np.testing.assert_allclose([nam_blackwelder(*row, ratio=rho).z for row in tables.tolist()], expected, rtol=1e-4, atol=1e-5)


def test_intervals_end_where_the_test_ends(tables):
    z_95 = stats.norm.ppf(0.975)
    for a, b, c, d in tables[::20].tolist():
        n = a + b + c + d
        low, high = tango_interval(b, c, n)
        if low > -1 + 1e-9:
            assert tango(b, c, n, margin=-low).z == pytest.approx(z_95, abs=1e-5)
        if high < 1 - 1e-9:
            assert tango(b, c, n, margin=-high).z == pytest.approx(-z_95, abs=1e-5)
        if (a + b) and (a + c):
            low, high = ratio_interval(a, b, c, d)
            assert nam_blackwelder(a, b, c, d, ratio=low).z == pytest.approx(z_95, abs=1e-4)
            assert nam_blackwelder(a, b, c, d, ratio=high).z == pytest.approx(-z_95, abs=1e-4)


@pytest.mark.parametrize("n", [100, 200, 400])
def test_at_the_boundary_about_one_in_twenty_is_called_reached(n):
    """p_R = 0.90, p_L = 0.95 · 0.90, one in ten pairs split."""
    remote, local = 0.90, 0.855
    only_remote, only_local = 0.0725, 0.0275
    shares = [local - only_local, only_local, only_remote, 1 - remote - only_local]
    drawn = np.random.default_rng(n).multinomial(n, shares, 8_000)
    assert 0.03 <= np.mean([nam_blackwelder(*row).p <= 0.05 for row in drawn.tolist()]) <= 0.06


@pytest.mark.parametrize(("n", "power"), [(50, 0.23), (100, 0.43), (200, 0.69), (400, 0.92)])
def test_equal_models_are_found_to_be_so_as_often_as_was_measured(n, power):
    drawn = np.random.default_rng(n).multinomial(n, [0.86, 0.04, 0.04, 0.06], 4_000)
    assert np.mean([nam_blackwelder(*row).p <= 0.05 for row in drawn.tolist()]) == pytest.approx(power, abs=0.04)


def test_at_the_margin_about_one_in_twenty_differences_is_called_kept():
    drawn = np.random.default_rng(3).multinomial(200, [0.075, 0.125, 0.8], 8_000)
    assert 0.03 <= np.mean([tango(b, c, 200).p <= 0.05 for b, c, _ in drawn.tolist()]) <= 0.06


cells = st.integers(0, 500)


@given(cells, cells, cells, cells)
def test_swapped_sides_turn_the_interval(a, b, c, d):
    n = a + b + c + d
    if n == 0:
        return
    low, high = tango_interval(b, c, n)
    assert -1 <= low <= (b - c) / n + 1e-12 and (b - c) / n - 1e-12 <= high <= 1
    assert tango_interval(c, b, n) == pytest.approx((-high, -low), abs=1e-9)
    if a + b and a + c:
        low, high = ratio_interval(a, b, c, d)
        assert 0 <= low <= (a + b) / (a + c) * (1 + 1e-9) <= high * (1 + 2e-9)
        turned = ratio_interval(a, c, b, d)
        if high < 1e5:
            assert turned[0] == pytest.approx(1 / high, rel=1e-4, abs=1e-5)


@given(cells, cells, cells, cells)
def test_a_pair_that_the_local_side_wins_instead_of_the_remote_is_evidence_for_it(a, b, c, d):
    if c == 0:
        return
    n = a + b + c + d
    assert tango(b + 1, c - 1, n).z >= tango(b, c, n).z
    assert nam_blackwelder(a, b + 1, c - 1, d).z >= nam_blackwelder(a, b, c, d).z


@given(cells, cells, cells, cells, st.floats(0.01, 0.3))
def test_a_wider_margin_is_easier_to_keep(a, b, c, d, margin):
    if a + b + c + d == 0:
        return
    assert tango(b, c, a + b + c + d, margin).p <= tango(b, c, a + b + c + d, margin / 2).p + 1e-12
    assert nam_blackwelder(a, b, c, d, 1 - margin).p <= nam_blackwelder(a, b, c, d, 1 - margin / 2).p + 1e-9


def test_nothing_right_on_either_side_is_no_evidence():
    assert nam_blackwelder(0, 0, 0, 400).z == 0
    assert ratio_interval(0, 3, 0, 5) is None
    with pytest.raises(ValueError):
        nam_blackwelder(0, 0, 0, 0)
    with pytest.raises(ValueError):
        tango(3, 3, 5)


def test_bounds_of_resampled_means_are_those_of_scipy():
    scores = np.random.default_rng(5).normal(0.04, 0.2, 120)
    means = resampled_means(scores.tolist(), seed=1)
    theirs = stats.bootstrap((scores,), np.mean, method="percentile", confidence_level=0.90, n_resamples=10_000, rng=2)
    assert lower_bound(means) == pytest.approx(theirs.confidence_interval.low, abs=0.003)
    assert upper_bound(means) == pytest.approx(theirs.confidence_interval.high, abs=0.003)
    assert resampled_means(scores.tolist(), seed=1) == means != resampled_means(scores.tolist(), seed=2)


def test_prompts_of_one_document_count_as_one_draw():
    """Sixty scores of six documents say less than sixty of sixty."""
    scores = [0.1 if at % 6 < 3 else 0.0 for at in range(60)]
    together = resampled_means(scores, [str(at % 6) for at in range(60)])
    apart = resampled_means(scores, [""] * 60)
    assert lower_bound(together) < lower_bound(apart) - 0.01
