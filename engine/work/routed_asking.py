"""One prompt of a workload: ask whom its course names, and keep what they answer. What is sent was approved before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from engine.compare_records import PaneAnswer
from engine.ledger.routing import Arm
from engine.records import ModelId
from engine.work.evaluation_batch import is_its_own
from engine.work.pane_writing import PaneTask
from engine.work.panes import Panes
from engine.work.routed_batch import Answers, Item, RoutedBatch, has_cost
from engine.work.store_access import StoreAccess


class RoutedAsking:
    """Asks. Use it on the engine's loop."""

    def __init__(self, access: StoreAccess, panes: Panes, name_of: Callable[[ModelId], str]) -> None:
        self._access, self._panes, self._name_of = access, panes, name_of

    async def answer(self, batch: RoutedBatch, item: Item) -> Answers:
        """The answers to one prompt, kept as soon as they are there.

        A sample is sent only once its answer from here is there: what could not be answered costs nothing.
        """
        began, arms = datetime.now(UTC), batch.arms(item)
        if len(arms) > 1 and item.course.is_sample:
            answers: dict[Arm, PaneAnswer] = {"local": await self._pane(batch, item, "local", arms)}
            if answers["local"].is_usable and not batch.sending_stop.is_set:
                answers["remote"] = await self._pane(batch, item, "remote", arms)
        else:
            found = await asyncio.gather(*(self._pane(batch, item, each, arms) for each in arms))
            answers = dict(zip(arms, found, strict=True))
        if any(each.text or is_its_own(each) or has_cost(each) for each in answers.values()):
            comparison = batch.comparison(item, answers, began)  # else it was stopped before anything came of it
            await self._access.write(lambda store: store.matter(comparison.matter).comparisons.put(comparison))
        return answers

    async def _pane(self, batch: RoutedBatch, item: Item, arm: Arm, arms: Sequence[Arm]) -> PaneAnswer:
        task = self._task(batch, item, arm, is_pair=len(arms) > 1)
        return await self._panes.run(task, stop=batch.stop if arm == "local" else batch.sending_stop)

    def _task(self, batch: RoutedBatch, item: Item, arm: Arm, *, is_pair: bool) -> PaneTask:
        """What a model is asked. Two that are compared read the same words; one that answers alone here reads them all.

        Of a sample both answers are entered as a test, also the one that counts: the remote model is paid for the item, so
        answering it here saves nothing.
        """
        plan, pane, sent = item.plan, item.pane_of(arm), batch.sent
        preview = item.preview if is_pair or arm == "remote" else None
        receiver = preview.receivers[0] if preview is not None else None
        local = self._name_of(batch.local)
        return PaneTask(
            batch.wish.request,
            pane,
            plan.panes[pane],
            local if arm == "local" or receiver is None else receiver.model,
            plan.messages if preview is None else preview.messages,
            plan.max_tokens,
            plan.temperature,
            None if preview is None or sent is None else sent.table,
            receiver if arm == "remote" else None,
            sent.provider if arm == "remote" and sent is not None else None,
            batch.wish.workload,
            0 if preview is None else sum(each.is_hidden for each in preview.details),
            (batch.local, local, receiver.model, receiver.provider) if is_pair and receiver is not None else (),
            use="work" if arm == item.course.counts and not (is_pair and item.course.is_sample) else "test",
            pair=plan.comparison if is_pair else "",
        )
