"""What stands in a cell of a provider's export: a figure, a day, a name. Pure; raises ValueError for all that is doubtful.

A figure that can be read in two ways (`1,234` dollars, `1.000` requests) is doubtful: a bill that is wrong by a thousand
is worse than one that has to be exported again.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from engine.csv_cells import cell as harmless

LONGEST_FIGURE = 60  # characters
LONGEST_NAME = 200
MOST_COUNTED = 10**14
MOST_DOLLARS = 10**9
MOST_DECIMALS = 40
FIRST_DAY = date(2020, 6, 1)  # none of the providers sold anything before

_PLAIN = re.compile(r"[0-9]+(\.[0-9]*)?(e[+-]?[0-9]{1,2})?|\.[0-9]+", re.IGNORECASE)
_COMMA_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3}){2,}(\.[0-9]+)?|[0-9]{1,3},[0-9]{3}\.[0-9]+")
_POINT_THOUSANDS = re.compile(r"[0-9]{1,3}(\.[0-9]{3}){2,}(,[0-9]+)?|[0-9]{1,3}\.[0-9]{3},[0-9]+")
_BLANK_THOUSANDS = re.compile("[0-9]{1,3}([ \u00a0\u2009\u202f][0-9]{3})+([.,][0-9]+)?")
_DECIMAL_COMMA = re.compile(r"0,[0-9]+|[0-9]+,([0-9]{1,2}|[0-9]{4,})|[0-9]{4,},[0-9]{3}")
_ONE_GROUP = re.compile(r"[1-9][0-9]{0,2}([.,])[0-9]{3}")
_DAY = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
    r"(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE | re.ASCII,
)
_SECONDS = re.compile(r"([0-9]{9,10})(\.0+)?")
_FINE_TUNED = re.compile(r"(ft:[^:]+):.*", re.DOTALL)


def count_in(text: str) -> int:
    """A number of tokens or requests; an empty cell is none. Raises ValueError."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) <= len(str(MOST_COUNTED)):
        return _at_most(int(text))
    if not text:
        return 0
    if one := _ONE_GROUP.fullmatch(text):
        # As a decimal part it would be no whole number, so that these are thousands, but for three zeros.
        if text.endswith("000") or one[1] == ".":
            raise ValueError("a figure with two meanings")
        text = text.replace(",", "")
    figure = _figure(text)
    if figure.adjusted() > len(str(MOST_COUNTED)) or figure != figure.to_integral_value():
        raise ValueError("no whole number")
    return _at_most(int(figure))


def money_in(text: str) -> Decimal:
    """An amount, exactly as it is written. Raises ValueError, for a negative one too: what is taken back is on no bill."""
    text = text.strip().removeprefix("$").strip()
    if _ONE_GROUP.fullmatch(text) and "," in text:
        raise ValueError("a figure with two meanings")
    figure = _figure(text)
    exponent = figure.as_tuple().exponent
    if figure.adjusted() > len(str(MOST_DOLLARS)) or not isinstance(exponent, int) or exponent < -MOST_DECIMALS:
        raise ValueError("an amount out of reach")
    if figure > MOST_DOLLARS:
        raise ValueError("an amount out of reach")
    return figure


@lru_cache(maxsize=4096)
def day_in(text: str, latest: date) -> date:
    """The day (UTC) of an ISO date, a moment without or with a time zone, or seconds since 1970. Raises ValueError.

    A day before the providers began, or after `latest`, is none.
    """
    text = text.strip()
    if seconds := _SECONDS.fullmatch(text):
        day = datetime.fromtimestamp(int(seconds[1]), UTC).date()
    elif parts := _DAY.fullmatch(text):
        day = _utc_day(parts)
    else:
        raise ValueError("no day")
    if not FIRST_DAY <= day <= latest:
        raise ValueError("a day out of reach")
    return day


def name_in(text: str, ends: str = "") -> str:
    """The name of a model, '' where there is none. Raises ValueError for what no model is called.

    What a fine-tuned model is called behind its base names an organisation, and is left out.
    """
    text = text.strip()
    if text in ("", "--"):
        return ""
    if ends:
        text = text.split(ends, 1)[0].strip()
    if tuned := _FINE_TUNED.fullmatch(text):
        text = tuned[1]
    if len(text) > LONGEST_NAME or harmless(text) != text:
        raise ValueError("no name of a model")
    return text


def _figure(text: str) -> Decimal:
    if len(text) > LONGEST_FIGURE:
        raise ValueError("no figure")
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if _COMMA_THOUSANDS.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if _POINT_THOUSANDS.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _BLANK_THOUSANDS.fullmatch(text):
        return Decimal(re.sub(r"\s", "", text).replace(",", "."))
    if _DECIMAL_COMMA.fullmatch(text):
        return Decimal(text.replace(",", "."))
    raise ValueError("no figure")


def _at_most(count: int) -> int:
    if count > MOST_COUNTED:
        raise ValueError("a count out of reach")
    return count


def _utc_day(parts: re.Match[str]) -> date:
    year, month, day, hour, minute, second = (int(each or 0) for each in parts.groups()[:6])
    moment = datetime(year, month, day, hour, minute, min(second, 59))  # raises ValueError
    zone = (parts[7] or "Z").upper()
    if zone[0] in "+-":
        ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        try:
            moment -= ahead if zone[0] == "+" else -ahead
        except OverflowError:
            raise ValueError("no day") from None
    return moment.date()
