from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.break_even import MOST_MONTHS, break_even
from engine.ledger.month_bars import MonthSum
from engine.ledger_records import NOTHING, Month, Spread
from engine.statement_records import BreakEven
from tests.engine.ledger.month_stage import spread

JUNE, AUGUST, NOVEMBER = Month(2026, 6), Month(2026, 8), Month(2026, 11)
MIDDLE = date(2026, 11, 15)
BEGUN = date(2026, 6, 1)


def months(*earned: Spread, last: Month = NOVEMBER) -> list[MonthSum]:
    """One sum for each, the last one of the running month."""
    first = last.plus(1 - len(earned))
    return [MonthSum(first.plus(n), each, NOTHING, 0, 0, 1) for n, each in enumerate(earned)]


def even(amount: int) -> Spread:
    return spread(amount, amount, amount)


STEADY = months(*[spread(80, 100, 120)] * 5, spread(40, 50, 60))  # June to the middle of November


def test_sums_go_on_as_the_last_full_months_did() -> None:
    made = break_even(STEADY, 1000, BEGUN, MIDDLE)
    assert made.past[-1] == (NOVEMBER, spread(440, 550, 660))
    assert [month for month, _ in made.past] == [JUNE.plus(n) for n in range(6)]
    assert made.ahead[0] == (Month(2026, 12), spread(440 + 120, 550 + 150, 660 + 180))  # half of November and December
    assert (made.state, made.reached) == ("likely", Month(2027, 3))
    assert (made.earliest, made.latest) == (Month(2027, 2), Month(2027, 6))
    assert made.ahead[-1][0] > Month(2027, 6)  # the chart shows the end of the range


def test_only_the_last_three_full_months_say_how_it_goes_on() -> None:
    sums = months(even(9000), even(1), even(10), even(20), even(30), even(7777))
    made = break_even(sums, 10**6, BEGUN, date(2026, 11, 30))
    assert made.ahead[0][1].mid - made.past[-1][1].mid == 20
    assert break_even(sums[3:], 10**6, date(2026, 9, 2), date(2026, 11, 30)).ahead[0][1].mid - (20 + 30 + 7777) == 30


@pytest.mark.parametrize(
    ("begun", "today", "state"),
    [
        (None, MIDDLE, "too_early"),
        (date(2026, 11, 1), MIDDLE, "too_early"),
        (date(2026, 10, 2), MIDDLE, "too_early"),  # October was not a whole one
        (date(2026, 10, 1), MIDDLE, "likely"),
    ],
)
def test_less_than_a_whole_month_says_nothing_of_the_future(begun: date | None, today: date, state: str) -> None:
    made = break_even(months(even(100), even(50)), 1000, begun, today)
    assert made.state == state
    assert (made.ahead == ()) == (state == "too_early")


def test_the_low_end_decides_whether_it_is_reached() -> None:
    assert break_even(STEADY, 440, BEGUN, MIDDLE).state == "reached"
    nearly = break_even(STEADY, 441, BEGUN, MIDDLE)
    assert (nearly.state, nearly.reached, nearly.earliest, nearly.latest) == ("likely", Month(2026, 10), Month(2026, 9), NOVEMBER)


def test_what_fell_below_the_price_again_has_not_reached_it() -> None:
    made = break_even(months(even(500), even(-200), even(300), even(10), even(10), even(0)), 450, BEGUN, MIDDLE)
    assert (made.state, made.reached) == ("reached", AUGUST)


def test_the_computer_may_be_paid_off_within_its_first_month() -> None:
    made = break_even(months(even(5000)), 1000, date(2026, 11, 3), MIDDLE)
    assert (made.state, made.reached, made.ahead) == ("reached", NOVEMBER, ())


def test_a_loss_never_pays_for_anything() -> None:
    made = break_even(months(*[spread(-30, -20, -10)] * 6), 1000, BEGUN, MIDDLE)
    assert (made.state, made.reached, made.earliest, made.latest) == ("never", None, None, None)
    assert made.ahead and made.ahead[-1][1].mid < made.past[-1][1].mid


def test_ten_years_are_as_good_as_never() -> None:
    begun = date(2026, 8, 1)
    sums = months(even(1), even(1), even(1), even(0))
    assert break_even(sums, 3 + MOST_MONTHS, begun, date(2026, 11, 30)).reached == NOVEMBER.plus(MOST_MONTHS)
    assert break_even(sums, 4 + MOST_MONTHS, begun, date(2026, 11, 30)).state == "never"


@pytest.mark.parametrize("price", [None, 0])
def test_without_a_price_there_is_nothing_to_reach(price: int | None) -> None:
    made = break_even(STEADY, price, BEGUN, MIDDLE)
    assert (made.state, made.price, made.ahead, len(made.past)) == ("no_hardware", 0, (), 6)


def test_nothing_yet_is_too_early() -> None:
    assert break_even([], 1000, None, MIDDLE) == BreakEven("too_early", 1000)


EARNED = st.lists(st.integers(-(10**12), 10**15), min_size=3, max_size=3).map(lambda each: Spread(*sorted(each)))


@given(st.lists(EARNED, min_size=2, max_size=9), st.integers(1, 10**16), st.integers(1, 30))
def test_the_range_never_crosses_itself_and_its_ends_are_in_order(earned: list[Spread], price: int, day: int) -> None:
    made = break_even(months(*earned), price, NOVEMBER.plus(1 - len(earned)).first, date(2026, 11, day))
    for _, level in (*made.past, *made.ahead):
        assert level.low <= level.mid <= level.high
        assert all(type(each) is int for each in (level.low, level.mid, level.high))
    ends = [made.earliest, made.reached, made.latest]
    known = [each for each in ends if each is not None]
    assert known == sorted(known) and ends == known + [None] * (3 - len(known))
    assert (made.state == "reached") == (made.past[-1][1].low >= price)
    named = [month for month, _ in (*made.past, *made.ahead)]
    assert named == [named[0].plus(n) for n in range(len(named))]


@given(st.lists(EARNED, min_size=2, max_size=6), st.integers(1, 10**16), st.integers(1, 10**15))
def test_a_dearer_computer_is_never_paid_off_sooner(earned: list[Spread], price: int, more: int) -> None:
    begun = NOVEMBER.plus(1 - len(earned)).first
    cheap, dear = (break_even(months(*earned), each, begun, MIDDLE) for each in (price, price + more))
    for one, other in zip((cheap.earliest, cheap.reached, cheap.latest), (dear.earliest, dear.reached, dear.latest), strict=True):
        assert other is None or (one is not None and one <= other)


@given(st.lists(st.integers(0, 10**15), min_size=4, max_size=8), st.integers(1, 30))
def test_what_always_saves_always_rises(amounts: list[int], day: int) -> None:
    made = break_even(months(*map(even, amounts)), 10**17, NOVEMBER.plus(1 - len(amounts)).first, date(2026, 11, day))
    levels = [level.mid for _, level in (*made.past, *made.ahead)]
    assert levels == sorted(levels)
    rate = Fraction(sum(amounts[-4:-1]), 3)
    assert abs(made.ahead[-1][1].mid - made.ahead[0][1].mid - rate * (len(made.ahead) - 1)) <= 1
