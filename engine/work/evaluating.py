"""Run a whole set of prompts on a local and a remote model, after one approval of everything that would be sent.

Prompt by prompt, so that a stop, a refusal or the end of the program costs nothing that was answered: each comparison is
kept in its matter as it ends, and what is kept counts. The sums are made in evaluation/; what is sent, in sending.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine.compare_events import (
    EvaluationFailed,
    EvaluationFinished,
    EvaluationPrepared,
    EvaluationProgress,
    EvaluationsListed,
)
from engine.compare_intents import PrepareEvaluation, RunEvaluation
from engine.compare_records import (
    Comparison,
    ComparisonId,
    LocalChoice,
    PaneAnswer,
    Preview,
    Receiver,
    RemoteChoice,
    VoteSetId,
)
from engine.errors import (
    HiddenDetailLeaks,
    KeyMissing,
    KeyRefused,
    NetworkRefused,
    NotApproved,
    NotFound,
    OutOfCredit,
    PromptsUnfit,
    StrongroomError,
    error_from,
)
from engine.evaluation.evaluation import Pair, evaluate
from engine.events import Event
from engine.hiding.table import Table
from engine.provider_records import Provider
from engine.records import MatterId, ModelId, RequestId
from engine.settings import Settings
from engine.vote_records import Evaluation, Prompt
from engine.work.comparison_prompt import compose
from engine.work.faults import translated
from engine.work.hidden_tables import HiddenTables, OwnTerm
from engine.work.pane_writing import PaneTask
from engine.work.panes import Panes, Stop
from engine.work.planning import allowed_matter
from engine.work.previewing import Plan, Previewing
from engine.work.remote_access import RemoteAccess
from engine.work.store_access import StoreAccess
from engine.work.vote_sets import model_name

log = logging.getLogger(__name__)

MOST_FAILURES_IN_A_ROW = 3
#: After these nothing else would be answered either, and asking on would only cost time.
HOPELESS = (KeyMissing, KeyRefused, OutOfCredit, NetworkRefused, NotApproved)
#: What a model did not answer for reasons of its own counts as not answered; a broken line says nothing about it.
ITS_OWN_FAULT = ("prompt_too_long", "out_of_memory")
LOCAL, REMOTE = 0, 1  # the panes of each comparison


@dataclass(eq=False)
class Batch:
    """A set that waits for approval, or runs. `table` puts back what is hidden; None where nothing is."""

    wish: PrepareEvaluation
    provider: Provider
    prompts: tuple[Prompt, ...]
    plans: tuple[Plan, ...] = field(repr=False)
    previews: tuple[Preview, ...] = field(repr=False)
    table: Table | None = field(repr=False)
    is_approved: bool = False
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


class Evaluating:
    """Owner of runs of whole sets."""

    def __init__(
        self,
        access: StoreAccess,
        remote: RemoteAccess,
        tables: HiddenTables,
        previewing: Previewing,
        panes: Panes,
        settings: Callable[[], Settings],
        publish: Callable[[Event], None],
        *,
        name_of: Callable[[ModelId], str] = str,
    ) -> None:
        self._access, self._remote, self._tables, self._previewing = access, remote, tables, previewing
        self._panes, self._settings, self._publish, self._name_of = panes, settings, publish, name_of
        self._batches: dict[RequestId, Batch] = {}

    # ------------------------------------------------------------ wishes
    async def prepare(self, wish: PrepareEvaluation) -> EvaluationPrepared | None:
        """Show everything that a run would send. None where that was refused, which was published."""
        try:
            with translated("prepare an evaluation"):
                prompts = tuple(await self._access.read(lambda store: store.matter(wish.matter).prompts.list(wish.set)))
                prepared = await self.prepared(wish, prompts)
        except StrongroomError as error:
            self._publish(EvaluationFailed(wish.request, error))
            return None
        self._publish(prepared)
        return prepared

    async def prepared(self, wish: PrepareEvaluation, prompts: Sequence[Prompt], own: Sequence[str] = ()) -> EvaluationPrepared:
        """As `prepare`, for prompts from elsewhere and with further terms hidden.

        Raises PromptsUnfit, MatterConfidential, NotFound, StoreError.
        """
        batch = self._batches[wish.request] = await self._batch(wish, tuple(prompts), own)
        costs = [each.max_cost for each in batch.receivers]
        most = None if None in costs else sum(each for each in costs if each is not None)
        return EvaluationPrepared(
            wish.request, wish.set, wish.scorer, batch.previews, batch.receivers, batch.sha256, most
        )  # fmt: skip

    async def run(self, wish: RunEvaluation) -> Evaluation | None:
        """Ask both models everything, if exactly this was approved, and judge the answers. None where it failed, as published."""
        batch = self._batches.get(wish.request)
        try:
            with translated("run an evaluation"):
                if batch is None:
                    raise NotApproved("nothing_waits")
                await self._admit(batch, wish.approved)
                evaluation = await self._run(batch)
        except StrongroomError as error:
            self._publish(EvaluationFailed(wish.request, error))
            return None
        finally:
            if batch is not None and batch.is_approved:
                self._batches.pop(wish.request, None)
                batch.ended.set()
        self._publish(EvaluationFinished(wish.request, evaluation))
        return evaluation

    def stop(self, request: RequestId) -> None:
        """Send nothing more; what was answered counts. What was only prepared is dropped."""
        batch = self._batches.get(request)
        if batch is None:
            return
        batch.stop.set()
        if not batch.is_approved:
            del self._batches[request]

    async def end(self, matter: MatterId | None = None) -> None:
        """Stop the runs of a matter, or all, and wait until they have ended."""
        ending = [each for each in self._batches.values() if matter in (None, each.wish.matter)]
        for batch in ending:
            self.stop(batch.wish.request)
        for batch in ending:
            if batch.is_approved:
                await batch.ended.wait()

    async def publish_list(self, vote_set: VoteSetId) -> None:
        found = await self._access.read(lambda store: tuple(store.evaluations.list(vote_set)))
        self._publish(EvaluationsListed(vote_set, found))

    # ------------------------------------------------------------ what would be sent
    async def _batch(self, wish: PrepareEvaluation, prompts: tuple[Prompt, ...], own: Sequence[str]) -> Batch:
        if not isinstance(wish.remote, RemoteChoice):
            raise NotFound("provider", "")
        if not prompts:
            raise PromptsUnfit("", "no_prompts")
        if wish.scorer in ("labels", "fields") and not any(each.expected for each in prompts):
            raise PromptsUnfit(prompts[0].source, "no_expected")
        await allowed_matter(self._access, wish.matter, (wish.remote,))
        provider = await self._remote.get(wish.remote.provider)
        plans = tuple(self._plan(wish, each) for each in prompts)
        table = None
        if wish.hides:
            terms: list[OwnTerm] = [(each, "term") for each in (*self._settings().own_hidden_terms, *own)]
            texts = [message.text for plan in plans for message in plan.messages]
            table = await self._tables.learned(wish.matter, texts, terms)
        previews = await asyncio.to_thread(self._previews, plans, table, provider)
        return Batch(wish, provider, prompts, plans, previews, table)

    def _plan(self, wish: PrepareEvaluation, prompt: Prompt) -> Plan:
        settings = self._settings()
        return Plan(
            wish.request, ComparisonId(uuid.uuid4().hex), wish.matter, prompt.text, compose(prompt.text, ()),
            (LocalChoice(wish.local), wish.remote), settings.max_answer_tokens, settings.temperature,
        )  # fmt: skip

    def _previews(self, plans: Sequence[Plan], table: Table | None, provider: Provider) -> tuple[Preview, ...]:
        return tuple(self._previewing.preview(each, table, (provider,)) for each in plans)

    async def _admit(self, batch: Batch, approved: str) -> None:
        """Raises why this may not be sent: another hash, sent already, a matter or a provider that changed since."""
        if batch.is_approved:
            raise NotApproved("already_sent")
        if approved != batch.sha256:
            raise NotApproved("changed")
        if batch.n_leaks:
            forms = {leak.form for each in batch.previews for leak in each.leaks}
            raise HiddenDetailLeaks(batch.n_leaks, ", ".join(sorted(forms)))
        await allowed_matter(self._access, batch.wish.matter, (batch.wish.remote,))
        provider = await self._remote.get(batch.provider.id)
        if (provider.base_url, provider.dialect) != (batch.provider.base_url, batch.provider.dialect):
            raise NotApproved("changed")
        batch.is_approved = True

    # ------------------------------------------------------------ asking
    async def _run(self, batch: Batch) -> Evaluation:
        pairs: list[Pair] = []
        n_failed = failures = 0
        spent: int | None = 0
        for number, prompt in enumerate(batch.prompts):
            if batch.stop.is_set:
                break
            comparison = await self._compare(batch, number)
            local, remote = comparison.answers
            if (pair := _pair(local, remote, prompt)) is not None:
                pairs.append(pair)
            if local.is_usable and remote.is_usable:
                failures = 0
            elif not batch.stop.is_set:
                n_failed, failures = n_failed + 1, failures + 1
                _give_up_where_hopeless(remote, local, failures)
            spent = None if spent is None or remote.cost is None or remote.cost.nano_usd is None else spent + remote.cost.nano_usd
            self._publish(EvaluationProgress(batch.wish.request, number + 1, len(batch.prompts), n_failed, spent))
        return await self._judged(batch, pairs)

    async def _compare(self, batch: Batch, number: int) -> Comparison:
        """Both answers to one prompt, kept as soon as they are there."""
        plan, preview, wish = batch.plans[number], batch.previews[number], batch.wish
        tasks = [self._task(batch, number, pane) for pane in (LOCAL, REMOTE)]
        local, remote = await asyncio.gather(*(self._panes.run(each, stop=batch.stop) for each in tasks))
        comparison = Comparison(
            plan.comparison, wish.matter, datetime.now(UTC), plan.question, (local, remote), wish.set,
            n_hidden=len([each for each in preview.details if each.is_hidden]), approved=datetime.now(UTC),
            prompt=batch.prompts[number].number,
        )  # fmt: skip
        await self._access.write(lambda store: store.matter(wish.matter).comparisons.put(comparison))
        return comparison

    def _task(self, batch: Batch, number: int, pane: int) -> PaneTask:
        plan, preview = batch.plans[number], batch.previews[number]
        choice = plan.panes[pane]
        name = self._name_of(choice.model) if isinstance(choice, LocalChoice) else choice.model
        return PaneTask(
            batch.wish.request, pane, choice, name, preview.messages, plan.max_tokens, plan.temperature, batch.table,
            preview.receivers[0] if pane == REMOTE else None, batch.provider if pane == REMOTE else None, batch.wish.set,
            len(preview.details),
        )  # fmt: skip

    # ------------------------------------------------------------ judging
    async def _judged(self, batch: Batch, pairs: Sequence[Pair]) -> Evaluation:
        wish = batch.wish
        evaluation = await asyncio.to_thread(
            evaluate,
            pairs,
            wish.scorer,
            vote_set=wish.set,
            time=datetime.now(UTC),
            local=model_name(LocalChoice(wish.local)),
            remote=model_name(wish.remote),
        )
        await self._access.write(lambda store: store.evaluations.record(evaluation))
        return evaluation


def _pair(local: PaneAnswer, remote: PaneAnswer, prompt: Prompt) -> Pair | None:
    """What the two answers are worth comparing as; None where one of them is missing for reasons that are not its model's."""
    if not all(each.is_usable or each.problem in ITS_OWN_FAULT for each in (local, remote)):
        return None
    texts = [each.text if each.is_usable else None for each in (local, remote)]
    return Pair(texts[LOCAL], texts[REMOTE], prompt.expected, f"prompt {prompt.number}")


def _give_up_where_hopeless(remote: PaneAnswer, local: PaneAnswer, failures: int) -> None:
    """Raises what went wrong where asking on would not help."""
    for answer in (remote, local):
        if answer.problem is None:
            continue
        error = error_from(answer.problem, dict(answer.problem_facts or {}))
        if isinstance(error, HOPELESS) or failures >= MOST_FAILURES_IN_A_ROW:
            raise error
