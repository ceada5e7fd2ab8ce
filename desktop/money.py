"""Amounts of money as people write them, in the user's locale: `€370.47`, `less than €0.01`, `€352 to €384`. Pure.

Amounts are whole nano-units of their currency, as the ledger counts them; no float touches them. Rounded once, half to
even. What is not nothing is never written as nothing.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from PySide6.QtCore import QCoreApplication, QLocale

from engine.ledger_records import Spread
from engine.price_records import Currency

translate = QCoreApplication.translate

UNIT = 1_000_000_000  # nano-units of one unit
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "PLN": "zł", "CZK": "Kč", "TRY": "₺"}
_WHOLE = frozenset({"JPY", "KRW", "CLP", "ISK", "VND", "PYG", "UGX", "XAF", "XOF"})  # currencies without a smaller coin
_COARSE = 100  # units from which a range is written without cents
_LARGE = 10_000  # units from which columns have no cents
_FINEST = 9
_MINUS, _NO_BREAK, _JOINER = "−", "\u00a0", "\u2060"


def amount(nano: int, currency: Currency) -> str:
    """`€370.47`, `−€12.30`; what is below half a cent is `less than €0.01` or `just below €0.00`."""
    decimals = _decimals(currency)
    if nano and not _rounded(nano, decimals):
        if nano < 0:
            return translate("money", "just below {zero}").format(zero=_written(Decimal(0), decimals, currency))
        return translate("money", "less than {least}").format(least=_least(currency))
    return _written(_rounded(nano, decimals), decimals, currency)


def short(nano: int, currency: Currency) -> str:
    """Like `amount`, for columns: `<€0.01`, `>−€0.01`, and from ten thousand units on without cents."""
    if abs(nano) >= _LARGE * UNIT:
        return _written(_rounded(nano, 0), 0, currency)
    decimals = _decimals(currency)
    if nano and not _rounded(nano, decimals):
        return f"<{_least(currency)}" if nano > 0 else f">{_MINUS}{_least(currency)}"
    return amount(nano, currency)


def coarse(nano: int, currency: Currency) -> str:
    """Like `short`, and without cents already from a hundred units on: for what is only expected."""
    return _written(_rounded(nano, 0), 0, currency) if abs(nano) >= _COARSE * UNIT else short(nano, currency)


def known(nano: int | None, currency: Currency) -> str:
    """An amount, or that it is not known."""
    return translate("money", "not known") if nano is None else amount(nano, currency)


def whole(nano: int, currency: Currency) -> str:
    """`€2,800` where there are no cents, else as `amount`; for prices that were typed."""
    return _written(Decimal(nano // UNIT), 0, currency) if nano % UNIT == 0 else amount(nano, currency)


def about(nano: int, currency: Currency) -> str:
    """`about €210`: an estimate, without cents from a hundred units on."""
    figure = coarse(nano, currency) if abs(nano) >= _COARSE * UNIT else amount(nano, currency)
    return translate("money", "about {amount}").format(amount=figure)


def span(low: int, high: int, currency: Currency) -> str:
    """`€352 to €384`: rounded outwards, so that it holds what it held; one amount where both ends are the same."""
    decimals = 0 if max(abs(low), abs(high)) >= _COARSE * UNIT else _decimals(currency)
    ends = _rounded(low, decimals, ROUND_FLOOR), _rounded(high, decimals, ROUND_CEILING)
    if low == high or ends[0] == ends[1]:
        return amount(high, currency)
    # A minus may not stand at the end of a line with its amount on the next one.
    first, last = (_written(end, decimals, currency).replace(_MINUS, _MINUS + _JOINER) for end in ends)
    return translate("money", "{low} to {high}").format(low=first, high=last)


def spread(of: Spread, currency: Currency) -> str:
    """The range of a figure."""
    return span(of.low, of.high, currency)


def tick(nano: int, step: int, currency: Currency) -> str:
    """The label of a gridline: with as many decimals as its step needs, `€125`, `€0.005`."""
    decimals = next((n for n in range(_FINEST) if step % 10 ** (_FINEST - n) == 0), _FINEST)
    if decimals:
        decimals = max(decimals, _decimals(currency))
    return _written(_rounded(nano, decimals), decimals, currency)


def converted(nano_usd: int, currency: Currency) -> int:
    """Nano-dollars in nano-units of a currency, rounded half to even."""
    return int((Decimal(nano_usd) * currency.per_usd / UNIT).to_integral_value(ROUND_HALF_EVEN))


def adds_up(total: int, parts: tuple[int, ...], currency: Currency) -> bool:
    """Whether the rounded total is the sum of the rounded parts, as a reader with a pencil finds it."""
    decimals = _decimals(currency)
    return _rounded(total, decimals) == sum((_rounded(part, decimals) for part in parts), Decimal(0))


# ---------------------------------------------------------------- writing
def _decimals(currency: Currency) -> int:
    return 0 if currency.code in _WHOLE else 2


def _rounded(nano: int, decimals: int, how: str = ROUND_HALF_EVEN) -> Decimal:
    return (Decimal(nano) / UNIT).quantize(Decimal(1).scaleb(-decimals), rounding=how)


def _least(currency: Currency) -> str:
    decimals = _decimals(currency)
    return _written(Decimal(1).scaleb(-decimals), decimals, currency)


def _written(value: Decimal, decimals: int, currency: Currency) -> str:
    """Digits and symbol as the locale orders them; a minus stands before everything, never a pair of brackets."""
    locale = QLocale()
    integral, _, fraction = f"{abs(value):.{decimals}f}".partition(".")
    digits = locale.toString(int(integral))
    if fraction:
        zero = ord(locale.zeroDigit()[0])
        digits += locale.decimalPoint() + "".join(chr(zero + int(digit)) for digit in fraction)
    symbol = _symbol(locale, currency.code)
    one = locale.toString(1)
    before, _, after = locale.toCurrencyString(1, symbol).partition(one)
    if before[-1:].isalpha():  # CHF 5, and never CHF5
        before += _NO_BREAK
    return f"{_MINUS if value < 0 else ''}{before}{digits}{_tail(after, locale)}"


def _tail(after: str, locale: QLocale) -> str:
    """What follows the digits, without the decimals of the sample that it was taken from."""
    return after.lstrip(locale.decimalPoint() + locale.zeroDigit())


def _symbol(locale: QLocale, code: str) -> str:
    """The sign of a currency, or its code where the sign would be read as the locale's own money."""
    sign = _SYMBOLS.get(code, code)
    is_own = locale.currencySymbol(QLocale.CurrencySymbolFormat.CurrencyIsoCode) == code
    own = locale.currencySymbol()
    return own if is_own and own else code if sign == own else sign
