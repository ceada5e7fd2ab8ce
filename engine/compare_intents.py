"""Wishes about comparing, remote models and votes. Like those of `intents`: frozen, taken by `service.Service.submit`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from engine.compare_records import ComparisonId, DetailKind, PaneChoice, VoteSetId
from engine.intents import Intent
from engine.provider_records import Provider, ProviderId
from engine.records import ConversationId, DocumentId, MatterId, ModelId, RequestId
from engine.vote_records import Judgement, Scorer, SetKind


# ---------------------------------------------------------------- remote models
@dataclass(frozen=True)
class ListProviders(Intent):
    """Answered by ProvidersListed."""


@dataclass(frozen=True)
class KeepProvider(Intent):
    """Add a provider, or change the one with its id; answered by ProvidersListed. `key` and `host` in it do not count."""

    provider: Provider


@dataclass(frozen=True)
class RemoveProvider(Intent):
    """Forget a provider and its key; answered by ProvidersListed. What was asked of it stays in the log and the ledger."""

    provider: ProviderId


@dataclass(frozen=True)
class KeepKey(Intent):
    """Keep a provider's key in the system keyring; without one, in memory until the program ends."""

    provider: ProviderId
    key: str = field(repr=False)


@dataclass(frozen=True)
class ForgetKey(Intent):
    provider: ProviderId


@dataclass(frozen=True)
class CheckProvider(Intent):
    """Ask the provider which models it has: sends the key and nothing else. Answered by ProviderChecked."""

    request: RequestId
    provider: ProviderId


@dataclass(frozen=True)
class MarkConfidential(Intent):
    """Nothing of a confidential matter can be sent, whatever is approved."""

    matter: MatterId
    is_confidential: bool


# ---------------------------------------------------------------- comparing
@dataclass(frozen=True)
class PrepareComparison(Intent):
    """Put one prompt to two to four models. Answered by ComparisonPrepared; local panes begin at once, remote ones wait.

    `documents`: passages of these are found and made part of the prompt, as for a question; empty for none. `matter` None
    starts one. `hides` False sends names and numbers as they are.
    """

    request: RequestId
    matter: MatterId | None
    text: str
    panes: tuple[PaneChoice, ...]
    documents: tuple[DocumentId, ...] = ()
    vote_set: VoteSetId | None = None
    hides: bool = True
    is_blind: bool = False
    prompt: int | None = None  # the number of a prompt of the set


@dataclass(frozen=True)
class ReviseHidden(Intent):
    """Hide further terms, or let details be seen (by placeholder), or hide those again. Answered by ComparisonPrepared.

    What a user adds is remembered for the matter.
    """

    request: RequestId
    hide: tuple[str, ...] = ()
    kind: DetailKind = "term"
    show: tuple[str, ...] = ()
    hide_again: tuple[str, ...] = ()


@dataclass(frozen=True)
class SendComparison(Intent):
    """The person has read the text and said Send: exactly these bodies, by their SHA-256, and each of them once."""

    request: RequestId
    approved: tuple[str, ...]


@dataclass(frozen=True)
class StopPane(Intent):
    """End one answer, or all where `pane` is None; what was written is kept."""

    request: RequestId
    pane: int | None = None


@dataclass(frozen=True)
class TryPaneAgain(Intent):
    """A pane that failed: a local one begins again, a remote one waits for a new approval (ComparisonPrepared)."""

    request: RequestId
    pane: int


@dataclass(frozen=True)
class CloseComparison(Intent):
    """The comparison is left: what waits for approval is dropped, what runs is stopped."""

    request: RequestId


@dataclass(frozen=True)
class ListComparisons(Intent):
    """The comparisons of a matter, newest first; answered by ComparisonsListed."""

    matter: MatterId


@dataclass(frozen=True)
class OpenComparison(Intent):
    """Answered by ComparisonOpened."""

    matter: MatterId
    comparison: ComparisonId


@dataclass(frozen=True)
class DeleteComparison(Intent):
    matter: MatterId
    comparison: ComparisonId


@dataclass(frozen=True)
class ExportComparisons(Intent):
    """Write the comparisons and votes of a set (None: all) in a matter to a file, by its ending: .csv, .json or .md."""

    matter: MatterId
    file: Path
    vote_set: VoteSetId | None = None


# ---------------------------------------------------------------- votes and sets
@dataclass(frozen=True)
class CastVote(Intent):
    """Judge a comparison. A second vote takes the place of the first. Answered by Tallied."""

    matter: MatterId
    comparison: ComparisonId
    set: VoteSetId
    judgement: Judgement
    best: int | None = None
    order: tuple[int, ...] = ()
    is_blind: bool = False
    recognised: bool = False


@dataclass(frozen=True)
class ListVoteSets(Intent):
    """Answered by VoteSetsListed; `matter` is the one whose prompts are counted."""

    matter: MatterId | None = None


@dataclass(frozen=True)
class CreateVoteSet(Intent):
    name: str
    kind: SetKind = "other"


@dataclass(frozen=True)
class RenameVoteSet(Intent):
    set: VoteSetId
    name: str


@dataclass(frozen=True)
class DeleteVoteSet(Intent):
    """Remove a set with its votes and prompts; the comparisons stay in their matters."""

    set: VoteSetId


@dataclass(frozen=True)
class ShowTally(Intent):
    """Answered by Tallied."""

    set: VoteSetId


@dataclass(frozen=True)
class ImportPrompts(Intent):
    """Fill a set from a CSV file: columns `prompt` and, where there are right answers, `expected`. Answered by PromptsListed."""

    matter: MatterId
    set: VoteSetId
    file: Path


@dataclass(frozen=True)
class TakePrompts(Intent):
    """Fill a set with the questions of one's own conversations (all of the matter, if none is named)."""

    matter: MatterId
    set: VoteSetId
    conversations: tuple[ConversationId, ...] = ()


@dataclass(frozen=True)
class ListPrompts(Intent):
    """Answered by PromptsListed."""

    matter: MatterId
    set: VoteSetId


@dataclass(frozen=True)
class PrepareEvaluation(Intent):
    """Make ready to run a whole set on a local and a remote model. Answered by EvaluationPrepared; nothing is sent."""

    request: RequestId
    matter: MatterId
    set: VoteSetId
    local: ModelId
    remote: PaneChoice
    scorer: Scorer
    hides: bool = True


@dataclass(frozen=True)
class RunEvaluation(Intent):
    """The person has approved the batch, by the SHA-256 over all bodies. Ends in EvaluationFinished or EvaluationFailed."""

    request: RequestId
    approved: str


@dataclass(frozen=True)
class StopEvaluation(Intent):
    """Send nothing more; what was answered is kept and counts."""

    request: RequestId


@dataclass(frozen=True)
class JudgeSet(Intent):
    """Let a local model judge the pairs of a set, both ways round. Progress, then EvaluationFinished or EvaluationFailed."""

    request: RequestId
    matter: MatterId
    set: VoteSetId
    judge: ModelId


@dataclass(frozen=True)
class ShowEvaluations(Intent):
    """Answered by EvaluationsListed."""

    set: VoteSetId
