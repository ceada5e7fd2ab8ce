"""Answers in a form in which they can be compared: without their wrapping, with numbers written in one way.

Pure. Works on what models wrap around an answer (code fences, emphasis, "Answer:"), in English, German and French. Numbers
are the same whatever marks they are written with: 1,234.50 = 1.234,50 = 1 234,5. Three digits after a single mark are
thousands. Dates stay as they are, for 03/04 is two days.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

_THOUGHT = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"```[^\n`]*\n(.*?)(?:\n[ \t]*```|\Z)", re.DOTALL)
_EMPHASIS = re.compile(r"\*\*|__|`")
_LEAD = re.compile(
    r"^(?:the\s+|die\s+|das\s+|la\s+|le\s+)?(?:final\s+|correct\s+|richtige\s+|bonne\s+)?"
    r"(?:answer|label|category|class|classification|result|output|antwort|kategorie|klasse|einordnung|ergebnis|bezeichnung"
    r"|réponse|catégorie|classe|étiquette|résultat|classement)"
    r"(?:\s+(?:is|ist|lautet|est)\s*:?|\s*:)\s*(?P<said>\S.*)$",
    re.IGNORECASE,
)
_QUOTES = "\"'\u201c\u201d\u201e\u201a\u2018\u2019\u00ab\u00bb\u2039\u203a"
_BEFORE = _QUOTES + " \t\n([{*_`#>•·"
_AFTER = _QUOTES + " \t\n)]}*_`.,;:!?…"
_BULLET = re.compile(r"\A[-–]\s+(?=\D)")
_SPACE = re.compile(r"\s+")

_MINUS = re.compile(r"(?<![\w\-−])[-−–\u2010\u2011](?=\s?\d)\s?")
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,'’]\d+| \d{3}(?![\d]))*(?![\w])")
_GROUPED = re.compile(r"(?P<whole>[1-9]\d{0,2}(?P<mark>[.,'’ ])\d{3}(?:(?P=mark)\d{3})*)(?:(?!(?P=mark))[.,](?P<part>\d+))?\Z")
_DECIMAL = re.compile(r"(?P<whole>\d+)[.,](?P<part>\d+)\Z")
_CURRENCY = {"€": "eur", "$": "usd", "£": "gbp", "euros": "eur", "euro": "eur", "dollars": "usd", "dollar": "usd", "fr.": "chf"}
_CURRENCY_SIGN = re.compile(r"[€$£]|\b(?:euros?|dollars?)\b|\bfr\.(?=\s?\d)")
_CURRENCY_FIRST = re.compile(r"\b(eur|usd|gbp|chf)\s*(-?\d[\d.]*)")
_CURRENCY_LAST = re.compile(r"(?<=\d)\s*(eur|usd|gbp|chf)\b")
_PERCENT = re.compile(r"(?<=\d)\s*(?:%|percent\b|per cent\b|prozent\b|pour cent\b)")


def without_thoughts(answer: str) -> str:
    """The answer without reasoning that a model wrote before it."""
    return _THOUGHT.sub("", answer).strip()


def bare(answer: str) -> str:
    """The answer without reasoning before it, without a code fence around it and without emphasis."""
    text = without_thoughts(answer)
    fence = _FENCE.search(text)
    if fence and fence.start() == 0 and fence.end() == len(text):
        text = fence[1]
    return _EMPHASIS.sub("", text).strip()


def fenced(answer: str) -> tuple[str, ...]:
    """What stands in code fences, after any reasoning."""
    return tuple(found[1] for found in _FENCE.finditer(without_thoughts(answer)))


def announced(answer: str) -> str | None:
    """What the last line of the form "Answer: …" announces."""
    found = [match["said"] for line in bare(answer).splitlines() if (match := _LEAD.match(line.strip().lstrip(_BEFORE)))]
    return found[-1] if found else None


def key_of(text: str) -> str:
    """The text as it is compared: no case, no outer punctuation, one way to write numbers, currencies and spaces."""
    folded = unicodedata.normalize("NFKC", bare(text)).casefold()
    folded = _BULLET.sub("", _SPACE.sub(" ", folded).strip()).lstrip(_BEFORE).rstrip(_AFTER)
    folded = _NUMBER.sub(lambda found: _number(found[0]), _MINUS.sub("-", folded))
    folded = _CURRENCY_SIGN.sub(lambda found: f" {_CURRENCY[found[0]]} ", folded)
    folded = _CURRENCY_LAST.sub(r" \1", _CURRENCY_FIRST.sub(r"\2 \1", _SPACE.sub(" ", folded).strip()))
    return _PERCENT.sub("%", folded)


def number_key(value: int | Decimal) -> str:
    """A number of JSON, written like the numbers in `key_of`."""
    if not isinstance(value, Decimal):
        return str(value)
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > 60:
        return str(plain)
    return format(plain, "f") if plain else "0"


def readings(answer: str) -> Iterator[str]:
    """What the answer may be meant to say, as keys: all of it, or what it announces."""
    yield key_of(answer)
    said = announced(answer)
    if said is not None:
        yield key_of(said)


def _number(text: str) -> str:
    """A number in one way of writing; anything else, such as a date or a reference with leading zeros, as it is."""
    found = _GROUPED.match(text)
    if found:
        whole = re.sub(r"\D", "", found["whole"])
    else:
        found = _DECIMAL.match(text)
        if not found or (len(found["whole"]) > 1 and found["whole"].startswith("0")):
            return text
        whole = found["whole"]
    part = (found["part"] or "").rstrip("0")
    return f"{whole}.{part}" if part else whole
