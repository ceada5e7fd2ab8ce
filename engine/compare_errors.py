"""What can go wrong with remote models and comparisons. Part of the tree of engine.errors; import them from there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.strongroom_error import StrongroomError


class ProviderError(StrongroomError):
    """A remote model did not answer as it was asked to."""


@dataclass(eq=False)
class KeyMissing(ProviderError):
    """No key of this provider is kept; nothing was sent."""

    provider: str


@dataclass(eq=False)
class KeyRefused(ProviderError):
    """The provider does not accept the key, or not for this model. `status` is of HTTP."""

    provider: str
    host: str
    status: int


@dataclass(eq=False)
class OutOfCredit(ProviderError):
    """The account at the provider has no credit left, or has reached its limit."""

    provider: str
    host: str


@dataclass(eq=False)
class RateLimited(ProviderError):
    """The provider takes no more requests for now. `retry_after_s` where it said so."""

    provider: str
    host: str
    retry_after_s: float | None = None


@dataclass(eq=False)
class ProviderFailed(ProviderError):
    """The provider answered, but not with an answer. `detail` is its own code for the fault, never its text."""

    provider: str
    host: str
    reason: Literal[
        "overloaded", "server_error", "model_unknown", "too_long", "bad_request", "filtered", "redirected", "bad_answer"
    ]  # fmt: skip
    status: int
    detail: str = ""


@dataclass(eq=False)
class OutcomeUnknown(ProviderError):
    """The text was sent and the answer did not come, or not to its end. It may have been charged; it is not sent again.

    `lock_closed`: it was ended here, by closing the offline lock.
    """

    provider: str
    host: str
    reason: Literal["timed_out", "broken_off", "lock_closed"]


@dataclass(eq=False)
class ProviderUnfit(ProviderError):
    """What was entered does not describe a provider that can be used."""

    name: str
    reason: Literal["no_name", "bad_address", "not_https", "no_models", "name_taken", "bad_key"]


class CompareError(StrongroomError):
    """A comparison cannot be made as it was wished for. Nothing was sent."""


@dataclass(eq=False)
class MatterConfidential(CompareError):
    """The matter is marked as confidential: nothing of it leaves this computer, whatever is approved."""

    matter: str


@dataclass(eq=False)
class HiddenDetailLeaks(CompareError):
    """Details that shall be hidden would still be sent, in the named forms. Counts and kinds only, never the details."""

    n_leaks: int
    forms: str = ""


@dataclass(eq=False)
class NotApproved(CompareError):
    """What was approved is not what would be sent now: it has changed, was sent already, or belongs to nothing that waits."""

    reason: Literal["changed", "already_sent", "nothing_waits"]


@dataclass(eq=False)
class PromptsUnfit(CompareError):
    """A file of prompts, or a set, that cannot be used."""

    file: str
    reason: Literal["missing", "unreadable", "too_large", "no_prompts", "no_such_column", "too_many", "no_expected"]
    detail: str = ""


@dataclass(eq=False)
class JudgeUnfit(CompareError):
    """A model may not judge answers of its own, or of models of its family."""

    model: str
    reason: Literal["contestant", "family"]
