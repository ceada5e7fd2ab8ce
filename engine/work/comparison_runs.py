"""The panes that are running, as tasks of their own: begun, stopped, ended, and each answer kept when it has ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from engine.compare_events import ComparisonKept, PaneEnded
from engine.compare_records import ComparisonId, LocalChoice, PaneChoice, Receiver, RemoteChoice
from engine.errors import NotFound, StrongroomError
from engine.events import Event, Trouble
from engine.provider_records import Provider
from engine.records import MatterId, ModelId, RequestId
from engine.work.comparison_prompt import prompt_sha256
from engine.work.faults import translated
from engine.work.open_comparison import OpenComparison, Run
from engine.work.pane_writing import PaneTask
from engine.work.panes import Panes
from engine.work.store_access import StoreAccess

log = logging.getLogger(__name__)

ENDING_PATIENCE_S = 10.0  # longer than a pane waits for its model


class ComparisonRuns:
    """Runs of all comparisons. Use it on the engine's loop."""

    def __init__(
        self, access: StoreAccess, panes: Panes, publish: Callable[[Event], None], name_of: Callable[[ModelId], str]
    ) -> None:
        self._access, self._panes, self._publish, self._name_of = access, panes, publish, name_of
        self._runs: dict[Run, OpenComparison] = {}

    def start(
        self,
        opened: OpenComparison,
        pane: int,
        receiver: Receiver | None = None,
        provider: Provider | None = None,
        *,
        why_not: StrongroomError | None = None,
    ) -> None:
        """Let a pane run from its start. One that runs already ends first, and its answer no longer counts.

        `why_not` ends a remote pane that waited before anything of it is sent.
        """
        prepared = opened.prepared
        plan, preview = prepared.plan, prepared.preview
        choice = plan.panes[pane]
        task = PaneTask(
            plan.request, pane, choice, self._shown(choice), preview.messages, plan.max_tokens, plan.temperature,
            prepared.table, receiver, provider, str(opened.wish.vote_set or ""), opened.n_hidden,
            tuple(name for each in plan.panes for name in self._names(each)), why_not, pair=plan.comparison,
        )  # fmt: skip
        model = choice.model if isinstance(choice, LocalChoice) else None
        run = Run(pane, prepared.matter, prompt_sha256(preview.messages), isinstance(choice, RemoteChoice), model)
        before = opened.begin(run)
        if before is not None:
            before.stop.set()
        self._runs[run] = opened
        run.task = asyncio.create_task(self._run(opened, run, task, before), name=f"pane {pane}")
        run.task.add_done_callback(lambda _: self._done(run))

    async def end(self, matter: MatterId | None = None, request: RequestId | None = None) -> None:
        """Wait for the last words of what was asked to stop, though not for ever. None: of any."""
        tasks = {
            run.task
            for run, opened in self._runs.items()
            if run.task is not None and matter in (None, run.matter) and request in (None, opened.wish.request)
        }
        late = (await asyncio.wait(tasks, timeout=ENDING_PATIENCE_S))[1] if tasks else set()
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=ENDING_PATIENCE_S)

    async def stop_local(self, model: ModelId) -> None:
        """End the panes that this model answers, and wait for their last words, though not for ever."""
        ending = [run for run in self._runs if run.model == model]
        for run in ending:
            run.stop.set()
        if tasks := [run.task for run in ending if run.task is not None]:
            await asyncio.wait(tasks, timeout=ENDING_PATIENCE_S)

    def stop_remote(self, matter: MatterId) -> None:
        for run in self._runs:
            if run.matter == matter and run.is_remote:
                run.stop.set()

    def keep_no_more(self, comparison: ComparisonId) -> None:
        """A comparison is being deleted: what still ends of it is not kept."""
        for opened in self._runs.values():
            if opened.is_of(comparison):
                opened.is_deleted = True

    # ------------------------------------------------------------ one run
    async def _run(self, opened: OpenComparison, run: Run, task: PaneTask, before: Run | None) -> None:
        def hear(event: Event) -> None:
            if isinstance(event, PaneEnded):
                opened.end(run, event.answer)
            self._publish(event)

        if before is not None and before.task is not None:
            await asyncio.wait({before.task})
        try:
            await self._panes.run(task, publish=hear, stop=run.stop)
        finally:  # also of a run that is cancelled because the program ends
            if not opened.is_running(run.pane):
                await self._keep(opened)

    def _done(self, run: Run) -> None:
        self._runs.pop(run).drop(run)

    async def _keep(self, opened: OpenComparison) -> None:
        """Keep what has ended so far. An answer that cannot be kept was shown all the same."""
        if opened.is_deleted:
            return
        comparison, is_done = opened.comparison(), opened.is_done
        try:
            with translated("keep a comparison"):
                await self._access.write(lambda store: store.matter(comparison.matter).comparisons.put(comparison))
        except NotFound:
            log.info("a comparison was not kept: its matter is gone")
        except StrongroomError as error:
            self._publish(Trouble(error))
        else:
            self._publish(ComparisonKept(opened.wish.request, comparison, is_done))

    def _names(self, choice: PaneChoice) -> tuple[str, ...]:
        return (choice.model, self._shown(choice)) if isinstance(choice, LocalChoice) else (choice.model, choice.provider)

    def _shown(self, choice: PaneChoice) -> str:
        return self._name_of(choice.model) if isinstance(choice, LocalChoice) else choice.model
