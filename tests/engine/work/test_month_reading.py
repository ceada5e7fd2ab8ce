"""Months are read in as few sums as can be, and come to what the sums of their days come to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ledger.month_bars import month_sums
from engine.ledger.price_book import PriceBook
from engine.ledger.prices import Prices
from engine.ledger.ratios import Ratios
from engine.ledger.statement import MonthBooks, statement
from engine.ledger.terms import Terms
from engine.ledger_records import ASK, CHAT, LedgerEvent, Month, local_day
from engine.ledger_settings import LedgerSettings, Tariff
from engine.price_records import Bill, BillLine, ListedPrice
from engine.store.store import Store
from engine.work.month_reading import DAY, read_bills, read_month, read_totals
from tests.engine.work.compare_stage import a_store
from tests.engine.work.ledger_stage import DOLLAR, LUNA, NOON, SOL, called, on, worked

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
TODAY = NOON.date()
#: Has another price from the middle of October on; the list that comes with the program has a step at 272,000 tokens for SOL.
DEARER = "acme/dear-1"
OWN = [
    ListedPrice(DEARER, 2_000_000, 7_000_000, last=date(2026, 10, 14), source="own"),
    ListedPrice(DEARER, 3_000_001, 9_000_007, first=date(2026, 10, 15), source="own"),
]
BY_THE_HOUR = "deepseek/deepseek-chat"


def terms(would_use: str = SOL, strong: str = DEARER, cheapest: str = LUNA, **more: Any) -> Terms:
    chosen = LedgerSettings(would_use=would_use, strong=strong, cheapest=cheapest, **more)
    return Terms(chosen, PriceBook(OWN, (), Prices()), Ratios(), TODAY)


def read_by_days(store: Store, month: Month, by: Terms) -> MonthBooks:
    """The same, without any days together."""
    first, last = month.first - DAY, month.last + DAY
    books = read_month(store, month, by)
    return MonthBooks(
        month, store.ledger.totals(first, last), store.bills.days(first, last), books.names, books.spent, books.scope_names,
        n_ahead=books.n_ahead, billed_as=books.billed_as,
    )  # fmt: skip


def assert_alike(store: Store, by: Terms) -> None:
    months = [OCTOBER, NOVEMBER]
    for month in months:
        books, apart = read_month(store, month, by), read_by_days(store, month, by)
        assert statement(books, by) == statement(apart, by)
    bills, names = read_bills(store, *months), read_month(store, NOVEMBER, by).names
    by_days = store.ledger.totals(OCTOBER.first - DAY, NOVEMBER.last + DAY)
    sums = [month_sums(months, each, bills, by, names) for each in (read_totals(store, months, by, bills, names), by_days)]
    assert sums[0] == sums[1]


def a_bill(store: Store, day: date) -> None:
    line = BillLine(day, "openai", "gpt-6.1-sol", 10, 1000, 100, 0, 5 * DOLLAR)
    store.bills.keep(Bill("b" * 32, "openai", "usage.csv", day, day, 1, 10, 1000, 100, 5 * DOLLAR, "provider", NOON), [line])


MOMENTS = st.datetimes(datetime(2026, 9, 30), datetime(2026, 11, 29), timezones=st.just(UTC))


@st.composite
def entries(draw: st.DrawFn) -> LedgerEvent:
    moment = draw(MOMENTS)
    there = local_day(moment) + timedelta(draw(st.sampled_from([-1, 0, 0, 1])))
    day = min(max(there, moment.date() - DAY), moment.date() + DAY)
    workload = draw(st.sampled_from([ASK, CHAT]))
    if draw(st.booleans()):
        return called(moment, draw(st.none() | st.integers(0, 9 * DOLLAR)), at_most=DOLLAR, local_day=day, workload=workload)
    prompt = draw(st.integers(1, 5_000) | st.sampled_from([150_000, 280_000, 400_000]))
    use = draw(st.sampled_from(["work", "work", "again", "test"]))
    more: dict[str, Any] = {} if draw(st.booleans()) else {"avoided": None}
    return worked(moment, local_day=day, workload=workload, prompt=prompt, use=use, **more)


@given(
    st.lists(entries(), max_size=12),
    st.sampled_from([SOL, DEARER, LUNA, BY_THE_HOUR, "acme/unknown"]),
    st.booleans(),
    st.none() | st.dates(date(2026, 10, 1), TODAY),
)
@settings(max_examples=20)
def test_what_is_read_together_comes_to_what_its_days_come_to(
    tmp_path_factory: pytest.TempPathFactory, made: list[LedgerEvent], would_use: str, in_batches: bool, billed: date | None
) -> None:
    tariffs = (Tariff(day=date(2026, 1, 1), per_kwh=Decimal("0.31")), Tariff(day=date(2026, 10, 20), per_kwh=Decimal("0.37")))
    with a_store(tmp_path_factory.mktemp("profile")) as (_, store, _):
        store.ledger.record_all(made)
        if billed is not None:
            a_bill(store, billed)
        assert_alike(store, terms(would_use, would_use_batch=in_batches, tariffs=tariffs))


def days_of(
    *events: LedgerEvent, folder: Path, by: Terms | None = None, prepare: Callable[[Store], None] | None = None
) -> list[int]:
    """How many generations each sum has with which October is read."""
    with a_store(folder) as (_, store, _):
        store.ledger.record_all(events)
        if prepare is not None:
            prepare(store)
        return sorted(each.n for each in read_month(store, OCTOBER, by or terms()).totals)


def test_days_that_are_reckoned_alike_are_read_as_one(tmp_path: Path) -> None:
    month = [on(date(2026, 10, day)) for day in range(1, 32)]
    assert days_of(*(worked(when) for when in month), folder=tmp_path / "kept", by=terms(LUNA, strong=LUNA)) == [31]
    assert days_of(*(called(when) for when in month), folder=tmp_path / "calls") == [31]
    tariffs = (Tariff(day=date(2026, 10, 20), per_kwh=Decimal("0.37")),)
    by = terms(LUNA, strong=LUNA, tariffs=tariffs)
    assert days_of(*(worked(when) for when in month), folder=tmp_path / "tariffs", by=by) == [12, 19]


@pytest.mark.parametrize(
    ("reference", "prompt"), [(DEARER, 900), (SOL, 280_000)], ids=["the price changed", "a step could be reached"]
)
def test_days_that_are_not_are_read_each_for_itself(tmp_path: Path, reference: str, prompt: int) -> None:
    month = [worked(on(date(2026, 10, day)), avoided=None, prompt=prompt) for day in range(1, 32)]
    assert days_of(*month, folder=tmp_path, by=terms(reference, reference, reference)) == [1] * 31


def test_calls_of_days_with_a_bill_are_read_by_day(tmp_path: Path) -> None:
    calls = [called(on(date(2026, 10, day))) for day in range(1, 32)]
    assert days_of(*calls, folder=tmp_path, prepare=lambda store: a_bill(store, date(2026, 10, 3))) == [1] * 31
