"""What a reader has to know beside the figures of a month. Pure; what each one means is said where Caveat is defined."""

from __future__ import annotations

from typing import get_args

from engine.ledger.terms import Terms
from engine.statement_records import Caveat, Statement

OLD_DAYS, VERY_OLD_DAYS = 60, 180  # of price lists and of exchange rates
HALF = 500_000  # parts of a million


def caveats(
    made: Statement,
    terms: Terms,
    *,
    is_default_reference: bool,
    lacks_rate: bool,
    lacks_ratio: bool,
    lacks_price: bool,
    is_unbounded: bool,
    is_measured: bool,
    is_ahead: bool,
    differs: bool,
) -> tuple[Caveat, ...]:
    """All that hold for a statement, in the order in which they are defined."""
    hardware = terms.settings.hardware
    modelled = dict(made.energy.methods).get("model", 0)
    holds: dict[Caveat, bool] = {
        "example_tariff": made.energy.is_example,
        "default_reference": is_default_reference,
        "old_prices": OLD_DAYS < made.prices_age_days <= VERY_OLD_DAYS,
        "very_old_prices": made.prices_age_days > VERY_OLD_DAYS,
        "no_ratio": lacks_ratio,
        "unknown_price": lacks_price,
        "unknown_cost": made.n_unknown > 0,
        "clock_ahead": is_ahead,
        "rate_old": _rate_is_old(made, terms),
        "no_rate": lacks_rate or (hardware is not None and hardware.price > 0 and made.hardware.price == 0),
        "unbounded_cost": is_unbounded,
        "api_cheaper": made.n_items > 0 and made.net is not None and made.net.mid < 0,
        "modelled_energy": modelled >= HALF or not is_measured,
        "differs": differs,
    }
    return tuple(each for each in get_args(Caveat) if holds[each])


def _rate_is_old(made: Statement, terms: Terms) -> bool:
    """Also where the month is older than the oldest rate: both say nothing of each other."""
    as_of = made.currency.as_of
    return as_of is not None and abs((min(made.month.last, terms.today) - as_of).days) > OLD_DAYS
