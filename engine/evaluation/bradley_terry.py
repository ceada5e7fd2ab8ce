"""Strengths of three or more models from who was preferred to whom (Bradley and Terry 1952).

Pure. Fitted by the MM iteration of Hunter (2004, Annals of Statistics 32:384).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Wins = Sequence[Sequence[int]]

_MOST_STEPS = 10_000
_CLOSE_ENOUGH = 1e-10


def strengths(wins: Wins) -> tuple[float, ...] | None:
    """Natural logarithms of the strengths, mean 0; `wins[i][j]` is how often model i was preferred to model j.

    None where the votes do not tell: unless every model has beaten every other, be it by way of others, the likelihood has
    no finite maximum (Ford 1957).
    """
    if len(wins) < 2 or not _is_connected(wins):
        return None
    won = [sum(row) - row[i] for i, row in enumerate(wins)]  # nobody beats itself
    current = [math.log(each) for each in won]
    for _ in range(_MOST_STEPS):
        following = _centred(_stepped(wins, won, current))
        moved = max(abs(new - old) for new, old in zip(following, current, strict=True))
        current = following
        if moved < _CLOSE_ENOUGH:
            break
    return tuple(current)


def _stepped(wins: Wins, won: Sequence[int], current: Sequence[float]) -> list[float]:
    strength = [math.exp(each) for each in current]
    k = range(len(wins))
    met = ((sum((wins[i][j] + wins[j][i]) / (strength[i] + strength[j]) for j in k if j != i)) for i in k)
    return [math.log(count / weight) for count, weight in zip(won, met, strict=True)]


def _centred(values: Sequence[float]) -> list[float]:
    mean = math.fsum(values) / len(values)
    return [each - mean for each in values]


def _is_connected(wins: Wins) -> bool:
    """Whether from the first model every other is reached by wins, and by defeats."""
    k = range(len(wins))
    beats = [{j for j in k if j != i and wins[i][j] > 0} for i in k]
    loses = [{j for j in k if j != i and wins[j][i] > 0} for i in k]
    return all(len(_reached(edges)) == len(wins) for edges in (beats, loses))


def _reached(edges: Sequence[set[int]]) -> set[int]:
    seen, waiting = {0}, [0]
    while waiting:
        new = edges[waiting.pop()] - seen
        seen |= new
        waiting += new
    return seen
