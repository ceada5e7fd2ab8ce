from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ledger.month_bars import last_months, month_bars, month_sums
from engine.ledger.statement import MonthBooks, statement
from engine.ledger_records import DayTotal, Month, Spread
from engine.ledger_settings import LedgerSettings
from engine.statement_records import MonthBar
from tests.engine.ledger.month_stage import (
    CENT,
    DOLLAR,
    LETTERS,
    NAMES,
    SOL,
    TICKETS,
    TODAY,
    bill,
    hardware,
    local,
    rate,
    remote,
    spread,
    tariff,
    terms,
)

NOVEMBER = Month(2026, 11)
KWH = 10**9


def test_there_are_twelve_months_up_to_the_shown_one() -> None:
    months = last_months(Month(2026, 2))
    assert (months[0], months[-1], len(months)) == (Month(2025, 3), Month(2026, 2), 12)
    assert last_months(Month(1, 3)) == (Month(1, 1), Month(1, 2), Month(1, 3))


def test_a_bar_has_electricity_and_hardware_together_and_is_in_the_rate_of_its_month() -> None:
    chosen = LedgerSettings(
        would_use=SOL,
        currency="EUR",
        rates=(rate("EUR", date(2026, 10, 31), "0.5"), rate("EUR", date(2026, 11, 1), "2")),
        tariffs=(tariff(date(2026, 1, 1), "0.30", "EUR"),),
        hardware=hardware("48", currency="EUR"),
    )
    entries = [
        local(date(2026, 10, 31), TICKETS, 7, spread(DOLLAR, DOLLAR, DOLLAR), spread(0, KWH, 2 * KWH)),
        local(date(2026, 11, 1), TICKETS, 9, spread(DOLLAR, DOLLAR, DOLLAR)),
        remote(date(2026, 11, 1), 4 * DOLLAR),
    ]
    months = last_months(NOVEMBER, 2)
    assert month_bars(month_sums(months, entries, (), terms(chosen, date(2026, 11, 15)), NAMES)) == (
        MonthBar(Month(2026, 10), spread(50 * CENT, 50 * CENT, 50 * CENT), spread(100 * CENT, 130 * CENT, 160 * CENT), 0, 7),
        MonthBar(NOVEMBER, spread(2 * DOLLAR, 2 * DOLLAR, 2 * DOLLAR), spread(50 * CENT, 50 * CENT, 50 * CENT), 8 * DOLLAR, 9),
    )


def test_months_without_anything_are_there_and_empty() -> None:
    (earlier, _) = month_bars(month_sums(last_months(NOVEMBER, 2), [local(TODAY)], (), terms(), NAMES))
    assert earlier == MonthBar(Month(2026, 10), spread(0, 0, 0), spread(0, 0, 0), 0, 0)


def test_a_month_without_a_price_has_no_bar_of_what_was_avoided() -> None:
    unknown = terms(LedgerSettings(would_use="openai/gpt-foo"))
    (only,) = month_sums([NOVEMBER], [local(TODAY, TICKETS, 1, None, spread(0, KWH, KWH))], (), unknown, NAMES)
    assert month_bars([only])[0].avoided is None
    assert only.earned == spread(-20 * CENT, -20 * CENT, 0)  # what is not known is not counted as saved


AMOUNTS = st.lists(st.integers(0, 10**15), min_size=3, max_size=3).map(lambda each: Spread(*sorted(each)))


@st.composite
def totals(draw: st.DrawFn) -> DayTotal:
    day = draw(st.dates(date(2026, 9, 29), date(2026, 11, 22)))
    if draw(st.booleans()):
        return remote(day, draw(st.integers(0, 10**12)), day + timedelta(draw(st.integers(-1, 1))))
    return local(day, draw(st.sampled_from([TICKETS, LETTERS])), 1, draw(AMOUNTS), draw(AMOUNTS))


@settings(max_examples=40)
@given(
    st.lists(totals(), max_size=12),
    st.lists(st.builds(bill, st.dates(date(2026, 9, 29), date(2026, 11, 22)), st.integers(0, 10**12)), max_size=3),
)
def test_a_bar_says_what_the_statement_of_its_month_says(made: list[DayTotal], bills: list) -> None:
    chosen = LedgerSettings(would_use=SOL, currency="EUR", rates=(rate("EUR", TODAY, "0.87654321"),), hardware=hardware("2400"))
    by = terms(chosen)
    for bar in month_bars(month_sums(last_months(NOVEMBER, 3), made, bills, by, NAMES)):
        shown = statement(MonthBooks(bar.month, made, bills, NAMES), by)
        assert (bar.avoided, bar.paid, bar.n_items) == (shown.avoided, shown.paid, shown.n_items)
        assert bar.local == shown.electricity.shifted(shown.hardware.amount)
