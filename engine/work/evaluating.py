"""Run a whole set of prompts on a local and a remote model, after one approval of everything that would be sent.

Prompt by prompt, so that a stop, a refusal, the lock or the end of the program costs nothing that was answered: each
comparison is kept in its matter as it ends, and what is kept counts. The lock is open for the whole run: once it is closed
nothing of the run opens it again. The sums are made in evaluation/; what is sent, in sending.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from engine.compare_events import (
    EvaluationFailed,
    EvaluationFinished,
    EvaluationPrepared,
    EvaluationProgress,
    EvaluationsListed,
)
from engine.compare_intents import PrepareEvaluation, RunEvaluation
from engine.compare_records import Comparison, LocalChoice, PaneAnswer, VoteSetId
from engine.errors import NotApproved, StrongroomError
from engine.evaluation.evaluation import Pair, evaluate
from engine.events import Event
from engine.records import MatterId, ModelId, RequestId
from engine.settings import Settings
from engine.vote_records import Evaluation, Prompt
from engine.work.evaluation_batch import LOCAL, REMOTE, Batch, Course, is_its_own, problem_of
from engine.work.evaluation_planning import EvaluationPlanning
from engine.work.faults import translated
from engine.work.hidden_tables import HiddenTables
from engine.work.network_access import Opening
from engine.work.pane_writing import PaneTask
from engine.work.panes import Panes, Stop
from engine.work.patience import pause_after
from engine.work.planning import allowed_matter
from engine.work.previewing import Previewing
from engine.work.remote_access import RemoteAccess
from engine.work.store_access import StoreAccess
from engine.work.vote_sets import model_name


class Lock(Protocol):
    """Who opens the door for what was approved, and tells when it is closed from outside."""

    def open_for_send(self, host: str = "") -> contextlib.AbstractAsyncContextManager[Opening]: ...


class Evaluating:
    """Owner of runs of whole sets."""

    def __init__(
        self,
        access: StoreAccess,
        lock: Lock,
        remote: RemoteAccess,
        tables: HiddenTables,
        previewing: Previewing,
        panes: Panes,
        settings: Callable[[], Settings],
        publish: Callable[[Event], None],
        *,
        name_of: Callable[[ModelId], str] = str,
    ) -> None:
        self._access, self._lock, self._remote, self._panes = access, lock, remote, panes
        self._publish, self._name_of = publish, name_of
        self._planning = EvaluationPlanning(access, remote, tables, previewing, settings)
        self._batches: dict[RequestId, Batch] = {}
        self._preparing: dict[RequestId, Stop] = {}

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
        if prepared is not None:
            self._publish(prepared)
        return prepared

    async def prepared(
        self, wish: PrepareEvaluation, prompts: Sequence[Prompt], own: Sequence[str] = ()
    ) -> EvaluationPrepared | None:
        """As `prepare`, for prompts from elsewhere and with further terms hidden. None where nobody wants it any more.

        Raises PromptsUnfit, MatterConfidential, NotFound, StoreError.
        """
        await self._drop(wish.request)  # what is prepared anew is another run
        dropped = self._preparing[wish.request] = Stop()
        try:
            batch = await self._planning.batch(wish, tuple(prompts), own)
        finally:
            if self._preparing.get(wish.request) is dropped:
                del self._preparing[wish.request]
        if dropped.is_set:
            return None
        self._batches[wish.request] = batch
        return _shown(batch)

    async def run(self, wish: RunEvaluation) -> Evaluation | None:
        """Ask both models everything, if exactly this was approved, and judge the answers. None where it failed, as published.

        A run has a task of its own: who stops waiting for it stops it, and what was answered is kept all the same.
        """
        try:
            with translated("run an evaluation"):
                batch = self._batches.get(wish.request)
                if batch is None:
                    raise NotApproved("nothing_waits")
                await self._admit(batch, wish.approved)
        except StrongroomError as error:
            self._publish(EvaluationFailed(wish.request, error))
            return None
        working = asyncio.create_task(self._to_its_end(batch), name="run a set")
        try:
            return await asyncio.shield(working)
        except asyncio.CancelledError:
            batch.stop.set()
            raise

    def stop(self, request: RequestId) -> None:
        """Send nothing more; what was answered counts. What was only prepared is dropped."""
        if request in self._preparing:
            self._preparing[request].set()
        batch = self._batches.get(request)
        if batch is None:
            return
        batch.stop.set()
        if batch.approved is None:
            del self._batches[request]

    def stop_sending(self, matter: MatterId) -> None:
        """End the runs of a matter, such as one that was just marked as confidential."""
        for batch in [each for each in self._batches.values() if each.wish.matter == matter]:
            self.stop(batch.wish.request)

    async def end(self, matter: MatterId | None = None) -> None:
        """Stop the runs of a matter, or all, and wait until they have ended."""
        for each in self._preparing.values() if matter is None else ():
            each.set()
        requests = [batch.wish.request for batch in self._batches.values() if matter in (None, batch.wish.matter)]
        await asyncio.gather(*map(self._drop, requests))

    async def _drop(self, request: RequestId) -> None:
        batch = self._batches.get(request)
        self.stop(request)
        if batch is not None and batch.approved is not None:
            await batch.ended.wait()

    async def publish_list(self, vote_set: VoteSetId) -> None:
        found = await self._access.read(lambda store: tuple(store.evaluations.list(vote_set)))
        self._publish(EvaluationsListed(vote_set, found))

    # ------------------------------------------------------------ approval
    async def _admit(self, batch: Batch, approved: str) -> None:
        """Raises why this may not be sent: another hash, sent already, or a matter, a provider or what is hidden changed."""
        batch.require_waiting(approved)
        if (newer := await self._planning.newer(batch)) is not None:
            if self._batches.get(batch.wish.request) is batch:
                self._batches[batch.wish.request] = newer
                self._publish(_shown(newer))
            raise NotApproved("changed")
        await allowed_matter(self._access, batch.wish.matter, (batch.wish.remote,), batch.wish.set)
        batch.require_address(await self._remote.known(batch.provider.id))
        if self._batches.get(batch.wish.request) is not batch:  # it was dropped, or prepared anew, while this was found out
            raise NotApproved("nothing_waits")
        batch.require_waiting(approved)  # from here on nothing is waited for: a second wish to send it comes too late
        batch.approved = datetime.now(UTC)

    # ------------------------------------------------------------ asking
    async def _to_its_end(self, batch: Batch) -> Evaluation | None:
        """One run, with its one last word."""
        request = batch.wish.request
        try:
            with translated("run an evaluation"):
                evaluation = await self._run(batch)
        except StrongroomError as error:
            self._publish(EvaluationFailed(request, error))
            return None
        finally:
            if self._batches.get(request) is batch:
                del self._batches[request]
            batch.ended.set()
        self._publish(EvaluationFinished(request, evaluation))
        return evaluation

    async def _run(self, batch: Batch) -> Evaluation:
        """Whatever ends it, what was answered is judged; then what went wrong is raised."""
        course = Course()
        try:
            async with self._lock.open_for_send(batch.provider.host) as opening:
                self._publish(EvaluationProgress(batch.wish.request, 0, len(batch.prompts), 0, 0))  # it has begun
                watching = asyncio.create_task(_stopped_by(opening, batch))
                try:
                    await self._ask(batch, course)
                    opening.require()
                finally:
                    watching.cancel()
        except StrongroomError:
            with contextlib.suppress(StrongroomError):
                await self._judged(batch, course.pairs)
            raise
        return await self._judged(batch, course.pairs)

    async def _ask(self, batch: Batch, course: Course) -> None:
        wish, n = batch.wish, len(batch.prompts)
        for number, prompt in enumerate(batch.prompts):
            await allowed_matter(self._access, wish.matter, (wish.remote,), wish.set)
            if _is_stopped(batch):
                return
            local, remote = await self._compare(batch, number)
            is_cut_short = _is_stopped(batch) and not (is_its_own(local) and is_its_own(remote))
            course.spend(remote)
            if not is_cut_short:
                course.take(local, remote, prompt)
            n_done = number if is_cut_short else number + 1
            self._publish(EvaluationProgress(wish.request, n_done, n, course.n_failed, course.spent))
            if is_cut_short:
                return
            course.give_up_where_hopeless(remote, local)
            await pause_after(remote, batch.stop)

    async def _compare(self, batch: Batch, number: int) -> tuple[PaneAnswer, PaneAnswer]:
        """Both answers to one prompt, kept as soon as they are there."""
        began, wish, plan = datetime.now(UTC), batch.wish, batch.plans[number]
        tasks = [self._task(batch, number, pane) for pane in (LOCAL, REMOTE)]
        if number == 0:  # a local model that cannot be had shall cost nothing
            local = await self._panes.run(tasks[LOCAL], stop=batch.stop)
            if not is_its_own(local) and (error := problem_of(local)) is not None:
                raise error
            remote = await self._panes.run(tasks[REMOTE], stop=batch.stop)
        else:
            local, remote = await asyncio.gather(*(self._panes.run(each, stop=batch.stop) for each in tasks))
        n_hidden = sum(each.is_hidden for each in batch.previews[number].details)
        comparison = Comparison(
            plan.comparison, wish.matter, began, plan.question, (local, remote), wish.set, n_hidden=n_hidden,
            approved=batch.approved, prompt=batch.prompts[number].number,
        )  # fmt: skip
        if local.text or remote.text or remote.cost is not None:  # else it was stopped before anything came of it
            await self._access.write(lambda store: store.matter(wish.matter).comparisons.put(comparison))
        return local, remote

    def _task(self, batch: Batch, number: int, pane: int) -> PaneTask:
        plan, preview = batch.plans[number], batch.previews[number]
        local, remote = self._name_of(batch.wish.local), preview.receivers[0].model
        names = (batch.wish.local, local, remote, batch.provider.id)
        return PaneTask(
            batch.wish.request, pane, plan.panes[pane], (local, remote)[pane], preview.messages, plan.max_tokens,
            plan.temperature, batch.table, preview.receivers[0] if pane == REMOTE else None,
            batch.provider if pane == REMOTE else None, batch.wish.set, sum(each.is_hidden for each in preview.details), names,
            pair=plan.comparison,
        )  # fmt: skip

    # ------------------------------------------------------------ judging
    async def _judged(self, batch: Batch, pairs: Sequence[Pair]) -> Evaluation:
        """What the answers show; kept, unless there was none."""
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
        if pairs:
            await self._access.write(lambda store: store.evaluations.record(evaluation))
        return evaluation


async def _stopped_by(opening: Opening, batch: Batch) -> None:
    await opening.ended.wait()
    batch.stop.set()


def _is_stopped(batch: Batch) -> bool:
    return batch.stop.is_set


def _shown(batch: Batch) -> EvaluationPrepared:
    """A batch as a person sees it before approving."""
    wish, costs = batch.wish, [each.max_cost for each in batch.receivers]
    most = None if None in costs else sum(each for each in costs if each is not None)
    return EvaluationPrepared(wish.request, wish.set, wish.scorer, batch.previews, batch.receivers, batch.sha256, most)
