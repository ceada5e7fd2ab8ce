"""Workloads, where each of them runs, and what is advised. Frozen values; money in nano-dollars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.compare_records import RemoteChoice
from engine.ledger_records import Spread, WorkloadId
from engine.records import ModelId
from engine.vote_records import SetKind

Sensitivity = Literal["public", "internal", "confidential"]
SENSITIVITIES: tuple[Sensitivity, ...] = ("public", "internal", "confidential")

#: Where the items of a workload are answered. `api`: by a remote model. `shadow`: by a remote model, and beside it by the local
#: one, whose answers are only compared. `share`: a part of them by the local model. `local`: all of them by the local model.
RouteKind = Literal["api", "shadow", "share", "local"]
ROUTE_KINDS: tuple[RouteKind, ...] = ("api", "shadow", "share", "local")


@dataclass(frozen=True)
class Route:
    """Where a workload runs. `share_percent` of its items are answered here where the kind is `share`.

    `sample_percent` of what is answered here is also put to the remote model, to see that the quality holds; each time only
    with the person's approval. `since` is when the workload was moved, None: it never was.
    """

    kind: RouteKind = "api"
    local: ModelId | None = None  # None: the model chosen in the settings
    remote: RemoteChoice | None = None
    share_percent: int = 100
    sample_percent: int = 2
    since: datetime | None = None


@dataclass(frozen=True)
class Traits:
    """What the user says of a workload. `monthly_items` is how many there are a month, None: as many as were counted.

    `longest_wait_s`: an answer that takes longer is of no use.
    """

    sensitivity: Sensitivity = "internal"
    is_reasoning: bool = False
    monthly_items: int | None = None
    longest_wait_s: int | None = None


@dataclass(frozen=True)
class Workload:
    """A named kind of work. `is_fixed`: it always runs on this computer and has no route, as questions on documents do."""

    id: WorkloadId
    name: str  # '' for kinds of work that are always there
    kind: SetKind
    traits: Traits = Traits()
    route: Route = Route()
    is_fixed: bool = False


@dataclass(frozen=True)
class Move:
    """A change of a workload's route, with what was advised then and by which thresholds."""

    workload: WorkloadId
    time: datetime
    before: Route
    after: Route
    label: Label | None
    thresholds: str  # as JSON


# ---------------------------------------------------------------- advice
Label = Literal["migrate", "test_more", "stay"]

#: Why a workload has its label, in the order in which they are asked; the first that holds decides.
Rule = Literal[
    "confidential_on_api", "context", "capacity", "inferior", "reasoning", "no_saving", "low_volume", "quality_unknown",
    "incomplete", "reached", "otherwise",
]  # fmt: skip
RULES: tuple[Rule, ...] = (
    "confidential_on_api", "context", "capacity", "inferior", "reasoning", "no_saving", "low_volume", "quality_unknown",
    "incomplete", "reached", "otherwise",
)  # fmt: skip

QualityStatus = Literal["reached", "unknown", "inferior", "failing"]


@dataclass(frozen=True)
class Quality:
    """What votes and evaluations say of a workload. `source` '' : neither. `table`, `estimate` and `interval` as in Evaluation.

    `valid_local`, `valid_remote`: shares of answers that keep to the wanted form, in parts of a million; None: not asked for.
    """

    status: QualityStatus = "unknown"
    n: int = 0
    source: Literal["", "votes", "evaluation", "judge"] = ""
    local: str = ""
    remote: str = ""
    table: tuple[int, int, int, int] | None = None
    estimate: float | None = None
    interval: tuple[float, float] | None = None
    test: str = ""
    p_value: float | None = None
    n_more: int | None = None
    valid_local: int | None = None
    valid_remote: int | None = None
    time: datetime | None = None


@dataclass(frozen=True)
class WorkFacts:
    """What is known of a workload for a month (30 days). `n_api` calls went to a remote model.

    `api_cost` is what it costs there in a month, None: not known; `local_cost` electricity at its high end and the share of
    the hardware; `most_items` what this computer can do in a month, None: never measured. Tokens at the 95th percentile.
    """

    n_items: int
    n_api: int
    api_cost: int | None
    local_cost: int | None
    most_items: int | None
    prompt_95: int | None
    n_ctx: int | None
    wait_95_ms: int | None = None
    has_local_model: bool = True
    has_ratio: bool = True
    is_planned: bool = False  # the number of items is the user's, not counted


@dataclass(frozen=True)
class Reason:
    """A rule that holds. `facts` are its figures by name, for the sentence."""

    rule: Rule
    label: Label
    decides: bool
    facts: tuple[tuple[str, int | float | str | None], ...] = ()


#: Why a workload that may be moved cannot be now. `one_at_a_time`: another was moved and is still being watched.
Obstacle = Literal["", "one_at_a_time", "fixed", "no_local_model", "no_remote_model", "confidential"]


@dataclass(frozen=True)
class Advice:
    """What is advised for a workload, and why. `saving` a month in nano-dollars, None: not known.

    `test_cost` is what `quality.n_more` prompts would cost at the remote model. `alert`: it was moved here and its quality
    has dropped since, so moving it back is advised. `obstacle`: why it cannot be moved to this computer now.
    """

    workload: Workload
    label: Label
    reasons: tuple[Reason, ...]
    facts: WorkFacts
    quality: Quality
    saving: Spread | None = None
    test_cost: int | None = None
    alert: Literal["", "quality_dropped", "form_dropped"] = ""
    obstacle: Obstacle = ""
    watched_until: datetime | None = None
    previous: Route | None = None  # where it ran before, to go back to
