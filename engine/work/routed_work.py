"""Do the work of a workload by its route: its prompts are answered here, by the remote model, or by both.

Nothing leaves without one approval of everything that would be sent. Each answer is kept in the matter as it ends, so that
a stop, a refusal, the lock or the end of the program costs nothing that was answered, and the next run goes on from there.
The lock is open for the whole run, if anything is sent: once it is closed nothing of the run opens it again. An answer that
only serves to compare never costs one that counts: where it cannot be had the run goes on without.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from engine.compare_events import EvaluationFailed, EvaluationProgress
from engine.compare_records import LocalChoice, VoteSetId
from engine.errors import MatterConfidential, MoveRefused, NotApproved, StrongroomError
from engine.evaluation.evaluation import evaluate
from engine.events import Event, Trouble
from engine.ledger.routing import Arm
from engine.ledger_events import LedgerRefused, WorkFinished, WorkPrepared
from engine.ledger_intents import PrepareWork, RunWork
from engine.records import MatterId, ModelId, RequestId
from engine.settings import Settings
from engine.work.evaluating import Lock
from engine.work.evaluation_batch import is_its_own
from engine.work.evaluation_planning import EvaluationPlanning
from engine.work.faults import translated
from engine.work.hidden_tables import HiddenTables
from engine.work.network_access import Opening
from engine.work.panes import Panes, Stop
from engine.work.patience import pause_after
from engine.work.previewing import Previewing
from engine.work.remote_access import RemoteAccess
from engine.work.routed_asking import RoutedAsking
from engine.work.routed_batch import SCORERS, Answers, Item, Progress, RoutedBatch, pairs_since
from engine.work.routed_planning import RoutedPlanning
from engine.work.store_access import StoreAccess
from engine.work.vote_sets import model_name


class RoutedWork:
    """Owner of runs by routes. Use it on the engine's loop."""

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
        self._access, self._lock, self._publish = access, lock, publish
        planning = EvaluationPlanning(access, remote, tables, previewing, settings)
        self._planning = RoutedPlanning(access, remote, planning, settings)
        self._asking = RoutedAsking(access, panes, name_of)
        self._batches: dict[RequestId, RoutedBatch] = {}
        self._preparing: dict[RequestId, Stop] = {}

    # ------------------------------------------------------------ wishes
    async def prepare(self, wish: PrepareWork) -> WorkPrepared | None:
        """Show what a run would do and send. None where that was refused, which was published, or nobody wants it any more."""
        try:
            with translated("prepare work"):
                prepared = await self.prepared(wish)
        except NotApproved:
            return None
        except StrongroomError as error:
            self._publish(LedgerRefused(type(wish).__name__, error, wish.request))
            return None
        self._publish(prepared)
        return prepared

    async def prepared(self, wish: PrepareWork, own: Sequence[str] = ()) -> WorkPrepared:
        """As `prepare`, with further terms hidden, and told to the caller only.

        Raises NotApproved (nothing_waits) where it was stopped meanwhile, MoveRefused, MatterConfidential, PromptsUnfit,
        NotFound, StoreError.
        """
        await self._drop(wish.request)  # what is prepared anew is another run
        dropped = self._preparing[wish.request] = Stop()
        try:
            batch = await self._planning.batch(wish, own)
        finally:
            if self._preparing.get(wish.request) is dropped:
                del self._preparing[wish.request]
        if dropped.is_set:
            raise NotApproved("nothing_waits")
        self._batches[wish.request] = batch
        return batch.shown()

    async def run(self, wish: RunWork) -> WorkFinished | None:
        """Do what was prepared, if exactly what is sent of it was approved. None where it failed, as published.

        A run has a task of its own: who stops waiting for it stops it, and what was answered is kept all the same.
        """
        try:
            with translated("do the work"):
                batch = self._batches.get(wish.request)
                if batch is None:
                    raise NotApproved("nothing_waits")
                await self._admit(batch, wish.approved)
        except StrongroomError as error:
            self._publish(EvaluationFailed(wish.request, error))
            return None
        working = asyncio.create_task(self._to_its_end(batch), name="do the work")
        try:
            return await asyncio.shield(working)
        except asyncio.CancelledError:
            batch.halt()
            raise

    def stop(self, request: RequestId) -> None:
        """Ask nobody anything more; what was answered is kept. What was only prepared is dropped."""
        if request in self._preparing:
            self._preparing[request].set()
        batch = self._batches.get(request)
        if batch is None:
            return
        batch.halt()
        if batch.began is None:
            del self._batches[request]

    def stop_sending(self, matter: MatterId) -> None:
        """Send nothing more of a matter, such as one that was just marked as confidential. What runs here goes on."""
        for batch in [each for each in self._batches.values() if each.wish.matter == matter and each.sent is not None]:
            if batch.began is None:
                del self._batches[batch.wish.request]
            elif batch.sends:
                batch.halt_sending()

    async def end(self, matter: MatterId | None = None) -> None:
        """Stop the runs of a matter, or all, and wait until they have ended."""
        for each in self._preparing.values() if matter is None else ():
            each.set()
        requests = [batch.wish.request for batch in self._batches.values() if matter in (None, batch.wish.matter)]
        await asyncio.gather(*map(self._drop, requests))

    async def _drop(self, request: RequestId) -> None:
        batch = self._batches.get(request)
        self.stop(request)
        if batch is not None and batch.began is not None:
            await batch.ended.wait()

    # ------------------------------------------------------------ approval
    async def _admit(self, batch: RoutedBatch, approved: str) -> None:
        """Raises why this may not begin: it is not what was approved, has begun, or what would be done has changed.

        What has changed is shown anew. Nothing is sent without an approval, also where the work can be done without.
        """
        batch.require_waiting(approved)
        newer = await self._planning.newer(batch, sends=bool(approved))
        if newer is not None:
            if self._batches.get(batch.wish.request) is batch:
                self._batches[batch.wish.request] = newer
                self._publish(newer.shown())
            raise NotApproved("changed")
        await self._planning.require_allowed(batch, sends=bool(approved))
        if self._batches.get(batch.wish.request) is not batch:  # it was dropped, or prepared anew, while this was found out
            raise NotApproved("nothing_waits")
        batch.require_waiting(approved)  # from here on nothing is waited for: a second wish comes too late
        batch.began, batch.sends = datetime.now(UTC), bool(approved)

    # ------------------------------------------------------------ one run
    async def _to_its_end(self, batch: RoutedBatch) -> WorkFinished | None:
        """One run, with its one last word."""
        request, progress = batch.wish.request, Progress()
        try:
            with translated("do the work"):
                await self._run(batch, progress)
        except StrongroomError as error:
            self._publish(EvaluationFailed(request, error))
            return None
        finally:
            if self._batches.get(request) is batch:
                del self._batches[request]
            batch.ended.set()
        finished = progress.finished(batch)
        self._publish(finished)
        return finished

    async def _run(self, batch: RoutedBatch, progress: Progress) -> None:
        """Whatever ends it, what was answered twice is judged; then what went wrong is raised."""
        try:
            async with contextlib.AsyncExitStack() as stack:
                opening = await self._opened(batch, stack)
                self._publish(EvaluationProgress(batch.wish.request, 0, len(batch.items), 0, 0))  # it has begun
                is_whole = await self._answer_all(batch, progress)
                if opening is not None and not is_whole:  # it was stopped, by a person or by closing the lock
                    opening.require()
        except StrongroomError:
            with contextlib.suppress(StrongroomError):
                await self._judge(batch, progress)
            raise
        await self._judge(batch, progress)

    async def _opened(self, batch: RoutedBatch, stack: contextlib.AsyncExitStack) -> Opening | None:
        """The door for what is sent, watched; None for a run that sends nothing, which needs none."""
        if not batch.sends or batch.sent is None:
            return None
        opening = await stack.enter_async_context(self._lock.open_for_send(batch.sent.provider.host))
        watching = asyncio.create_task(_stopped_by(opening, batch))
        stack.callback(watching.cancel)
        return opening

    async def _answer_all(self, batch: RoutedBatch, progress: Progress) -> bool:
        """Whether it came to the end of them."""
        request, n = batch.wish.request, len(batch.items)
        for number, item in enumerate(batch.items):
            await self._require_allowed(batch)
            if _is_stopped(batch):
                return False
            answers = await self._asking.answer(batch, item)
            progress.spend(answers)
            is_cut_short = _is_stopped(batch) and not is_its_own(answers[item.course.counts])
            if not is_cut_short:
                progress.take(item, answers)
            n_done = number if is_cut_short else number + 1
            self._publish(EvaluationProgress(request, n_done, n, progress.n_failed, progress.spent))
            if is_cut_short:
                return False
            self._give_up_where_hopeless(batch, item, answers, progress)
            if item.course.counts == "remote":  # a sample is not waited for
                await pause_after(answers["remote"], batch.sending_stop)
        return True

    async def _require_allowed(self, batch: RoutedBatch) -> None:
        """Raises MatterConfidential or MoveRefused once nothing may be sent that has to be, and NotFound."""
        try:
            await self._planning.require_allowed(batch, sends=batch.sends)
        except (MatterConfidential, MoveRefused):
            if not batch.can_do_without_sending:
                raise
            batch.halt_sending()

    def _give_up_where_hopeless(self, batch: RoutedBatch, item: Item, answers: Answers, progress: Progress) -> None:
        """Raises what went wrong with the answers that count; those that do not are done without, which is told once."""
        counts = item.course.counts
        if (error := progress.hopeless(counts, answers)) is not None:
            raise error
        other: Arm = "remote" if counts == "local" else "local"
        error = progress.hopeless(other, answers)
        if error is not None and batch.compares:
            batch.compares = False
            if not batch.sending_stop.is_set:
                self._publish(Trouble(error))

    # ------------------------------------------------------------ judging
    async def _judge(self, batch: RoutedBatch, progress: Progress) -> None:
        """What both models answered since the workload was moved, where it is known what is right; kept for the advice."""
        wish, remote = batch.wish, batch.route.remote
        if not progress.n_pairs or remote is None:
            return
        models, vote_set = (LocalChoice(batch.local), remote), VoteSetId(wish.workload)
        kept = await self._access.read(lambda store: tuple(store.matter(wish.matter).comparisons.list(vote_set)))
        pairs = pairs_since(batch.prompts, kept, models, batch.route.since)
        if not pairs:
            return
        evaluation = await asyncio.to_thread(
            evaluate,
            pairs,
            SCORERS.get(batch.workload.kind, "exact"),
            vote_set=vote_set,
            time=datetime.now(UTC),
            local=model_name(models[0]),
            remote=model_name(remote),
            labels=tuple(dict.fromkeys(each.expected for each in batch.prompts if each.expected)),
        )
        await self._access.write(lambda store: store.evaluations.record(evaluation))


async def _stopped_by(opening: Opening, batch: RoutedBatch) -> None:
    await opening.ended.wait()
    batch.halt_sending()


def _is_stopped(batch: RoutedBatch) -> bool:
    return batch.stop.is_set
