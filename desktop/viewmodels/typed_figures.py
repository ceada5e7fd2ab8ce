"""Figures as people type them, in their locale. Pure.

What the locale would not write like that is no figure: `3,5` is neither 35 nor 3.5 where a comma groups thousands.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QLocale

_MOST_DECIMALS = 9


def whole(text: str) -> int | None:
    """A whole number, None where it is none."""
    value, is_number = QLocale().toLongLong(text.strip())
    return int(value) if is_number else None


def decimal(text: str) -> Decimal | None:
    """A number with at most nine decimals, exactly as it was typed; None where it is none."""
    locale, typed = QLocale(), text.strip()
    _, is_number = locale.toDouble(typed)
    if not is_number:
        return None
    plain = typed.replace(locale.groupSeparator(), "").replace(locale.decimalPoint(), ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    if not value.is_finite() or "e" in plain.lower() or -int(value.as_tuple().exponent) > _MOST_DECIMALS:
        return None
    return value


def written(value: Decimal | int) -> str:
    """How the locale writes it, without zeros that say nothing."""
    plain = f"{Decimal(value):f}"
    integral, _, fraction = plain.partition(".")
    fraction = fraction.rstrip("0")
    sign, digits = ("-", integral[1:]) if integral.startswith("-") else ("", integral)
    words = f"{sign}{QLocale().toString(int(digits))}"
    return f"{words}{QLocale().decimalPoint()}{fraction}" if fraction else words
