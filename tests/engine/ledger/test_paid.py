from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.paid import PaidRow, all_together, by_workload, paid_by_month
from engine.ledger_records import NO_WORKLOAD, DayTotal, Month
from engine.price_records import BillDay
from tests.engine.ledger.month_stage import TICKETS, bill, remote

OCTOBER, NOVEMBER, DECEMBER = Month(2026, 10), Month(2026, 11), Month(2026, 12)
DAY, LAST, FIRST = date(2026, 11, 10), date(2026, 11, 30), date(2026, 12, 1)


def row(totals: list[DayTotal], bills: list[BillDay], month: Month = NOVEMBER) -> PaidRow:
    return all_together(paid_by_month(totals, bills).get(month, {}))


def test_a_bill_that_includes_our_calls_does_not_count_them_again() -> None:
    assert row([remote(DAY, 300)], [bill(DAY, 1000, n=9)]) == PaidRow(ours=300, elsewhere=700, n=9)


def test_a_bill_that_is_behind_takes_nothing_away() -> None:
    """It was written before the day was over."""
    assert row([remote(DAY, 300, n=4)], [bill(DAY, 100, n=1)]) == PaidRow(ours=300, elsewhere=0, n=4)


def test_a_bill_of_other_programs_comes_on_top() -> None:
    assert row([remote(DAY, 300)], [bill(DAY, 1000, includes_ours=False, n=9)]) == PaidRow(ours=300, elsewhere=1000, n=10)


def test_a_bill_says_nothing_of_other_providers_and_days() -> None:
    others = [remote(DAY, 300, provider="mistral"), remote(DAY + timedelta(1), 40)]
    assert row(others, [bill(DAY, 1000)]) == PaidRow(ours=340, elsewhere=1000, n=3)


def test_a_bill_without_own_calls_counts_as_it_is() -> None:
    assert row([], [bill(DAY, 1000, n=7)]) == PaidRow(elsewhere=1000, n=7)


def test_several_bills_of_a_day_are_one_sum_and_each_keeps_its_work() -> None:
    rows = paid_by_month([remote(DAY, 300, n=5)], [bill(DAY, 200, n=3), bill(DAY, 500, workload=TICKETS, n=4)])[NOVEMBER]
    assert by_workload(rows, [TICKETS])[TICKETS] == PaidRow(elsewhere=400, n=2)
    assert all_together(rows) == PaidRow(ours=300, elsewhere=400, n=7)


def test_a_bill_settles_calls_whose_cost_is_not_known() -> None:
    lost = remote(DAY, 100, at_most=9000, n_unknown=1, n_unbounded=1)
    assert row([lost], []) == PaidRow(ours=100, at_most=9000, n=1, n_unknown=1, n_unbounded=1)
    assert row([lost], [bill(DAY, 400)]) == PaidRow(ours=100, elsewhere=300, n=1)


def test_a_bill_that_names_no_money_settles_nothing() -> None:
    lost = remote(DAY, 100, at_most=9000, n_unknown=1)
    assert row([lost], [bill(DAY, None)]) == PaidRow(ours=100, at_most=9000, n=1, n_unknown=1, n_unbounded=1)


def test_a_bill_with_a_line_without_a_price_counts_with_its_others_and_settles_nothing() -> None:
    partial = replace(bill(DAY, 700, n=9), n_unpriced=2)
    assert row([], [partial]) == PaidRow(elsewhere=700, n=9, n_unbounded=2)
    lost = remote(DAY, 100, at_most=9000, n_unknown=1)
    assert row([lost], [partial]) == PaidRow(ours=100, at_most=9000, elsewhere=600, n=9, n_unknown=1, n_unbounded=2)
    assert row([], [replace(bill(DAY, None), n_unpriced=3)]) == PaidRow(n_unbounded=3)


def test_a_bill_is_of_the_company_and_of_all_our_accounts_there() -> None:
    made = [remote(DAY, 300, provider="work-openai"), remote(DAY, 200, provider="openai"), remote(DAY, 50, provider="removed")]
    named = {"work-openai": "openai", "openai": "openai"}
    rows = paid_by_month(made, [bill(DAY, 1000, n=9)], named)[NOVEMBER]
    assert all_together(rows) == PaidRow(ours=550, elsewhere=500, n=10)
    assert {provider: each.ours for (provider, _), each in rows.items() if each.ours} == {
        "work-openai": 300, "openai": 200, "removed": 50,
    }  # fmt: skip
    assert row(made[:1], [bill(DAY, 1000)]).elsewhere == 1000, "without a name it goes by its id"


def test_around_midnight_a_call_goes_with_its_bill() -> None:
    """Half past midnight in Berlin is still the last day of November for the provider."""
    late = remote(FIRST, 300, utc_day=LAST)
    assert row([late], [], DECEMBER).ours == 300
    assert row([late], [bill(LAST, 1000)], NOVEMBER) == PaidRow(ours=300, elsewhere=700, n=1)
    assert row([late], [bill(LAST, 1000)], DECEMBER) == PaidRow()


def test_work_that_is_known_no_more_is_for_nothing_in_particular() -> None:
    rows = paid_by_month([remote(DAY, 300, workload=TICKETS), remote(DAY, 5)], [])[NOVEMBER]
    assert {workload: each.ours for workload, each in by_workload(rows, ["ask"]).items()} == {"ask": 5, NO_WORKLOAD: 300}


days = st.dates(date(2026, 10, 30), date(2026, 12, 2))
providers = st.sampled_from(["openai", "mistral"])


@st.composite
def calls(draw: st.DrawFn) -> DayTotal:
    day = draw(days)
    utc_day = day + timedelta(draw(st.integers(-1, 1)))
    return remote(day, draw(st.integers(-50, 1000)), utc_day, provider=draw(providers))


@st.composite
def bills(draw: st.DrawFn) -> BillDay:
    where = {"workload": draw(st.sampled_from(["", TICKETS])), "includes_ours": draw(st.booleans())}
    return bill(draw(days), draw(st.integers(0, 1500)), provider=draw(providers), **where)


@given(st.lists(calls(), max_size=12), st.lists(bills(), max_size=6))
def test_over_all_months_everything_counts_once(made: list[DayTotal], read: list[BillDay]) -> None:
    """For each provider and day of UTC the larger of both, where a bill includes what was asked here; otherwise the sum."""
    expected = sum(each.cost or 0 for each in read if not each.includes_ours)
    for key in {(each.provider, each.utc_day) for each in made} | {(each.provider, each.day) for each in read}:
        own = sum(each.cost for each in made if (each.provider, each.utc_day) == key)
        including = [each.cost or 0 for each in read if each.includes_ours and (each.provider, each.day) == key]
        expected += max(own, sum(including)) if including else own
    rows = [each for month in paid_by_month(made, read).values() for each in month.values()]
    assert sum(each.ours + each.elsewhere for each in rows) == expected
    assert all(each.elsewhere >= 0 for each in rows)
