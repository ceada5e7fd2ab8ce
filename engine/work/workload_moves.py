"""Where workloads run: which there are, moving one elsewhere, and giving it back. Each move is kept with what was advised.

Whether one may be moved is decided in ledger/moves; nothing of a workload is run here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from engine.advice_records import Label, Move, Route, Traits, WorkFacts, Workload
from engine.errors import ModelError, MoveRefused, NotFound
from engine.ledger import moves
from engine.ledger_records import ASK, CHAT, COMPARE, WorkloadId, local_day
from engine.provider_records import ProviderId
from engine.records import ModelId
from engine.settings import Settings
from engine.store.store import Store
from engine.work.model_desk import ModelDesk
from engine.work.store_access import StoreAccess

#: Kinds of work that are always there. They run as the person chose each time, so there is nothing to move.
FIXED = tuple(Workload(each, "", "other", route=Route("local"), is_fixed=True) for each in (ASK, CHAT, COMPARE))


@dataclass(frozen=True)
class _Known:
    """What the store knows of a workload that is to be moved, and of the others."""

    workload: Workload
    others: tuple[Workload, ...]
    moves: tuple[Move, ...]
    n_watched: int
    providers: frozenset[ProviderId]


class WorkloadMoves:
    """Moves workloads, one wish after the other. Use it on the engine's loop."""

    def __init__(
        self,
        access: StoreAccess,
        settings: Callable[[], Settings],
        desk: ModelDesk,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._access, self._settings, self._desk, self._now = access, settings, desk, now
        self._moving = asyncio.Lock()

    async def move(self, workload: WorkloadId, route: Route, label: Label | None = None) -> Workload:
        """Run a workload by this route from now on; gives it as it is then. A route that it has already changes nothing.

        `label` is what was advised. Raises MoveRefused, LedgerInputUnfit, NotFound, StoreError.
        """
        moves.require_sound(route)
        async with self._moving:
            known = await self._access.read(lambda store: _known(store, workload))
            if moves.is_same(known.workload.route, route) and not known.workload.is_fixed:
                return known.workload
            await self._require_free(known, route)
            return await self._keep(known.workload, route, label)

    async def give_back(self, workload: WorkloadId, label: Label | None = None) -> Workload:
        """Run a workload where it ran before its last move. Nothing holds that up, not even that what it ran on is gone.

        Raises MoveRefused (not_moved, or confidential where something of it would have to be sent), NotFound, StoreError.
        """
        async with self._moving:
            known = await self._access.read(lambda store: _known(store, workload))
            before = moves.previous([each for each in known.moves if each.workload == workload])
            if before is None:
                raise MoveRefused(moves.called(known.workload), "fixed" if known.workload.is_fixed else "not_moved")
            if moves.is_confidential(known.workload) and before.kind != "local":
                raise MoveRefused(moves.called(known.workload), "confidential")
            return await self._keep(known.workload, before, label)

    async def _require_free(self, known: _Known, route: Route) -> None:
        """Raises MoveRefused for what keeps the workload from this route now."""
        facts = WorkFacts(0, 0, None, None, None, None, None, has_local_model=await self._has_model(route.local))
        remote = route.remote if route.remote is None or route.remote.provider in known.providers else None
        obstacle, until = moves.obstacle(
            known.workload, known.others, known.moves, facts, self._now(), self._settings().ledger.thresholds,
            route=replace(route, remote=remote), n_watched=known.n_watched,
        )  # fmt: skip
        if obstacle:
            watched = moves.watched(known.others, known.moves) if obstacle == "one_at_a_time" else None
            other = next((moves.called(each) for each in known.others if watched and each.id == watched.workload), "")
            day = "" if until is None else local_day(until).isoformat()
            raise MoveRefused(moves.called(known.workload), obstacle, other, day)

    async def _has_model(self, model: ModelId | None) -> bool:
        """Whether this model, or the one that is chosen in the settings, is on this computer."""
        try:
            await asyncio.to_thread(self._desk.library.parts, model or self._settings().model)
        except ModelError:
            return False
        return True

    async def _keep(self, workload: Workload, route: Route, label: Label | None) -> Workload:
        now, thresholds = self._now(), self._settings().ledger.thresholds.model_dump_json()
        after = replace(route, since=now)
        move = Move(workload.id, now, workload.route, after, label, thresholds)
        await self._access.write(lambda store: store.workloads.move(move))
        return replace(workload, route=after)


def workloads_of(store: Store) -> tuple[Workload, ...]:
    """All kinds of work: the vote sets, the oldest first, and then those that are always there. Raises StoreError."""
    told = store.workloads.all()
    named = []
    for each in store.votes.sets():
        traits, route = told.get(WorkloadId(each.id), (Traits(), Route()))
        named.append(Workload(WorkloadId(each.id), each.name, each.kind, traits, route))
    return (*named, *FIXED)


def workload_of(store: Store, workload: WorkloadId) -> Workload:
    """One of `workloads_of`. Raises NotFound, StoreError."""
    for each in workloads_of(store):
        if each.id == workload:
            return each
    raise NotFound("workload", workload)


def _known(store: Store, workload: WorkloadId) -> _Known:
    known = workload_of(store, workload)
    others = tuple(each for each in workloads_of(store) if not each.is_fixed and each.id != workload)
    done = tuple(move for each in (known, *others) for move in store.workloads.moves(each.id))
    providers = frozenset(each.id for each in store.providers.list())
    return _Known(known, others, done, n_watched(store, others, done), providers)


def n_watched(store: Store, others: Sequence[Workload], done: Sequence[Move]) -> int:
    """How many items the last of the others that was moved has had answered here, from the day of that move on."""
    last = moves.watched(others, done)
    if last is None:
        return 0
    first = local_day(last.time)
    totals = store.ledger.totals(first, max(first, local_day(datetime.now(UTC))))
    return sum(each.n for each in totals if (each.workload, each.place, each.use) == (last.workload, "local", "work"))
