"""A month of the ledger, ready to be shown, exported or printed. Frozen values.

All money here is in whole nano-units of the statement's currency (a cent is 10,000,000), so that what is subtracted in view
is subtracted exactly. The four kinds are never added up silently: what was paid, electricity, a share of hardware, and what
a remote model would have charged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from engine.ledger_records import EnergyMethod, LedgerCheck, Month, RatioSource, Spread, Use, WorkloadId
from engine.price_records import Currency

#: Which of the reference models: the one that would really be used, a strong one, the cheapest that would do.
Role = Literal["would_use", "strong", "cheapest"]
ROLES: tuple[Role, ...] = ("would_use", "strong", "cheapest")

#: What a reader has to know beside a figure. `example_tariff`: no price of electricity was entered. `default_reference`: nobody
#: chose the reference model. `old_prices`: the price list is older than 60 days; `very_old_prices`: 180. `no_ratio`: tokens of
#: another vendor were not converted. `unknown_price`: the reference has no price on some days. `unknown_cost`: calls whose
#: cost is not known are counted as the most they can have cost. `clock_ahead`: entries are dated in the future.
#: `rate_old`: the exchange rate is older than 60 days. `no_rate`: amounts in a currency without a rate were left out.
#: `unbounded_cost`: of some calls not even that is known. `api_cheaper`: the remote model would have cost less.
#: `modelled_energy`: nobody measured the electricity. `differs`: the sums do not agree with the entries.
Caveat = Literal[
    "example_tariff", "default_reference", "old_prices", "very_old_prices", "no_ratio", "unknown_price", "unknown_cost",
    "clock_ahead", "rate_old", "no_rate", "unbounded_cost", "api_cheaper", "modelled_energy", "differs",
]  # fmt: skip


@dataclass(frozen=True)
class WorkloadLine:
    """A workload in a month. `name` is '' for kinds of work that are always there. `n_items` were answered on this computer
    and count; `n_paid` by a remote model. `avoided` None: no price. `saved` is avoided less electricity.
    """

    workload: WorkloadId
    name: str
    n_items: int
    n_paid: int
    avoided: Spread | None
    electricity: Spread
    saved: Spread | None
    paid: int = 0


@dataclass(frozen=True)
class ReferenceLine:
    """What one reference model makes of the month. `prices` are nano-dollars for a million tokens read and written, on the last
    day of the month that has one; None: not known.
    """

    role: Role
    reference: str
    avoided: Spread | None
    net: Spread | None
    prices: tuple[int, int] | None
    ratio: Spread
    ratio_source: RatioSource
    is_default: bool = False


@dataclass(frozen=True)
class LeftOut:
    """Generations that count for electricity and not as saved: stopped, done again, or made to compare."""

    use: Use
    n: int
    avoided: Spread | None
    electricity: Spread


@dataclass(frozen=True)
class EnergyUsed:
    """Electricity of the month: energy in micro-watt-hours with its range, how it is known, and what a kilowatt-hour costs.

    `methods` are shares of the energy in parts of a million. `co2_g` is in grams, None where the user gave no factor.
    """

    amount: Spread
    methods: tuple[tuple[EnergyMethod, int], ...]
    per_kwh: int
    is_example: bool
    duration_us: int = 0
    co2_g: Spread | None = None


@dataclass(frozen=True)
class HardwareShare:
    """What of the computer's price falls on this month. `price` 0: it is owned already and nothing is counted."""

    amount: int = 0
    price: int = 0
    n_months: int = 0
    share_percent: int = 100
    bought: date | None = None


@dataclass(frozen=True)
class BudgetState:
    """A budget in the running month. `spent` counts what is paid and what can still be charged for requests under way.

    `warned` is the highest threshold in per cent that was reached, 0 for none. `scope` as in the settings: '' for all,
    `provider:ID` or `workload:ID`.
    """

    scope: str
    name: str
    limit: int
    spent: int
    is_hard: bool
    warned: int = 0
    is_reached: bool = False


@dataclass(frozen=True)
class Statement:
    """One local month. `avoided` None: the reference has no price. `net` is avoided - electricity - hardware.

    `paid` is cash for remote models: through this program and by imported bills, each once; `paid_elsewhere` is the part of
    it that comes from bills. `forecast` is of `paid` by the end of the month, None before its fifth day and for past ones.
    """

    month: Month
    currency: Currency
    is_running: bool
    reference: str
    n_items: int
    n_workloads: int
    avoided: Spread | None
    electricity: Spread
    hardware: HardwareShare
    net: Spread | None
    paid: int
    paid_elsewhere: int
    n_paid: int
    n_unknown: int
    unknown_at_most: int
    forecast: int | None
    energy: EnergyUsed
    lines: tuple[WorkloadLine, ...]
    references: tuple[ReferenceLine, ...]
    left_out: tuple[LeftOut, ...]
    budgets: tuple[BudgetState, ...]
    n_prompt_tokens: int
    n_generated_tokens: int
    prices_as_of: str
    prices_age_days: int
    caveats: tuple[Caveat, ...] = ()


@dataclass(frozen=True)
class MonthBar:
    """A month in the chart: `avoided` None where it has no price; `local` is electricity and hardware together."""

    month: Month
    avoided: Spread | None
    local: Spread
    paid: int
    n_items: int = 0


#: `no_hardware`: no price of a computer was entered. `too_early`: less than a month of work. `never`: at this rate it does not.
BreakEvenState = Literal["no_hardware", "too_early", "reached", "likely", "never"]


@dataclass(frozen=True)
class BreakEven:
    """When what was saved (before the hardware share) reaches the price of the computer.

    `past` are sums at the end of each month since it was bought, the last one today; `ahead` goes on from there as the last
    months did. `reached` is the month in which the middle of the range reaches the price, `earliest` and `latest` the ends
    of the range; None: not within ten years. The state is decided by the low end where it says `reached`.
    """

    state: BreakEvenState
    price: int
    past: tuple[tuple[Month, Spread], ...] = ()
    ahead: tuple[tuple[Month, Spread], ...] = ()
    reached: Month | None = None
    earliest: Month | None = None
    latest: Month | None = None


@dataclass(frozen=True)
class LedgerPage:
    """Everything that the screen shows at once. `months` can be chosen, newest first; `check` None: not checked yet."""

    statement: Statement
    bars: tuple[MonthBar, ...]
    break_even: BreakEven
    months: tuple[Month, ...]
    check: LedgerCheck | None = None


# ---------------------------------------------------------------- the calculator
@dataclass(frozen=True)
class CalculatorInput:
    """What a plan is made from. Money in nano-dollars; speeds in tokens an hour; powers in milliwatts.

    `server` is what a rented server costs a month; `computer` what a workstation costs, 0 if it is there already, over
    `n_months`; `usable_percent` of all hours it can work. `fee_ppm` is added to the API's price.
    """

    n_items: int
    prompt: int
    generated: int
    model: str  # PROVIDER/MODEL
    server: int = 350_000_000_000
    computer: int = 0
    n_months: int = 48
    prompt_speed: int = 216_000  # 60 a second
    generate_speed: int = 36_000  # 10 a second
    power: Spread = field(default_factory=lambda: Spread(35_000, 65_000, 120_000))
    per_kwh: int = 200_000_000
    usable_percent: int = 50
    fee_ppm: int = 0


@dataclass(frozen=True)
class Plan:
    """What a way of doing the work costs in a month. `break_even` is the number of items from which it is cheaper than the API
    (None: never). `saves` is the API's cost less its own.
    """

    cost: Spread
    saves: Spread
    break_even: int | None
    is_feasible: bool = True


@dataclass(frozen=True)
class Calculation:
    """The plan. `api` None: the model has no price, and then there is nothing to compare with.

    `most_items` is what the computer can do in a month; `item_ms` how long it takes for one; `item_uwh` its energy.
    `payback_months` in thousandths of a month, None: never. `per_kwh_limit` is the price of electricity (nano-dollars) above
    which this computer costs more than the API.
    """

    asked: CalculatorInput
    api: int | None
    server: Plan | None
    computer: Plan | None
    most_items: int
    item_ms: int
    item_uwh: Spread
    payback_months: int | None
    per_kwh_limit: int | None
    prices_as_of: str
