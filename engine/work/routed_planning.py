"""From a wish to do a workload's work to what would be asked of whom. Reads the store; sends and publishes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from engine.advice_records import Route, Workload
from engine.compare_intents import PrepareEvaluation
from engine.compare_records import Comparison, LocalChoice, PaneChoice, RemoteChoice, VoteSetId
from engine.errors import MatterConfidential, MoveRefused, NotApproved, NotFound, PromptsUnfit
from engine.ledger.moves import called, is_confidential, needs_remote, require_runnable, share_here
from engine.ledger.routing import Course, item_keys, plan_all
from engine.ledger_intents import PrepareWork
from engine.ledger_records import Month, local_day
from engine.models.library import STARTER_MODEL
from engine.records import ModelId
from engine.settings import Settings
from engine.store.store import Store
from engine.vote_records import Prompt
from engine.work.evaluation_batch import Batch
from engine.work.evaluation_planning import EvaluationPlanning
from engine.work.planning import allowed_matter
from engine.work.remote_access import RemoteAccess
from engine.work.routed_batch import Item, RoutedBatch, left_to_do, n_sampled
from engine.work.store_access import StoreAccess
from engine.work.workload_moves import workload_of


@dataclass(frozen=True)
class _Found:
    """What the store holds of a workload in a matter; `kept` newest first."""

    workload: Workload
    prompts: tuple[Prompt, ...] = field(repr=False)
    kept: tuple[Comparison, ...] = field(repr=False)


class RoutedPlanning:
    """Makes runs by their routes. Use it on the engine's loop."""

    def __init__(
        self,
        access: StoreAccess,
        remote: RemoteAccess,
        planning: EvaluationPlanning,
        settings: Callable[[], Settings],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._access, self._remote, self._planning, self._settings, self._now = access, remote, planning, settings, now

    async def batch(self, wish: PrepareWork, own: Sequence[str] = ()) -> RoutedBatch:
        """What would be done, with the terms `own` hidden too in what is sent.

        Raises MoveRefused where the route cannot be followed, MatterConfidential, PromptsUnfit, NotFound, StoreError.
        """
        matter = await allowed_matter(self._access, wish.matter, ())
        found = await self._access.read(lambda store: _found(store, wish))
        workload, local = found.workload, self._local(found.workload.route)
        require_runnable(workload)
        if not found.prompts:
            raise PromptsUnfit("", "no_prompts")
        if matter.is_confidential and needs_remote(workload.route):
            raise MatterConfidential(matter.name)
        may_sample = not matter.is_confidential and not is_confidential(workload) and await self._has_provider(workload.route)
        prompts, courses = self._courses(found, local, may_sample=may_sample)
        batch = RoutedBatch(wish, workload, local, found.prompts, (), None, tuple(own))
        return await self._planned(batch, prompts, courses)

    async def newer(self, batch: RoutedBatch, *, sends: bool) -> RoutedBatch | None:
        """What would be done if it was planned now, where that is not what was shown; else None. Raises as `batch`.

        What would be sent is compared only where it is to be sent.
        """
        found = await self._access.read(lambda store: _found(store, batch.wish))
        is_same = found.workload == batch.workload and found.prompts == batch.prompts
        if is_same and self._local(found.workload.route) == batch.local:
            if batch.sent is None or not sends:
                return None
            if not await self._has_moved(batch.sent) and await self._planning.newer(batch.sent) is None:
                return None
        return await self.batch(batch.wish, batch.own)

    async def require_allowed(self, batch: RoutedBatch, *, sends: bool) -> None:
        """Raises NotFound where the matter or the workload is gone, and MatterConfidential or MoveRefused where one of them
        is confidential by now and something of it is to be sent.
        """
        away = [] if batch.sent is None or not sends else [batch.sent.wish.remote]
        await allowed_matter(self._access, batch.wish.matter, away)
        workload = await self._access.read(lambda store: workload_of(store, batch.wish.workload))
        if away and is_confidential(workload):
            raise MoveRefused(called(workload), "confidential")

    async def _has_provider(self, route: Route) -> bool:
        """Whether there is one to put samples to; a workload that runs here does without where there is none."""
        if route.remote is None:
            return False
        try:
            await self._remote.known(route.remote.provider)
        except NotFound:
            if needs_remote(route):
                raise
            return False
        return True

    async def _has_moved(self, sent: Batch) -> bool:
        """Whether the provider has another address by now, of which a checksum says nothing, or is gone."""
        try:
            sent.require_address(await self._remote.known(sent.provider.id))
        except (NotApproved, NotFound):
            return True
        return False

    def _local(self, route: Route) -> ModelId:
        return route.local or ModelId(self._settings().model or STARTER_MODEL.id)

    # ------------------------------------------------------------ items
    def _courses(self, found: _Found, local: ModelId, *, may_sample: bool) -> tuple[tuple[Prompt, ...], tuple[Course, ...]]:
        """The prompts that are left to do, and who answers each."""
        route, month = found.workload.route, Month.of(local_day(self._now()))
        key_of = dict(zip(found.prompts, item_keys(found.workload.id, [each.text for each in found.prompts]), strict=True))
        prompts = left_to_do(found.prompts, found.kept, _counting(route, local))
        courses = plan_all(
            route,
            [key_of[each] for each in prompts],
            self._settings().ledger.thresholds,
            n_sampled=n_sampled(found.kept, month, [LocalChoice(local), *_remote(route)]),
            may_sample=may_sample,
        )
        return prompts, courses

    async def _planned(self, batch: RoutedBatch, prompts: Sequence[Prompt], courses: Sequence[Course]) -> RoutedBatch:
        """With its items, and with all that would be sent of them made ready for approval."""
        wish, local = batch.wish, LocalChoice(batch.local)
        away = [(prompt, course) for prompt, course in zip(prompts, courses, strict=True) if course.remote]
        sent: Batch | None = None
        if away:
            (remote,) = _remote(batch.route)
            asked = PrepareEvaluation(
                wish.request, wish.matter, VoteSetId(wish.workload), batch.local, remote, "exact", wish.hides
            )  # fmt: skip
            panes: list[tuple[PaneChoice, ...]] = [(local, remote) if course.local else (remote,) for _, course in away]
            sent = await self._planning.batch(asked, tuple(prompt for prompt, _ in away), batch.own, panes)
        shown = iter(()) if sent is None else zip(sent.plans, sent.previews, strict=True)
        items = [
            Item(prompt, course, *(next(shown) if course.remote else (self._planning.plan(wish, prompt, (local,)), None)))
            for prompt, course in zip(prompts, courses, strict=True)
        ]
        return replace(batch, items=tuple(items), sent=sent)


def _found(store: Store, wish: PrepareWork) -> _Found:
    matter, vote_set = store.matter(wish.matter), VoteSetId(wish.workload)
    workload = workload_of(store, wish.workload)
    return _Found(workload, tuple(matter.prompts.list(vote_set)), tuple(matter.comparisons.list(vote_set)))


def _remote(route: Route) -> list[RemoteChoice]:
    return [] if route.remote is None else [route.remote]


def _counting(route: Route, local: ModelId) -> list[PaneChoice]:
    """The models whose answers count on this route."""
    here, away = share_here(route) > 0, share_here(route) < 100
    return [*([LocalChoice(local)] if here else []), *(_remote(route) if away else [])]
