"""What the database itself refuses, what may go, and how a sum that differs is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from engine.errors import NotFound
from engine.ledger_records import LedgerEvent
from engine.store import ledger_entries
from engine.store.ledger import StoredLedger
from engine.store.store import Store
from tests.engine.store.ledger_examples import EVENT, NOON, PAID, TODAY, numbered

DAY = timedelta(days=1)


@pytest.fixture
def store(open_store: Callable[..., Store]) -> Store:
    return open_store("memory")  # what the database does is the same on disk


@pytest.fixture
def ledger(store: Store) -> StoredLedger:
    return store.ledger


def everything(ledger: StoredLedger) -> list[LedgerEvent]:
    return ledger.events(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger_entries",
        "UPDATE ledger_entries SET cost = 0",
        "UPDATE OR REPLACE ledger_entries SET time = time",
        "INSERT OR REPLACE INTO ledger_entries SELECT * FROM ledger_entries",
        "INSERT OR REPLACE INTO ledger_entries SELECT time + 1, id, {rest} FROM ledger_entries",
        "UPDATE ledger_kinds SET model = 'other'",
        "DELETE FROM ledger_kinds",
        "INSERT OR REPLACE INTO ledger_kinds SELECT id, place, workload, 'x', {kind} FROM ledger_kinds",
        "INSERT OR REPLACE INTO ledger_kinds SELECT id + 9, place, workload, provider, {kind} FROM ledger_kinds",
        "UPDATE ledger_rates SET prompt = 0",
        "DELETE FROM ledger_rates",
        "INSERT OR REPLACE INTO ledger_rates SELECT id, 0, generated, cached, cache_write, snapshot, as_of FROM ledger_rates",
        "DELETE FROM ledger_kept",
        "INSERT OR REPLACE INTO ledger_kept VALUES (1, 99999)",
        "INSERT INTO ledger_kept VALUES (2, 99999)",
        "UPDATE ledger_kept SET first_day = first_day - 1",
    ],
)
def test_what_happened_stays(store: Store, ledger: StoredLedger, statement: str) -> None:
    ledger.record(EVENT)
    ledger.retire(TODAY - DAY)
    before = everything(ledger), ledger.totals(TODAY, TODAY)
    with store._main.read() as session:
        names = [row.name for row in session.connection().exec_driver_sql("PRAGMA table_info(ledger_entries)")][2:]
    kind = 'model, "use", reference, ratio_source, energy_method'
    with pytest.raises(IntegrityError, match="append only"), store._main.write() as session:
        session.connection().exec_driver_sql(statement.format(rest=", ".join(names), kind=kind))
    assert (everything(ledger), ledger.totals(TODAY, TODAY)) == before


def test_an_entry_is_taken_back_once_whoever_writes(store: Store, ledger: StoredLedger) -> None:
    ledger.record(EVENT)
    ledger.correct(EVENT.id, numbered(EVENT, 1))
    (back,) = [entry for entry in everything(ledger) if entry.reverses]
    for reverses in (EVENT.id, back.id, "ff" * 16):  # a second time, what takes back, what is not there
        with pytest.raises(IntegrityError, match="append only"), store._main.write() as session:
            ledger_entries.add(session, [numbered(EVENT, 5, reverses=reverses)])
    assert ledger.count() == 3


def test_old_entries_go_and_their_sums_stay(store: Store, ledger: StoredLedger) -> None:
    old = [numbered(EVENT, n, time=NOON - n * DAY, local_day=TODAY - n * DAY) for n in range(5)]
    ledger.record_all(old)
    sums = ledger.totals(TODAY - 9 * DAY, TODAY)
    assert ledger.retire(TODAY - 2 * DAY) == 2
    assert everything(ledger) == [old[2], old[1], old[0]]
    assert ledger.retire(TODAY - 3 * DAY) == 0
    assert ledger.totals(TODAY - 9 * DAY, TODAY) == sums
    assert ledger.check(NOON).is_sound
    assert ledger.rebuild(NOON).was_rebuilt
    assert ledger.totals(TODAY - 9 * DAY, TODAY) == sums
    with pytest.raises(NotFound):
        ledger.correct(old[4].id, numbered(EVENT, 99))
    with pytest.raises(IntegrityError, match="append only"), store._main.write() as session:
        session.connection().exec_driver_sql("DELETE FROM ledger_days")


def test_an_entry_that_comes_late_counts_in_its_day(ledger: StoredLedger) -> None:
    ledger.record(EVENT)
    ledger.retire(TODAY + DAY)
    ledger.record(numbered(EVENT, 1))
    assert [total.n for total in ledger.totals(TODAY, TODAY)] == [2]
    assert ledger.check(NOON).is_sound
    assert ledger.retire(TODAY + DAY) == 1
    assert [total.n for total in ledger.totals(TODAY, TODAY)] == [2]


def test_sums_are_right_before_their_entries_go(store: Store, ledger: StoredLedger) -> None:
    ledger.record(EVENT)
    spoil(store, "UPDATE ledger_days SET n = 7")
    ledger.retire(TODAY + DAY)
    assert [total.n for total in ledger.totals(TODAY, TODAY)] == [1]


# ---------------------------------------------------------------- the check
def spoil(store: Store, statement: str) -> None:
    with store._main.write() as session:
        session.connection().exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "n_differences"),
    [
        ("UPDATE ledger_days SET cost = cost + 1 WHERE kind = 1", 1),
        ("UPDATE ledger_days SET longest_prompt = 0", 2),
        ("DELETE FROM ledger_days WHERE kind = 2", 1),
        ("UPDATE ledger_days SET utc_day = utc_day + 1 WHERE kind = 1", 2),
        ("UPDATE ledger_days SET energy_high = 0", 1),
    ],
)
def test_a_sum_that_differs_is_found_and_made_anew(
    store: Store, ledger: StoredLedger, statement: str, n_differences: int
) -> None:
    ledger.record_all([EVENT, PAID])
    sums = ledger.totals(TODAY, TODAY)
    spoil(store, statement)
    check = ledger.check(NOON)
    assert (check.n_events, check.n_differences, check.is_sound) == (2, n_differences, False)
    assert ledger.rebuild(NOON) == replace(check, n_differences=0, was_rebuilt=True)
    assert ledger.totals(TODAY, TODAY) == sums
    assert ledger.check(NOON).is_sound


def test_entries_from_the_future_are_counted(ledger: StoredLedger) -> None:
    ledger.record_all([EVENT, numbered(EVENT, 1, time=NOON + DAY), numbered(PAID, 2, time=NOON + timedelta(hours=25))])
    assert ledger.check(NOON).n_ahead == 1
