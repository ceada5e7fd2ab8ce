"""What single entries tell about how work goes: long prompts, slow answers, and prompts that two models counted.

Entries that were taken back, and those that take back others, tell nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, not_, select
from sqlalchemy.orm import Session, aliased

from engine.ledger_records import PairCount, WorkloadId
from engine.store.ledger_tables import EntryRow, KindRow


@dataclass(frozen=True)
class Percentiles:
    """The 95th percentiles of prompts (tokens, wherever they were read) and of local answers (microseconds).

    95 of 100 are not longer; None where there are none. `n` prompts were looked at. Answers that were stopped do not count.
    """

    prompt_95: int | None
    local_us_95: int | None
    n: int


def standing(entry: Any = EntryRow) -> tuple[ColumnElement[bool], ...]:
    """Conditions for entries that are neither taken back nor take back another."""
    other = aliased(EntryRow)
    return entry.reverses.is_(None), not_(exists().where(other.reverses == entry.id))


def percentiles(session: Session, workload: WorkloadId, since: datetime) -> Percentiles:
    """See Percentiles."""
    prompts = _of(workload, since, EntryRow.prompt).where(EntryRow.prompt > 0)
    answers = _of(workload, since, EntryRow.duration_us).where(*LOCAL)
    prompt_95, n = _percentile_95(session, prompts)
    local_us_95, _ = _percentile_95(session, answers)
    return Percentiles(prompt_95, local_us_95, n)


def seconds_per_item(session: Session, workload: WorkloadId, since: datetime) -> tuple[int, int]:
    """Microseconds of all local answers that were not stopped, and how many those are."""
    answers = _of(workload, since, EntryRow.duration_us).where(*LOCAL).subquery()
    total, n = session.execute(select(func.coalesce(func.sum(answers.c[0]), 0), func.count()).select_from(answers)).one()
    return total, n


def pairs(session: Session, limit: int) -> list[PairCount]:
    """Prompts that a local and a remote model counted, newest first. Where nothing was counted there is no pair."""
    here, there = aliased(EntryRow), aliased(EntryRow)
    local, remote = aliased(KindRow), aliased(KindRow)
    wanted = (
        select(remote.workload, local.model, remote.provider, remote.model, here.prompt, there.prompt)
        .select_from(there)
        .join(remote, remote.id == there.kind)
        .join(here, here.pair == there.pair)
        .join(local, local.id == here.kind)
        .where(there.pair != "", here.pair != "", remote.place == "api", local.place == "local")
        .where(there.prompt > 0, here.prompt > 0, *standing(there), *standing(here))
        .order_by(there.time.desc(), there.id, here.id)
        .limit(limit)
    )
    return [PairCount(*row) for row in session.execute(wanted)]


LOCAL = (KindRow.place == "local", KindRow.use != "cancelled", EntryRow.stop_reason != "cancelled")


def _of(workload: WorkloadId, since: datetime, figure: Any) -> Any:
    return (
        select(figure.label("figure"))
        .join(KindRow, KindRow.id == EntryRow.kind)
        .where(KindRow.workload == workload, EntryRow.time >= since, *standing())
    )


def _percentile_95(session: Session, figures: Any) -> tuple[int | None, int]:
    n = session.scalar(select(func.count()).select_from(figures.subquery())) or 0
    if not n:
        return None, 0
    nearest_rank = -(-n * 95 // 100) - 1
    return session.scalar(figures.order_by("figure").offset(nearest_rank).limit(1)), n
