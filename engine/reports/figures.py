"""Figures of a report as they are written: money, ranges, counts, energy, months. In English; no float touches money.

Amounts are whole nano-units of a currency. What is not nothing is never written as nothing.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from engine.ledger.money import DOLLARS as DOLLARS
from engine.ledger.money import decimal_of as decimal_of
from engine.ledger_records import Month, Spread
from engine.price_records import Currency

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
WHOLE = frozenset({"JPY", "KRW", "CLP", "ISK", "VND", "PYG", "UGX", "XAF", "XOF"})  # currencies without a smaller coin
NOT_KNOWN = "not known"
MINUS, NO_BREAK = "−", "\u00a0"
MICRO_WH = 1_000_000
COARSE = 100  # units from which a range is written without cents
MONTHS = "January February March April May June July August September October November December".split()


def nine_places(nano: int) -> str:
    """Nano-units as a decimal number in full, for other programs."""
    return f"{'-' if nano < 0 else ''}{abs(nano) // 10**9}.{abs(nano) % 10**9:09d}"


class Plain(Decimal):
    """A number that is written in full, without an exponent. No text, so that a cell may begin with its minus."""

    def __str__(self) -> str:
        return f"{self:f}"


def plain(nano: int) -> Plain:
    """Nano-units as a decimal number with all nine places, for a cell."""
    return Plain(nine_places(nano))


def decimals_of(currency: Currency) -> int:
    return 0 if currency.code in WHOLE else 2


def sign_of(currency: Currency) -> str:
    """What stands before the digits: a sign, or the code with a blank."""
    return SIGNS.get(currency.code, f"{currency.code}{NO_BREAK}")


def rounded(nano: int, decimals: int, how: str = ROUND_HALF_EVEN) -> Decimal:
    return decimal_of(nano).quantize(Decimal(1).scaleb(-decimals), rounding=how)


def money(nano: int | None, currency: Currency) -> str:
    """`€370.47`, `−€12.30`, `less than €0.01`; None is not known."""
    if nano is None:
        return NOT_KNOWN
    decimals = decimals_of(currency)
    amount = rounded(nano, decimals)
    if nano and not amount:
        least = _written(Decimal(1).scaleb(-decimals), currency)
        return f"less than {least}" if nano > 0 else f"minus less than {least}"
    return _written(amount, currency)


def short(nano: int | None, currency: Currency) -> str:
    """As `money`, for columns: `<€0.01`, `>−€0.01`."""
    decimals = decimals_of(currency)
    if not nano or rounded(nano, decimals):
        return money(nano, currency)
    least = _written(Decimal(1).scaleb(-decimals), currency)
    return f"<{least}" if nano > 0 else f">{MINUS}{least}"


def span(of: Spread | None, currency: Currency) -> str:
    """`€352 to €384`: rounded outwards, so that it holds what it held; one amount where both ends are the same."""
    if of is None:
        return NOT_KNOWN
    if of.low == of.high:
        return money(of.mid, currency)
    decimals = 0 if max(abs(of.low), abs(of.high)) >= COARSE * 10**9 else decimals_of(currency)
    low, high = rounded(of.low, decimals, ROUND_FLOOR), rounded(of.high, decimals, ROUND_CEILING)
    return f"{_written(low, currency)} to {_written(high, currency)}"


def adds_up(total: int, parts: tuple[int, ...], currency: Currency) -> bool:
    """Whether the rounded total is the sum of the rounded parts, as a reader with a pencil finds it."""
    decimals = decimals_of(currency)
    return rounded(total, decimals) == sum((rounded(part, decimals) for part in parts), Decimal(0))


def count(n: int) -> str:
    """`112,480`."""
    return f"{n:,}".replace("-", MINUS)


def counted(n: int, one: str, many: str) -> str:
    """`1 item`, `2 items`."""
    return f"{count(n)} {one if n == 1 else many}"


def energy(micro_wh: int) -> str:
    """`38 kWh`, `0.42 kWh`, `12 Wh`, `less than 0.1 Wh`."""
    watt_hours = Decimal(micro_wh) / MICRO_WH
    if watt_hours >= 100:
        kilo = watt_hours / 1000
        return f"{kilo:,.{0 if kilo >= 10 else 1 if kilo >= 1 else 2}f} kWh"
    if micro_wh and watt_hours < Decimal("0.1"):
        return "less than 0.1 Wh"
    return f"{watt_hours:,.{0 if watt_hours >= 10 or not micro_wh else 1}f} Wh"


def kilograms(grams: int) -> str:
    """`16.8 kg`."""
    return f"{Decimal(grams) / 1000:,.1f} kg"


def percent(ppm: int) -> str:
    """Parts of a million as `80%`."""
    return f"{rounded(ppm * 100_000, 0)}%"


def ratio(ppm: int) -> str:
    """Parts of a million as `1.29`."""
    return f"{rounded(ppm * 1000, 2)}"


def month(of: Month) -> str:
    """`September 2026`."""
    return f"{MONTHS[of.month - 1]} {of.year}"


def month_short(of: Month) -> str:
    """`Sep`."""
    return MONTHS[of.month - 1][:3]


def day(of: date) -> str:
    """`30 September 2026`."""
    return f"{of.day} {MONTHS[of.month - 1]} {of.year}"


def iso_day(text: str) -> str:
    """A day that was written as 2026-09-30; as it is if it is none."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


def _written(amount: Decimal, currency: Currency) -> str:
    return f"{MINUS if amount < 0 else ''}{sign_of(currency)}{abs(amount):,f}"
