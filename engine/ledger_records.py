"""The ledger's entries and their sums: what was generated, what it took, and what it would have cost elsewhere.

Frozen values without any text of a prompt or an answer and without names of files. Money is in whole nano-dollars, energy
in whole micro-watt-hours, ratios in parts of a million. None is not known, never nothing.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NewType

from engine.provider_records import CostSource, Rates

#: The id of a vote set, or one of the kinds of work that are always there.
WorkloadId = NewType("WorkloadId", str)
ASK, CHAT, COMPARE, NO_WORKLOAD = WorkloadId("ask"), WorkloadId("chat"), WorkloadId("compare"), WorkloadId("")

Place = Literal["local", "api"]

#: What a generation was for. `work`: its result was wanted. `again`: it takes the place of an earlier answer. `cancelled`:
#: it was stopped. `test`: to compare, to judge, to measure, or a quality sample. Only work can have saved anything.
Use = Literal["work", "again", "cancelled", "test"]
USES: tuple[Use, ...] = ("work", "again", "cancelled", "test")

#: Where a figure for energy comes from, the most trusted first: watts that the user read off a meter, the counter of a
#: graphics card, the counter of a processor, or a model of this computer.
EnergyMethod = Literal["meter", "nvml", "rapl", "model"]

#: How tokens of a local model were turned into those of a remote one: from the user's own pairs, from measured tables, or
#: not at all, with a wide margin.
RatioSource = Literal["calibrated", "prior", "none"]


@dataclass(frozen=True, order=True)
class Month:
    """A month of the local calendar."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `2026-11`. Raises ValueError."""
        year, separator, month = text.partition("-")
        if separator != "-" or not (year.isascii() and year.isdigit() and len(year) == 4):
            raise ValueError("a month is written as 2026-11")
        if not (month.isascii() and month.isdigit() and len(month) == 2):
            raise ValueError("a month is written as 2026-11")
        date(int(year), int(month), 1)
        return cls(int(year), int(month))

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.month, self.n_days)

    @property
    def n_days(self) -> int:
        return monthrange(self.year, self.month)[1]

    def plus(self, n_months: int) -> Month:
        """The month so many months later, or earlier where `n_months` is negative. Raises ValueError outside the calendar."""
        years, months = divmod(self.year * 12 + self.month - 1 + n_months, 12)
        date(years, months + 1, 1)
        return Month(years, months + 1)

    def until(self, later: Month) -> int:
        """How many months later `later` is."""
        return (later.year - self.year) * 12 + later.month - self.month

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def local_day(moment: datetime) -> date:
    """The day that it is at this moment where the computer is. Raises ValueError for a time without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a time zone has no day")
    return moment.astimezone().date()


@dataclass(frozen=True)
class Spread:
    """A figure with what it is at least and at most; low <= mid <= high."""

    low: int
    mid: int
    high: int

    def __add__(self, other: Spread) -> Spread:
        return Spread(self.low + other.low, self.mid + other.mid, self.high + other.high)

    def __neg__(self) -> Spread:
        return Spread(-self.high, -self.mid, -self.low)

    def __sub__(self, other: Spread) -> Spread:
        """The difference: at least with the other at its highest, at most with the other at its lowest."""
        return self + -other

    def shifted(self, by: int) -> Spread:
        """All three higher by a figure that is known exactly."""
        return Spread(self.low + by, self.mid + by, self.high + by)


NOTHING = Spread(0, 0, 0)


@dataclass(frozen=True)
class Energy:
    """Energy that a generation took beyond an idle computer, in micro-watt-hours."""

    amount: Spread
    method: EnergyMethod


@dataclass(frozen=True)
class Avoided:
    """What a reference model (`PROVIDER/MODEL`) would have charged for the same work at that time, in nano-dollars.

    Standard service, nothing cached, an answer of the same text. Where it would have been asked in batches, at half the
    price, its name ends with ` in batches`: such sums are never added to those at the full price. `ratio` is its tokens for
    one of ours.
    """

    reference: str
    amount: Spread
    ratio: Spread
    ratio_source: RatioSource
    rates: Rates


@dataclass(frozen=True)
class LedgerEvent:
    """One generation, in the books for good. `time` is its end in UTC, `local_day` the day that it was here then.

    `prompt` is all tokens that were read, cached ones too; `generated` all that were written, reasoning too. `cost` is
    what was paid (0 on this computer, None: not known), `at_most` what it can have cost where that is not known or only
    estimated. `pair` is the same for a local and a remote generation that read the same prompt. `reverses`: this entry takes
    back the one with that id, with its figures negated.
    """

    id: str
    time: datetime
    local_day: date
    place: Place
    workload: WorkloadId
    model: str
    provider: str = ""
    use: Use = "work"
    prompt: int = 0
    generated: int = 0
    cached: int = 0
    cache_write: int = 0
    reasoning: int = 0
    duration_us: int = 0
    ttft_us: int | None = None
    stop_reason: str = ""
    cost: int | None = 0
    at_most: int | None = None
    cost_source: CostSource = "free"
    rates: Rates | None = None
    avoided: Avoided | None = None
    energy: Energy | None = None
    pair: str = ""
    reverses: str = ""

    @property
    def sign(self) -> int:
        return -1 if self.reverses else 1

    @property
    def is_open(self) -> bool:
        """Whether it counts as the most that it can have cost: nobody knows what was charged, or it was only estimated.

        An answer that broke off is estimated from what was seen of it, and many providers charge for all of it.
        """
        return self.cost is None or (self.cost_source == "estimated" and self.at_most is not None)


@dataclass(frozen=True)
class DayTotal:
    """The sum of the events of a day that agree in everything but their figures; kept beside them and checked against them.

    `reference` '' and `avoided` zero: no reference was chosen or it had no price. `cost` sums what is known, without what is
    estimated; `n_unknown` events have no known cost and can have cost `at_most` together (and `n_unbounded` of them any
    amount). `longest_prompt` tells whether a step in a price list could have been reached.
    """

    day: date
    utc_day: date
    place: Place
    workload: WorkloadId
    provider: str
    model: str
    use: Use
    reference: str = ""
    ratio_source: RatioSource | Literal[""] = ""
    energy_method: EnergyMethod | Literal[""] = ""
    n: int = 0
    prompt: int = 0
    generated: int = 0
    cached: int = 0
    longest_prompt: int = 0
    duration_us: int = 0
    cost: int = 0
    n_unknown: int = 0
    at_most: int = 0
    n_unbounded: int = 0
    avoided: Spread = NOTHING
    energy: Spread = NOTHING


@dataclass(frozen=True)
class LedgerCheck:
    """Whether the sums of the days are those of the events. `n_ahead` events are dated in the future: a clock was wrong."""

    n_events: int
    n_differences: int
    n_ahead: int = 0
    was_rebuilt: bool = False

    @property
    def is_sound(self) -> bool:
        return self.n_differences == 0


@dataclass(frozen=True)
class OpenCall:
    """A request whose cost is not known: it broke off, was stopped, or has no price. Until it is resolved it counts as
    `at_most`, what was reserved for it.
    """

    id: str
    time: datetime
    workload: WorkloadId
    provider: str
    model: str
    at_most: int | None


@dataclass(frozen=True)
class Ceiling:
    """A hard budget as the store holds it: requests of this scope may not cost more than `limit` nano-dollars in the month.

    `scope` as in the settings: '' for all, `provider:ID` or `workload:ID`.
    """

    scope: str
    month: Month
    limit: int


@dataclass(frozen=True)
class Spent:
    """What is paid in a month within a scope: what is known, and what else it can be at most, requests under way included."""

    known: int
    at_most: int
    n: int
    n_unbounded: int = 0

    @property
    def counted(self) -> int:
        return self.known + self.at_most


@dataclass(frozen=True)
class PairCount:
    """Tokens of one prompt as a local and as a remote model counted them."""

    workload: WorkloadId
    local: str
    provider: str
    model: str
    local_prompt: int
    remote_prompt: int
