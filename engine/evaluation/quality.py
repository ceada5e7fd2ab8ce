"""What votes and evaluations together say of a local model's quality for a kind of work, for those who give advice.

Pure. Votes of persons and answers that are known to be right count; agreement with the remote model never does, and what a
judge prefers is marked as such. What contradicts itself is taken at its worst. A verdict on another pair of models says
nothing of this one, so whoever knows the pair names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from engine.advice_records import Quality, QualityStatus
from engine.evaluation import verdict
from engine.evaluation.counting import Counted, counted, winner
from engine.evaluation.non_inferiority import nam_blackwelder, tango, tango_interval
from engine.evaluation.sample_sizes import needed_by_difference, needed_by_ratio
from engine.evaluation.statistics import holm
from engine.ledger_settings import Thresholds
from engine.vote_records import Evaluation, Verdict, Vote, VoteSet

Key = TypeVar("Key")

_STATUS: dict[Verdict, QualityStatus] = {"reached": "reached", "inferior": "inferior"}
#: What outweighs what, the heaviest first; a judge's findings only outweigh what nobody knows.
_WEIGHTS = ("failing", "inferior", "reached", "judged", "unknown")


@dataclass(frozen=True)
class Wanted:
    """Which results count: those about `local` (`local:ID`) and `remote` (`PROVIDER/MODEL`), and from `since` on. None: any."""

    local: str | None = None
    remote: str | None = None
    since: datetime | None = None

    def has(self, time: datetime, models: Iterable[str]) -> bool:
        is_recent = self.since is None or time >= self.since
        return is_recent and {self.local, self.remote} - {None} <= set(models)


ANY = Wanted()


def quality_of(
    vote_set: VoteSet, votes: Sequence[Vote], evaluations: Sequence[Evaluation], thresholds: Thresholds, wanted: Wanted = ANY
) -> Quality:
    """The quality that the votes and the newest evaluations of a set show; `unknown` where they show nothing yet."""
    about = [each for each in evaluations if wanted.has(each.time, (each.local, each.remote))]
    about.sort(key=lambda each: each.time, reverse=True)
    newest = _newest(about, thresholds.least_prompts if wanted.since is None else 0)
    found = [_of_evaluation(each, thresholds) for each in newest.values() if not each.is_agreement]
    found.append(_of_votes(counted(vote_set, [each for each in votes if wanted.has(each.time, each.models)]), thresholds))
    best = min(found, key=lambda each: (_weight(each), each.n == 0, each.source == "judge", -each.n))
    if best.n == 0 and "agreement" in newest:
        return _of_evaluation(newest["agreement"], thresholds)
    form = next((each for each in found if each.valid_local is not None), best)
    return replace(best, valid_local=form.valid_local, valid_remote=form.valid_remote)


def corrected(found: Mapping[Key, Quality]) -> dict[Key, tuple[Quality, float | None]]:
    """The same qualities, each `reached` among several held against the level of all of them (Holm 1979).

    The p-value as it is corrected stands beside each; None where nothing was to be corrected. What does not keep to the
    level any more is unknown again, until the next size at which it can be looked at.
    """
    claims = [key for key, each in found.items() if _is_claim(each)]
    p_values = dict(zip(claims, holm([found[key].p_value or 0.0 for key in claims]), strict=True)) if len(claims) > 1 else {}
    result: dict[Key, tuple[Quality, float | None]] = {}
    for key, quality in found.items():
        p = p_values.get(key)
        if p is not None and p > verdict.ALPHA:
            quality = replace(quality, status="unknown", n_more=_until_next(quality))
        result[key] = quality, p
    return result


def _is_claim(quality: Quality) -> bool:
    return quality.status == "reached" and quality.source != "judge" and quality.p_value is not None


def _until_next(quality: Quality) -> int | None:
    following = verdict.next_look(quality.n) if quality.source == "votes" else verdict.next_size(quality.n)
    return None if following is None else following - quality.n


def _newest(about: Iterable[Evaluation], least: int) -> dict[str, Evaluation]:
    """The newest of each kind. One with too few prompts to say anything, such as a sample, leaves the word to the one before it
    on the same models that has enough. `about` is newest first.
    """
    newest: dict[str, Evaluation] = {}
    for each in about:
        known = newest.setdefault(_group(each), each)
        if known.n < least <= each.n and (known.local, known.remote) == (each.local, each.remote):
            newest[_group(each)] = each
    return newest


def _group(evaluation: Evaluation) -> str:
    return "agreement" if evaluation.is_agreement else "judge" if evaluation.scorer == "judge" else "right"


def _weight(quality: Quality) -> int:
    is_judged = quality.status == "reached" and quality.source == "judge"
    return _WEIGHTS.index("judged" if is_judged else quality.status)


# ---------------------------------------------------------------- evaluations
def _of_evaluation(evaluation: Evaluation, thresholds: Thresholds) -> Quality:
    """An evaluation as it is kept, read again by the thresholds of today where its table allows that."""
    said, p, n_more = _read_again(evaluation, thresholds)
    n_short = thresholds.least_prompts - evaluation.n
    if n_short > 0:
        said, n_more = "more", n_short if said != "more" else n_more and max(n_more, n_short)
    if evaluation.is_agreement:  # prompts with right answers are needed, and of those there are none yet
        said, p, n_more = "more", None, max(thresholds.least_prompts, verdict.LOOKS[0])
    if evaluation.scorer == "judge" and said == "inferior":
        said = "more"  # a judge alone condemns nobody
    valid = evaluation.valid and tuple(round(1_000_000 * share) for share in evaluation.valid)
    status = _STATUS.get(said, "unknown")
    if _is_failing(evaluation, valid, thresholds):
        status = "failing"
    if status == "unknown" and n_more == 0:  # settled once, by other thresholds
        n_more = verdict.next_size(evaluation.n) - evaluation.n
    return Quality(
        status=status,
        n=evaluation.n,
        source={"judge": "judge", "votes": "votes"}.get(evaluation.scorer, "evaluation"),  # type: ignore[arg-type]
        local=evaluation.local,
        remote=evaluation.remote,
        table=evaluation.table,
        estimate=evaluation.estimate,
        interval=evaluation.interval,
        test=evaluation.test,
        p_value=p,
        n_more=n_more if status == "unknown" else 0,
        valid_local=valid[0] if valid else None,
        valid_remote=valid[1] if valid else None,
        time=evaluation.time,
    )


def _read_again(evaluation: Evaluation, thresholds: Thresholds) -> tuple[Verdict, float | None, int | None]:
    """The verdict, its p-value and about how many more prompts would settle it, by these thresholds.

    Of graded scores only what they came to at 95 % is kept: with another ratio, no more is taken from them than follows.
    """
    a, b, c, d = evaluation.table
    n, margin, ratio = a + b + c + d, thresholds.margin_percent / 100, thresholds.ratio_percent / 100
    following = verdict.next_size(evaluation.n)
    if evaluation.test == "nam_blackwelder" and n:
        test = nam_blackwelder(a, b, c, d, ratio)
        return verdict.of_test(test), test.p, verdict.still_needed(needed_by_ratio(a / n, b / n, c / n, ratio), n, following)
    if evaluation.test == "tango" and (usable := n - d):
        test = tango(b, c, usable, margin)
        needs = needed_by_difference(b / usable, c / usable, margin)
        return verdict.of_test(test), test.p, verdict.still_needed(_of_all(needs, n, usable), n, following)
    said = evaluation.verdict
    if "schema_invalid" in evaluation.notes and said == "inferior":  # by its form; what its scores came to, the p-value tells
        said = "reached" if evaluation.p_value is not None and evaluation.p_value <= verdict.ALPHA else "more"
    is_stricter, is_laxer = thresholds.ratio_percent > 95, thresholds.ratio_percent < 95
    if (said == "reached" and is_stricter) or (said == "inferior" and is_laxer):
        said = "more"
    return said, evaluation.p_value, evaluation.n_more


def _is_failing(evaluation: Evaluation, valid: tuple[int, ...] | None, thresholds: Thresholds) -> bool:
    """Whether the local model's answers lack the wanted form and the remote model's have it, in enough of them to tell."""
    if evaluation.n < thresholds.least_prompts:
        return False
    if valid is None:  # before the shares were kept
        return "schema_invalid" in evaluation.notes and evaluation.verdict == "inferior"
    return valid[0] < thresholds.valid_percent * 10_000 <= valid[1]


# ---------------------------------------------------------------- votes
def _of_votes(count: Counted, thresholds: Thresholds) -> Quality:
    """The verdict of the last planned look; persons' votes, or where no person voted those of a judge."""
    pair = count.local_and_remote
    if pair is None:
        return Quality(n_more=max(thresholds.least_prompts, verdict.LOOKS[0]))
    votes = count.by_persons or count.votes
    n, source = len(votes), "votes" if count.by_persons else "judge"
    look, margin = verdict.last_look(n), thresholds.margin_percent / 100
    known = Quality(n=n, source=source, local=pair[0], remote=pair[1], time=votes[-1].time if votes else None)  # type: ignore[arg-type]
    said: Verdict = "more"
    b, c, usable = _outcomes(votes[:look] if look else (), pair)
    if look and usable:
        test = tango(b, c, usable, margin)
        said = verdict.of_test(test) if n >= thresholds.least_prompts else "more"
        table = (usable - b - c, b, c, look - usable)
        known = replace(known, table=table, estimate=(b - c) / usable, interval=tango_interval(b, c, usable), test="tango")
        known = replace(known, p_value=test.p)
    if source == "judge" and said == "inferior":
        said = "more"
    status = _STATUS.get(said, "unknown")
    return replace(known, status=status, n_more=_more_votes(votes, pair, thresholds) if status == "unknown" else 0)


def _more_votes(votes: Sequence[Vote], pair: tuple[str, str], thresholds: Thresholds) -> int | None:
    n = len(votes)
    b, c, usable = _outcomes(votes, pair)
    needs = needed_by_difference(b / usable, c / usable, thresholds.margin_percent / 100) if usable else None
    more = verdict.still_needed(_of_all(needs, n, usable), n, verdict.next_look(n))
    return None if more is None else max(more, thresholds.least_prompts - n)


def _outcomes(votes: Sequence[Vote], pair: tuple[str, str]) -> tuple[int, int, int]:
    """Wins of the local and of the remote model, and the votes in which an answer was usable."""
    wins = [winner(vote) for vote in votes]
    return wins.count(pair[0]), wins.count(pair[1]), sum(vote.judgement != "none_usable" for vote in votes)


def _of_all(needs: int | None, n: int, usable: int) -> int | None:
    """So many, if as many of them are usable as so far."""
    return None if needs is None else -(-needs * n // usable)
