"""Votes, prompt sets and what follows from them. Frozen values without any text of a prompt or an answer, but for Prompt."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.compare_records import ComparisonId, VoteSetId

#: What kind of work a set stands for; decides how answers are scored.
SetKind = Literal["classify", "extract", "answer", "draft", "other"]
Scorer = Literal["exact", "labels", "fields", "votes", "judge"]

#: `best`: one answer. `all_equal`: no difference that matters. `none_usable`: none may be used.
Judgement = Literal["best", "all_equal", "none_usable"]

#: What may be said of a workload. `reached`: at least 95 % of the quality, or no worse by more than the margin, at a
#: planned look. `inferior`: shown to be worse than that. `more`: neither is shown yet.
Verdict = Literal["none", "more", "reached", "inferior"]


#: Who voted, where it was not a model that judged.
PERSON = "person"


@dataclass(frozen=True)
class VoteSet:
    """A named kind of work for which answers are compared: a workload of the ledger."""

    id: VoteSetId
    name: str
    kind: SetKind
    created: datetime
    n_votes: int = 0
    n_prompts: int = 0  # in the matter that is open
    seed: int = 0  # of the sides in blind mode


@dataclass(frozen=True)
class Prompt:
    """One prompt of a set. `expected` is the right answer, a label or a JSON object, where it is known."""

    number: int
    text: str = field(repr=False)
    expected: str | None = field(default=None, repr=False)
    source: str = ""  # name of the file or conversation that it came from


@dataclass(frozen=True)
class Vote:
    """One judgement. `models` names who answered, pane by pane (`local:ID` or `PROVIDER/MODEL`); `order` is which pane stood
    at each place, from the left. `best` is the pane, not the place. `recognised`: the voter knew one in blind mode.
    `by`: a person, or the local model that judged.
    """

    set: VoteSetId
    comparison: ComparisonId
    time: datetime
    models: tuple[str, ...]
    judgement: Judgement
    best: int | None
    order: tuple[int, ...]
    lengths: tuple[int, ...]  # characters of each pane's answer
    is_blind: bool = False
    recognised: bool = False
    by: str = PERSON


@dataclass(frozen=True)
class Share:
    """How often a model's answer was the best, with its 95 % Wilson interval (shares of 1)."""

    model: str
    wins: int
    n: int
    share: float
    low: float
    high: float
    strength: float | None = None  # Bradley–Terry, natural logarithm, mean 0; from three models up


@dataclass(frozen=True)
class Tally:
    """What the votes of a set say so far. `notes` are kinds of caveat, such as few_votes.

    `evidence` is an e-value that may be looked at after every vote; 20 is strong. The p-value and the interval of the
    difference are shown at planned looks only (None between them). `n_more`: about how many further votes would settle
    it, None if more would not help.
    """

    set: VoteSetId
    n_votes: int
    shares: tuple[Share, ...]
    n_equal: int = 0
    n_none: int = 0
    n_recognised: int = 0
    leader: str | None = None
    evidence: float = 1.0
    verdict: Verdict = "none"
    is_look: bool = False
    next_look: int | None = None
    difference: tuple[float, float, float] | None = None  # estimate, low, high
    p_value: float | None = None
    n_more: int | None = None
    left_share: tuple[float, float, float] | None = None  # of wins at the left side, blind votes of two only
    is_left_biased: bool = False
    longer_share: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evaluation:
    """A finished run of a set on a local and a remote model. `table` counts prompts: both right, only the local, only the
    remote, neither. `estimate` is the ratio of qualities, or the mean difference for graded scores.
    """

    set: VoteSetId
    time: datetime
    local: str
    remote: str
    scorer: Scorer
    n: int
    table: tuple[int, int, int, int]
    estimate: float | None
    interval: tuple[float, float] | None
    test: str  # name of the test, such as nam_blackwelder
    p_value: float | None
    verdict: Verdict
    n_more: int | None = None
    is_agreement: bool = False  # no right answers are known: this is agreement with the remote model, not quality
    recall: tuple[tuple[str, float, float], ...] = ()  # for labels: label, recall of the local and of the remote model
    notes: tuple[str, ...] = ()  # kinds of caveat, such as judge_only
    valid: tuple[float, float] | None = None  # for fields: shares of answers of the expected shape, local and remote
