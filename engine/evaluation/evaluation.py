"""What a finished run of a set on a local and a remote model shows.

Pure, but slow for graded scores (about a second for a thousand prompts): call it on a thread. A run is a look at results
that were all there before anybody saw one. A set may be run again as it grows, so each run is held to the level of one look
of three, and none of fewer than a hundred prompts brings a verdict.

A prompt that the remote model left unanswered is left out, for that may be the network's fault; one that the local model
left unanswered counts against it. Both err on the side of staying with what one has.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from engine.compare_records import VoteSetId
from engine.evaluation import verdict
from engine.evaluation.caveats import Caveat
from engine.evaluation.fields import FieldScore, valid_rate
from engine.evaluation.labels import label_of
from engine.evaluation.non_inferiority import RATIO, nam_blackwelder, ratio_interval, resampled_means, tango, tango_interval
from engine.evaluation.sample_sizes import needed_by_difference, needed_by_ratio, needed_graded
from engine.evaluation.scorers import agrees, field_score, is_exact, is_label
from engine.evaluation.statistics import wilson
from engine.vote_records import Evaluation, Scorer, Verdict

Preference = Literal["local", "remote", "equal", "none"]
Table = tuple[int, int, int, int]


@dataclass(frozen=True)
class Pair:
    """The two answers to one prompt (None: not answered), with what is right or preferred where that is known.

    `source` names the document that the prompt is about; prompts of one document are not independent.
    """

    local: str | None = field(repr=False)
    remote: str | None = field(repr=False)
    expected: str | None = field(default=None, repr=False)
    source: str = ""
    preferred: Preference | None = None


@dataclass(frozen=True)
class _Finding:
    n: int
    table: Table = (0, 0, 0, 0)
    estimate: float | None = None
    interval: tuple[float, float] | None = None
    test: str = ""
    p_value: float | None = None
    verdict: Verdict = "none"
    n_more: int | None = None
    is_agreement: bool = False
    recall: tuple[tuple[str, float, float], ...] = ()
    notes: tuple[Caveat, ...] = ()
    valid: tuple[float, float] | None = None


def evaluate(
    pairs: Sequence[Pair],
    scorer: Scorer,
    *,
    vote_set: VoteSetId,
    time: datetime,
    local: str,
    remote: str,
    labels: Sequence[str] = (),
    seed: int = 0,
) -> Evaluation:
    """Score the answers and say what they show.

    Where some prompts have right answers, those alone count; where none has, it is agreement with the remote model, which
    never brings a verdict. `labels` are all that may be given (default: those expected).
    """
    found = _found(pairs, scorer, labels, seed)
    n_skipped = sum(each.remote is None or each.local is None for each in pairs) if scorer not in ("votes", "judge") else 0
    few: Caveat = "few_votes" if scorer in ("votes", "judge") else "few_prompts"
    notes = (*found.notes, *((few,) if 0 < found.n < verdict.FEW else ()), *(("unanswered",) if n_skipped else ()))
    return Evaluation(
        set=vote_set,
        time=time,
        local=local,
        remote=remote,
        scorer=scorer,
        n=found.n,
        table=found.table,
        estimate=found.estimate,
        interval=found.interval,
        test=found.test,
        p_value=found.p_value,
        verdict=found.verdict,
        n_more=found.n_more,
        is_agreement=found.is_agreement,
        recall=found.recall,
        notes=notes,
        valid=found.valid,
    )


def _found(pairs: Sequence[Pair], scorer: Scorer, labels: Sequence[str], seed: int) -> _Finding:
    if scorer in ("votes", "judge"):
        return _of_preferences([pair.preferred for pair in pairs if pair.preferred], is_judged=scorer == "judge")
    answered = [pair for pair in pairs if pair.remote is not None]
    known = [pair for pair in answered if pair.expected is not None and pair.expected.strip()]
    if answered and not known:
        return _of_agreement(answered, scorer, labels, seed)
    if not known:
        return _Finding(0, n_more=verdict.LOOKS[0])
    if scorer == "fields":
        return _of_fields(known, seed)
    if scorer == "labels":
        return _of_labels(known, labels)
    return _of_table(_table(known, lambda pair, answer: is_exact(pair.expected or "", answer)))


# ---------------------------------------------------------------- right or wrong
def _table(pairs: Sequence[Pair], is_right: Callable[[Pair, str | None], bool]) -> Table:
    cells = Counter((is_right(pair, pair.local), is_right(pair, pair.remote)) for pair in pairs)
    return cells[True, True], cells[True, False], cells[False, True], cells[False, False]


def _of_table(table: Table) -> _Finding:
    """The ratio of shares of right answers, by Nam and Blackwelder's test."""
    a, b, c, _ = table
    n, test = sum(table), nam_blackwelder(*table)
    said = verdict.of_test(test) if n >= verdict.LOOKS[0] else "more"
    needs = needed_by_ratio(a / n, b / n, c / n)
    ratio = (a + b) / (a + c) if a + c else None
    return _Finding(n, table, ratio, ratio_interval(*table), "nam_blackwelder", test.p, said, _more(said, needs, n))


def _of_labels(pairs: Sequence[Pair], labels: Sequence[str]) -> _Finding:
    known = tuple(labels) or tuple(dict.fromkeys(pair.expected or "" for pair in pairs))
    found = _of_table(_table(pairs, lambda pair, answer: is_label(pair.expected or "", answer, known)))
    return replace(found, recall=_recall(pairs, known))


def _recall(pairs: Sequence[Pair], labels: Sequence[str]) -> tuple[tuple[str, float, float], ...]:
    totals: Counter[str] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        label = label_of(pair.expected or "", labels)
        if label is None:
            continue
        totals[label] += 1
        right["local", label] += is_label(label, pair.local, labels)
        right["remote", label] += is_label(label, pair.remote, labels)
    return tuple(
        (label, right["local", label] / totals[label], right["remote", label] / totals[label])
        for label in labels
        if totals[label]
    )


# ---------------------------------------------------------------- graded
def _of_fields(pairs: Sequence[Pair], seed: int) -> _Finding:
    scored = [
        (pair, field_score(pair.expected or "", pair.local), field_score(pair.expected or "", pair.remote)) for pair in pairs
    ]
    rows = [(pair, one, other) for pair, one, other in scored if one is not None and other is not None]
    if not rows:
        return _Finding(0, n_more=verdict.LOOKS[0])
    local, remote = [one for _, one, _ in rows], [other for _, _, other in rows]
    found = _of_scores([one.f1 for one in local], [other.f1 for other in remote], [pair.source for pair, _, _ in rows], seed)
    valid = valid_rate(local) or 0.0, valid_rate(remote) or 0.0
    found = replace(found, recall=_field_recall(local, remote), valid=valid)
    is_invalid, is_remote_valid = valid[0] < verdict.VALID_ENOUGH, valid[1] >= verdict.VALID_ENOUGH
    if not is_invalid:
        return found
    is_worse = is_remote_valid and found.n >= verdict.LOOKS[0]
    return replace(
        found,
        notes=("schema_invalid",),
        verdict="inferior" if is_worse else found.verdict,
        n_more=0 if is_worse else found.n_more,
    )


def _of_scores(local: Sequence[float], remote: Sequence[float], sources: Sequence[str], seed: int) -> _Finding:
    """The mean difference, and whether Lᵢ − 0.95·Rᵢ is positive on average, by bootstrap over sources."""
    n, table = len(local), _graded_table(local, remote)
    means = resampled_means([one - RATIO * other for one, other in zip(local, remote, strict=True)], sources, seed=seed)
    differences = resampled_means([one - other for one, other in zip(local, remote, strict=True)], sources, seed=seed)
    said = verdict.of_means(means, n) if n >= verdict.LOOKS[0] else "more"
    if means[0] == means[-1]:  # as where all is right on both sides; the bootstrap cannot tell how sure that is
        return _of_table(table) if {*local, *remote} <= {0.0, 1.0} else _Finding(n, table, verdict="more")
    return _Finding(
        n,
        table,
        (math.fsum(local) - math.fsum(remote)) / n,
        _interval(differences),
        "bootstrap",
        (sum(mean <= 0 for mean in means) + 1) / (len(means) + 1),
        said,
        _more(said, needed_graded(local, remote), n),
    )


def _graded_table(local: Sequence[float], remote: Sequence[float]) -> Table:
    cells = Counter((one == 1, other == 1) for one, other in zip(local, remote, strict=True))
    return cells[True, True], cells[True, False], cells[False, True], cells[False, False]


def _field_recall(local: Sequence[FieldScore], remote: Sequence[FieldScore]) -> tuple[tuple[str, float, float], ...]:
    expected, right = Counter[str](), (Counter[str](), Counter[str]())
    for one, other in zip(local, remote, strict=True):
        for name, (n_right, n_expected) in one.by_name.items():
            expected[name] += n_expected
            right[0][name] += n_right
            right[1][name] += other.by_name[name][0]
    return tuple((name, right[0][name] / n, right[1][name] / n) for name, n in expected.items())


def _interval(means: Sequence[float]) -> tuple[float, float]:
    tail = round(0.025 * len(means))
    return means[tail - 1], means[-tail]


# ---------------------------------------------------------------- agreement, preference
def _of_agreement(pairs: Sequence[Pair], scorer: Scorer, labels: Sequence[str], seed: int) -> _Finding:
    scores = [0.0 if pair.local is None else agrees(pair.local, pair.remote or "", scorer, labels) for pair in pairs]
    n, n_same = len(scores), sum(score == 1 for score in scores)
    is_graded = scorer == "fields"
    interval = _interval(resampled_means(scores, [pair.source for pair in pairs], seed=seed)) if is_graded else wilson(n_same, n)
    return _Finding(
        n,
        (n_same, 0, n - n_same, 0),
        math.fsum(scores) / n,
        interval,
        "agreement",
        verdict="more",
        is_agreement=True,
        notes=("agreement_not_quality",),
    )


def _of_preferences(preferred: Sequence[Preference], *, is_judged: bool) -> _Finding:
    """The difference of the shares of preferences, by Tango's test, as in a tally. A judge alone brings no verdict."""
    kinds = Counter(preferred)
    n, b, c = len(preferred), kinds["local"], kinds["remote"]
    table, usable = (kinds["equal"], b, c, kinds["none"]), n - kinds["none"]
    notes: tuple[Caveat, ...] = ("judge_only",) if is_judged and n else ()
    if not usable:
        return _Finding(
            n, table, test="tango", verdict="more" if n else "none", n_more=None if n else verdict.LOOKS[0], notes=notes
        )
    test = tango(b, c, usable)
    said = verdict.of_test(test) if n >= verdict.LOOKS[0] and not is_judged else "more"
    needs = needed_by_difference(b / usable, c / usable)
    more = None if is_judged else _more(said, None if needs is None else -(-needs * n // usable), n)
    return _Finding(n, table, (b - c) / usable, tango_interval(b, c, usable), "tango", test.p, said, more, notes=notes)


def _more(said: Verdict, needs: int | None, n: int) -> int | None:
    return 0 if said != "more" else verdict.still_needed(needs, n, verdict.next_size(n))
