from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.money import DOLLARS, converted, currency_at, currency_on, decimal_of, exactly, nano_of, to_usd
from engine.ledger_records import Month
from engine.ledger_settings import LedgerSettings
from engine.price_records import Currency
from tests.engine.ledger.month_stage import rate

JUNE, NOVEMBER = date(2026, 6, 30), date(2026, 11, 2)
EUROS = LedgerSettings(currency="EUR", rates=(rate("EUR", NOVEMBER, "0.9"), rate("EUR", JUNE, "0.8"), rate("GBP", JUNE, "0.5")))


@given(st.integers(-(10**30), 10**30))
def test_amounts_go_there_and_back_to_the_last_nano_unit(nano: int) -> None:
    """Also where they have more digits than a decimal context keeps."""
    assert nano_of(decimal_of(nano)) == nano
    assert decimal_of(nano).as_tuple().exponent == -9


@pytest.mark.parametrize(
    ("typed", "nano"), [("0.0000000005", 0), ("0.0000000015", 2), ("0.0000000025", 2), ("-1.5", -15 * 10**8)]
)
def test_halves_of_a_nano_unit_go_to_the_even_one(typed: str, nano: int) -> None:
    assert nano_of(Decimal(typed)) == nano


@pytest.mark.parametrize("text", ["NaN", "Infinity"])
def test_what_is_no_number_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        nano_of(Decimal(text))


@pytest.mark.parametrize(
    ("month", "per_usd", "as_of"),
    [
        (Month(2026, 11), 900_000_000, NOVEMBER),
        (Month(2027, 3), 900_000_000, NOVEMBER),
        (Month(2026, 10), 800_000_000, JUNE),
        (Month(2026, 6), 800_000_000, JUNE),  # of the month's last day
        (Month(2025, 1), 800_000_000, JUNE),  # before all of them: the oldest
    ],
)
def test_a_month_has_the_newest_rate_of_its_last_day(month: Month, per_usd: int, as_of: date) -> None:
    assert currency_at(EUROS, month) == Currency("EUR", per_usd, as_of)


def test_a_rate_of_the_last_day_holds_for_its_month() -> None:
    settings = LedgerSettings(currency="EUR", rates=(rate("EUR", JUNE, "0.8"), rate("EUR", date(2026, 11, 30), "0.7")))
    assert currency_at(settings, Month(2026, 11)).per_usd == 700_000_000
    assert currency_at(settings, Month(2026, 10)).per_usd == 800_000_000


def test_without_a_rate_a_month_is_in_dollars() -> None:
    assert currency_at(LedgerSettings(currency="CHF", rates=EUROS.rates), Month(2026, 11)) == DOLLARS
    assert currency_at(LedgerSettings(), Month(2026, 11)) == DOLLARS


@pytest.mark.parametrize("day", [JUNE, date(2020, 1, 1)])
def test_of_two_rates_of_a_day_the_last_one_entered_holds(day: date) -> None:
    twice = LedgerSettings(rates=(rate("EUR", JUNE, "0.7"), rate("EUR", JUNE, "0.75")))
    assert currency_on(twice, "EUR", day) == Currency("EUR", 750_000_000, JUNE)


def test_an_amount_goes_through_the_dollar_to_another_currency() -> None:
    euro = currency_at(EUROS, Month(2026, 11))
    assert exactly(Decimal(10), "GBP", euro, EUROS, NOVEMBER) == 18 * 10**9  # 20 dollars
    assert exactly(Decimal(10), "USD", euro, EUROS, NOVEMBER) == 9 * 10**9
    assert exactly(Decimal(10), "CHF", euro, EUROS, NOVEMBER) is None
    assert to_usd(Decimal(10), "GBP", EUROS, NOVEMBER) == 20 * 10**9
    assert to_usd(Decimal(10), "CHF", EUROS, NOVEMBER) is None


@given(st.decimals(0, 10**9, places=6), st.sampled_from([JUNE, NOVEMBER]))
def test_an_amount_stays_what_it_is_in_its_own_currency(amount: Decimal, day: date) -> None:
    """Even if its rate of that day is another one."""
    assert exactly(amount, "EUR", currency_at(EUROS, Month(2026, 11)), EUROS, day) == Fraction(amount) * 10**9


@given(st.integers(-(10**25), 10**25), st.integers(1, 10**16))
def test_it_is_rounded_once_half_to_even(nano_usd: int, per_usd: int) -> None:
    assert converted(nano_usd, Currency("EUR", per_usd)) == round(Fraction(nano_usd * per_usd, 10**9))
    assert converted(nano_usd, DOLLARS) == nano_usd
