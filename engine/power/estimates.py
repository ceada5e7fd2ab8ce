"""The energy that one generation took, with its range, from its share of what was counted: the most trusted source decides.

First the watts that the user read off a plug meter, then the counter of a graphics card, that of the processor, and last
a model of the computer. Pure. In the end whole micro-watt-hours, rounded once, half to even.

Counters count the whole card or processor, other programs too, and nothing beside it. What the idle computer would have
taken is subtracted where it was seen idle before; where it was not, the figure is at least half of it less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from engine.ledger_records import Energy, Spread
from engine.ledger_settings import LedgerSettings, MeterWatts
from engine.power.plausible import PlausiblePower
from engine.power.sharing import NS_IN_S, Counted, Share

UJ_IN_UWH = 3_600  # an hour has as many seconds, and a watt-second is a joule
PJ_IN_UWH = 3_600_000_000  # milliwatts for nanoseconds are picojoules

METER_ERROR = Fraction(10, 100)  # of cheap plug meters, and of watts that were read once for work that varies
MODEL_BELOW, MODEL_ABOVE = Fraction(40, 100), Fraction(80, 100)  # what processors of one kind differ by
#: Of what was counted, while nobody saw the computer idle: processors and cards rest at a tenth to a half of their working power.
UNSEEN_IDLE = Fraction(50, 100)
SHORT_NS = NS_IN_S  # cards sample their power for a part of the time only, which long answers even out


@dataclass(frozen=True)
class _Counter:
    """What a counter's figure means: its error, that of short answers, and how much more is taken at the wall."""

    source: Literal["nvml", "rapl"]
    error: Fraction
    error_when_short: Fraction
    wall: tuple[Fraction, Fraction]


COUNTERS = (
    # A card's own measuring is good to 10 % over some seconds; fans, memory and the power supply add a tenth to a quarter.
    _Counter("nvml", Fraction(10, 100), Fraction(35, 100), (Fraction(110, 100), Fraction(125, 100))),
    # A processor's is good to 5 % (it counts each millisecond); board, memory and supply add 15 to 40 %.
    _Counter("rapl", Fraction(5, 100), Fraction(5, 100), (Fraction(115, 100), Fraction(140, 100))),
)


def energy_of(share: Share, idle: Mapping[Counted, int], settings: LedgerSettings, computer: PlausiblePower) -> Energy:
    """What a generation took; `idle` is what the idle computer uses, as `Sharing.idle` says it.

    Beyond the idle computer where that would be on in any case, else with all that it takes meanwhile.
    """
    if settings.watts is not None:
        return Energy(_metered(share, settings.watts, settings.is_on_anyway), "meter")
    counter = next((each for each in COUNTERS if share.used.get(each.source)), None)  # one that stood still is too coarse
    beyond = _counted(share, counter, idle.get(counter.source)) if counter is not None else _modelled(share, computer)
    if not settings.is_on_anyway:
        beyond = _sum(beyond, _model_range(Fraction(computer.idle * share.busy_ns, PJ_IN_UWH)))
    return Energy(_whole(*beyond), counter.source if counter is not None else "model")


_Range = tuple[Fraction, Fraction, Fraction]  # micro-watt-hours: at least, likely, at most


def _metered(share: Share, watts: MeterWatts, is_on_anyway: bool) -> Spread:
    taken = max(0, watts.busy - watts.idle) if is_on_anyway else watts.busy
    mid = Fraction(taken * 1000 * share.busy_ns, PJ_IN_UWH)
    return _whole(mid * (1 - METER_ERROR), mid, mid * (1 + METER_ERROR))


def _counted(share: Share, counter: _Counter, idle_uw: int | None) -> _Range:
    counted = Fraction(share.used[counter.source], UJ_IN_UWH)
    error = counted * (counter.error_when_short if share.wall_ns < SHORT_NS else counter.error)
    low_wall, high_wall = counter.wall
    if idle_uw is None:
        return (counted - error) * (1 - UNSEEN_IDLE) * low_wall, counted * sum(counter.wall) / 2, (counted + error) * high_wall
    at_rest = Fraction(idle_uw * share.busy_ns, NS_IN_S * UJ_IN_UWH)
    beyond = max(Fraction(0), counted - at_rest)
    return max(Fraction(0), beyond - error) * low_wall, beyond * sum(counter.wall) / 2, (beyond + error) * high_wall


def _modelled(share: Share, computer: PlausiblePower) -> _Range:
    """The cores that computed, for as long as they did; all of them where nobody could look."""
    all_cores_us = Fraction(share.busy_ns * computer.n_cores, 1000)
    cores_us = min(Fraction(share.used["cpu"]), all_cores_us) if "cpu" in share.used else all_cores_us
    of_cores = computer.core * cores_us * 1000
    return _model_range((of_cores + computer.graphics * share.busy_ns) / PJ_IN_UWH)


def _model_range(mid: Fraction) -> _Range:
    return mid * (1 - MODEL_BELOW), mid, mid * (1 + MODEL_ABOVE)


def _sum(one: _Range, other: _Range) -> _Range:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _whole(low: Fraction, mid: Fraction, high: Fraction) -> Spread:
    return Spread(round(low), round(mid), round(high))
