"""Amounts as people write them: signs, cents, what is nearly nothing, ranges, locales."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PySide6.QtCore import QLocale

from desktop import money
from engine.price_records import Currency

EURO, DOLLAR, YEN, FRANC = Currency("EUR", 920_000_000), Currency(), Currency("JPY"), Currency("CHF")
CENT = 10_000_000


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("nano", "currency", "written"),
    [
        (370_470_000_000, EURO, "€370.47"),
        (-12_300_000_000, EURO, "−€12.30"),
        (0, EURO, "€0.00"),
        (4_000_000, EURO, "less than €0.01"),
        (-4_000_000, EURO, "just below €0.00"),
        (5_000_001, EURO, "€0.01"),
        (2_800_500_000_000, DOLLAR, "$2,800.50"),
        (1_234_567_890_000, YEN, "¥1,235"),
        (300_000_000, YEN, "less than ¥1"),
        (1_234_500_000_000, FRANC, "CHF\u00a01,234.50"),
        (-1_234_500_000_000, FRANC, "−CHF\u00a01,234.50"),
    ],
)
def test_an_amount_has_sign_symbol_and_cents(nano: int, currency: Currency, written: str) -> None:
    assert money.amount(nano, currency) == written


@pytest.mark.parametrize(
    ("locale", "written"), [("de_DE", "−1.234,50\u00a0€"), ("en_US", "−€1,234.50"), ("fr_FR", "−1\u202f234,50\u00a0€")]
)
def test_the_locale_orders_digits_and_symbol(locale: str, written: str) -> None:
    QLocale.setDefault(QLocale(locale))
    assert money.amount(-1_234_500_000_000, EURO) == written


def test_a_dollar_is_not_taken_for_the_dollar_of_the_reader() -> None:
    QLocale.setDefault(QLocale("en_CA"))
    assert money.amount(5_000_000_000, DOLLAR) == "USD\u00a05.00"


def test_columns_have_short_words_for_next_to_nothing() -> None:
    assert [money.short(nano, EURO) for nano in (4_000_000, -4_000_000, CENT)] == ["<€0.01", ">−€0.01", "€0.01"]


def test_columns_and_estimates_leave_cents_out_of_large_amounts() -> None:
    assert money.short(12_345_670_000_000, EURO) == "€12,346" and money.short(9_999_990_000_000, EURO) == "€9,999.99"
    assert money.coarse(160_490_000_000, EURO) == "€160" and money.coarse(4_000_000, EURO) == "<€0.01"


def test_what_is_not_known_is_not_nothing() -> None:
    assert money.known(None, EURO) == "not known" and money.known(0, EURO) == "€0.00"


def test_typed_prices_have_no_cents_where_none_were_typed() -> None:
    assert money.whole(2_800_000_000_000, EURO) == "€2,800" and money.whole(2_799_990_000_000, EURO) == "€2,799.99"


def test_estimates_have_no_cents_from_a_hundred_on() -> None:
    assert money.about(210_490_000_000, EURO) == "about €210" and money.about(9_400_000_000, EURO) == "about €9.40"


def test_a_range_is_rounded_outwards() -> None:
    assert money.span(352_100_000_000, 383_200_000_000, EURO) == "€352 to €384"
    assert money.span(-6_401_000_000, 12_101_000_000, EURO) == "−\u2060€6.41 to €12.11"
    assert money.span(CENT, CENT, EURO) == "€0.01"


def test_gridlines_have_the_decimals_that_their_step_needs() -> None:
    assert money.tick(375 * money.UNIT, 125 * money.UNIT, EURO) == "€375"
    assert money.tick(2_500_000_000, 1_250_000_000, EURO) == "€2.50"
    assert money.tick(10_000_000, 5_000_000, EURO) == "€0.010"
    assert money.tick(0, 125 * money.UNIT, EURO) == "€0"


def test_dollars_become_the_currency_that_is_shown() -> None:
    assert money.converted(10 * money.UNIT, EURO) == 9_200_000_000


def test_sums_that_do_not_add_up_in_cents_are_found() -> None:
    assert money.adds_up(370_470_000_000, (438_200_000_000, -9_400_000_000, -58_330_000_000), EURO)
    assert not money.adds_up(12_000_000, (6_000_000, 6_000_000), EURO)


@given(some.integers(-(10**18), 10**18))
def test_an_amount_reads_back_to_the_cent(nano: int) -> None:
    written = money.amount(nano, EURO)
    if abs(nano) <= CENT // 2:
        assert nano == 0 or "€0.0" in written
        return
    read = Decimal(written.replace("€", "").replace(",", "").replace("−", "-"))
    assert abs(read * money.UNIT - nano) <= CENT // 2


@given(some.integers(-(10**15), 10**15), some.integers(0, 10**14))
def test_a_range_holds_both_of_its_ends(low: int, width: int) -> None:
    ends = money.span(low, low + width, EURO).replace("€", "").replace(",", "").replace("−\u2060", "-").split(" to ")
    if len(ends) == 2:
        assert Decimal(ends[0]) * money.UNIT <= low and low + width <= Decimal(ends[1]) * money.UNIT
