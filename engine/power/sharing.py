"""Who used how much while several answers were written at once: each stretch of time is shared equally by those that ran in it.

Pure: whole numbers in, whole numbers out; knows no clock and no counter. The shares of all that ran are together exactly
what passed while anything ran, whatever the order of beginnings and ends, so that nothing is counted twice. What was used
while nothing ran tells how much the idle computer takes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: What can be counted: energy of graphics cards or of the processor in microjoules, processor time in microseconds.
Counted = Literal["nvml", "rapl", "cpu"]
COUNTED: tuple[Counted, ...] = ("nvml", "rapl", "cpu")

NS_IN_S = 1_000_000_000
LEAST_IDLE_S = 5  # a shorter pause is still warm from the answer before it: clocks and fans come down slowly
IDLE_PAUSES = 5  # the newest that count; the quietest of them is the nearest to an idle computer


@dataclass(frozen=True)
class Stretch:
    """What passed between two looks: nanoseconds, and what was used in them. What is not in `used` is not known."""

    elapsed_ns: int
    used: Mapping[Counted, int]


@dataclass(frozen=True)
class Share:
    """One answer's part. `busy_ns` is its part of the time, `wall_ns` how long it ran; what is not in `used` is not known."""

    busy_ns: int
    wall_ns: int
    used: Mapping[Counted, int]


@dataclass(eq=False)
class _Running:
    busy_ns: int = 0
    wall_ns: int = 0
    used: dict[Counted, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))


class Sharing:
    """What runs, by the numbers that its owner gives it."""

    def __init__(self) -> None:
        self._running: dict[int, _Running] = {}
        self._pauses: dict[Counted, deque[int]] = {each: deque(maxlen=IDLE_PAUSES) for each in COUNTED}

    def begin(self, number: int) -> None:
        """It runs from the last look on."""
        self._running[number] = _Running()

    def pass_by(self, stretch: Stretch) -> None:
        """Share what passed since the last look. A clock or a counter that went backwards tells nothing."""
        elapsed = max(0, stretch.elapsed_ns)
        used = {what: amount for what, amount in stretch.used.items() if amount >= 0}
        running = list(self._running.values())
        if not running:
            self._rest(elapsed, used)
            return
        for each, part in zip(running, _parts(elapsed, len(running)), strict=True):
            each.busy_ns += part
            each.wall_ns += elapsed
            each.used = {what: amount for what, amount in each.used.items() if what in used}
        for what, amount in used.items():
            for each, part in zip(running, _parts(amount, len(running)), strict=True):
                if what in each.used:
                    each.used[what] += part

    def end(self, number: int) -> Share:
        """Its part, up to the last look. Raises KeyError for what does not run."""
        ended = self._running.pop(number)
        return Share(ended.busy_ns, ended.wall_ns, ended.used)

    def idle(self) -> dict[Counted, int]:
        """What the idle computer uses a second, so microwatts of a counter of energy; what was never seen idle is missing."""
        return {what: min(pauses) for what, pauses in self._pauses.items() if pauses}

    def _rest(self, elapsed_ns: int, used: Mapping[Counted, int]) -> None:
        if elapsed_ns >= LEAST_IDLE_S * NS_IN_S:
            for what, amount in used.items():
                self._pauses[what].append(amount * NS_IN_S // elapsed_ns)


def _parts(amount: int, n: int) -> list[int]:
    """The amount in n whole parts that are together the amount; what does not divide goes to the first."""
    part, left = divmod(amount, n)
    return [part + (at < left) for at in range(n)]
