"""What the votes of a set say so far.

Pure. Shares and counts describe all votes that count, a judge's among them. What is claimed rests on persons: evidence is
theirs as soon as one of them voted, and looks, the test of the difference and the verdict know no other votes. The
difference is that of the share of comparisons which the local and the remote model won, ties counted, and those left out in
which neither answer was usable: two useless models are not as good as each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.evaluation import verdict
from engine.evaluation.bradley_terry import strengths
from engine.evaluation.counting import Counted, counted, winner
from engine.evaluation.non_inferiority import tango, tango_interval
from engine.evaluation.sample_sizes import needed_by_difference
from engine.evaluation.statistics import clopper_pearson, e_value, sign_test, wilson
from engine.vote_records import PERSON, Share, Tally, Verdict, Vote, VoteSet


def tally(vote_set: VoteSet, votes: Iterable[Vote]) -> Tally:
    """Count the votes of a set about the models that were compared last."""
    count = counted(vote_set, votes)
    if not count.models:
        return Tally(vote_set.id, 0, (), next_look=verdict.next_look(0), n_more=verdict.next_look(0))
    wins = Counter(filter(None, map(winner, count.votes)))
    kinds = Counter(vote.judgement for vote in count.votes)
    test, on_the_left, longer = _tested(count), left_wins(count), longer_wins(count)
    return Tally(
        set=vote_set.id,
        n_votes=len(count.votes) + count.n_recognised,
        shares=_shares(count, wins),
        n_equal=kinds["all_equal"],
        n_none=kinds["none_usable"],
        n_recognised=count.n_recognised,
        leader=_leader(wins),
        evidence=_evidence(count),
        verdict=test.verdict if count.votes else "none",
        is_look=test.is_look,
        next_look=test.next_look,
        difference=test.difference,
        p_value=test.p_value,
        n_more=test.n_more,
        left_share=on_the_left.share_with_interval,
        is_left_biased=on_the_left.is_uneven,
        longer_share=longer.wins / longer.n if longer.n else None,
    )


# ---------------------------------------------------------------- what is described
@dataclass(frozen=True)
class Lean:
    """How many of `n` decisive votes went to the side, or the answer, that should not matter."""

    wins: int
    n: int

    @property
    def share_with_interval(self) -> tuple[float, float, float] | None:
        """Share with its 95 % interval (Clopper–Pearson)."""
        return (self.wins / self.n, *clopper_pearson(self.wins, self.n)) if self.n else None

    @property
    def is_uneven(self) -> bool:
        return sign_test(self.wins, self.n - self.wins) < 0.05


def left_wins(count: Counted) -> Lean:
    """Wins of the left side, in persons' blind votes on two answers."""
    sides = (
        [vote.order[0] == vote.best for vote in count.by_persons if vote.is_blind and _is_ordered(vote)] if count.is_pair else []
    )
    return Lean(sum(sides), len(sides))


def longer_wins(count: Counted) -> Lean:
    """Wins of the longer of two answers."""
    longer = [_best_is_longer(vote) for vote in count.votes] if count.is_pair else []
    return Lean(longer.count(True), len(longer) - longer.count(None))


def _is_ordered(vote: Vote) -> bool:
    return winner(vote) is not None and len(vote.order) == 2


def _best_is_longer(vote: Vote) -> bool | None:
    if winner(vote) is None or len(vote.lengths) != 2 or vote.lengths[0] == vote.lengths[1]:
        return None
    return vote.lengths.index(max(vote.lengths)) == vote.best


def _shares(count: Counted, wins: Counter[str]) -> tuple[Share, ...]:
    n = len(count.votes)
    found = _strengths(count) if len(count.models) > 2 else None
    return tuple(
        Share(model, wins[model], n, wins[model] / n if n else 0.0, *wilson(wins[model], n), found[at] if found else None)
        for at, model in enumerate(count.models)
    )


def _strengths(count: Counted) -> tuple[float, ...] | None:
    """Bradley–Terry strengths: the best answer of a vote was preferred to each of the others."""
    place = {model: at for at, model in enumerate(count.models)}
    wins = [[0] * len(place) for _ in place]
    for vote in count.votes:
        best = winner(vote)
        for model in vote.models if best is not None else ():
            wins[place[best or model]][place[model]] += model != best
    return strengths(wins)


def _leader(wins: Counter[str]) -> str | None:
    """The model with the most wins, if there is one alone."""
    first, *others = wins.most_common(2) or [("", 0)]
    return first[0] if first[1] and not (others and others[0][1] == first[1]) else None


# ---------------------------------------------------------------- what is claimed
@dataclass(frozen=True)
class _Tested:
    verdict: Verdict = "more"
    is_look: bool = False
    next_look: int | None = None
    difference: tuple[float, float, float] | None = None
    p_value: float | None = None
    n_more: int | None = None


def _evidence(count: Counted) -> float:
    if not count.is_pair:
        return 1.0
    is_of_persons = any(vote.by == PERSON for vote in count.votes)
    wins = Counter(winner(vote) for vote in (count.by_persons if is_of_persons else count.votes))
    return e_value(wins[count.models[0]], wins[count.models[1]])


def _tested(count: Counted) -> _Tested:
    """Tango's test at planned looks, on the first so many votes of persons; of a local and a remote model only."""
    pair = count.local_and_remote
    if pair is None:
        return _Tested()
    votes = count.by_persons
    n, look, following = len(votes), verdict.last_look(len(votes)), verdict.next_look(len(votes))
    b, c, usable = _outcomes(votes[:look] if look else (), pair)
    said: Verdict = verdict.of_test(tango(b, c, usable)) if usable else "more"
    n_more = 0 if said != "more" else _more(_outcomes(votes, pair), n, following)
    if n != look or not usable:
        return _Tested(said, n == look, following, n_more=n_more)
    difference = ((b - c) / usable, *tango_interval(b, c, usable))
    return _Tested(said, True, following, difference, tango(b, c, usable).p, n_more)


def _outcomes(votes: Sequence[Vote], pair: tuple[str, str]) -> tuple[int, int, int]:
    """Wins of the local and of the remote model, and the votes in which an answer was usable."""
    wins = Counter(winner(vote) for vote in votes)
    n_usable = sum(vote.judgement != "none_usable" for vote in votes)
    return wins[pair[0]], wins[pair[1]], n_usable


def _more(outcomes: tuple[int, int, int], n: int, following: int | None) -> int | None:
    """About how many more votes, if as many of them are usable as so far."""
    b, c, usable = outcomes
    needs = needed_by_difference(b / usable, c / usable) if usable else None
    return verdict.still_needed(None if needs is None else -(-needs * n // usable), n, following)
