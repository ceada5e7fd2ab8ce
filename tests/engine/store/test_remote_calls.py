from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from engine.errors import NotFound
from engine.paths import Profile
from engine.provider_records import Rates, TokenCounts
from engine.store.database import Database
from engine.store.ledger_entries import LARGEST_FIGURE
from engine.store.main_schema import MAIN_SCHEMA
from engine.store.migrations import create_database
from engine.store.remote_calls import RemoteCall, StoredRemoteCalls, new_call_id
from engine.store.store import Store

CHECKOUT = Path(__file__).parents[3]
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


def test_a_call_is_reserved_and_settled(calls: StoredRemoteCalls) -> None:
    calls.reserve(CALL)
    assert calls.list() == [CALL]
    assert calls.settle(SETTLED) == SETTLED
    assert calls.list() == [calls.get(CALL.id)] == [SETTLED]


def test_a_call_is_settled_once(calls: StoredRemoteCalls) -> None:
    calls.reserve(CALL)
    calls.settle(SETTLED)
    for wrong in (replace(SETTLED, cost_nano=0), replace(SETTLED, id="b" * 32)):
        with pytest.raises(NotFound) as missing:
            calls.settle(wrong)
        assert missing.value.what == "request"
    with pytest.raises(ValueError, match="what became of it"):
        calls.settle(CALL)
    assert calls.list() == [SETTLED]


def test_what_was_reserved_does_not_change_at_the_end(calls: StoredRemoteCalls) -> None:
    calls.reserve(CALL)
    other = replace(SETTLED, reserved_nano=1, host="elsewhere", sha256="", time=NOON + timedelta(1), model="m", workload="w")
    assert calls.settle(other) == SETTLED


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM remote_calls",
        "UPDATE remote_calls SET cost_nano = 0",
        "UPDATE remote_calls SET status = 'reserved'",
        "INSERT OR REPLACE INTO remote_calls SELECT * FROM remote_calls",
    ],
)
@pytest.mark.parametrize("settled", [False, True])
def test_what_happened_stays(store: Store, calls: StoredRemoteCalls, statement: str, settled: bool) -> None:
    calls.reserve(CALL)
    if settled:
        calls.settle(SETTLED)
    with pytest.raises(IntegrityError, match="append only"), store._main.write() as session:
        session.connection().exec_driver_sql(statement)
    assert calls.list() == [SETTLED if settled else CALL]


@pytest.mark.parametrize("column", ["sha256", "host", "model", "provider", "workload", "consent", "time", "n_hidden", "id"])
def test_the_end_of_a_call_cannot_change_what_was_reserved(store: Store, calls: StoredRemoteCalls, column: str) -> None:
    calls.reserve(CALL)
    with pytest.raises(IntegrityError, match="append only"), store._main.write() as session:
        session.connection().exec_driver_sql(f"UPDATE remote_calls SET status = 'settled', {column} = 1")
    with pytest.raises(IntegrityError, match="append only"), store._main.write() as session:
        session.connection().exec_driver_sql("UPDATE remote_calls SET status = 'settled', reserved_nano = NULL")


def test_an_id_is_reserved_once_and_nothing_begins_settled(calls: StoredRemoteCalls) -> None:
    calls.reserve(CALL)
    for wrong in (replace(CALL, model="other"), replace(SETTLED, id="b" * 32)):
        with pytest.raises(IntegrityError):
            calls.reserve(wrong)
    assert calls.list() == [CALL]


def test_calls_that_nobody_ended_are_given_up(calls: StoredRemoteCalls) -> None:
    young = replace(CALL, id="b" * 32, time=NOON + timedelta(hours=1))
    done = replace(SETTLED, id="c" * 32)
    for call in (CALL, young, replace(done, status="reserved")):
        calls.reserve(call)
    calls.settle(done)
    assert calls.give_up_old(NOON + timedelta(hours=1)) == 1
    given_up = replace(CALL, status="unknown")
    assert calls.list() == [given_up, done, young]
    assert given_up.counted_nano == CALL.reserved_nano
    with pytest.raises(NotFound):
        calls.settle(SETTLED)
    assert calls.give_up_old(NOON + timedelta(hours=1)) == 0


@pytest.mark.parametrize(
    ("status", "reserved", "cost", "counted"),
    [
        ("reserved", 9, None, 9),
        ("unknown", 9, None, 9),
        ("unknown", None, None, None),
        ("settled", 9, 4, 4),
        ("settled", 9, 0, 0),
        ("settled", None, None, None),
        ("settled", 9, None, 9),
        ("estimated", 9, 5, 5),
        ("not_sent", 9, None, 0),
        ("refused", None, None, 0),
    ],
)
def test_what_is_not_known_counts_as_the_most_it_can_be(status, reserved, cost, counted) -> None:
    assert replace(CALL, status=status, reserved_nano=reserved, cost_nano=cost).counted_nano == counted


def test_calls_since_a_moment(calls: StoredRemoteCalls) -> None:
    later = replace(CALL, id="b" * 32, time=NOON + timedelta(seconds=1))
    for call in (later, CALL):
        calls.reserve(call)
    assert calls.list() == [CALL, later]
    assert calls.list(since=NOON + timedelta(microseconds=1)) == [later]


def test_what_a_provider_says_of_itself_is_short_and_harmless(calls: StoredRemoteCalls) -> None:
    calls.reserve(CALL)
    kept = calls.settle(replace(SETTLED, answered_by="gpt\x1b[2J\n" + "x" * 9999, provider_request_id="y" * 9999))
    assert kept.answered_by.startswith("gpt\ufffd[2J\ufffdx")
    assert (len(kept.answered_by), len(kept.provider_request_id)) == (200, 200)


def test_a_call_has_no_room_for_content() -> None:
    texts = {field.name for field in fields(RemoteCall) if "str" in str(field.type)}
    assert texts == {
        "id", "workload", "provider", "model", "host", "sha256", "consent", "answered_by", "stop_reason", "provider_request_id",
        "pair",
    }  # fmt: skip


AMOUNTS = st.none() | st.integers(min_value=0, max_value=LARGEST_FIGURE)
TOKENS = st.none() | st.builds(TokenCounts, *[st.integers(0, 2**40)] * 4, reasoning=st.none() | st.integers(0, 2**40))


@given(
    st.sampled_from(["settled", "estimated", "unknown", "not_sent", "refused"]), AMOUNTS, AMOUNTS, TOKENS, AMOUNTS,
    st.none() | st.just(RATES),
)  # fmt: skip
@settings(max_examples=30)
def test_every_end_comes_back_as_it_was(status, reserved, cost, tokens, total_us, rates) -> None:
    calls = StoredRemoteCalls(create_database(None, None, MAIN_SCHEMA))
    call = replace(CALL, reserved_nano=reserved)
    ended = replace(call, status=status, cost_nano=cost, tokens=tokens, total_us=total_us, rates=rates)
    calls.reserve(call)
    calls.settle(ended)
    assert calls.list() == [ended]
    calls._database.close()


def test_ids_sort_by_time_and_are_never_the_same() -> None:
    ids = [new_call_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(len(each) == 32 and each[12] == "7" and each[16] in "89ab" for each in ids)
    milliseconds = [int(each[:12], 16) for each in ids]
    assert milliseconds == sorted(milliseconds)
    assert abs(milliseconds[-1] / 1000 - datetime.now(UTC).timestamp()) < 60


RESERVER = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from engine.paths import Profile
from engine.store.remote_calls import RemoteCall
from engine.store.store import Store
store = Store.open(Profile(Path(sys.argv[1])), protection="passphrase", passphrase="p")
noon = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
store.remote_calls.reserve(RemoteCall("a" * 32, noon, "", "openai", "gpt-4o", "api.openai.com", "cd" * 32, reserved_nano=7))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills with a signal")
def test_what_is_reserved_is_on_the_disk_when_it_returns(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    profile = Profile(tmp_path / "profile")
    killed = subprocess.run([sys.executable, "-c", RESERVER, str(profile.root)], env=environment, check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    store = Store.open(profile, protection="passphrase", passphrase="p")
    (call,) = store.remote_calls.list()
    assert (call.status, call.reserved_nano) == ("reserved", 7)
    assert store.remote_calls.give_up_old(NOON + timedelta(seconds=1)) == 1
    assert store.remote_calls.list() == [replace(call, status="unknown")]
    (entry,) = store.ledger.events(NOON.date() - timedelta(days=1), NOON.date() + timedelta(days=1))
    assert (entry.id, entry.cost, entry.at_most, entry.cost_source) == (call.id, None, 7, "unknown")
    assert store.remote_calls.give_up_old(NOON + timedelta(seconds=1)) == 0
    assert store.ledger.check(NOON).is_sound and store.ledger.count() == 1
    store.close()


def test_calls_outlive_a_restart(open_store: Callable[..., Store]) -> None:
    store = open_store()
    store.remote_calls.reserve(CALL)
    store.remote_calls.settle(SETTLED)
    store.close()
    assert open_store().remote_calls.list() == [SETTLED]


def test_two_threads_cannot_settle_the_same_call(tmp_path: Path) -> None:
    create_database(tmp_path / "store.db", bytes(32), MAIN_SCHEMA).close()
    database = Database(tmp_path / "store.db", bytes(32))
    calls = StoredRemoteCalls(database)
    calls.reserve(CALL)

    def settle(cost: int) -> bool:
        try:
            calls.settle(replace(SETTLED, cost_nano=cost))
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(settle, range(8))) == 1
    database.close()
