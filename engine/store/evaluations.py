"""Results of finished evaluations: numbers and names of models, never a prompt, an answer or a right answer.

The labels of a classification are right answers of prompts, so they are not kept either: `recall` comes back with its
numbers in their order and without the labels' names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import desc, select

from engine.compare_records import VoteSetId
from engine.errors import NotFound
from engine.store.database import Database
from engine.store.json_records import json_of, record_from
from engine.store.main_tables import EvaluationRow, VoteSetRow
from engine.vote_records import Evaluation


class StoredEvaluations:
    """The evaluations of a profile."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, evaluation: Evaluation) -> None:
        """Add a result. Raises NotFound for its set, DiskFull."""
        nameless = replace(evaluation, recall=tuple(("", local, remote) for _, local, remote in evaluation.recall))
        row = EvaluationRow(vote_set=evaluation.set, time=evaluation.time, json_text=json_of(nameless))
        with self._database.write() as session:
            vote_set = session.get(VoteSetRow, evaluation.set)
            if vote_set is None or vote_set.state != "ready":
                raise NotFound("vote set", evaluation.set)
            session.add(row)

    def list(self, vote_set: VoteSetId) -> Sequence[Evaluation]:
        """The results of a set, newest first; none for a set that is not there."""
        newest_first = (desc(EvaluationRow.time), desc(EvaluationRow.id))
        wanted = select(EvaluationRow).where(EvaluationRow.vote_set == vote_set).order_by(*newest_first)
        with self._database.read() as session:
            return [record_from(row.json_text, Evaluation) for row in session.scalars(wanted)]
