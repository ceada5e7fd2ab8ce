"""Vote sets and the votes in them: ids, names of models and judgements. Prompts and answers stay in their matters.

Deleting a set reaches into every matter. The set is marked first, so that a deletion that is cut short, or that meets a
matter which cannot be opened, is finished later and nothing of the set is shown in between.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from engine.compare_records import VoteSetId
from engine.errors import NotFound
from engine.store.database import Database
from engine.store.json_records import json_of, record_from
from engine.store.main_tables import EvaluationRow, VoteRow, VoteSetRow
from engine.vote_records import PERSON, SetKind, Vote, VoteSet


class StoredVotes:
    """The vote sets of a profile. `forget_prompts` removes what all matters hold of a set; False if one could not be read."""

    def __init__(self, database: Database, forget_prompts: Callable[[VoteSetId], bool]) -> None:
        self._database = database
        self._forget_prompts = forget_prompts

    # ------------------------------------------------------------ sets
    def sets(self, n_prompts: Mapping[VoteSetId, int] | None = None) -> Sequence[VoteSet]:
        """All sets, the oldest first. Votes are counted as people cast them, without those of a model that judged.

        `n_prompts` is what the open matter holds of each (MatterStore.prompts.counts).
        """
        with self._database.read() as session:
            wanted = select(VoteSetRow).where(VoteSetRow.state == "ready").order_by(VoteSetRow.created, VoteSetRow.id)
            by_people = select(VoteRow.vote_set, func.count()).where(VoteRow.voter == PERSON).group_by(VoteRow.vote_set)
            n_votes = {vote_set: n for vote_set, n in session.execute(by_people)}
            return [_set(row, n_votes.get(row.id, 0), n_prompts or {}) for row in session.scalars(wanted)]

    def get(self, vote_set: VoteSetId, n_prompts: Mapping[VoteSetId, int] | None = None) -> VoteSet:
        """One set, as in `sets`. Raises NotFound."""
        for each in self.sets(n_prompts):
            if each.id == vote_set:
                return each
        raise NotFound("vote set", vote_set)

    def create(self, name: str, kind: SetKind) -> VoteSet:
        """Start a set with a seed of its own for the sides in blind mode. Raises DiskFull."""
        vote_set = VoteSetId(uuid.uuid4().hex)
        row = VoteSetRow(
            id=vote_set, name=name, kind=kind, created=datetime.now(UTC), seed=secrets.randbits(31), state="ready"
        )  # fmt: skip
        with self._database.write() as session:
            session.add(row)
        return self.get(vote_set)

    def rename(self, vote_set: VoteSetId, name: str) -> None:
        """Give a set another name. Raises NotFound."""
        with self._database.write() as session:
            _existing(session, vote_set).name = name

    def delete(self, vote_set: VoteSetId) -> None:
        """Remove a set with its votes and evaluations, and its prompts from every matter. Cannot be undone. Raises NotFound.

        The comparisons stay in their matters and belong to no set. What lies in a matter that cannot be read now goes when
        that matter is next opened.
        """
        with self._database.write() as session:
            row = _existing(session, vote_set)
            row.state, row.name, row.seed = "deleting", "", 0
            session.execute(delete(VoteRow).where(VoteRow.vote_set == vote_set))
            session.execute(delete(EvaluationRow).where(EvaluationRow.vote_set == vote_set))
        self.finish_deletions()
        self._database.checkpoint()

    def finish_deletions(self) -> None:
        """Remove what matters still hold of sets that were deleted. Opens every matter if there is such a set."""
        with self._database.read() as session:
            unfinished = deleted_sets(session)
        for vote_set in unfinished:
            if self._forget_prompts(vote_set):
                with self._database.write() as session:
                    session.execute(delete(VoteSetRow).where(VoteSetRow.id == vote_set))

    # ------------------------------------------------------------ votes
    def record(self, vote: Vote) -> None:
        """Keep a vote, in place of an earlier one of the same voter on this comparison. Raises NotFound, DiskFull."""
        values = {"time": vote.time, "json_text": json_of(vote)}
        key = {"vote_set": vote.set, "comparison": vote.comparison, "voter": vote.by}
        newest = insert(VoteRow).values(**key, **values).on_conflict_do_update(index_elements=[*key], set_=values)
        with self._database.write() as session:
            _existing(session, vote.set)
            session.execute(newest)

    def votes(self, vote_set: VoteSetId) -> Sequence[Vote]:
        """The votes of a set by people and by models, in the order of time. Raises NotFound."""
        with self._database.read() as session:
            _existing(session, vote_set)
            wanted = select(VoteRow).where(VoteRow.vote_set == vote_set).order_by(VoteRow.time, VoteRow.comparison, VoteRow.voter)
            return [record_from(row.json_text, Vote) for row in session.scalars(wanted)]


def deleted_sets(session: Session) -> list[VoteSetId]:
    """Sets that were deleted while a matter may still hold prompts of them."""
    return [VoteSetId(row) for row in session.scalars(select(VoteSetRow.id).where(VoteSetRow.state == "deleting"))]


def _existing(session: Session, vote_set: str) -> VoteSetRow:
    row = session.get(VoteSetRow, vote_set)
    if row is None or row.state != "ready":
        raise NotFound("vote set", vote_set)
    return row


def _set(row: VoteSetRow, n_votes: int, n_prompts: Mapping[VoteSetId, int]) -> VoteSet:
    vote_set = VoteSetId(row.id)
    return VoteSet(
        id=vote_set,
        name=row.name,
        kind=cast(SetKind, row.kind),
        created=row.created,
        n_votes=n_votes,
        n_prompts=n_prompts.get(vote_set, 0),
        seed=row.seed,
    )
