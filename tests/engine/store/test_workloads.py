from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from engine.advice_records import Move, Route, Traits
from engine.compare_records import RemoteChoice
from engine.ledger_records import WorkloadId
from engine.provider_records import ProviderId
from engine.records import ModelId
from engine.store.store import Store

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TICKETS, LETTERS = WorkloadId("tickets"), WorkloadId("letters")
TRAITS = Traits("confidential", is_reasoning=True, monthly_items=4_000, longest_wait_s=30)
API = Route("api", remote=RemoteChoice(ProviderId("openai"), "gpt-4o"))
HERE = replace(API, kind="share", local=ModelId("m"), share_percent=40, sample_percent=5, since=NOON)
MOVE = Move(TICKETS, NOON, API, HERE, "migrate", '{"margin_percent": 5}')


def test_nothing_was_described_or_moved(store: Store) -> None:
    assert (store.workloads.all(), store.workloads.moves(TICKETS), store.workloads.last_move()) == ({}, [], None)


def test_a_description_takes_the_place_of_the_one_before(store: Store) -> None:
    store.workloads.put_traits(TICKETS, Traits("public"))
    store.workloads.put_traits(TICKETS, TRAITS)
    assert store.workloads.all() == {TICKETS: (TRAITS, Route())}


def test_a_move_sets_the_route_and_is_kept(store: Store) -> None:
    store.workloads.put_traits(TICKETS, TRAITS)
    back = Move(TICKETS, NOON + timedelta(days=1), HERE, API, None, "{}")
    other = replace(MOVE, workload=LETTERS)
    for move in (MOVE, back, other):
        store.workloads.move(move)
    assert store.workloads.all() == {LETTERS: (Traits(), HERE), TICKETS: (TRAITS, API)}
    assert store.workloads.moves(TICKETS) == [back, MOVE]
    assert store.workloads.last_move() == other


def test_a_description_leaves_the_route(store: Store) -> None:
    store.workloads.move(MOVE)
    store.workloads.put_traits(TICKETS, TRAITS)
    assert store.workloads.all() == {TICKETS: (TRAITS, HERE)}


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM workload_moves",
        "UPDATE workload_moves SET time = 0",
        "INSERT OR REPLACE INTO workload_moves SELECT id, 'x', time, json_text FROM workload_moves",
    ],
)
def test_moves_stay(store: Store, statement: str) -> None:
    store.workloads.move(MOVE)
    with pytest.raises(IntegrityError, match="append only"), store._main.write() as session:
        session.connection().exec_driver_sql(statement)
    assert store.workloads.moves(TICKETS) == [MOVE]


def test_routes_outlive_a_restart(open_store: Callable[..., Store]) -> None:
    store = open_store()
    store.workloads.move(MOVE)
    store.close()
    assert open_store().workloads.last_move() == MOVE
