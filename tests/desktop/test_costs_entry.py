"""Numbers and days as people type them: read in the one way there is, or sent back with a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

from desktop.viewmodels import costs_entry as entry
from desktop.wordings.costs import plain_number


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0.247", "0.247"),
        ("0,247", "0.247"),
        (" 2800 ", "2800"),
        ("2 800,50", "2800.50"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("12,50", "12.50"),
        ("1,234,567", "1234567"),
        ("1.085", "1.085"),
        (".5", "0.5"),
        ("1’250.75", "1250.75"),
    ],
)
def test_a_comma_and_a_point_both_do(typed: str, value: str) -> None:
    assert entry.number(typed, most=10_000_000).value == Decimal(value)


@pytest.mark.parametrize("typed", ["", "cheap", "1,23,4", "1.2.3", "12,34.567,8", "€5", "1e3", "NaN", "--1", ","])
def test_nonsense_has_a_sentence_and_no_value(typed: str) -> None:
    read = entry.number(typed)
    assert read.value is None and read.problem.endswith(".")


def test_what_can_be_read_in_two_ways_is_sent_back() -> None:
    assert "1085 or 1.085" in entry.number("1,085").problem
    QLocale.setDefault(QLocale("de_DE"))
    assert entry.number("1,085").value == Decimal("1.085")
    assert "1085 or 1,085" in entry.number("1.085").problem


def test_bounds_and_places_are_told_in_words() -> None:
    assert entry.number("-1").problem == "Enter a number from 0 to 1,000,000."
    assert "at most 2 digits" in entry.number("0.125", places=2).problem
    assert entry.number("0.120", places=2).value == Decimal("0.120")
    assert entry.whole("48", least=1, most=240) == (48, "")
    assert entry.whole("48.5") == (None, "Enter a whole number.")


@given(
    st.decimals(min_value=0, max_value=999_999, places=6, allow_nan=False),
    st.sampled_from(["en_GB", "de_DE", "fr_FR", "de_CH", "pl_PL"]),
)
@settings(max_examples=80, deadline=None)
def test_what_is_shown_can_be_typed_again(value: Decimal, locale: str) -> None:
    QLocale.setDefault(QLocale(locale))
    assert entry.number(plain_number(value)).value == value


def test_a_day_is_read_as_it_is_written_here() -> None:
    assert entry.day("2026-11-03").value == date(2026, 11, 3)
    assert entry.day("3 November 2026").value == date(2026, 11, 3)
    assert entry.day("03/11/2026").value == date(2026, 11, 3)
    QLocale.setDefault(QLocale("en_US"))
    assert entry.day("11/3/2026").value == date(2026, 11, 3)
    QLocale.setDefault(QLocale("de_DE"))
    assert entry.day("03.11.2026").value == date(2026, 11, 3)


@pytest.mark.parametrize("typed", ["", "tomorrow", "2026-02-30", "2026-13-01", "0026-11-03", "3 Smarch 2026"])
def test_what_is_no_day_is_sent_back(typed: str) -> None:
    read = entry.day(typed)
    assert read.value is None and read.problem


def test_a_day_that_is_still_to_come_is_sent_back_where_something_was_looked_up() -> None:
    assert entry.day("2026-11-04", latest=date(2026, 11, 3)).problem == "This day is still to come."


def test_currencies_have_three_letters() -> None:
    assert entry.code(" eur ") == ("EUR", "")
    assert entry.code("€")[0] == "" and entry.code("EURO")[1]
