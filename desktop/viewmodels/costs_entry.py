"""Numbers and days as people type them. Pure: words in, a value or a sentence about what is wrong out.

A comma and a point both do, as long as there is one way to read them. `1,085` can be a thousand and more or a little more than
one; such figures are sent back, for nobody notices a price that is a thousand times too high before it has been believed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QCoreApplication, QLocale

from desktop import figures
from desktop.wordings.costs import plain_number

translate = QCoreApplication.translate
_FIRST_YEAR, _LAST_YEAR = 2015, 2100
_GROUPED = re.compile(r"\d{1,3}([.,])\d{3}(\1\d{3})*")
_BLANKS = re.compile(r"[\s\u00a0\u202f’']")
_ARABIC_POINT = "\u066b"
_CODE = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class Number:
    """What was typed; `value` None where it is not one, and then `problem` says why."""

    value: Decimal | None
    problem: str = ""


@dataclass(frozen=True)
class Day:
    """A day that was typed, or what is wrong with it."""

    value: date | None
    problem: str = ""


def number(text: str, *, least: Decimal | int = 0, most: Decimal | int = 1_000_000, places: int = 6) -> Number:
    """A number from `least` to `most` with at most `places` digits behind the point."""
    plain = _BLANKS.sub("", text.strip()).replace("−", "-").replace(_ARABIC_POINT, ".")
    if not plain:
        return Number(None, translate("costs", "Enter a number."))
    sign, plain = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    read = _read(plain)
    if read is None:
        return Number(None, _two_ways(plain) if _is_unclear(plain) else _no_number())
    value = -read if sign else read
    if not Decimal(least) <= value <= Decimal(most):
        words = translate("costs", "Enter a number from {least} to {most}.")
        return Number(None, words.format(least=figures.number(int(least)), most=figures.number(int(most))))
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        if places == 0:
            return Number(None, translate("costs", "Enter a whole number."))
        words = translate("costs", "Enter at most {n} digits behind the point.")
        return Number(None, words.format(n=places))
    return Number(value)


def whole(text: str, *, least: int = 0, most: int = 1_000_000) -> tuple[int | None, str]:
    """A whole number and no problem, or none and what is wrong."""
    read = number(text, least=least, most=most, places=0)
    return (None if read.value is None else int(read.value)), read.problem


def _read(plain: str) -> Decimal | None:
    """The one way to read digits, commas and points; None where there is none, or more than one."""
    marks = {mark: plain.count(mark) for mark in ".,"}
    if not re.fullmatch(r"[\d.,]*\d[\d.,]*", plain):
        return None
    if not any(marks.values()):
        return Decimal(plain)
    last = max(marks, key=plain.rfind)
    other = "," if last == "." else "."
    if marks[last] > 1:  # it cannot be the decimal one
        return Decimal(plain.replace(last, "")) if not marks[other] and _GROUPED.fullmatch(plain) else None
    head, _, tail = plain.partition(last)
    if marks[other]:
        is_grouped = _GROUPED.fullmatch(head) is not None
        return Decimal(f"{head.replace(other, '')}.{tail}") if is_grouped and tail.isdecimal() else None
    if _is_unclear(plain):
        return None
    return Decimal(f"{head or 0}.{tail or 0}")


def _is_unclear(plain: str) -> bool:
    """Whether the one mark in it can be the locale's for thousands, and stands where that would."""
    decimal_mark = QLocale().decimalPoint()
    match = re.fullmatch(r"([1-9]\d{0,2})([.,])\d{3}", plain)
    return match is not None and match[2] != decimal_mark


def _two_ways(plain: str) -> str:
    head, tail = re.split(r"[.,]", plain)
    point = QLocale().decimalPoint()
    words = translate("costs", "“{typed}” can be read in two ways. Write {thousands} or {decimal}.")
    return words.format(typed=plain, thousands=f"{head}{tail}", decimal=f"{head}{point}{tail}")


def _no_number() -> str:
    return translate("costs", "This is not a number. Write it like {example}.").format(example=plain_number(Decimal("0.25")))


def day(text: str, *, latest: date | None = None) -> Day:
    """A day, as `2026-11-03` or as the locale writes it, not after `latest`."""
    found = _day(text.strip())
    if found is None:
        words = translate("costs", "This is not a day. Write it like {example}.")
        return Day(None, words.format(example=date(2026, 11, 3).isoformat()))
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        words = translate("costs", "Enter a day from {first} on.")
        return Day(None, words.format(first=_FIRST_YEAR))
    if latest is not None and found > latest:
        return Day(None, translate("costs", "This day is still to come."))
    return Day(found)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else _as_written_here(text)
    except ValueError:
        return None


def _as_written_here(text: str) -> date | None:
    locale = QLocale()
    short = locale.dateFormat(QLocale.FormatType.ShortFormat)
    if "yyyy" not in short:
        short = short.replace("yy", "yyyy")  # two digits would be read as those of the last century
    for pattern in (short, "d MMMM yyyy", "d MMM yyyy", locale.dateFormat(QLocale.FormatType.LongFormat)):
        found = locale.toDate(text, pattern)
        if found.isValid():
            return date(found.year(), found.month(), found.day())
    return None


def code(text: str) -> tuple[str, str]:
    """A currency's three letters and no problem, or none and what is wrong."""
    typed = text.strip().upper()
    if _CODE.fullmatch(typed):
        return typed, ""
    return "", translate("costs", "A currency has three letters, such as EUR.")
