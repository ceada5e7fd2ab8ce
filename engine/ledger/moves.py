"""Which workload may be moved now, and where one goes back to. Pure.

One workload at a time is moved towards this computer, so that a drop in quality has one cause. Going back is never held up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from engine.advice_records import Move, Obstacle, Route, WorkFacts, Workload
from engine.errors import LedgerInputUnfit, MoveRefused
from engine.ledger_records import WorkloadId
from engine.ledger_settings import Thresholds

HERE = Route("local")
CLOCK = timedelta(days=1)  # a move dated further ahead than this was made with a wrong clock


def share_here(route: Route) -> int:
    """Per cent of the answers that count and are made on this computer. A shadow makes none."""
    return {"api": 0, "shadow": 0, "share": route.share_percent, "local": 100}[route.kind]


def needs_local(route: Route) -> bool:
    return route.kind != "api"


def needs_remote(route: Route) -> bool:
    """Whether it cannot be followed without a remote model. Samples can be left out."""
    return route.kind in ("api", "shadow") or share_here(route) < 100


def watched(workloads: Sequence[Workload], moves: Sequence[Move]) -> Move | None:
    """The newest move towards this computer that was not taken back, among those of these workloads."""
    return max((found for each in workloads if (found := _standing(each.id, moves))), key=lambda move: move.time, default=None)


def obstacle(
    workload: Workload,
    others: Sequence[Workload],
    moves: Sequence[Move],
    facts: WorkFacts,
    now: datetime,
    thresholds: Thresholds,
    *,
    route: Route = HERE,
    n_watched: int = 0,
) -> tuple[Obstacle, datetime | None]:
    """Why a workload cannot be given this route now, and until when another one is watched; '' where it can.

    `moves` are those of all workloads, the newest of each first. `n_watched` is how many items of `watched(others, moves)` were
    answered here since that move.
    """
    if workload.is_fixed:
        return "fixed", None
    if is_confidential(workload) and route.kind != "local":
        return "confidential", None
    if needs_local(route) and not facts.has_local_model:
        return "no_local_model", None
    if needs_remote(route) and route.remote is None:
        return "no_remote_model", None
    if share_here(route) > share_here(workload.route):
        until = watched_until(others, moves, now, thresholds, n_watched)
        if until is not None:
            return "one_at_a_time", until
    return "", None


def watched_until(
    others: Sequence[Workload], moves: Sequence[Move], now: datetime, thresholds: Thresholds, n_watched: int
) -> datetime | None:
    """When the last of the others that was moved has been watched for long enough; None where none is watched now."""
    last = watched(others, moves)
    if last is None or n_watched >= thresholds.watch_items or last.time > now + CLOCK:
        return None
    until = last.time + timedelta(days=thresholds.watch_days)
    return until if until > now else None


def is_confidential(workload: Workload) -> bool:
    return workload.traits.sensitivity == "confidential"


def require_runnable(workload: Workload) -> None:
    """Raises MoveRefused where a workload's prompts cannot be answered by its route."""
    if workload.is_fixed:
        raise MoveRefused(called(workload), "fixed")
    if is_confidential(workload) and workload.route.kind != "local":
        raise MoveRefused(called(workload), "confidential")
    if needs_remote(workload.route) and workload.route.remote is None:
        raise MoveRefused(called(workload), "no_remote_model")


def require_sound(route: Route) -> None:
    """Raises LedgerInputUnfit for shares that are no per cent."""
    for field, percent in (("share_percent", route.share_percent), ("sample_percent", route.sample_percent)):
        if not 0 <= percent <= 100:
            raise LedgerInputUnfit(field, "negative" if percent < 0 else "too_large")


def previous(moves: Sequence[Move]) -> Route | None:
    """Where a workload ran before its last move that was not taken back, by its moves, newest first; None: it was not moved.

    Going back takes the last move away, so that going back twice leads to the beginning and not here again.
    """
    standing: list[Move] = []
    for move in reversed(moves):  # not by their time: a clock may have been set back
        if standing and is_same(move.after, standing[-1].before):
            standing.pop()
        else:
            standing.append(move)
    return standing[-1].before if standing else None


def is_same(one: Route, other: Route) -> bool:
    """Whether two routes lead the same way, whenever they were taken."""
    return replace(one, since=None) == replace(other, since=None)


def called(workload: Workload) -> str:
    return workload.name or workload.id


def _standing(workload: WorkloadId, moves: Sequence[Move]) -> Move | None:
    """The newest move of this workload towards this computer, if none away from it followed."""
    for move in (each for each in moves if each.workload == workload):
        change = share_here(move.after) - share_here(move.before)
        if change:
            return move if change > 0 else None
    return None
