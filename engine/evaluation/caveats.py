"""What must be said beside a result, as keys; the words for them are elsewhere. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from engine.evaluation.counting import counted
from engine.evaluation.tally import left_wins, longer_wins
from engine.evaluation.verdict import FEW
from engine.vote_records import PERSON, Vote, VoteSet

#: `judge_only`: no person voted. `some_judged`: a model judged some of them. `few_votes`: fewer than 30. `not_blind`: some
#: votes were cast with the names in sight. `left_bias`: one side won more often than chance explains. `longer_wins`: so did
#: the longer answer. `agreement_not_quality`: no right answers are known. `schema_invalid`: the local model's answers do
#: not keep to the schema often enough. `few_prompts`: fewer than 30. `unanswered`: some prompts were not answered.
Caveat = Literal[
    "judge_only",
    "some_judged",
    "few_votes",
    "not_blind",
    "left_bias",
    "longer_wins",
    "agreement_not_quality",
    "schema_invalid",
    "few_prompts",
    "unanswered",
]


def caveats(vote_set: VoteSet, votes: Iterable[Vote]) -> tuple[Caveat, ...]:
    """What must be said beside the tally of these votes; nothing of no votes."""
    count = counted(vote_set, votes)
    if not count.votes:
        return ()
    persons = count.by_persons
    longer = longer_wins(count)
    holds: dict[Caveat, bool] = {
        "judge_only": not persons,
        "some_judged": bool(persons) and any(vote.by != PERSON for vote in count.votes),
        "few_votes": len(count.votes) < FEW,
        "not_blind": any(not vote.is_blind for vote in persons),
        "left_bias": left_wins(count).is_uneven,
        "longer_wins": longer.is_uneven and 2 * longer.wins > longer.n,
    }
    return tuple(key for key, is_so in holds.items() if is_so)
