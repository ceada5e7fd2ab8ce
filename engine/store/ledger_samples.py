"""What single entries tell about how work goes: long prompts, slow answers, and prompts that two models counted.

Entries that were taken back, and those that take back others, tell nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, not_, select, text
from sqlalchemy.orm import Session, aliased

from engine.ledger_records import PairCount, WorkloadId
from engine.store.ledger_tables import EntryRow, KindRow


@dataclass(frozen=True)
class Percentiles:
    """The 95th percentiles of prompts (tokens, wherever they were read) and of local answers (microseconds).

    95 of 100 are not longer; None where there are none. `n` prompts were looked at. What was stopped or failed is no answer.
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
    prompts = _of(_kinds(session, workload), since, EntryRow.prompt).where(EntryRow.prompt > 0)
    answers = _answers(session, workload, since)
    prompt_95, n = _percentile_95(session, prompts)
    local_us_95, _ = _percentile_95(session, answers)
    return Percentiles(prompt_95, local_us_95, n)


def seconds_per_item(session: Session, workload: WorkloadId, since: datetime) -> tuple[int, int]:
    """Microseconds of all local answers that came to their end, and how many those are."""
    answers = _answers(session, workload, since).subquery()
    total, n = session.execute(select(func.coalesce(func.sum(answers.c[0]), 0), func.count()).select_from(answers)).one()
    return total, n


#: From the newest entry that has a partner on, so that it can end early; CROSS JOIN keeps that order.
PAIRS = text("""SELECT there_kind.workload, here_kind.model, there_kind.provider, there_kind.model, here.prompt, there.prompt
    FROM ledger_entries AS there INDEXED BY ix_ledger_entries_paired
    CROSS JOIN ledger_kinds AS there_kind ON there_kind.id = there.kind
    CROSS JOIN ledger_entries AS here INDEXED BY ix_ledger_entries_pair ON here.pair = there.pair
    CROSS JOIN ledger_kinds AS here_kind ON here_kind.id = here.kind
    WHERE there.pair <> '' AND here.pair <> '' AND there_kind.place = 'api' AND here_kind.place = 'local'
    AND there.prompt > 0 AND here.prompt > 0 AND there.reverses IS NULL AND here.reverses IS NULL
    AND NOT EXISTS (SELECT 1 FROM ledger_entries AS other WHERE other.reverses IN (there.id, here.id))
    ORDER BY there.time DESC, there.id, here.id LIMIT :limit""")


def pairs(session: Session, limit: int) -> list[PairCount]:
    """Prompts that a local and a remote model counted, newest first. Where nothing was counted there is no pair."""
    return [PairCount(*row) for row in session.execute(PAIRS, {"limit": limit})]


def _answers(session: Session, workload: WorkloadId, since: datetime) -> Any:
    kinds = _kinds(session, workload, KindRow.place == "local", KindRow.use != "cancelled")
    return _of(kinds, since, EntryRow.duration_us).where(EntryRow.stop_reason.not_in(("cancelled", "failed")))


def _kinds(session: Session, workload: WorkloadId, *which: Any) -> Sequence[int]:
    return session.scalars(select(KindRow.id).where(KindRow.workload == workload, *which)).all()


def _of(kinds: Sequence[int], since: datetime, figure: Any) -> Any:
    """By the numbers of the kinds, so that only their entries are looked at."""
    return select(figure.label("figure")).where(EntryRow.kind.in_(kinds), EntryRow.time >= since, *standing())


def _percentile_95(session: Session, figures: Any) -> tuple[int | None, int]:
    n = session.scalar(select(func.count()).select_from(figures.subquery())) or 0
    if not n:
        return None, 0
    nearest_rank = -(-n * 95 // 100) - 1
    return session.scalar(figures.order_by("figure").offset(nearest_rank).limit(1)), n
