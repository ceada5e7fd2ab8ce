"""Dates as they are written in the languages of this program, and all the other ways to write the same day.

Pure. Reads a date where it must be one; "03/04/1961" is read both ways.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from engine.hiding.patterns import later

_MONTHS = (
    "january|jan|januar|jänner|janvier|janv|enero|ene|gennaio|gen|januari|stycznia|styczeń",
    "february|feb|februar|février|févr|fevrier|febrero|febbraio|februari|lutego|luty",
    "march|mar|märz|mär|maerz|mars|marzo|maart|mrt|marca|marzec",
    "april|apr|avril|avr|abril|abr|aprile|kwietnia|kwiecień",
    "may|mai|mayo|maggio|mag|mei|maja|maj",
    "june|jun|juni|juin|junio|giugno|giu|czerwca|czerwiec",
    "july|jul|juli|juillet|juil|julio|luglio|lug|lipca|lipiec",
    "august|aug|août|aout|agosto|ago|augustus|sierpnia|sierpień",
    "september|sep|sept|septembre|septiembre|settembre|set|września|wrzesień",
    "october|oct|oktober|okt|octobre|octubre|ottobre|ott|października|październik",
    "november|nov|novembre|noviembre|listopada|listopad",
    "december|dec|dezember|dez|décembre|déc|diciembre|dic|dicembre|grudnia|grudzień",
)
_NUMBER = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")}
MONTH = "|".join(sorted(_NUMBER, key=len, reverse=True))
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|\.|º|°)?"
DATE = (
    rf"(?:{_DAY}[ \t]*(?:of |de |del |d')?[ \t-]*(?:{MONTH})\.?,?[ \t-]*(?:de |del )?(?:\d{{4}}|'?\d\d\b)"
    rf"|(?:{MONTH})\.?[ \t]{{1,3}}{_DAY},?[ \t]{{1,3}}\d{{4}}"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|\d{1,2}[ \t]?[-/.][ \t]?\d{1,2}[ \t]?[-/.][ \t]?(?:\d{4}|\d\d))(?!\d)"
)
_NAMED = later(rf"(?<!\p{{L}})({MONTH})(?!\p{{L}})", regex.IGNORECASE)


def date_spellings(text: str) -> tuple[str, ...]:
    """Other ways to write the day of a date; none if it cannot be read."""
    return tuple(dict.fromkeys(spelling for day in _days(text) for spelling in _written(*day)))


def _days(text: str) -> Iterator[tuple[int, int, int]]:
    numbers = [int(each) for each in regex.findall(r"\d+", text)]
    named = _NAMED.search(text)
    if named and len(numbers) == 2:
        readings = [(numbers[0], _NUMBER[named[1].lower()], numbers[1])]
    elif len(numbers) == 3 and numbers[0] > 31:
        readings = [(numbers[2], numbers[1], numbers[0])]
    elif len(numbers) == 3:
        readings = [(numbers[0], numbers[1], numbers[2]), (numbers[1], numbers[0], numbers[2])]
    else:
        return
    for day, month, year in readings:
        if 1 <= day <= 31 and 1 <= month <= 12:
            yield day, month, year if year > 99 else year + (1900 if year > 25 else 2000)


def _written(day: int, month: int, year: int) -> Iterator[str]:
    for name in _MONTHS[month - 1].split("|"):
        for number in (f"{day}", f"{day:02}"):
            yield f"{number} {name} {year}"
            yield f"{name} {number} {year}"
        yield f"{day}th of {name} {year}"
        for ending in ("st", "nd", "rd", "th"):
            yield f"{day}{ending} {name} {year}"
            yield f"{name} {day}{ending} {year}"
    yield f"{year}-{month:02}-{day:02}"
    for first, second in ((day, month), (month, day)):
        yield f"{first:02}/{second:02}/{year}"
        yield f"{first}/{second}/{year}"
