from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.forecast import elapsed_days, forecast
from engine.ledger_records import Month
from tests.engine.ledger.month_stage import local

NOVEMBER = Month(2026, 11)


@pytest.mark.parametrize(("elapsed", "expected"), [(1, None), (4, None), (5, 600), (15, 200), (30, 100)])
def test_from_the_fifth_day_on_it_goes_on_as_it_began(elapsed: int, expected: int | None) -> None:
    assert forecast(100, elapsed, 30) == expected


@given(st.integers(0, 10**20), st.integers(5, 31))
def test_a_month_that_is_over_was_foreseen_to_the_last_unit(spent: int, n_days: int) -> None:
    assert forecast(spent, n_days, n_days) == spent


@pytest.mark.parametrize(("month", "n_days"), [(Month(2024, 2), 29), (Month(2026, 2), 28), (Month(2026, 10), 31)])
def test_of_a_past_month_all_days_are_over(month: Month, n_days: int) -> None:
    assert elapsed_days(month, (), date(2026, 11, 22)) == n_days


def test_of_the_running_month_the_days_until_today_are_over() -> None:
    assert elapsed_days(NOVEMBER, [local(date(2026, 11, 3))], date(2026, 11, 5)) == 5


def test_a_clock_that_was_set_back_takes_back_no_days() -> None:
    entries = [local(date(2026, 11, 20)), local(date(2026, 12, 24))]
    assert elapsed_days(NOVEMBER, entries, date(2026, 11, 5)) == 20
