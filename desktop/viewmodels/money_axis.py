"""The gridlines of an axis of money: from zero, at most five of them, at round amounts. Pure; whole nano-units."""

from __future__ import annotations

from dataclasses import dataclass

_STEPS = (100, 125, 150, 200, 250, 300, 400, 500, 600, 800)  # hundredths of a power of ten
_LITTLE = 0.4  # of a step


@dataclass(frozen=True)
class MoneyAxis:
    """`ticks` rise in equal steps and hold zero; the axis goes from `low` to `high`, which may lie a little beyond them."""

    ticks: tuple[int, ...]
    low: int
    high: int

    @property
    def step(self) -> int:
        return self.ticks[1] - self.ticks[0]

    def place(self, value: int) -> float:
        """Where an amount stands between the ends, 0 to 1; what lies beyond an end stands there."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


def money_axis(low: int, high: int, most_steps: int = 4) -> MoneyAxis:
    """The narrowest axis with round steps that holds zero and both ends."""
    low, high = min(0, low), max(0, high)
    if low == high:
        high = 1_000_000_000
    power = 1
    while True:
        for hundredths in _STEPS:
            step = hundredths * power // 100 if power >= 100 else 0
            first, last = _ends(low, high, step) if step else (0, 0)
            if step and last - first <= most_steps:
                return _axis(low, high, step, first, last)
        power *= 10


def _ends(low: int, high: int, step: int) -> tuple[int, int]:
    """The outermost gridlines in steps; what reaches only a little below zero, or above it, gets none of its own."""
    first, last = low // step, -(-high // step)
    if last and -low < step * _LITTLE:
        first = 0
    elif first and high < step * _LITTLE:
        last = 0
    return first, last


def _axis(low: int, high: int, step: int, first: int, last: int) -> MoneyAxis:
    return MoneyAxis(tuple(step * n for n in range(first, last + 1)), min(low, step * first), max(high, step * last))
