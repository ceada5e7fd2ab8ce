"""A move is kept with what was advised, one workload after the other, and can be taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.advice_records import Route, Traits
from engine.compare_records import RemoteChoice
from engine.errors import LedgerInputUnfit, ModelMissing, MoveRefused, NotFound
from engine.ledger_records import ASK, CHAT, COMPARE, LedgerEvent, WorkloadId, local_day
from engine.providers.presets import own_server
from engine.records import ModelId
from engine.settings import Settings
from engine.store.remote_calls import new_call_id
from engine.store.store import Store
from engine.work.store_access import StoreAccess
from engine.work.workload_moves import WorkloadMoves, workloads_of
from tests.engine.work.compare_stage import a_store

BEGAN = datetime.now(UTC) - timedelta(days=20)
PROVIDER = own_server("Own", "https://own.example/v1", ["test-large"])
REMOTE = RemoteChoice(PROVIDER.id, "test-large")
API, SHADOW = Route(remote=REMOTE), Route("shadow", remote=REMOTE)
SHARE, LOCAL = Route("share", remote=REMOTE, share_percent=30), Route("local", remote=REMOTE)


@dataclass
class Stage:
    """Two kinds of work with a remote model, and a clock that a test sets."""

    access: StoreAccess
    store: Store
    now: datetime = BEGAN
    installed: set[str | None] = field(default_factory=lambda: {None, "tiny"})

    def __post_init__(self) -> None:
        desk: Any = SimpleNamespace(library=SimpleNamespace(parts=self._parts))
        self.moves = WorkloadMoves(self.access, Settings, desk, now=lambda: self.now)
        self.store.providers.put(PROVIDER)
        self.tickets = WorkloadId(self.store.votes.create("Tickets", "classify").id)
        self.letters = WorkloadId(self.store.votes.create("Letters", "draft").id)

    def _parts(self, wanted: str | None) -> tuple[Path, ...]:
        if wanted not in self.installed:
            raise ModelMissing(wanted or "")
        return ()

    def route(self, workload: WorkloadId) -> Route:
        return next(each.route for each in workloads_of(self.store) if each.id == workload)

    def answer(self, n: int, **changed: Any) -> None:
        """So many items of Tickets were answered here."""
        known = {"place": "local", "workload": self.tickets, "model": "tiny", **changed}
        for _ in range(n):
            self.store.ledger.record(LedgerEvent(new_call_id(), self.now, local_day(self.now), **known))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with a_store(tmp_path) as (access, store, _):
        yield Stage(access, store)


async def refused(wish: Any) -> MoveRefused:
    with pytest.raises(MoveRefused) as caught:
        await wish
    return caught.value


async def test_a_move_is_kept_with_what_was_advised_and_by_which_thresholds(stage: Stage) -> None:
    moved = await stage.moves.move(stage.tickets, replace(SHARE, since=BEGAN - timedelta(days=9)), "migrate")
    assert moved.route == replace(SHARE, since=BEGAN) == stage.route(stage.tickets) and moved.name == "Tickets"
    (move,) = stage.store.workloads.moves(stage.tickets)
    assert (move.before, move.after, move.label, move.time) == (Route(), moved.route, "migrate", BEGAN)
    assert json.loads(move.thresholds)["watch_days"] == 14
    assert stage.route(stage.letters) == Route()


async def test_a_route_that_a_workload_has_already_is_no_move(stage: Stage) -> None:
    await stage.moves.move(stage.tickets, LOCAL)
    stage.now += timedelta(days=1)
    assert (await stage.moves.move(stage.tickets, LOCAL)).route.since == BEGAN
    assert len(stage.store.workloads.moves(stage.tickets)) == 1


async def test_all_kinds_of_work_are_known_and_those_that_are_always_there_cannot_be_moved(stage: Stage) -> None:
    known = workloads_of(stage.store)
    assert [each.id for each in known] == [stage.tickets, stage.letters, ASK, CHAT, COMPARE]
    assert [each.is_fixed for each in known] == [False, False, True, True, True] and known[1].kind == "draft"
    for wish in (stage.moves.move(ASK, Route("local")), stage.moves.move(CHAT, API), stage.moves.give_back(COMPARE)):
        assert (await refused(wish)).reason == "fixed"
    with pytest.raises(NotFound):
        await stage.moves.move(WorkloadId("nobody"), LOCAL)


@pytest.mark.parametrize(
    ("route", "reason"),
    [
        (Route("local", ModelId("other")), "no_local_model"),
        (replace(SHADOW, local=ModelId("other")), "no_local_model"),
        (Route("shadow"), "no_remote_model"),
        (Route("share", remote=RemoteChoice(own_server("Gone", "https://gone.example", ["m"]).id, "m"), share_percent=5), ""),
    ],
)
async def test_what_a_route_needs_has_to_be_there(stage: Stage, route: Route, reason: str) -> None:
    if not reason:
        stage.store.providers.remove(PROVIDER.id)
    error = await refused(stage.moves.move(stage.tickets, route))
    assert (error.workload, error.reason) == ("Tickets", reason or "no_remote_model")
    assert stage.store.workloads.moves(stage.tickets) == [] and stage.route(stage.tickets) == Route()


async def test_shares_that_are_no_per_cent_are_refused(stage: Stage) -> None:
    for route in (replace(SHARE, share_percent=101), replace(LOCAL, sample_percent=-1)):
        with pytest.raises(LedgerInputUnfit):
            await stage.moves.move(stage.tickets, route)


async def test_what_is_confidential_can_only_be_moved_here(stage: Stage) -> None:
    stage.store.workloads.put_traits(stage.tickets, Traits("confidential"))
    assert (await refused(stage.moves.move(stage.tickets, SHARE))).reason == "confidential"
    await stage.moves.move(stage.tickets, LOCAL)
    assert (await refused(stage.moves.give_back(stage.tickets))).reason == "confidential"


# ---------------------------------------------------------------- one at a time
async def test_a_second_workload_waits_and_is_told_for_whom_and_until_when(stage: Stage) -> None:
    await stage.moves.move(stage.tickets, LOCAL)
    stage.now += timedelta(days=2)
    error = await refused(stage.moves.move(stage.letters, SHARE))
    until = local_day(BEGAN + timedelta(days=14)).isoformat()
    assert (error.workload, error.reason, error.other, error.until) == ("Letters", "one_at_a_time", "Tickets", until)
    await stage.moves.move(stage.letters, SHADOW)
    await stage.moves.move(stage.tickets, SHARE)
    stage.now = BEGAN + timedelta(days=15)
    await stage.moves.move(stage.letters, LOCAL)


async def test_enough_items_end_the_wait_and_tests_are_none(stage: Stage) -> None:
    await stage.moves.move(stage.tickets, LOCAL)
    stage.answer(199)
    stage.answer(5, use="test")
    stage.answer(5, workload=stage.letters)
    assert (await refused(stage.moves.move(stage.letters, LOCAL))).reason == "one_at_a_time"
    stage.answer(1)
    await stage.moves.move(stage.letters, LOCAL)


async def test_a_return_ends_the_wait(stage: Stage) -> None:
    await stage.moves.move(stage.tickets, API)
    await stage.moves.move(stage.tickets, LOCAL)
    assert (await refused(stage.moves.move(stage.letters, LOCAL))).other == "Tickets"
    stage.now += timedelta(minutes=1)
    await stage.moves.give_back(stage.tickets)
    await stage.moves.move(stage.letters, LOCAL)


async def test_a_workload_that_was_deleted_keeps_nobody_waiting(stage: Stage) -> None:
    await stage.moves.move(stage.tickets, LOCAL)
    stage.store.votes.delete(stage.tickets)  # type: ignore[arg-type]
    await stage.moves.move(stage.letters, LOCAL)


# ---------------------------------------------------------------- back
async def test_a_workload_goes_back_step_by_step_and_no_further_than_it_came(stage: Stage) -> None:
    for route in (API, SHARE, LOCAL):
        await stage.moves.move(stage.tickets, route)
        stage.now += timedelta(hours=1)
    stage.store.providers.remove(PROVIDER.id)
    stage.installed.clear()
    for before in (SHARE, API, Route()):
        back = await stage.moves.give_back(stage.tickets)
        assert replace(back.route, since=None) == before and back.route.since == stage.now
        assert back.route == stage.route(stage.tickets)
        stage.now += timedelta(hours=1)
    for workload in (stage.tickets, stage.letters):
        assert (await refused(stage.moves.give_back(workload))).reason == "not_moved"
    assert len(stage.store.workloads.moves(stage.tickets)) == 6


async def test_going_back_here_is_not_held_up_by_another(stage: Stage) -> None:
    await stage.moves.move(stage.tickets, LOCAL)
    stage.now += timedelta(days=15)
    await stage.moves.move(stage.tickets, API)
    stage.now += timedelta(minutes=1)
    await stage.moves.move(stage.letters, LOCAL)
    assert (await stage.moves.give_back(stage.tickets)).route.kind == "local"
