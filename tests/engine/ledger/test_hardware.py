from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.hardware import hardware_share, part_to_earn, price_of
from engine.ledger_records import Month
from engine.ledger_settings import LedgerSettings
from engine.statement_records import HardwareShare
from tests.engine.ledger.month_stage import DOLLAR, TODAY, hardware, rate

BOUGHT = date(2026, 1, 15)
OWNED = LedgerSettings(hardware=hardware("2400"))


def amount(settings: LedgerSettings, month: Month, today: date = TODAY, code: str = "USD") -> int:
    elapsed = today.day if Month.of(today) == month else month.n_days
    return hardware_share(settings, month, code, elapsed, today).amount


def test_the_price_is_a_straight_line_from_the_month_it_was_bought_in() -> None:
    assert amount(OWNED, Month(2025, 12)) == 0
    assert amount(OWNED, Month(2026, 1)) == 50 * DOLLAR
    assert amount(OWNED, Month(2029, 12), date(2031, 1, 1)) == 50 * DOLLAR
    assert amount(OWNED, Month(2030, 1), date(2031, 1, 1)) == 0


def test_the_running_month_bears_the_days_that_are_over() -> None:
    assert amount(OWNED, Month(2026, 11), date(2026, 11, 3)) == 5 * DOLLAR
    assert amount(OWNED, Month(2026, 11), date(2026, 11, 30)) == 50 * DOLLAR


def test_only_the_share_of_this_work_counts() -> None:
    settings = LedgerSettings(hardware=hardware("2400", share_percent=25))
    assert amount(settings, Month(2026, 2)) == 1250 * DOLLAR // 100
    assert part_to_earn(settings, "USD") == 600 * DOLLAR
    assert price_of(settings, "USD") == 2400 * DOLLAR


def test_what_is_not_bought_yet_costs_nothing_yet() -> None:
    settings = LedgerSettings(hardware=hardware("2400", date(2026, 11, 28)))
    assert amount(settings, Month(2026, 11), date(2026, 11, 27)) == 0
    assert amount(settings, Month(2026, 11), date(2026, 11, 30)) == 50 * DOLLAR


def test_a_later_rate_changes_nothing_of_what_was_paid() -> None:
    """The price is converted by the rates of the day on which it was paid."""
    rates = (rate("EUR", date(2026, 1, 1), "0.5"), rate("EUR", date(2026, 6, 1), "0.9"))
    assert amount(LedgerSettings(rates=rates, hardware=hardware("2400")), Month(2026, 10), code="EUR") == 25 * DOLLAR
    assert amount(LedgerSettings(rates=rates, hardware=hardware("2400", currency="EUR")), Month(2026, 10)) == 100 * DOLLAR
    assert (
        amount(LedgerSettings(rates=rates, hardware=hardware("2400", currency="EUR")), Month(2026, 10), code="EUR") == 50 * DOLLAR
    )


def test_owned_hardware_and_a_missing_rate_count_nothing() -> None:
    assert hardware_share(LedgerSettings(), Month(2026, 11), "USD", 22, TODAY) == HardwareShare()
    settings = LedgerSettings(hardware=hardware("2400", currency="CHF"))
    assert hardware_share(settings, Month(2026, 11), "USD", 22, TODAY) == HardwareShare()
    assert part_to_earn(settings, "USD") is part_to_earn(LedgerSettings(), "USD") is None


@given(st.decimals(0, 10**8, places=6), st.integers(1, 240), st.integers(1, 100))
def test_all_months_together_are_the_price_to_the_last_nano_unit(price: Decimal, n_months: int, percent: int) -> None:
    settings = LedgerSettings(hardware=hardware(str(price), BOUGHT, n_months=n_months, share_percent=percent))
    late = date(2050, 1, 1)
    months = [Month(2025, 12).plus(n) for n in range(n_months + 3)]
    assert sum(amount(settings, month, late) for month in months) == part_to_earn(settings, "USD")
