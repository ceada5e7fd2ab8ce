"""A comparison as the engine shows it: who answers, exactly what would be sent, what came back.

Frozen values. Panes count from 0. Texts may hold document content, so nothing of this goes into logs or errors.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NewType

from engine.provider_records import Cost, ProviderId, TokenCounts
from engine.records import DocumentId, MatterId, ModelId, RequestId

ComparisonId = NewType("ComparisonId", str)
VoteSetId = NewType("VoteSetId", str)

MIN_PANES, MAX_PANES = 2, 4

PaneStopReason = Literal["end_of_text", "stop_word", "token_limit", "cancelled", "filtered"]


# ---------------------------------------------------------------- who answers
@dataclass(frozen=True)
class LocalChoice:
    """A model on this computer."""

    model: ModelId


@dataclass(frozen=True)
class RemoteChoice:
    """A model of a provider."""

    provider: ProviderId
    model: str


PaneChoice = LocalChoice | RemoteChoice


# ---------------------------------------------------------------- what is hidden
DetailKind = Literal[
    "person", "organisation", "address", "email", "phone", "account", "reference", "birth_date", "web", "term"
]  # fmt: skip
DETAIL_KINDS: tuple[DetailKind, ...] = (
    "person", "organisation", "address", "email", "phone", "account", "reference", "birth_date", "web", "term",
)  # fmt: skip


@dataclass(frozen=True)
class HiddenDetail:
    """A detail and the placeholder that stands for it, such as `[Person 1]`. The original never leaves this computer.

    `forms` are the spellings of it that were found. `is_own`: the user asked for it. `is_hidden` False: the user chose to
    let it be seen.
    """

    placeholder: str
    kind: DetailKind
    original: str
    forms: tuple[str, ...] = ()
    n_times: int = 0
    is_own: bool = False
    is_hidden: bool = True


@dataclass(frozen=True)
class Place:
    """Where a placeholder stands in a text; offsets in characters, end exclusive."""

    start: int
    end: int
    placeholder: str


@dataclass(frozen=True)
class Leak:
    """A hidden detail that would still be sent in some form. `form` says how: as it is, joined, reversed, encoded …"""

    placeholder: str
    kind: DetailKind
    form: str
    start: int
    end: int


# ---------------------------------------------------------------- what would be sent
#: A setting that cannot be the same on both sides, and so is said. `temperature`: it is the provider's own.
#: `max_tokens`: the provider's limit counts its reasoning too.
Difference = Literal["temperature", "max_tokens"]


@dataclass(frozen=True)
class PromptMessage:
    """A message of the prompt, as every pane gets it."""

    role: Literal["system", "user"]
    text: str


@dataclass(frozen=True)
class Receiver:
    """One request that waits for approval: its body, byte for byte, and where it would go.

    `n_tokens` is a high estimate of the prompt; `max_cost` the most that it can cost in nano-dollars, None if no price is
    known. `terms` as in Provider.
    """

    pane: int
    provider: ProviderId
    provider_name: str
    model: str
    host: str
    url: str
    body: bytes = field(repr=False)
    sha256: str
    n_tokens: int
    max_tokens: int
    max_cost: int | None
    terms: str = ""
    is_own: bool = False
    differs: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Attached:
    """A document whose passages are part of the prompt, and how many of them."""

    document: DocumentId
    name: str
    n_passages: int


@dataclass(frozen=True)
class Preview:
    """Everything that a person must see before anything is sent.

    `text` is what the bodies hold as the messages' texts, joined by empty lines; `places` are the placeholders in it.
    With `leaks` nothing can be sent. `receivers` is empty where all panes are local. In a blind comparison `order` says
    which pane stands at each place, from the left; else it is empty.
    """

    request: RequestId
    comparison: ComparisonId
    matter: MatterId | None
    question: str = field(repr=False)
    messages: tuple[PromptMessage, ...] = field(repr=False)
    text: str = field(repr=False)
    places: tuple[Place, ...]
    details: tuple[HiddenDetail, ...] = field(repr=False)
    receivers: tuple[Receiver, ...]
    attached: tuple[Attached, ...] = ()
    n_passages_left_out: int = 0
    leaks: tuple[Leak, ...] = ()
    order: tuple[int, ...] = ()

    @property
    def max_cost(self) -> int | None:
        """The most that all requests together can cost (nano-dollars); None if one of them has no known price."""
        costs = [each.max_cost for each in self.receivers]
        return None if None in costs else sum(each for each in costs if each is not None)

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.host for each in self.receivers))


# ---------------------------------------------------------------- what came back
@dataclass(frozen=True)
class PaneTimings:
    """Seconds from sending to the first word and to the end; tokens a second between the two (None: not known)."""

    ttft_s: float | None
    total_s: float
    tokens_per_s: float | None


@dataclass(frozen=True)
class PaneAnswer:
    """What a pane answered. `text` has the hidden details in their places again, `sent_back` is what came.

    `restored` are the spans of `text` that stood as placeholders, `masked` those in which it tells who it is, which a blind
    comparison does not show. `answered_by` is the model that the provider said had
    answered. `prompt_sha256` tells prompts apart: two panes with the same one read the same words.
    """

    pane: int
    choice: PaneChoice
    name: str
    host: str = ""  # '' on this computer
    text: str = field(default="", repr=False)
    sent_back: str = field(default="", repr=False)
    restored: tuple[Place, ...] = ()
    masked: tuple[tuple[int, int], ...] = ()
    reasoning: str = field(default="", repr=False)
    answered_by: str = ""
    stop_reason: PaneStopReason | None = None
    tokens: TokenCounts | None = None
    timings: PaneTimings | None = None
    cost: Cost | None = None
    problem: str | None = None  # kind of the error that ended it
    problem_facts: dict[str, object] | None = None
    prompt_sha256: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether it came to its own end and can be judged."""
        return self.problem is None and self.stop_reason not in (None, "cancelled") and bool(self.text.strip())


@dataclass(frozen=True)
class Comparison:
    """A prompt with the answers of its panes, as it is kept in its matter. `approved` is when it was sent, if it was."""

    id: ComparisonId
    matter: MatterId
    created: datetime
    question: str = field(repr=False)
    answers: tuple[PaneAnswer, ...]
    vote_set: VoteSetId | None = None
    documents: tuple[DocumentId, ...] = ()
    n_hidden: int = 0
    approved: datetime | None = None
    prompt: int | None = None  # number of the prompt of its set, if it is one
