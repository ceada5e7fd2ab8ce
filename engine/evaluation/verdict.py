"""What may be said of a workload, and how many more votes or prompts it takes until it may be.

Pure. A verdict is given at planned looks only, each at a third of 5 %, so that over all three a wrong `reached` comes up in
5 % of cases at most, and so does a wrong `inferior` (Bonferroni over the looks; Jennison and Turnbull, Group Sequential
Methods, §2). Between looks the verdict of the last one stands.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.evaluation.non_inferiority import FEWEST_GRADED, ScoreTest, lower_bound, upper_bound
from engine.evaluation.sample_sizes import MOST_MORE
from engine.evaluation.statistics import NORMAL
from engine.vote_records import Verdict

LOOKS = (100, 200, 400)
ALPHA = 0.05 / len(LOOKS)
FEW = 30  # below this an estimate is too loose to say that more would not help
VALID_ENOUGH = 0.98  # share of answers that keep to the schema


def last_look(n: int) -> int | None:
    """The newest planned look that `n` votes have passed."""
    return max((look for look in LOOKS if look <= n), default=None)


def next_look(n: int) -> int | None:
    """The next planned look after `n` votes; None after the last."""
    return min((look for look in LOOKS if look > n), default=None)


def next_size(n: int) -> int:
    """The size at which a set of prompts is best run again: 100, 200, 400 and further doublings."""
    return LOOKS[0] if n < LOOKS[0] else LOOKS[0] * 2 ** (math.floor(math.log2(n / LOOKS[0])) + 1)


def of_test(test: ScoreTest) -> Verdict:
    """At a look: whether the margin is shown to be kept or to be exceeded."""
    if test.p <= ALPHA:
        return "reached"
    return "inferior" if NORMAL.cdf(test.z) <= ALPHA else "more"


def of_means(means: Sequence[float], n: int) -> Verdict:
    """The same of graded scores, from sorted bootstrap means of Lᵢ − ratio · Rᵢ. No variance proves nothing."""
    if n < FEWEST_GRADED or means[0] == means[-1]:
        return "more"
    if lower_bound(means, ALPHA) > 0:
        return "reached"
    return "inferior" if upper_bound(means, ALPHA) < 0 else "more"


def still_needed(needs: int | None, n: int, following: int | None) -> int | None:
    """About how many more than `n` would settle it, at most 5,000; None if more would not help.

    `needs` is the size that was computed, `following` the next at which a verdict may be given (None: there is no other).
    A few that look bad are no ground yet for saying that more would not help.
    """
    if following is None or (needs is None and n >= FEW):
        return None
    return min(MOST_MORE, max(needs or 0, following) - n)
