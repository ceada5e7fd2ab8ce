"""What the user said of workloads, where each of them runs, and how that came about. Ids only; names are elsewhere."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from engine.advice_records import Move, Route, Traits
from engine.ledger_records import WorkloadId
from engine.store.database import Database
from engine.store.json_records import json_of, record_from
from engine.store.ledger_tables import MoveRow, WorkloadRow


class StoredWorkloads:
    """Traits and routes of a profile's workloads. Moves are only added; the database itself refuses to change one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[WorkloadId, tuple[Traits, Route]]:
        """Every workload that was described or moved."""
        with self._database.read() as session:
            rows = session.scalars(select(WorkloadRow).order_by(WorkloadRow.id))
            return {WorkloadId(row.id): (record_from(row.traits, Traits), record_from(row.route, Route)) for row in rows}

    def put_traits(self, workload: WorkloadId, traits: Traits) -> None:
        """Keep what the user says of a workload, in place of what was said before. Raises DiskFull."""
        with self._database.write() as session:
            session.execute(_kept(workload, traits=json_of(traits)))

    def move(self, move: Move) -> None:
        """Give a workload another route and keep the move. Raises DiskFull."""
        with self._database.write() as session:
            session.execute(_kept(move.workload, route=json_of(move.after)))
            session.add(MoveRow(workload=move.workload, time=move.time, json_text=json_of(move)))

    def moves(self, workload: WorkloadId) -> list[Move]:
        """The moves of a workload, the newest first."""
        wanted = select(MoveRow.json_text).where(MoveRow.workload == workload).order_by(MoveRow.id.desc())  # type: ignore[union-attr]
        with self._database.read() as session:
            return [record_from(text, Move) for text in session.scalars(wanted)]

    def last_move(self) -> Move | None:
        """The newest move of any workload."""
        wanted = select(MoveRow.json_text).order_by(MoveRow.id.desc()).limit(1)  # type: ignore[union-attr]
        with self._database.read() as session:
            text = session.scalar(wanted)
            return None if text is None else record_from(text, Move)


def _kept(workload: WorkloadId, **changed: str) -> Any:
    values = {"traits": json_of(Traits()), "route": json_of(Route())} | changed
    return insert(WorkloadRow).values(id=workload, **values).on_conflict_do_update(index_elements=["id"], set_=changed)
