from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.errors import BudgetReached
from engine.ledger_records import Ceiling, Month, Spent, WorkloadId
from engine.price_records import Bill, BillLine
from engine.provider_records import Provider, ProviderId
from engine.store.database import Database
from engine.store.main_schema import MAIN_SCHEMA
from engine.store.migrations import create_database
from engine.store.remote_calls import RemoteCall, StoredRemoteCalls, new_call_id
from engine.store.store import Store
from tests.engine.store.ledger_examples import PAID, TODAY, UNKNOWN, numbered

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NOVEMBER = Month(2026, 11)
CALL = RemoteCall("a" * 32, NOON, "set", "openai", "gpt-4o", "api.openai.com", "cd" * 32, reserved_nano=9_000)


def another(**changed: object) -> RemoteCall:
    return replace(CALL, id=new_call_id(), **changed)  # type: ignore[arg-type]


def settled(call: RemoteCall, cost: int | None) -> RemoteCall:
    return replace(call, status="settled", cost_nano=cost, cost_source="unknown" if cost is None else "computed")


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    def use(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield use
    monkeypatch.undo()
    time.tzset()


def test_a_call_under_way_counts_as_the_most_that_it_can_cost_and_then_as_its_cost(store: Store) -> None:
    unpriced = another(reserved_nano=None)
    store.remote_calls.reserve(CALL)
    store.remote_calls.reserve(unpriced)
    assert store.ledger.spent(NOVEMBER, "") == Spent(0, 9_000, 2, 1)
    store.remote_calls.settle(settled(CALL, 4_000))
    assert store.ledger.spent(NOVEMBER, "") == Spent(4_000, 0, 2, 1)
    store.remote_calls.settle(replace(unpriced, status="not_sent", cost_nano=0))
    assert store.ledger.spent(NOVEMBER, "") == Spent(4_000, 0, 1)


@pytest.mark.parametrize(
    ("scope", "n"), [("", 3), ("provider:openai", 2), ("provider:other", 1), ("workload:set", 2), ("workload:x", 0)]
)
def test_a_scope_counts_its_own(store: Store, scope: str, n: int) -> None:
    store.ledger.record(PAID)
    store.remote_calls.reserve(another(provider="other"))
    store.remote_calls.reserve(another(workload="elsewhere"))
    assert store.ledger.spent(NOVEMBER, scope).n == n
    with pytest.raises(ValueError, match="scope"):
        store.ledger.spent(NOVEMBER, "model:x")


def test_a_month_counts_its_own_days(store: Store) -> None:
    for number, month in enumerate((Month(2026, 10), NOVEMBER, NOVEMBER, Month(2026, 12))):
        moment = datetime(month.year, month.month, 15, tzinfo=UTC)
        store.ledger.record(numbered(PAID, number, time=moment, local_day=moment.date()))
    assert [store.ledger.spent(NOVEMBER.plus(n), "").n for n in (-1, 0, 1, 2)] == [1, 2, 1, 0]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="changes the zone of the process")
@pytest.mark.parametrize(("name", "in_november"), [("Pacific/Auckland", False), ("America/Los_Angeles", True), ("UTC", True)])
def test_the_month_ends_when_it_ends_here(store: Store, zone: Callable[[str], None], name: str, in_november: bool) -> None:
    zone(name)
    late = another(time=datetime(2026, 11, 30, 23, 0, tzinfo=UTC))
    store.remote_calls.reserve(late)
    assert (store.ledger.spent(NOVEMBER, "").n == 1) is in_november
    store.remote_calls.settle(settled(late, 7))
    assert store.ledger.spent(NOVEMBER, "").known == (7 if in_november else 0)
    assert store.ledger.spent(NOVEMBER.plus(1), "").known == (0 if in_november else 7)


def test_what_is_still_under_way_from_an_earlier_month_counts_in_this_one(store: Store) -> None:
    store.remote_calls.reserve(another(time=NOON - timedelta(days=40)))
    assert store.ledger.spent(NOVEMBER, "").at_most == 9_000


# ---------------------------------------------------------------- ceilings
def test_a_request_that_could_pass_a_ceiling_is_not_reserved(store: Store) -> None:
    ceiling = Ceiling("", NOVEMBER, 20_000)
    store.ledger.record(replace(UNKNOWN, at_most=2_000))
    store.remote_calls.reserve(CALL, [ceiling])
    store.remote_calls.reserve(another(reserved_nano=9_000), [ceiling])  # just as much as there is
    refused = another(reserved_nano=1)
    with pytest.raises(BudgetReached) as reached:
        store.remote_calls.reserve(refused, [ceiling])
    error = reached.value
    assert (error.scope, error.month, error.limit, error.spent, error.wanted) == ("", "2026-11", 20_000, 20_000, 1)
    assert error.reason == "reached"
    assert refused.id not in {call.id for call in store.remote_calls.list()}
    store.remote_calls.settle(settled(CALL, 10))
    store.remote_calls.reserve(refused, [ceiling])


def test_without_a_price_nothing_goes_under_a_ceiling(store: Store) -> None:
    call = another(reserved_nano=None)
    with pytest.raises(BudgetReached) as reached:
        store.remote_calls.reserve(call, [Ceiling("", NOVEMBER, 10**15)])
    assert (reached.value.reason, reached.value.wanted) == ("price_unknown", None)
    assert store.remote_calls.list() == []
    store.remote_calls.reserve(call, [Ceiling("provider:other", NOVEMBER, 0)])


@pytest.mark.parametrize("scope", ["", "provider:openai", "workload:set"])
def test_every_ceiling_that_holds_for_a_call_is_looked_at(store: Store, scope: str) -> None:
    elsewhere = [Ceiling("provider:other", NOVEMBER, 0), Ceiling("workload:other", NOVEMBER, 0)]
    store.remote_calls.reserve(another(), [*elsewhere, Ceiling(scope, NOVEMBER, 9_000)])
    with pytest.raises(BudgetReached) as reached:
        store.remote_calls.reserve(another(), [*elsewhere, Ceiling("", NOVEMBER, 10**9), Ceiling(scope, NOVEMBER, 9_000)])
    assert reached.value.scope == scope


def test_what_a_correction_gives_back_can_be_spent_again(store: Store) -> None:
    store.ledger.record(UNKNOWN)
    ceiling = Ceiling("", NOVEMBER, 9_000)
    with pytest.raises(BudgetReached):
        store.remote_calls.reserve(CALL, [ceiling])
    store.ledger.correct(UNKNOWN.id, numbered(UNKNOWN, 1, cost=0, at_most=None, cost_source="provider"))
    store.remote_calls.reserve(CALL, [ceiling])


def test_a_ceiling_holds_however_many_ask_at_once(tmp_path: Path) -> None:
    create_database(tmp_path / "store.db", bytes(32), MAIN_SCHEMA).close()
    database = Database(tmp_path / "store.db", bytes(32))
    calls = StoredRemoteCalls(database)

    def reserve(number: int) -> bool:
        try:
            calls.reserve(another(workload=WorkloadId(str(number))), [Ceiling("", NOVEMBER, 30_000)])
        except BudgetReached:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(reserve, range(12))) == 3
    database.close()


# ---------------------------------------------------------------- bills
BILLED = Bill("b1", "openai", "usage.csv", TODAY, TODAY, 1, 5, 0, 0, 50_000, "provider", NOON)
LINE = BillLine(TODAY, "openai", "gpt-4o", 5, 0, 0, 0, 50_000)


def may_reserve(store: Store, scope: str, limit: int) -> bool:
    try:
        store.remote_calls.reserve(another(reserved_nano=1), [Ceiling(scope, NOVEMBER, limit)])
    except BudgetReached:
        return False
    return True


@pytest.mark.parametrize("scope", ["", "provider:openai", "workload:set"])
def test_what_a_bill_says_was_paid_is_paid_under_a_ceiling_too(store: Store, scope: str) -> None:
    store.bills.keep(replace(BILLED, workload=WorkloadId("set")), [LINE])
    assert not may_reserve(store, scope, 50_000)
    assert may_reserve(store, scope, 50_001)


def test_a_bill_counts_once_in_its_own_scope_and_month(store: Store) -> None:
    store.ledger.record(PAID)  # 3,500 of the bill's day
    store.bills.keep(replace(BILLED, workload=WorkloadId("other")), [LINE, replace(LINE, day=date(2026, 12, 1))])
    assert not may_reserve(store, "", 50_000)
    assert may_reserve(store, "", 50_001)
    assert may_reserve(store, "workload:set", 3_600)
    store.bills.keep(replace(BILLED, includes_ours=False), [LINE])
    assert not may_reserve(store, "", 53_500)
    store.bills.keep(BILLED, [replace(LINE, cost=None)])
    assert may_reserve(store, "", 3_600)


def test_what_is_known_of_a_bill_counts_under_a_ceiling(store: Store) -> None:
    store.bills.keep(BILLED, [LINE, replace(LINE, model="gpt-5-search", cost=None)])
    assert not may_reserve(store, "", 50_000)
    assert may_reserve(store, "", 50_001)


def test_a_bill_is_held_against_all_accounts_of_its_company(store: Store) -> None:
    store.bills.keep(BILLED, [LINE])
    for number, provider in enumerate(("work-openai", "openai", "work-openai")):
        store.ledger.record(numbered(PAID, number, provider=provider))
    assert not may_reserve(store, "", 57_000), "an account that nobody knows goes by its id"
    for provider in ("work-openai", "openai"):
        store.providers.put(Provider(ProviderId(provider), provider, "openai", "https://x/v1", (), "x", prices="openai"))
    assert not may_reserve(store, "", 50_000)
    assert may_reserve(store, "", 50_001)


def test_what_a_bill_says_beyond_our_calls_counts_for_every_account_of_the_company(store: Store) -> None:
    store.bills.keep(BILLED, [LINE])
    account = Provider(ProviderId("work-openai"), "Work", "openai", "https://x/v1", (), "x", prices="openai")
    call = another(provider=account.id, reserved_nano=1)
    ceiling = Ceiling(f"provider:{account.id}", NOVEMBER, 50_000)
    store.providers.put(account)
    with pytest.raises(BudgetReached):
        store.remote_calls.reserve(call, [ceiling])
    store.providers.put(replace(account, prices=""))
    store.remote_calls.reserve(call, [ceiling])
