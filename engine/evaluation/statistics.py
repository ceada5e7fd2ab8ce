"""Shares and their intervals, paired wins, and how far two judges agree.

Pure, standard library only. Each formula names its source; the tests hold them against scipy and against published values.
Rates and shares are shares of 1. A *decisive* pair is one that one side won.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Hashable, Sequence
from statistics import NormalDist

NORMAL = NormalDist()
Z_95 = NORMAL.inv_cdf(0.975)  # two-sided
_TINY = 1e-300
_MOST_FRACTIONS = 10_000
_MOST_STEPS = 200
_MANY = 1_000  # from here on a sum of integers is slower than the beta distribution


def wilson(wins: int, n: int, z: float = Z_95) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927): 95 % unless told otherwise. Nothing is known of n = 0: (0, 1)."""
    _check(wins, n)
    if n == 0:
        return 0.0, 1.0
    middle, half = wins + z * z / 2, z * math.sqrt(wins * (n - wins) / n + z * z / 4)
    low = 0.0 if wins == 0 else max(0.0, (middle - half) / (n + z * z))
    high = 1.0 if wins == n else min(1.0, (middle + half) / (n + z * z))
    return low, high


def clopper_pearson(wins: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """The exact interval of a share (Clopper and Pearson 1934), for "never failed in n" and for the sides of blind votes.

    Its ends are quantiles of beta distributions.
    """
    _check(wins, n)
    tail = (1 - level) / 2
    low = 0.0 if wins == 0 else _beta_quantile(tail, wins, n - wins + 1)
    high = 1.0 if wins == n else _beta_quantile(1 - tail, wins + 1, n - wins)
    return low, high


def sign_test(b: int, c: int) -> float:
    """Two-sided exact p-value that b and c wins come from equal sides: the sign test, which is McNemar's exact test.

    p = min(1, 2 · Σ_{i ≤ min(b, c)} C(n, i) / 2ⁿ) with n = b + c (Conover, Practical Nonparametric Statistics, §3.4–3.5).
    """
    n, fewer = b + c, min(b, c)
    _check(fewer, n)
    if n >= _MANY:
        return min(1.0, 2 * _beta_cdf(0.5, n - fewer, fewer + 1))
    term = total = 1
    for i in range(fewer):
        term = term * (n - i) // (i + 1)
        total += term
    return min(1.0, 2 * total / 2**n)


def e_value(b: int, c: int) -> float:
    """Evidence that the sides differ, which may be looked at after every vote: e = 2ⁿ / ((n+1) · C(n, b)), n = b + c.

    The likelihood ratio of a uniform prior over the share against a half, a martingale from 1 under no difference, so by
    Ville's inequality it ever reaches 20 with a probability of at most 5 % (Ramdas et al. 2023, Game-theoretic statistics
    and safe anytime-valid inference). Never infinite.
    """
    n = b + c
    _check(b, n)
    return _quotient(2**n, (n + 1) * math.comb(n, b))


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """The p-values adjusted for being several (Holm 1979), in their order: each may be held against the one level."""
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, at in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[at]))
        adjusted[at] = highest
    return tuple(adjusted)


def cohen_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """How far two judges agree beyond chance (Cohen 1960): κ = (p_o − p_e) / (1 − p_e). None where chance explains all."""
    n = len(pairs)
    one, other = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    by_chance = sum(one[label] * other[label] for label in one)  # times n²
    if n == 0 or by_chance == n * n:
        return None
    agreed = sum(first == second for first, second in pairs) * n
    return (agreed - by_chance) / (n * n - by_chance)


def _check(wins: int, n: int) -> None:
    if not 0 <= wins <= n:
        raise ValueError(f"{wins} of {n}")


def _quotient(above: int, below: int) -> float:
    """The quotient of two integers as a float; what is too great for one is its greatest."""
    try:
        return above / below
    except OverflowError:
        return sys.float_info.max


# ---------------------------------------------------------------- the beta distribution
def _beta_quantile(share: float, a: float, b: float) -> float:
    """Newton's method, held inside a bracket: where a step leaves it, it is halved instead."""
    low, high, x = 0.0, 1.0, a / (a + b)
    for _ in range(_MOST_STEPS):
        beyond = _beta_cdf(x, a, b) - share
        low, high = (low, x) if beyond > 0 else (x, high)
        density = math.exp(_log_front(x, a, b)) / x / (1 - x)
        following = x - beyond / density if density > 0 else -1.0
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - x) <= 1e-14 * x:
            break
        x = following
    return x


def _beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (DLMF 8.17.22) where that converges quickly."""
    if x <= 0 or x >= 1:
        return min(1.0, max(0.0, x))
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_cdf(1 - x, b, a)
    return math.exp(_log_front(x, a, b)) * _beta_fraction(x, a, b) / a


def _log_front(x: float, a: float, b: float) -> float:
    return math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)


def _beta_fraction(x: float, a: float, b: float) -> float:
    """Lentz's method (Thompson and Barnett 1986) on DLMF 8.17.22."""
    numerator, denominator = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    value = denominator
    for m in range(1, _MOST_FRACTIONS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            denominator = 1 / _away_from_zero(1 + step * denominator)
            numerator = _away_from_zero(1 + step / numerator)
            value *= numerator * denominator
        if abs(numerator * denominator - 1) < 1e-15:
            break
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
