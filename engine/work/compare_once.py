"""One comparison for a script: show what would be sent, and after an approval send it, without anything that stays open.

The same plan, preview and panes as in the window. Without a matter nothing is kept but the account of what was sent, and
what is hidden is numbered by its first appearance, so that the same words are the same bytes the next time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine.compare_events import PaneEnded
from engine.compare_intents import PrepareComparison
from engine.compare_records import Comparison, DetailKind, LocalChoice, PaneAnswer, Preview, RemoteChoice
from engine.errors import NotFound
from engine.events import Event
from engine.hiding.table import Table
from engine.provider_records import Provider
from engine.records import DocumentId, MatterId, ModelId
from engine.settings import Settings
from engine.work.hidden_tables import HiddenTables
from engine.work.pane_writing import PaneTask
from engine.work.panes import Panes
from engine.work.planning import Planning, allowed_matter, plan_of
from engine.work.previewing import Plan, Previewing
from engine.work.remote_access import RemoteAccess
from engine.work.store_access import StoreAccess


@dataclass(frozen=True)
class Shown:
    """What a person was shown: `preview`, and what belongs to it. `table` puts back what is hidden."""

    plan: Plan
    preview: Preview
    providers: tuple[Provider, ...]
    table: Table | None = field(repr=False)
    documents: tuple[DocumentId, ...] = ()


class CompareOnce:
    """Use it on the engine's loop."""

    def __init__(
        self,
        access: StoreAccess,
        remote: RemoteAccess,
        planning: Planning,
        tables: HiddenTables,
        previewing: Previewing,
        panes: Panes,
        settings: Callable[[], Settings],
        name_of: Callable[[ModelId], str],
    ) -> None:
        self._access, self._remote, self._planning, self._tables = access, remote, planning, tables
        self._previewing, self._panes, self._settings, self._name_of = previewing, panes, settings, name_of

    async def preview(self, wish: PrepareComparison, hide: tuple[str, ...] = ()) -> Shown:
        """What would be sent, with these terms hidden as well. Raises MatterConfidential, NotFound, PromptTooLong, StoreError."""
        if wish.matter is not None:
            await allowed_matter(self._access, wish.matter, wish.panes)
        known = {each.id: each for each in await self._remote.added()}
        wanted = [each.provider for each in wish.panes if isinstance(each, RemoteChoice)]
        missing = next((each for each in wanted if each not in known), None)
        if missing is not None:
            raise NotFound("provider", missing)
        providers = tuple(known[each] for each in dict.fromkeys(wanted))
        plan = await self._plan(wish)
        table = await self._table(wish.matter, plan, hide) if wish.hides else None
        preview = await asyncio.to_thread(self._previewing.preview, plan, table, providers)
        return Shown(plan, preview, providers, table, wish.documents)

    async def answers(self, shown: Shown) -> Comparison:
        """Ask everybody at once; what is sent was approved by the caller. Kept where it belongs to a matter.

        Raises MatterConfidential, NotFound, StoreError. When it is cancelled, what has ended by then is kept.
        """
        plan, approved = shown.plan, datetime.now(UTC)
        if plan.matter is not None:
            await allowed_matter(self._access, plan.matter, plan.panes)
        ended: dict[int, PaneAnswer] = {}

        def hear(event: Event) -> None:
            if isinstance(event, PaneEnded):
                ended[event.answer.pane] = event.answer

        n_hidden = sum(each.is_hidden for each in shown.preview.details)
        tasks = [self._task(shown, pane, n_hidden) for pane in range(len(plan.panes))]
        try:
            await asyncio.gather(*(self._panes.run(each, publish=hear) for each in tasks))
        finally:
            comparison = Comparison(
                plan.comparison, plan.matter or MatterId(""), approved, plan.question,
                tuple(ended[pane] for pane in sorted(ended)), documents=shown.documents, n_hidden=n_hidden, approved=approved,
            )  # fmt: skip
            if plan.matter is not None and ended:
                matter = plan.matter
                await self._access.write(lambda store: store.matter(matter).comparisons.put(comparison))
        return comparison

    async def _plan(self, wish: PrepareComparison) -> Plan:
        if wish.matter is not None:
            return await self._planning.plan(wish, wish.matter)
        return plan_of(wish.text, wish.panes, self._settings())

    async def _table(self, matter: MatterId | None, plan: Plan, hide: tuple[str, ...]) -> Table:
        own: list[tuple[str, DetailKind]] = [(each, "term") for each in (*self._settings().own_hidden_terms, *hide)]
        if matter is None:
            return await asyncio.to_thread(Table().learn, plan.texts, own)
        return await self._tables.learned(matter, plan.texts, [*own, *await self._planning.own(matter, plan)])

    def _task(self, shown: Shown, pane: int, n_hidden: int) -> PaneTask:
        plan, choice = shown.plan, shown.plan.panes[pane]
        name = self._name_of(choice.model) if isinstance(choice, LocalChoice) else choice.model
        receiver = next((each for each in shown.preview.receivers if each.pane == pane), None)
        provider = next((each for each in shown.providers if receiver is not None and each.id == receiver.provider), None)
        return PaneTask(
            plan.request, pane, choice, name, shown.preview.messages, plan.max_tokens, plan.temperature, shown.table,
            receiver, provider, n_hidden=n_hidden, pair=plan.comparison,
        )  # fmt: skip
