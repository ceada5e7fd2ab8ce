"""Amounts as they are typed and amounts as they are added up, and the currency that a month is shown in.

Pure. Amounts that people type are decimal numbers, amounts that are added up whole nano-units. Between two currencies an
amount goes through the dollar, exactly, and is rounded once at the end, half to even. A rate holds from its day on; before
the first one that is known, that one is used, since it is nearer to the truth than none.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from engine.ledger_records import Month
from engine.ledger_settings import LedgerSettings
from engine.price_records import Currency

NANO = 1_000_000_000
DOLLARS = Currency()


def nano_of(amount: Decimal) -> int:
    """A decimal amount in whole nano-units, half to even. Raises ValueError for what is no number."""
    if not amount.is_finite():
        raise ValueError("an amount of money is a finite number")
    return round(Fraction(amount) * NANO)


def decimal_of(nano: int) -> Decimal:
    """Nano-units as a decimal amount with nine places, exactly, whatever its size."""
    return Decimal((int(nano < 0), tuple(int(digit) for digit in str(abs(nano))), -9))


def currency_on(settings: LedgerSettings, code: str, day: date) -> Currency | None:
    """A currency at its newest rate of this day or before, else at its oldest; None: no rate was entered.

    Where two rates are of the same day, the one that was entered last holds.
    """
    if code == DOLLARS.code:
        return DOLLARS
    rates = sorted((each for each in settings.rates if each.currency == code), key=lambda each: each.day)
    if not rates:
        return None
    valid = [each for each in rates if each.day <= day]
    chosen = valid[-1] if valid else next(each for each in reversed(rates) if each.day == rates[0].day)
    return Currency(code, nano_of(chosen.per_usd), chosen.day)


def currency_at(settings: LedgerSettings, month: Month) -> Currency:
    """What a month is shown in: the chosen currency, at the rate of the month's last day; dollars where it has no rate.

    Whoever compares its code with the chosen one sees whether a rate was missing.
    """
    return currency_on(settings, settings.currency, month.last) or DOLLARS


def converted(nano_usd: int, currency: Currency) -> int:
    """Nano-dollars in nano-units of a currency, half to even."""
    return half_even(nano_usd * currency.per_usd, NANO)


def half_even(numerator: int, denominator: int) -> int:
    """A fraction as a whole number, as `round` makes it of a Fraction and in a fifth of the time. `denominator` is above 0."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


def exactly(amount: Decimal, code: str, currency: Currency, settings: LedgerSettings, day: date) -> Fraction | None:
    """A typed amount in nano-units of `currency`, not rounded yet; None where its own currency has no rate.

    In the same currency it stays what it is, whatever the rates say.
    """
    units = Fraction(amount) * NANO
    if code == currency.code:
        return units
    own = currency_on(settings, code, day)
    return None if own is None else units * currency.per_usd / own.per_usd


def to_usd(amount: Decimal, code: str, settings: LedgerSettings, day: date) -> int | None:
    """A typed amount in nano-dollars by the rate of a day, half to even; None where its currency has no rate."""
    exact = exactly(amount, code, DOLLARS, settings, day)
    return None if exact is None else round(exact)
