"""What the store has of the kinds of work that could run elsewhere, read at once for advice. No arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.advice_records import Move, Workload
from engine.compare_records import VoteSetId
from engine.ledger.work_facts import N_DAYS, LastDays, Measured
from engine.ledger_records import WorkloadId, local_day
from engine.store.store import Store
from engine.vote_records import Evaluation, Vote, VoteSet
from engine.work.workload_moves import n_watched, workloads_of

#: How far back measurements go where the last days have none: what was tested once does not have to be tested each month.
LONGEST_AGO = timedelta(days=365)


@dataclass(frozen=True)
class WorkloadBooks:
    """One workload. `n_watched` belongs to the others: how much was answered here since the last one of them was moved."""

    workload: Workload
    vote_set: VoteSet
    votes: Sequence[Vote]
    evaluations: Sequence[Evaluation]
    measured: Measured
    moves: Sequence[Move]
    n_watched: int


@dataclass(frozen=True)
class AllBooks:
    """All workloads that could run elsewhere, and what happened in the last 30 days."""

    workloads: tuple[WorkloadBooks, ...]
    days: LastDays

    @property
    def moves(self) -> tuple[Move, ...]:
        return tuple(move for each in self.workloads for move in each.moves)


def read_books(store: Store, now: datetime) -> AllBooks:
    """Raises StoreError."""
    today = local_day(now)
    first = today - timedelta(days=N_DAYS - 1)
    workloads = [each for each in workloads_of(store) if not each.is_fixed]
    moves = {each.id: tuple(store.workloads.moves(each.id)) for each in workloads}
    sets = {each.id: each for each in store.votes.sets()}
    books = []
    for each in workloads:
        others = tuple(other for other in workloads if other.id != each.id)
        vote_set = VoteSetId(each.id)
        books.append(
            WorkloadBooks(
                workload=each,
                vote_set=sets[vote_set],
                votes=store.votes.votes(vote_set),
                evaluations=store.evaluations.list(vote_set),
                measured=_measured(store, each.id, now),
                moves=moves[each.id],
                n_watched=n_watched(store, others, [move for moved in moves.values() for move in moved]),
            )
        )
    days = LastDays(store.ledger.totals(first, today), store.bills.days(first, today), billed_as=store.providers.names_on_bills())
    return AllBooks(tuple(books), days)


def _measured(store: Store, workload: WorkloadId, now: datetime) -> Measured:
    recent, long_ago = now - timedelta(days=N_DAYS), now - LONGEST_AGO
    seen = store.ledger.percentiles(workload, recent)
    answers_us, n_answers = store.ledger.seconds_per_item(workload, recent)
    if not n_answers:
        seen = store.ledger.percentiles(workload, long_ago)
        answers_us, n_answers = store.ledger.seconds_per_item(workload, long_ago)
    return Measured(seen.prompt_95, seen.local_us_95, answers_us, n_answers)
