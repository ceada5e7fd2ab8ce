"""Happenings of comparing, remote models and votes. Like those of `events`.

Each pane of a comparison that began ends in exactly one PaneEnded, whose answer says how; a remote pane begins only after
SendComparison.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.compare_records import Comparison, ComparisonId, PaneAnswer, PaneChoice, Preview, Receiver, VoteSetId
from engine.errors import StrongroomError
from engine.events import Event
from engine.provider_records import Provider, ProviderCheck, ProviderId
from engine.records import MatterId, RequestId
from engine.vote_records import Evaluation, Prompt, Scorer, Tally, VoteSet


# ---------------------------------------------------------------- remote models
@dataclass(frozen=True)
class ProvidersListed(Event):
    """The providers as they are kept, and those that could be added with one choice."""

    providers: tuple[Provider, ...]
    presets: tuple[Provider, ...]
    prices_as_of: str = ""


@dataclass(frozen=True)
class ProviderChecked(Event):
    """The answer to CheckProvider: a check or an error."""

    request: RequestId
    provider: ProviderId
    check: ProviderCheck | None = None
    error: StrongroomError | None = None


# ---------------------------------------------------------------- comparing
@dataclass(frozen=True)
class ComparisonPrepared(Event):
    """What would be sent. Comes again whenever that changes; only the newest one can be approved."""

    preview: Preview


@dataclass(frozen=True)
class ComparisonRefused(Event):
    """A comparison that could not be prepared, revised or sent; nothing was sent. What was prepared before still stands."""

    request: RequestId
    error: StrongroomError


@dataclass(frozen=True)
class PaneStarted(Event):
    """A pane begins, from the start: what it had shown before no longer counts. `name` is the model's, `host` '' if local."""

    request: RequestId
    pane: int
    choice: PaneChoice
    name: str
    host: str = ""
    stage: Literal["loading", "waiting", "sending", "reading"] = "waiting"


@dataclass(frozen=True)
class PaneProgress(Event):
    """`reading`: `n_read` of `n_to_read` tokens. `thinking`: it reasons, `n_read` characters so far."""

    request: RequestId
    pane: int
    stage: Literal["loading", "waiting", "sending", "reading", "thinking", "writing"]
    n_read: int = 0
    n_to_read: int = 0


@dataclass(frozen=True)
class PaneGrew(Event):
    """More of an answer, hidden details restored; `text` continues what came before."""

    request: RequestId
    pane: int
    text: str


@dataclass(frozen=True)
class PaneEnded(Event):
    """Last word of a pane."""

    request: RequestId
    answer: PaneAnswer


@dataclass(frozen=True)
class ComparisonKept(Event):
    """The comparison as it is stored now; after a pane has ended. `is_done`: every pane has."""

    request: RequestId
    comparison: Comparison
    is_done: bool


@dataclass(frozen=True)
class ComparisonsListed(Event):
    """Newest first. `judged` are those that a person has voted on."""

    matter: MatterId
    comparisons: tuple[Comparison, ...]
    judged: tuple[ComparisonId, ...] = ()


@dataclass(frozen=True)
class ComparisonOpened(Event):
    """`order` is which pane stands at each place, from the left, where it is judged with hidden names."""

    comparison: Comparison
    order: tuple[int, ...] = ()


@dataclass(frozen=True)
class ComparisonsExported(Event):
    file: Path


# ---------------------------------------------------------------- votes and sets
@dataclass(frozen=True)
class VoteSetsListed(Event):
    """`created` is the set that was just made, to be chosen."""

    sets: tuple[VoteSet, ...]
    created: VoteSetId | None = None


@dataclass(frozen=True)
class Tallied(Event):
    """What the votes of a set say. `comparison` was just voted on, if one was."""

    tally: Tally
    comparison: ComparisonId | None = None


@dataclass(frozen=True)
class PromptsListed(Event):
    matter: MatterId
    set: VoteSetId
    prompts: tuple[Prompt, ...]
    n_skipped: int = 0  # rows of the file without a prompt


@dataclass(frozen=True)
class EvaluationPrepared(Event):
    """What a run would send, request by request: the text of each is in its preview. `sha256` approves all of it."""

    request: RequestId
    set: VoteSetId
    scorer: Scorer
    previews: tuple[Preview, ...]
    receivers: tuple[Receiver, ...]
    sha256: str
    max_cost: int | None


@dataclass(frozen=True)
class EvaluationProgress(Event):
    """`n_done` of `n` prompts have both answers; `n_failed` of them count as not answered."""

    request: RequestId
    n_done: int
    n: int
    n_failed: int = 0
    spent: int | None = None  # nano-dollars so far, None while a cost is not known


@dataclass(frozen=True)
class EvaluationFinished(Event):
    request: RequestId
    evaluation: Evaluation


@dataclass(frozen=True)
class EvaluationFailed(Event):
    """What was answered before is kept."""

    request: RequestId
    error: StrongroomError


@dataclass(frozen=True)
class EvaluationsListed(Event):
    set: VoteSetId
    evaluations: tuple[Evaluation, ...]
