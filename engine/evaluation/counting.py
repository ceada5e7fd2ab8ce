"""Which votes of a set count, and as what. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from engine.compare_records import ComparisonId
from engine.vote_records import PERSON, Vote, VoteSet

LOCAL = "local:"


@dataclass(frozen=True)
class Counted:
    """The votes that count, oldest first, all about the same models. `n_recognised` more do not, for a model was recognised."""

    models: tuple[str, ...] = ()
    votes: tuple[Vote, ...] = ()
    n_recognised: int = 0

    @property
    def by_persons(self) -> tuple[Vote, ...]:
        return tuple(vote for vote in self.votes if vote.by == PERSON)

    @property
    def is_pair(self) -> bool:
        return len(self.models) == 2 and all(len(vote.models) == 2 for vote in self.votes)

    @property
    def local_and_remote(self) -> tuple[str, str] | None:
        """The local and the remote model, where there is one of each."""
        if not self.is_pair:
            return None
        first, second = self.models
        if first.startswith(LOCAL) == second.startswith(LOCAL):
            return None
        return (first, second) if first.startswith(LOCAL) else (second, first)


def counted(vote_set: VoteSet, votes: Iterable[Vote]) -> Counted:
    """The newest vote on each comparison, as far as it is about the models that were compared last.

    A person's vote is not replaced by a judge's. Votes that name no pane are left out.
    """
    newest: dict[ComparisonId, Vote] = {}  # in the order of time
    for vote in sorted((each for each in votes if each.set == vote_set.id and _is_sound(each)), key=attrgetter("time")):
        before = newest.get(vote.comparison)
        if before is not None:
            if before.by == PERSON != vote.by:
                continue
            del newest[vote.comparison]
        newest[vote.comparison] = vote
    if not newest:
        return Counted()
    who = next(reversed(newest.values())).models
    same = sorted(who)
    about = [vote for vote in newest.values() if vote.models == who or sorted(vote.models) == same]
    count = tuple(vote for vote in about if not (vote.is_blind and vote.recognised))
    return Counted(tuple(dict.fromkeys(who)), count, len(about) - len(count))


def winner(vote: Vote) -> str | None:
    """The model whose answer was the best; None where no single one was."""
    return vote.models[vote.best] if vote.judgement == "best" and vote.best is not None else None


def _is_sound(vote: Vote) -> bool:
    if len(vote.models) < 2:
        return False
    return vote.judgement != "best" or (vote.best is not None and 0 <= vote.best < len(vote.models))
