"""Numbers, dates and amounts by their value, however they are written.

Pure. A key is a string: '#' and a number, perhaps with '%' or a currency, or '@' and a date. Equal keys are equal
values. What could be read in two ways ("1.000", "03/04/2025") keeps its spelling and equals only itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.documents.value_words import CURRENCIES, MONTHS, NUMBER_WORDS, PERCENT

_THOUSANDS = re.compile(r"(\d{1,3}(?:,\d{3})+)(\.\d+)?\Z")
_DOTTED_THOUSANDS = re.compile(r"(\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:\.\d{3})+(?=,))(?:,(\d+))?\Z")
_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z")
_DOTTED_DATE = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})\Z")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)?\.?\Z")
_YEAR = re.compile(r"\d{4}\Z")

LONGEST_VALUE = 5  # words


def number_key(text: str) -> str | None:
    """The key of a word that is a number or holds a digit ("1,000", "six", "2025-09-29", "v1.2"); None for other words."""
    if text in NUMBER_WORDS:
        return f"#{NUMBER_WORDS[text]}"
    if not any(map(str.isdigit, text)):
        return None
    iso = _ISO_DATE.match(text)
    if iso:
        return _date(int(iso[3]), int(iso[2]), iso[1])
    dotted = _DOTTED_DATE.match(text)
    if dotted and (int(dotted[1]) > 12 or "." in text):
        return _date(int(dotted[1]), int(dotted[2]), dotted[3])
    sign, bare = ("-", text[1:]) if text[0] == "-" else ("", text)
    thousands = _THOUSANDS.match(bare)
    if thousands:
        bare = thousands[1].replace(",", "") + (thousands[2] or "")
    dotted_thousands = _DOTTED_THOUSANDS.match(bare)
    if dotted_thousands:
        bare = dotted_thousands[1].replace(".", "") + (f".{dotted_thousands[2]}" if dotted_thousands[2] else "")
    return "#" + sign + bare.replace(",", ".").removesuffix(".00")


def _date(day: int, month: int, year: str) -> str:
    return f"@{year}-{month:02}-{day:02}"


def value_at(texts: Sequence[str], key: str, following_key: str | None) -> tuple[int, str] | None:
    """How many of the words `texts` make one value, and its key; None if the first word stands for itself.

    `key` is the first word's key; `following_key` the second one's if it stands close to the first.
    """
    date = _date_at(texts)
    if date:
        return date
    following = texts[1] if len(texts) > 1 else ""
    if key[0] == "#":
        if following in PERCENT:
            return 2, key + "%"
        if tuple(texts[1:3]) in (("per", "cent"), ("pour", "cent")):
            return 3, key + "%"
        if following in CURRENCIES:
            return 2, key + CURRENCIES[following]
    if texts[0] in CURRENCIES and following_key is not None and following_key[0] == "#":
        return 2, following_key + CURRENCIES[texts[0]]
    return None


def _date_at(texts: Sequence[str]) -> tuple[int, str] | None:
    """A date with the name of its month: "29 September 2025", "29th of September", "September 29, 2025"."""
    if len(texts) < 2:
        return None
    day, month, size = _DAY.match(texts[0]), MONTHS.get(texts[1]), 2
    if day and texts[1] in ("of", "de") and len(texts) > 2:
        month, size = MONTHS.get(texts[2]), 3
    if not (day and month):
        day, month, size = _DAY.match(texts[1]), MONTHS.get(texts[0]), 2
    if not (day and month) or not 1 <= int(day[1]) <= 31:
        return None
    if len(texts) > size and _YEAR.match(texts[size]):
        return size + 1, _date(int(day[1]), month, texts[size])
    return size, _date(int(day[1]), month, "")
