"""Whether the local model is no worse than a remote one by more than a margin: paired score tests and their intervals.

Pure, standard library only. Of n pairs, `b` are those that only the local side won or got right, `c` those that only the
remote side did; in a table `a` is both and `d` neither. A small p-value says that the margin is kept; a p-value near 1
that it is exceeded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat
from random import Random

from engine.evaluation.statistics import NORMAL, Z_95

MARGIN = 0.05  # by how much the share of preferences may fall short
RATIO = 0.95  # the share of the remote model's quality that is enough
N_RESAMPLES = 10_000
FEWEST_GRADED = 50
_MOST_RATIO = 1e6


@dataclass(frozen=True)
class ScoreTest:
    """`z` grows with the evidence that the margin is kept; `p` is one-sided."""

    z: float
    p: float


# ---------------------------------------------------------------- by difference
def tango(b: int, c: int, n: int, margin: float = MARGIN) -> ScoreTest:
    """Score test of H0: p_L − p_R ≤ −margin on paired outcomes (Tango 1998, Statistics in Medicine 17:891)."""
    return _tested(_tango_z(b, c, n, -margin))


def tango_interval(b: int, c: int, n: int, z: float = Z_95) -> tuple[float, float]:
    """The differences p_L − p_R that the score test does not reject (Tango 1998); 95 % unless told otherwise."""
    estimate = (b - c) / n
    low = _crossing(lambda d: _tango_z(b, c, n, d) > z, -1.0, estimate)
    high = _crossing(lambda d: _tango_z(b, c, n, d) >= -z, estimate, 1.0)
    return low, high


def _tango_z(b: int, c: int, n: int, d: float) -> float:
    """Tango's statistic at the difference `d`; `q` is the constrained estimate of the remote side's wins."""
    if n <= 0 or min(b, c, n - b - c) < 0:
        raise ValueError(f"{b} and {c} of {n}")
    two_n, middle = 2 * n, -b - c + (2 * n - b + c) * d
    q = (math.sqrt(max(0.0, middle * middle + 4 * two_n * c * d * (1 - d))) - middle) / (2 * two_n)
    return _standardised(b - c - n * d, n * (2 * q + d * (1 - d)))


# ---------------------------------------------------------------- by ratio
def nam_blackwelder(a: int, b: int, c: int, d: int, ratio: float = RATIO) -> ScoreTest:
    """Score test of H0: p_L ≤ ratio · p_R on paired outcomes (Nam and Blackwelder 2002, Statistics in Medicine 21:689)."""
    return _tested(_ratio_z(a, b, c, d, ratio))


def ratio_interval(a: int, b: int, c: int, d: int, z: float = Z_95) -> tuple[float, float] | None:
    """The ratios p_L / p_R that the score test does not reject; 95 % unless told otherwise.

    None where the remote side was never right, and the ratio has no meaning.
    """
    if a + c == 0:
        return None
    estimate = (a + b) / (a + c)
    low = 0.0 if a + b == 0 else _crossing(lambda rho: _ratio_z(a, b, c, d, rho) > z, 0.0, estimate)
    high = _crossing(lambda rho: _ratio_z(a, b, c, d, rho) >= -z, estimate, _MOST_RATIO)
    return low, high


def _ratio_z(a: int, b: int, c: int, d: int, ratio: float) -> float:
    n = a + b + c + d
    if n <= 0 or min(a, b, c, d) < 0:
        raise ValueError(f"a table of {a}, {b}, {c}, {d}")
    if ratio > 1:  # the same question asked of the other side
        return -_ratio_z(a, c, b, d, 1 / ratio)
    above = (a + b - ratio * (a + c)) / n
    if ratio <= 0:
        return math.copysign(math.inf, above) if above else 0.0
    only_local, only_remote = _constrained(a, b, c, n, ratio)
    return _standardised(above, ratio * (only_local + only_remote) / n)


def _constrained(a: int, b: int, c: int, n: int, ratio: float) -> tuple[float, float]:
    """The likeliest shares (p10, p01) of pairs that one side alone got right, if p_L = ratio · p_R.

    With m = (a+b+c)/n the constraint is p01 = m(1 − r) + r·p10, r the ratio, and the likelihood's derivative in
    p10 is a quadratic with one root that is a probability.
    """
    m = (a + b + c) / n
    if m == 0:
        return 0.0, 0.0
    both, least = m * ratio, m * (1 - ratio)  # p11 and p01 where p10 is 0
    square = (1 + ratio) * ratio * (a + b + c)
    linear = b * (both * ratio - (1 + ratio) * least) + c * ratio * both - a * (1 + ratio) * least
    rest = b * both * least
    root = math.sqrt(linear * linear + 4 * square * rest)
    # Of two ways to write the root, the one that does not subtract near equals.
    only_local = (linear + root) / (2 * square) if linear >= 0 else 2 * rest / (root - linear)
    return only_local, least + ratio * only_local


# ---------------------------------------------------------------- graded scores
def resampled_means(differences: Sequence[float], sources: Sequence[str] = (), *, seed: int = 0) -> list[float]:
    """Means of 10,000 bootstrap samples, sorted (Efron and Tibshirani 1993, ch. 6 and 13).

    What is drawn is whole sources, for prompts of one document succeed or fail together (cluster bootstrap, Davison and
    Hinkley 1997, §3.8); a source '' is one of its own. Takes about a second for a thousand sources: call it on a thread.
    """
    totals, sizes = _clusters(differences, sources)
    draw, k = Random(seed).choices, len(totals)
    if all(size == 1 for size in sizes):
        return sorted(math.fsum(draw(totals, k=k)) / k for _ in repeat(None, N_RESAMPLES))
    means, places = [], range(k)
    for _ in repeat(None, N_RESAMPLES):
        drawn = draw(places, k=k)
        means.append(math.fsum(map(totals.__getitem__, drawn)) / sum(map(sizes.__getitem__, drawn)))
    return sorted(means)


def lower_bound(means: Sequence[float], alpha: float = 0.05) -> float:
    """The one-sided lower bound that sorted bootstrap means give (percentile method)."""
    return means[max(0, math.floor(alpha * len(means)) - 1)]


def upper_bound(means: Sequence[float], alpha: float = 0.05) -> float:
    """The one-sided upper bound that sorted bootstrap means give (percentile method)."""
    return means[min(len(means) - 1, len(means) - math.floor(alpha * len(means)))]


def _clusters(differences: Sequence[float], sources: Sequence[str]) -> tuple[list[float], list[int]]:
    totals: dict[object, float] = {}
    sizes: dict[object, int] = {}
    for at, difference in enumerate(differences):
        key: object = (sources[at] if at < len(sources) else "") or at
        totals[key] = totals.get(key, 0.0) + difference
        sizes[key] = sizes.get(key, 0) + 1
    return list(totals.values()), list(sizes.values())


# ---------------------------------------------------------------- both
def _standardised(above: float, variance: float) -> float:
    if above == 0 or abs(above) < 1e-15:
        return 0.0
    return above / math.sqrt(variance) if variance > 0 else math.copysign(math.inf, above)


def _tested(z: float) -> ScoreTest:
    return ScoreTest(z, NORMAL.cdf(-z))


def _crossing(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Where `holds` turns from true to false between `low` and `high`, by bisection."""
    for _ in repeat(None, 100):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if holds(middle) else (low, middle)
    return (low + high) / 2
