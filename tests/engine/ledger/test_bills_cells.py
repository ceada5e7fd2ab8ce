"""Figures and days of exports: exactly what is written, and nothing that could mean two things."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ledger.bill_cells import FIRST_DAY, MOST_COUNTED, count_in, day_in, money_in, name_in

LATEST = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), (" 12 ", 12), ("59200.0", 59_200), ("1,234,567", 1_234_567), ("1.234.567", 1_234_567), ("1,234", 1_234),
     ("1 234 567", 1_234_567), ("1\u202f234", 1_234), ("1,234.0", 1_234), ("1e3", 1_000), ("59200,0", 59_200)],
)  # fmt: skip
def test_counts(text: str, count: int) -> None:
    assert count_in(text) == count


@pytest.mark.parametrize(
    "text", ["1,000", "1.000", "1.234", "12,34", "-1", "+1", "1.5", "0x10", "1_000", "٣", "1e30", "=1", "NaN", "Infinity"]
)
def test_doubtful_counts_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        count_in(text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("$1.25", "1.25"), ("1,234.50", "1234.5"), ("1.234,50", "1234.5"), ("0,123", "0.123"), ("12,5", "12.5"),
     ("1234,567", "1234.567"),
     ("7.5e-7", "0.00000075"), (".5", "0.5"), ("0.003835980000000000000000000000", "0.00383598"), ("2.345", "2.345")],
)  # fmt: skip
def test_amounts(text: str, amount: str) -> None:
    assert money_in(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["1,234", "(1.00)", "-0.01", "1.2.3", "1,23,456", "", "€1", "1e400", "1e11", "0." + "0" * 45 + "1", "sNaN"]
)
def test_doubtful_amounts_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        money_in(text)


@pytest.mark.parametrize(
    "text",
    ["2026-08-05", "2026/8/5", "2026-08-05T00:00:00Z", "2026-08-05 23:59:59 UTC", "2026-08-05 23:59:59.999+00:00",
     "1785888000", "1785888000.0",
     "2026-08-06T01:30:00+02:00", "2026-08-04T20:00-0500", "2026-08-05 03:46:57.713"],
)  # fmt: skip
def test_days_are_those_of_utc(text: str) -> None:
    assert day_in(text, LATEST) == date(2026, 8, 5)


@pytest.mark.parametrize(
    "text", ["", "5.8.2026", "08/05/2026", "2026-13-01", "2019-01-01", "2026-11-23", "99999999999", "2026-08-05 25:00", "0"]
)
def test_doubtful_days_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        day_in(text, LATEST)


def test_names() -> None:
    assert name_in(" Claude Haiku 4.5 ") == "Claude Haiku 4.5" and name_in("--") == "" == name_in("  ")
    assert name_in("gpt-5, input", ", ") == "gpt-5" and name_in("ft:gpt-4o:acme::1") == "ft:gpt-4o"
    for text in ("=1", "@x", "a\x00b", "\u202egpt", "-2+3"):
        with pytest.raises(ValueError):
            name_in(text)


@settings(max_examples=80)
@given(st.integers(0, MOST_COUNTED), st.integers(0, 10**18), st.dates(FIRST_DAY, LATEST))
def test_what_is_written_is_what_is_read(count: int, nano: int, day: date) -> None:
    assert count_in(str(count)) == count_in(f"{count}.0") == count
    assert money_in(f"{Decimal(nano).scaleb(-9):f}") * 10**9 == nano
    assert day_in(day.isoformat(), LATEST) == day
