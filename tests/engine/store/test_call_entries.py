"""What a remote call leaves in the books: nothing, or one entry in the same transaction that settles it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from engine.errors import BudgetReached, LedgerInputUnfit
from engine.ledger_records import Ceiling, LedgerEvent, Month, Spent, WorkloadId, local_day
from engine.provider_records import Rates, TokenCounts
from engine.store.main_tables import RemoteCallRow
from engine.store.remote_calls import RemoteCall, StoredRemoteCalls
from engine.store.store import Store

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
RATES = Rates(2_500_000, 10_000_000, 1_250_000, 2_500_000, "0123456789abcdef", "2026-11-09")
CALL = RemoteCall("a" * 32, NOON, "set", "openai", "gpt-4o", "api.openai.com", "cd" * 32, 3, "request", "reserved", 9_000_000)
SETTLED = replace(
    CALL, status="settled", cost_nano=3_500_000, cost_source="computed", tokens=TokenCounts(600, 200, 100, 0, 50),
    answered_by="gpt-4o-2024-08-06", ttft_us=310_000, total_us=2_500_000, stop_reason="end_of_text",
    provider_request_id="req_1", rates=RATES,
)  # fmt: skip


@pytest.fixture
def calls(store: Store) -> StoredRemoteCalls:
    return store.remote_calls


def entries(store: Store) -> list[LedgerEvent]:
    return store.ledger.events(date(2026, 11, 1), date(2026, 12, 31))


def test_a_settled_call_is_in_the_books(store: Store, calls: StoredRemoteCalls) -> None:
    for_work = replace(CALL, use="work", pair="e" * 32)
    calls.reserve(for_work)
    assert entries(store) == []
    kept = calls.settle(replace(SETTLED, use="test", pair=""))
    assert (kept.use, kept.pair) == ("work", "e" * 32)
    ended = NOON + timedelta(microseconds=2_500_000)
    assert entries(store) == [
        LedgerEvent(
            CALL.id, ended, local_day(ended), "api", WorkloadId("set"), "gpt-4o", "openai", "work", 600, 200, 100, 0, 50,
            2_500_000, 310_000, "end_of_text", 3_500_000, None, "computed", RATES, pair="e" * 32,
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "cost", "source", "counted"),
    [
        ("settled", 7, "provider", (7, None, "provider")),
        ("settled", None, "unknown", (None, 9_000_000, "unknown")),
        ("estimated", 5, "estimated", (5, 9_000_000, "estimated")),
        ("estimated", None, "unknown", (None, 9_000_000, "unknown")),
        ("unknown", None, "unknown", (None, 9_000_000, "unknown")),
        ("not_sent", 0, "computed", None),
        ("refused", 0, "computed", None),
    ],
)
def test_a_call_counts_in_the_books_as_it_ended(store: Store, calls: StoredRemoteCalls, status, cost, source, counted) -> None:
    calls.reserve(CALL)
    calls.settle(replace(CALL, status=status, cost_nano=cost, cost_source=source))
    found = [(entry.cost, entry.at_most, entry.cost_source) for entry in entries(store)]
    assert found == ([] if counted is None else [counted])


def test_an_answer_that_broke_off_counts_as_the_most_that_it_can_have_cost(store: Store, calls: StoredRemoteCalls) -> None:
    """Many providers charge for all of it, and nobody has told."""
    unbounded = replace(CALL, id="b" * 32, reserved_nano=None)
    for call in (CALL, unbounded):
        calls.reserve(call)
        kept = calls.settle(replace(call, status="estimated", cost_nano=5, cost_source="estimated"))
        assert (kept.cost_nano, kept.counted_nano) == (5, call.reserved_nano), "what was seen of it stays known"
    assert [(each.id, each.at_most) for each in store.ledger.open_calls()] == [(CALL.id, 9_000_000), (unbounded.id, None)]
    assert store.ledger.spent(Month(2026, 11), "") == Spent(0, 9_000_000, 2, 1)
    assert [(entry.cost, entry.at_most) for entry in entries(store)] == [(5, 9_000_000), (None, None)]
    with pytest.raises(BudgetReached) as reached:
        calls.reserve(replace(CALL, id="c" * 32, reserved_nano=1), [Ceiling("", Month(2026, 11), 9_000_000)])
    assert reached.value.spent == 9_000_000


@pytest.mark.parametrize(("use", "counted_as"), [("work", "cancelled"), ("again", "cancelled"), ("test", "test")])
def test_a_call_that_was_stopped_is_no_finished_work(store: Store, calls: StoredRemoteCalls, use, counted_as) -> None:
    calls.reserve(replace(CALL, use=use))
    calls.settle(replace(SETTLED, status="estimated", stop_reason="cancelled"))
    assert [entry.use for entry in entries(store)] == [counted_as]


def test_a_call_whose_entry_cannot_be_kept_is_not_settled(store: Store, calls: StoredRemoteCalls) -> None:
    calls.reserve(CALL)
    with pytest.raises(LedgerInputUnfit):
        calls.settle(replace(SETTLED, cost_nano=2**60))
    assert (calls.list(), entries(store)) == ([CALL], [])
    calls.settle(SETTLED)
    assert len(entries(store)) == 1


def test_calls_that_are_given_up_count_as_the_most_that_they_can_have_cost(store: Store, calls: StoredRemoteCalls) -> None:
    unbounded = replace(CALL, id="b" * 32, reserved_nano=None)
    for call in (CALL, unbounded):
        calls.reserve(call)
    assert calls.give_up_old(NOON + timedelta(hours=1)) == 2
    assert [(entry.id, entry.time, entry.cost, entry.at_most) for entry in entries(store)] == [
        (CALL.id, NOON, None, 9_000_000),
        (unbounded.id, NOON, None, None),
    ]
    assert [each.id for each in store.ledger.open_calls()] == [CALL.id, unbounded.id]


@pytest.mark.parametrize("column", ["use", "pair"])
def test_what_a_call_is_for_stays(store: Store, calls: StoredRemoteCalls, column: str) -> None:
    calls.reserve(replace(CALL, use="work"))
    with pytest.raises(IntegrityError, match="append only"), store._main.write() as session:
        session.connection().exec_driver_sql(f"UPDATE remote_calls SET status = 'settled', \"{column}\" = 'again'")


def test_no_call_is_replaced_by_naming_its_row(store: Store, calls: StoredRemoteCalls) -> None:
    calls.reserve(CALL)
    names = [field for field in vars(RemoteCallRow) if field in RemoteCallRow.__table__.columns and field != "id"]
    columns = ", ".join(f'"{name}"' for name in names)
    statement = f"INSERT OR REPLACE INTO remote_calls (rowid, id, {columns}) SELECT rowid, 'other', {columns} FROM remote_calls"
    with pytest.raises(IntegrityError, match="append only"), store._main.write() as session:
        session.connection().exec_driver_sql(statement)
    assert calls.list() == [CALL]
