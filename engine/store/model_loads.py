"""Loads of models with their memory, as predicted and as measured: what the next prediction learns from."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlmodel import col

from engine.model_records import ModelLoad
from engine.store.database import Database
from engine.store.main_tables import ModelLoadRow

KEPT = 1000  # loads; older ones say nothing that newer ones do not


class StoredModelLoads:
    """The loads of a profile."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, load: ModelLoad) -> None:
        """Add a load, and let go of those that are older than the newest KEPT. Raises DiskFull."""
        with self._database.write() as session:
            session.add(ModelLoadRow(**vars(load)))
            session.flush()
            newest = select(ModelLoadRow.id).order_by(col(ModelLoadRow.id).desc()).limit(KEPT)
            session.execute(delete(ModelLoadRow).where(col(ModelLoadRow.id).not_in(newest)))

    def recent(self, limit: int = KEPT) -> list[ModelLoad]:
        """The newest loads, the newest first."""
        wanted = select(ModelLoadRow).order_by(col(ModelLoadRow.id).desc()).limit(limit)
        with self._database.read() as session:
            return [_load(row) for row in session.scalars(wanted)]


def _load(row: ModelLoadRow) -> ModelLoad:
    return ModelLoad(
        time=row.time,
        sha256=row.sha256,
        architecture=row.architecture,
        n_ctx=row.n_ctx,
        predicted=row.predicted,
        measured=row.measured,
        free=row.free,
        weights=row.weights,
        tokens_per_s=row.tokens_per_s,
        prompt_tokens_per_s=row.prompt_tokens_per_s,
    )
