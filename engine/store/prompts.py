"""The prompts of vote sets, in the matter that they come from: they may quote documents, so the main store has none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from engine.compare_records import VoteSetId
from engine.store.database import Database
from engine.store.matter_tables import ComparisonRow, PromptRow
from engine.vote_records import Prompt


class StoredPrompts:
    """The prompts that one matter holds, numbered from 1 in each set. Sets themselves are in the main store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def replace(self, vote_set: VoteSetId, prompts: Iterable[Prompt]) -> None:
        """Give a set these prompts and no others, numbered anew. All or nothing. Raises DiskFull.

        Comparisons of the earlier prompts stay in the set without a number, as it would name another prompt now.
        """
        with self._database.write() as session:
            _drop(session, vote_set)
            _add(session, vote_set, prompts, after=0)

    def add(self, vote_set: VoteSetId, prompts: Iterable[Prompt]) -> None:
        """Put prompts after those that the set has; their own numbers do not count. All or nothing. Raises DiskFull."""
        last = select(func.coalesce(func.max(PromptRow.number), 0)).where(PromptRow.vote_set == vote_set)
        with self._database.write() as session:
            _add(session, vote_set, prompts, after=session.scalar(last) or 0)

    def list(self, vote_set: VoteSetId) -> Sequence[Prompt]:
        """The prompts of a set in order; none for a set that this matter has nothing of."""
        wanted = select(PromptRow).where(PromptRow.vote_set == vote_set).order_by(PromptRow.number)
        with self._database.read() as session:
            return [Prompt(row.number, row.text, row.expected, row.source) for row in session.scalars(wanted)]

    def count(self, vote_set: VoteSetId) -> int:
        return self.counts().get(vote_set, 0)

    def counts(self) -> dict[VoteSetId, int]:
        """How many prompts of each set are here."""
        wanted = select(PromptRow.vote_set, func.count()).group_by(PromptRow.vote_set)
        with self._database.read() as session:
            return {VoteSetId(vote_set): n for vote_set, n in session.execute(wanted)}

    def delete(self, vote_set: VoteSetId) -> None:
        """Remove the prompts that this matter holds of a set; comparisons of them stay, as in `replace`. Raises DiskFull."""
        with self._database.write() as session:
            _drop(session, vote_set)
        self._database.checkpoint()

    def forget_set(self, vote_set: VoteSetId) -> None:
        """As `delete`, for a set that is no more: its comparisons belong to none from now on. Raises DiskFull."""
        with self._database.write() as session:
            _drop(session, vote_set)
            session.execute(update(ComparisonRow).where(ComparisonRow.vote_set == vote_set).values(vote_set=None))
        self._database.checkpoint()


def _drop(session: Session, vote_set: str) -> None:
    session.execute(delete(PromptRow).where(PromptRow.vote_set == vote_set))
    session.execute(update(ComparisonRow).where(ComparisonRow.vote_set == vote_set).values(prompt=None))


def _add(session: Session, vote_set: str, prompts: Iterable[Prompt], *, after: int) -> None:
    rows: list[dict[str, Any]] = [
        {"vote_set": vote_set, "number": number, "text": prompt.text, "expected": prompt.expected, "source": prompt.source}
        for number, prompt in enumerate(prompts, start=after + 1)
    ]
    if rows:
        session.execute(insert(PromptRow), rows)
