"""The comparisons of a matter: prompts with what each pane answered, in the matter's own file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, get_type_hints

import msgspec
from sqlalchemy import delete, desc, select
from sqlalchemy.dialects.sqlite import insert

from engine.compare_records import Comparison, ComparisonId, LocalChoice, PaneAnswer, RemoteChoice, VoteSetId
from engine.errors import NotFound
from engine.records import DocumentId, MatterId
from engine.store.database import Database
from engine.store.json_records import json_of
from engine.store.matter_tables import ComparisonRow

ANSWER_TYPES = get_type_hints(PaneAnswer)


class StoredComparisons:
    """The comparisons of one matter."""

    def __init__(self, database: Database, matter: MatterId) -> None:
        self._database = database
        self._matter = matter

    def put(self, comparison: Comparison) -> None:
        """Keep a comparison with all its answers, in place of one with the same id. Raises DiskFull."""
        values = _columns(comparison)
        kept = insert(ComparisonRow).values(id=comparison.id, **values)
        with self._database.write() as session:
            session.execute(kept.on_conflict_do_update(index_elements=["id"], set_=values))

    def get(self, comparison: ComparisonId) -> Comparison:
        """One comparison. Raises NotFound."""
        with self._database.read() as session:
            row = session.scalar(select(ComparisonRow).where(ComparisonRow.id == comparison))
            if row is None:
                raise NotFound("comparison", comparison)
            return self._record(row)

    def list(self, vote_set: VoteSetId | None = None, limit: int | None = None) -> Sequence[Comparison]:
        """The comparisons of a set (None: all), newest first, at most `limit` (None: all)."""
        wanted = select(ComparisonRow).order_by(desc(ComparisonRow.created), desc(ComparisonRow.position)).limit(limit)
        if vote_set is not None:
            wanted = wanted.where(ComparisonRow.vote_set == vote_set)
        with self._database.read() as session:
            return [self._record(row) for row in session.scalars(wanted)]

    def delete(self, comparison: ComparisonId) -> None:
        """Remove a comparison with its answers; votes on it hold no text and stay. Raises NotFound."""
        with self._database.write() as session:
            if session.execute(delete(ComparisonRow).where(ComparisonRow.id == comparison)).rowcount != 1:
                raise NotFound("comparison", comparison)
        self._database.checkpoint()

    def _record(self, row: ComparisonRow) -> Comparison:
        return Comparison(
            id=ComparisonId(row.id),
            matter=self._matter,
            created=row.created,
            question=row.question,
            answers=tuple(_answer(shape) for shape in json.loads(row.answers)),
            vote_set=None if row.vote_set is None else VoteSetId(row.vote_set),
            documents=tuple(DocumentId(each) for each in row.documents),
            n_hidden=row.n_hidden,
            approved=row.approved,
            prompt=row.prompt,
        )


def _columns(comparison: Comparison) -> dict[str, Any]:
    return {
        "created": comparison.created,
        "question": comparison.question,
        "answers": json_of(comparison.answers),
        "vote_set": comparison.vote_set,
        "documents": list(comparison.documents),
        "n_hidden": comparison.n_hidden,
        "approved": comparison.approved,
        "prompt": comparison.prompt,
    }


def _answer(shape: dict[str, Any]) -> PaneAnswer:
    """A pane's answer from its JSON. A choice that names a provider is remote; msgspec cannot tell the two apart."""
    kind = RemoteChoice if "provider" in shape["choice"] else LocalChoice
    known = {field.name for field in fields(PaneAnswer)} - {"choice"}
    values = {name: msgspec.convert(value, ANSWER_TYPES[name]) for name, value in shape.items() if name in known}
    return PaneAnswer(choice=msgspec.convert(shape["choice"], kind), **values)
