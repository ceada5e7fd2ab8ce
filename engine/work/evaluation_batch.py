"""A set of prompts on its way to a local and a remote model: what would be sent, what an answer counts for, what ends it.

Pure, but for the wish that it stops. Who runs it is work/evaluating.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.compare_intents import PrepareEvaluation
from engine.compare_records import PaneAnswer, Preview, Receiver
from engine.errors import (
    BudgetReached,
    HiddenDetailLeaks,
    KeyMissing,
    KeyRefused,
    MatterConfidential,
    NetworkRefused,
    NotApproved,
    OutOfCredit,
    StrongroomError,
    error_from,
)
from engine.evaluation.evaluation import Pair
from engine.hiding.table import Table
from engine.provider_records import Provider
from engine.vote_records import Prompt
from engine.work.panes import Stop
from engine.work.previewing import Plan

MOST_FAILURES_IN_A_ROW = 3
#: After these nothing else would be answered either, and asking on would only cost time.
HOPELESS = (KeyMissing, KeyRefused, OutOfCredit, BudgetReached, NetworkRefused, NotApproved, MatterConfidential)
LOCAL, REMOTE = 0, 1  # the panes of each comparison


@dataclass(eq=False)
class Batch:
    """A set that waits for approval, or runs. `table` puts back what is hidden; None where nothing is.

    `own` are the terms that were to be hidden for this run as well, `terms` these and the user's from the settings.
    `approved` is when a person approved all of it.
    """

    wish: PrepareEvaluation
    provider: Provider
    prompts: tuple[Prompt, ...]
    plans: tuple[Plan, ...] = field(repr=False)
    previews: tuple[Preview, ...] = field(repr=False)
    table: Table | None = field(repr=False)
    own: tuple[str, ...] = field(default=(), repr=False)
    terms: tuple[str, ...] = field(default=(), repr=False)
    approved: datetime | None = None
    stop: Stop = field(default_factory=Stop)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def receivers(self) -> tuple[Receiver, ...]:
        return tuple(receiver for preview in self.previews for receiver in preview.receivers)

    @property
    def sha256(self) -> str:
        """What an approval of all of it names: the SHA-256 of the bodies, a line break between two."""
        return hashlib.sha256(b"\n".join(each.body for each in self.receivers)).hexdigest()

    @property
    def n_leaks(self) -> int:
        return sum(len(each.leaks) for each in self.previews)

    def require_waiting(self, approved: str) -> None:
        """Raises what keeps this approval from sending it: it was sent, is not what was approved, or would leak."""
        if self.approved is not None:
            raise NotApproved("already_sent")
        if approved != self.sha256:
            raise NotApproved("changed")
        if self.n_leaks:
            forms = {leak.form for each in self.previews for leak in each.leaks}
            raise HiddenDetailLeaks(self.n_leaks, ", ".join(sorted(forms)))

    def require_address(self, provider: Provider) -> None:
        """Raises NotApproved for a provider that has moved: a checksum says nothing of an address."""
        before = self.provider
        if (provider.base_url, provider.dialect, provider.host) != (before.base_url, before.dialect, before.host):
            raise NotApproved("changed")

    def hides_as(self, table: Table, terms: Sequence[str]) -> bool:
        """Whether with this table, as it is kept now, and these terms the same would be hidden."""
        return self.table is None or (_hidden(table) == _hidden(self.table) and tuple(terms) == self.terms)


def _hidden(table: Table) -> list[tuple[str, str, tuple[str, ...], bool]]:
    return [(each.placeholder, each.original, each.forms, each.is_hidden) for each in table.details]


@dataclass
class Course:
    """How far a run is. `spent` in nano-dollars; None once a cost is not known."""

    pairs: list[Pair] = field(default_factory=list)
    n_failed: int = 0
    failures: int = 0  # in a row
    spent: int | None = 0

    def spend(self, remote: PaneAnswer) -> None:
        """Count what an answer cost; one that has no cost at all was never sent."""
        cost = 0 if remote.cost is None else remote.cost.nano_usd
        self.spent = None if self.spent is None or cost is None else self.spent + cost

    def take(self, local: PaneAnswer, remote: PaneAnswer, prompt: Prompt) -> None:
        """Count the answers to one prompt."""
        pair = pair_of(local, remote, prompt)
        if pair is not None:
            self.pairs.append(pair)
        self.failures = self.failures + 1 if pair is None else 0
        self.n_failed += not (local.is_usable and remote.is_usable)

    def give_up_where_hopeless(self, *answers: PaneAnswer) -> None:
        """Raises what went wrong where asking on would not help."""
        for answer in answers:
            error = problem_of(answer)
            if error is not None and (isinstance(error, HOPELESS) or self.failures >= MOST_FAILURES_IN_A_ROW):
                raise error


def problem_of(answer: PaneAnswer) -> StrongroomError | None:
    return None if answer.problem is None else error_from(answer.problem, dict(answer.problem_facts or {}))


def is_its_own(answer: PaneAnswer) -> bool:
    """Whether what became of it is the model's own doing: an answer, none at all, or a prompt too long for it.

    A stop, a broken line or a refusal says nothing about a model.
    """
    if answer.problem is not None:
        return answer.problem == "prompt_too_long"
    return answer.stop_reason not in (None, "cancelled")


def pair_of(local: PaneAnswer, remote: PaneAnswer, prompt: Prompt) -> Pair | None:
    """What the two answers are worth comparing as; None where one of them is missing for reasons that are not its model's."""
    if not (is_its_own(local) and is_its_own(remote)):
        return None
    texts = [each.text if each.is_usable else None for each in (local, remote)]
    return Pair(texts[LOCAL], texts[REMOTE], prompt.expected, f"prompt {prompt.number}")
