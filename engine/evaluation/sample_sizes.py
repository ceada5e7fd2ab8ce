"""How many pairs it takes until a margin can be shown to be kept.

N = ⌈(z_{0.95} + z_{0.80})² · s² / d̄²⌉, the size at which a one-sided test at 5 % finds it four times out of five
(Chow, Shao and Wang, Sample Size Calculations in Clinical Research, §3), where d̄ and s² are mean and variance of the
differences dᵢ by which a pair keeps the margin. If d̄ is not positive, the estimate itself is beyond the margin and more
pairs do not help.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.evaluation.non_inferiority import MARGIN, RATIO
from engine.evaluation.statistics import NORMAL

MOST_MORE = 5_000
_MOST = 10**9
_Z = NORMAL.inv_cdf(0.95) + NORMAL.inv_cdf(0.80)


def needed(mean: float, variance: float) -> int | None:
    """Pairs needed in all, never endless; None where the mean is not positive."""
    if mean <= 0:
        return None
    needs = _Z * _Z * max(0.0, variance) / mean / mean
    return _MOST if needs >= _MOST else math.ceil(needs)


def needed_by_difference(local: float, remote: float, margin: float = MARGIN) -> int | None:
    """Pairs needed where the shares of pairs that each side alone wins are `local` and `remote` (dᵢ = xᵢ + margin)."""
    difference = local - remote
    return needed(difference + margin, local + remote - difference * difference)


def needed_by_ratio(both: float, local: float, remote: float, ratio: float = RATIO) -> int | None:
    """Pairs needed where these shares of pairs are right on both sides or on one alone (dᵢ = Lᵢ − ratio · Rᵢ)."""
    mean = (both + local) - ratio * (both + remote)
    square = both * (1 - ratio) ** 2 + local + remote * ratio * ratio
    return needed(mean, square - mean * mean)


def needed_graded(local: Sequence[float], remote: Sequence[float], ratio: float = RATIO) -> int | None:
    """Pairs needed, from scores between 0 and 1 (dᵢ = Lᵢ − ratio · Rᵢ)."""
    differences = [one - ratio * other for one, other in zip(local, remote, strict=True)]
    mean = math.fsum(differences) / len(differences)
    return needed(mean, math.fsum((each - mean) ** 2 for each in differences) / len(differences))
