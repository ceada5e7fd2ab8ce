from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.errors import NotFound
from engine.ledger_records import WorkloadId
from engine.price_records import Bill, BillDay, BillLine
from engine.store.store import Store

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FIRST = date(2026, 11, 1)
SECOND = FIRST + timedelta(days=1)
LINES = [
    BillLine(FIRST, "openai", "gpt-4o", 10, 1_000, 100, 50, 7_000),
    BillLine(FIRST, "openai", "gpt-6-luna", 2, 300, 30, 0, 1_000),
    BillLine(SECOND, "openai", "gpt-4o", 1, 10, 5, 0, 60),
]
BILL = Bill(
    "01" * 16, "openai", "usage.csv", FIRST, SECOND, 3, 13, 1_310, 135, 8_060, "provider", NOON, WorkloadId("set"), n_skipped=2
)  # fmt: skip
NEWER = replace(BILL, id="02" * 16, imported=NOON + timedelta(hours=1), workload=WorkloadId(""), includes_ours=False)


def test_an_import_comes_back_and_counts_by_day(store: Store) -> None:
    assert store.bills.n_replaced(LINES) == 0
    assert store.bills.keep(BILL, LINES) == 0
    assert store.bills.list() == [BILL]
    assert store.bills.days(FIRST, SECOND) == [
        BillDay(FIRST, "openai", WorkloadId("set"), True, 12, 1_300, 130, 8_000),
        BillDay(SECOND, "openai", WorkloadId("set"), True, 1, 10, 5, 60),
    ]
    assert [day.day for day in store.bills.days(SECOND, SECOND)] == [SECOND]


def test_a_day_has_the_costs_that_are_known_and_says_of_how_many_lines_they_are_not(store: Store) -> None:
    store.bills.keep(BILL, [LINES[0], replace(LINES[1], cost=None), replace(LINES[2], cost=None)])
    assert [(day.cost, day.n_unpriced) for day in store.bills.days(FIRST, SECOND)] == [(7_000, 1), (None, 1)]


def test_the_same_file_twice_counts_once(store: Store) -> None:
    store.bills.keep(BILL, LINES)
    assert store.bills.n_replaced(LINES) == 3
    assert store.bills.keep(replace(NEWER, includes_ours=True), LINES) == 3
    assert [bill.id for bill in store.bills.list()] == [NEWER.id]
    assert sum(day.n_requests for day in store.bills.days(FIRST, SECOND)) == 13


def test_a_day_is_as_the_newest_import_has_it(store: Store) -> None:
    store.bills.keep(BILL, LINES)
    by_cost = [BillLine(FIRST, "openai", "", 12, 1_300, 130, 0, 9_000)]  # the same day under no model's name
    assert store.bills.n_replaced(by_cost) == 2
    assert store.bills.keep(NEWER, by_cost) == 2
    assert [(day.day, day.cost, day.includes_ours) for day in store.bills.days(FIRST, SECOND)] == [
        (FIRST, 9_000, False),
        (SECOND, 60, True),
    ]
    newer, older = store.bills.list()
    assert newer == NEWER
    assert older == replace(BILL, first=SECOND, n_lines=1, n_requests=1, prompt=10, generated=5, cost=60)


def test_another_provider_on_the_same_day_is_another_bill(store: Store) -> None:
    store.bills.keep(BILL, LINES)
    others = [replace(line, provider="anthropic") for line in LINES]
    assert store.bills.n_replaced(others) == 0
    assert store.bills.keep(replace(NEWER, provider="anthropic"), others) == 0
    assert len(store.bills.days(FIRST, SECOND)) == 4


def test_an_import_with_the_same_id_takes_its_place(store: Store) -> None:
    store.bills.keep(BILL, LINES)
    assert store.bills.keep(replace(BILL, n_lines=1), LINES[:1]) == 3
    assert [day.day for day in store.bills.days(FIRST, SECOND)] == [FIRST]


def test_an_import_is_removed_with_its_lines(store: Store) -> None:
    store.bills.keep(BILL, LINES)
    store.bills.remove(BILL.id)
    assert (store.bills.list(), store.bills.days(FIRST, SECOND), store.bills.n_replaced(LINES)) == ([], [], 0)
    with pytest.raises(NotFound) as missing:
        store.bills.remove(BILL.id)
    assert missing.value.what == "bill"


def test_many_lines_are_kept(store: Store) -> None:
    lines = [replace(LINES[0], day=FIRST + timedelta(days=n % 400), model=str(n)) for n in range(1_300)]
    store.bills.keep(BILL, lines)
    assert store.bills.n_replaced(lines) == 1_300
    assert sum(day.n_requests for day in store.bills.days(FIRST, FIRST + timedelta(days=400))) == 13_000


def test_the_name_of_a_file_stands_on_one_line(store: Store) -> None:
    store.bills.keep(replace(BILL, file_name="a\nb.csv"), LINES)
    assert store.bills.list()[0].file_name == "a\ufffdb.csv"
