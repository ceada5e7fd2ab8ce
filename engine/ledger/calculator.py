"""A plan before anything was bought: a month's work at a remote model, on a rented server, and on a workstation.

Pure. Exact fractions up to the figure, which is rounded once, half to even: money to nano-dollars, energy to
micro-watt-hours, time to milliseconds. Counts of items are rounded so that they hold: the number from which something is
cheaper up, the number that can be done down.

With N items a month, R pico-dollars of tokens for an item and the fee f:

    c = R · (1 + f)                            an item at the remote model
    h = prompt / speed + generated / speed     hours for an item on the computer
    e = watts · h · price of a kilowatt-hour   its electricity
    N* = ⌈S / (c − e)⌉                         items from which S a month is cheaper; for a rented server e is 0
    N_most = ⌊usable share · 730 h / h⌋
    payback = price / (N · (c − e))            months
    limit = (c − S / N) / energy of an item    price of a kilowatt-hour up to which the computer is the cheaper one

S is the rent, or what falls on a month of the computer's price. Where a range has to become one figure (N*, payback, limit)
it is the middle of the watts.
"""

from __future__ import annotations

from fractions import Fraction

from engine.errors import LedgerInputUnfit
from engine.ledger_records import Spread
from engine.provider_records import Rates
from engine.statement_records import Calculation, CalculatorInput, Plan

HOURS_A_MONTH = 730
_MS_AN_HOUR = 3_600_000
_UWH_A_MWH = 1_000  # micro-watt-hours in a milliwatt-hour
_UWH_A_KWH = 10**9
_PICO_A_NANO = 1_000
_MILLION = 1_000_000
_BILLION_DOLLARS = 10**18  # nano-dollars

#: The least and the most that each figure may be.
BOUNDS: dict[str, tuple[int, int]] = {
    "n_items": (1, 10**9),
    "prompt": (0, 10**8),
    "generated": (0, 10**8),
    "server": (0, _BILLION_DOLLARS),
    "computer": (0, _BILLION_DOLLARS),
    "n_months": (1, 240),
    "prompt_speed": (1, 10**12),
    "generate_speed": (1, 10**12),
    "per_kwh": (0, 10**15),
    "usable_percent": (1, 100),
    "fee_ppm": (0, _MILLION),
}
MOST_POWER = 10**8  # milliwatts


def calculate(asked: CalculatorInput, rates: Rates | None, as_of: str) -> Calculation:
    """What the plan comes to. `rates` are the model's for a prompt of that length, None where it has no price.

    Nothing is said of how much a rented server can do: its plan counts as feasible. A computer that cannot do the work
    never pays back. Raises LedgerInputUnfit with the name of the first figure that is none to reckon with.
    """
    check(asked)
    item = _remote_item(asked, rates) if rates is not None else None
    hours = Fraction(asked.prompt, asked.prompt_speed) + Fraction(asked.generated, asked.generate_speed)
    energy = [watts * hours * _UWH_A_MWH for watts in (asked.power.low, asked.power.mid, asked.power.high)]
    most = most_items(asked.usable_percent, hours)
    is_feasible = asked.n_items <= most
    monthly = Fraction(asked.computer, asked.n_months)
    electricity = [each * asked.per_kwh / _UWH_A_KWH for each in energy]
    return Calculation(
        asked=asked,
        api=round(item * asked.n_items) if item is not None else None,
        server=_plan(item, asked.n_items, Fraction(asked.server), [Fraction(0)] * 3) if item is not None else None,
        computer=_plan(item, asked.n_items, monthly, electricity, is_feasible=is_feasible) if item is not None else None,
        most_items=most,
        item_ms=round(hours * _MS_AN_HOUR),
        item_uwh=_spread(energy),
        payback_months=_payback(asked, item - electricity[1]) if item is not None and is_feasible else None,
        per_kwh_limit=_limit(item - monthly / asked.n_items, energy[1]) if item is not None else None,
        prices_as_of=as_of,
    )


def most_items(usable_percent: int, hours: Fraction) -> int:
    """How many items a computer can do in a month of 730 hours, at so many `hours` for each (more than 0)."""
    return int(Fraction(usable_percent, 100) * HOURS_A_MONTH / hours)


def check(asked: CalculatorInput) -> None:
    """Raises LedgerInputUnfit. What is below its least, such as no items at all or a speed of 0, is called `negative`."""
    for name, (least, most) in BOUNDS.items():
        _check_figure(name, getattr(asked, name), least, most)
    if asked.prompt + asked.generated == 0:
        raise LedgerInputUnfit("generated", "negative")
    power, below = asked.power, 0
    for watts in (power.low, power.mid, power.high):
        _check_figure("power", watts, below, MOST_POWER)
        below = watts


def _check_figure(name: str, figure: object, least: int, most: int) -> None:
    if not isinstance(figure, int) or isinstance(figure, bool):
        raise LedgerInputUnfit(name, "not_a_number")
    if figure < least:
        raise LedgerInputUnfit(name, "negative")
    if figure > most:
        raise LedgerInputUnfit(name, "too_large")


def _remote_item(asked: CalculatorInput, rates: Rates) -> Fraction:
    """What an item costs at the remote model with its fee, in nano-dollars."""
    pico = asked.prompt * rates.prompt + asked.generated * rates.generated
    return Fraction(pico * (_MILLION + asked.fee_ppm), _PICO_A_NANO * _MILLION)


def _plan(item: Fraction, n: int, monthly: Fraction, each: list[Fraction], *, is_feasible: bool = True) -> Plan:
    """A way of doing the work that costs `monthly` and, low, middle and high, so much for `each` item."""
    cost = _spread([monthly + n * one for one in each])
    left = item - each[1]
    break_even = max(1, -(-monthly // left)) if left > 0 else None
    return Plan(cost, (-cost).shifted(round(item * n)), break_even, is_feasible)


def _payback(asked: CalculatorInput, saved: Fraction) -> int | None:
    """Thousandths of a month until what an item saves has paid for the computer; None: never."""
    return round(asked.computer * 1_000 / (asked.n_items * saved)) if saved > 0 else None


def _limit(saved: Fraction, energy: Fraction) -> int | None:
    """Nano-dollars a kilowatt-hour; 0 where the computer costs more even without electricity, None where it needs none."""
    return max(0, round(saved * _UWH_A_KWH / energy)) if energy else None


def _spread(figures: list[Fraction]) -> Spread:
    low, mid, high = map(round, figures)
    return Spread(low, mid, high)
