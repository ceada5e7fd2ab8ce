from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.electricity import MICRO_WH_IN_KWH, Tariffs
from engine.ledger.money import DOLLARS, currency_at
from engine.ledger_records import Month, Spread
from engine.ledger_settings import LedgerSettings
from tests.engine.ledger.month_stage import CENT, DOLLAR, rate, tariff

NOVEMBER = Month(2026, 11)
KWH = MICRO_WH_IN_KWH


def test_a_price_holds_from_its_day_on_and_the_first_one_before_it_too() -> None:
    tariffs = Tariffs(
        LedgerSettings(tariffs=(tariff(date(2026, 11, 15), "0.40"), tariff(date(2026, 6, 1), "0.30"))), DOLLARS, NOVEMBER
    )
    prices = [
        tariffs.cost({tariffs.number_on(day): [KWH] * 3}).mid
        for day in (date(2020, 1, 1), date(2026, 11, 14), date(2026, 11, 15))
    ]
    assert prices == [30 * CENT, 30 * CENT, 40 * CENT]
    assert not tariffs.lacks_rate and not tariffs.is_example(0)


def test_without_a_price_an_example_stands_in_and_says_so() -> None:
    tariffs = Tariffs(LedgerSettings(), DOLLARS, NOVEMBER)
    assert tariffs.cost({0: [KWH, 2 * KWH, 3 * KWH]}) == Spread(20 * CENT, 40 * CENT, 60 * CENT)
    assert tariffs.is_example(0) and not tariffs.lacks_rate


def test_a_price_in_a_currency_without_a_rate_is_not_taken_for_nothing() -> None:
    tariffs = Tariffs(LedgerSettings(tariffs=(tariff(date(2026, 6, 1), "0.30", "CHF"),)), DOLLARS, NOVEMBER)
    assert (tariffs.per_kwh({}, date(2026, 11, 2)), tariffs.is_example(0), tariffs.lacks_rate) == (20 * CENT, True, True)


def test_a_missing_rate_of_a_tariff_of_other_months_is_no_concern() -> None:
    old = (tariff(date(2025, 6, 1), "0.30", "CHF"), tariff(date(2026, 1, 1), "0.30"))
    assert not Tariffs(LedgerSettings(tariffs=old), DOLLARS, NOVEMBER).lacks_rate


def test_a_price_in_the_shown_currency_is_what_was_typed() -> None:
    settings = LedgerSettings(
        currency="EUR", rates=(rate("EUR", date(2026, 11, 1), "0.91"),), tariffs=(tariff(date(2026, 1, 1), "0.35", "EUR"),)
    )
    tariffs = Tariffs(settings, currency_at(settings, NOVEMBER), NOVEMBER)
    assert tariffs.per_kwh({}, date(2026, 11, 2)) == 35 * CENT


def test_of_several_prices_in_a_month_the_mean_by_energy_is_told() -> None:
    two = LedgerSettings(tariffs=(tariff(date(2026, 6, 1), "0.30"), tariff(date(2026, 11, 15), "0.40")))
    tariffs = Tariffs(two, DOLLARS, NOVEMBER)
    energy = {0: [0, KWH, KWH], 1: [0, 3 * KWH, 9 * KWH]}
    assert tariffs.per_kwh(energy, NOVEMBER.last) == 375_000_000
    assert tariffs.cost(energy) == Spread(0, 15 * DOLLAR // 10, 39 * DOLLAR // 10)
    assert tariffs.per_kwh({0: [0, 5, 9]}, NOVEMBER.last) == 30 * CENT


@given(st.lists(st.integers(0, 10**20), min_size=3, max_size=3).map(sorted))
def test_the_range_stays_a_range(energy: list[int]) -> None:
    cost = Tariffs(LedgerSettings(), DOLLARS, NOVEMBER).cost({0: energy})
    assert cost.low <= cost.mid <= cost.high
    assert all(isinstance(each, int) for each in (cost.low, cost.mid, cost.high))
