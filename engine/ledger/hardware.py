"""Which part of the computer's price falls on a month: a straight line over months, from the month that it was bought in.

Pure. The parts of all months are the price to the last nano-unit. The running month has the part of its days that are over:
set against what was saved so far, the part of a whole month would make the beginning of each month look like a loss.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from engine.ledger.money import DOLLARS, currency_on, exactly
from engine.ledger_records import Month
from engine.ledger_settings import LedgerSettings
from engine.statement_records import HardwareShare


def price_of(settings: LedgerSettings, code: str) -> int | None:
    """What the computer cost, in nano-units of the currency `code` at the rates of the day that it was bought.

    Those rates, because it was paid then: a later one changes nothing of it. None: no hardware, or a rate is missing.
    """
    hardware = settings.hardware
    if hardware is None:
        return None
    currency = currency_on(settings, code, hardware.bought) or DOLLARS
    exact = exactly(hardware.price, hardware.currency, currency, settings, hardware.bought)
    return None if exact is None or currency.code != code else round(exact)


def part_to_earn(settings: LedgerSettings, code: str) -> int | None:
    """The part of the price that this work has to bring in: its share of what the computer is used for. None as above."""
    price = price_of(settings, code)
    if price is None or settings.hardware is None:
        return None
    return round(Fraction(price * settings.hardware.share_percent, 100))


def hardware_share(settings: LedgerSettings, month: Month, code: str, elapsed: int, today: date) -> HardwareShare:
    """The part of a month of which `elapsed` days are over (all of them for a past month).

    Nothing for hardware that is owned already, that was bought after `today` or that is paid off.
    """
    hardware, price = settings.hardware, price_of(settings, code)
    whole = part_to_earn(settings, code)
    if hardware is None or price is None or whole is None:
        return HardwareShare()
    amount, number = 0, Month.of(hardware.bought).until(month)
    if 0 <= number < hardware.n_months and hardware.bought <= today:
        full = _until(whole, number + 1, hardware.n_months) - _until(whole, number, hardware.n_months)
        amount = round(Fraction(full * elapsed, month.n_days))
    return HardwareShare(amount, price, hardware.n_months, hardware.share_percent, hardware.bought)


def _until(whole: int, months: int, n_months: int) -> int:
    return round(Fraction(whole * months, n_months))
