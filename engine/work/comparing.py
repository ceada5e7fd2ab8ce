"""Put one prompt to several models: show exactly what would be sent, wait for approval, answer side by side, keep it.

One `Comparing` serves all comparisons. Local panes begin at once; a remote one begins only after its request, byte for
byte, was approved, and each approval counts once. Every pane that began has exactly one last word, and what was written is
kept whatever ends it. What may happen to a comparison is decided in open_comparison; here it is done.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection, Coroutine, Sequence
from typing import Any, Protocol, TypeVar

from engine.compare_events import ComparisonOpened, ComparisonPrepared, ComparisonRefused, ComparisonsListed
from engine.compare_intents import PrepareComparison, ReviseHidden, SendComparison, TryPaneAgain
from engine.compare_records import ComparisonId, Preview, RemoteChoice
from engine.errors import NotApproved, NotFound, StrongroomError
from engine.events import Event
from engine.hiding.table import Table
from engine.provider_records import Provider
from engine.records import MatterId, ModelId, RequestId
from engine.settings import Settings
from engine.work.bookkeeping import NO_BOOKS, Books
from engine.work.comparison_prompt import prompt_sha256
from engine.work.comparison_runs import ComparisonRuns
from engine.work.faults import translated
from engine.work.hidden_tables import HiddenTables
from engine.work.kept_comparisons import kept_comparison, kept_comparisons
from engine.work.open_comparison import OpenComparison, Prepared
from engine.work.panes import Lender, Panes, Sender
from engine.work.planning import Planning, allowed_matter, hides, require_panes
from engine.work.previewing import Plan, Previewing, PriceList
from engine.work.retrieval import Retrieval
from engine.work.store_access import StoreAccess

Result = TypeVar("Result")

COMPARISONS = "Comparisons"  # a matter that is started for one; its name must tell nothing of what is compared


class Providers(Protocol):
    """Who knows the providers that may be asked."""

    async def added(self) -> tuple[Provider, ...]: ...


class Comparing:
    """Owner of comparisons. `name_of` gives the name under which a local model is shown."""

    def __init__(
        self,
        access: StoreAccess,
        retrieval: Retrieval,
        local: Lender,
        remote: Providers,
        sending: Sender,
        prices: PriceList,
        settings: Callable[[], Settings],
        publish: Callable[[Event], None],
        *,
        name_of: Callable[[ModelId], str] = str,
        bookkeeping: Books = NO_BOOKS,
    ) -> None:
        self._access, self._remote, self._publish = access, remote, publish
        self.tables = HiddenTables(access)
        self.previewing = Previewing(prices)
        self.panes = Panes(local, sending, bookkeeping=bookkeeping)
        self.planning = Planning(access, retrieval, local, self.tables, settings)
        self._runs = ComparisonRuns(access, self.panes, publish, name_of)
        self._open: dict[RequestId, OpenComparison] = {}

    # ------------------------------------------------------------ wishes
    async def prepare(self, wish: PrepareComparison) -> Preview | None:
        """Show what would be sent and let the local panes begin.

        None where it was refused, which was published, or left meanwhile.
        """
        await self.leave(wish.request)  # a comparison that is prepared anew is another one
        opened = self._open[wish.request] = OpenComparison(wish)
        try:
            return await self._unless_refused(wish.request, self._prepare(opened))
        finally:
            if not opened.is_prepared:
                self._forget(opened)

    async def revise(self, wish: ReviseHidden) -> Preview | None:
        """Change what is hidden while a request waits. None where that was refused, which was published."""
        return await self._unless_refused(wish.request, self._revise(wish))

    async def send(self, wish: SendComparison) -> None:
        """Send what was approved, if it is exactly what waits; each of it once. A refusal is published."""
        await self._unless_refused(wish.request, self._send(wish))

    async def try_again(self, wish: TryPaneAgain) -> None:
        """Let a pane that has ended begin anew; a remote one waits for approval first. A refusal is published."""
        await self._unless_refused(wish.request, self._try_again(wish))

    def stop(self, request: RequestId, pane: int | None = None) -> None:
        """End one answer, or all; what was written is kept. What waits for approval goes on waiting."""
        opened = self._open.get(request)
        if opened is not None:
            opened.stop(pane)

    async def leave(self, request: RequestId) -> None:
        """Nobody waits for this comparison any more: what waits is dropped, what runs is stopped and kept."""
        opened = self._open.get(request)
        if opened is not None:
            self._forget(opened)

    async def end(self, matter: MatterId | None = None) -> None:
        """Leave the comparisons of a matter, or all, and wait for the last words of their panes, though not for ever."""
        for opened in [each for each in self._open.values() if matter in (None, each.matter)]:
            self._forget(opened)
        await self._runs.end(matter)

    async def stop_local(self, model: ModelId) -> None:
        """End the panes that a model answers which is about to be closed: they keep what is written."""
        await self._runs.stop_local(model)

    def stop_sending(self, matter: MatterId) -> None:
        """End the remote panes of a matter, such as one that was just marked as confidential."""
        self._runs.stop_remote(matter)

    # ------------------------------------------------------------ what was kept
    async def publish_list(self, matter: MatterId) -> None:
        """Raises StoreError."""
        kept, judged = await self._access.read(lambda store: kept_comparisons(store, matter))
        self._publish(ComparisonsListed(matter, kept, judged))

    async def show(self, matter: MatterId, comparison: ComparisonId) -> None:
        """Raises StoreError."""
        kept, order = await self._access.read(lambda store: kept_comparison(store, matter, comparison))
        self._publish(ComparisonOpened(kept, order))

    async def delete(self, matter: MatterId, comparison: ComparisonId) -> None:
        """Remove a comparison; one that is still open is left and not kept again. Raises StoreError."""
        for opened in [each for each in self._open.values() if each.is_of(comparison)]:
            self._forget(opened)
        self._runs.keep_no_more(comparison)
        with contextlib.suppress(NotFound):  # nothing of it was kept yet
            await self._access.write(lambda store: store.matter(matter).comparisons.delete(comparison))
        await self.publish_list(matter)

    # ------------------------------------------------------------ the steps
    async def _prepare(self, opened: OpenComparison) -> Preview | None:
        wish = opened.wish
        async with opened.turn:
            require_panes(wish)
            await self._runs.end(request=wish.request)  # what was prepared before under this name has its last words first
            await self._require_providers(wish)
            if wish.matter is None:
                created = await self._access.write(lambda store: store.matters.create(COMPARISONS))
                opened.matter = created.id
            assert opened.matter is not None
            await allowed_matter(self._access, opened.matter, wish.panes, wish.vote_set)
            plan = await self.planning.plan(wish, opened.matter)
            table = await self._learned(opened.matter, plan) if hides(wish) else None
            preview = await self._show(opened, plan, table, plan.remote_panes)
            if preview is not None:
                for pane in plan.local_panes:
                    self._runs.start(opened, pane)
            return preview

    async def _revise(self, wish: ReviseHidden) -> Preview | None:
        opened = self._known(wish.request)
        async with opened.turn:
            before = opened.require_waiting()
            table = await self.tables.changed(before.matter, await self._revision(before, wish))
            return await self._show(opened, before.plan, table, opened.waiting)

    async def _send(self, wish: SendComparison) -> None:
        """Everything is made once more, as it would be now, and compared with what was approved."""
        opened = self._known(wish.request)
        opened.require_approval(wish.approved)  # of what was shown by now, not of what this has to wait for
        async with opened.turn:
            before = opened.require_approval(wish.approved)
            table = None if before.table is None else await self._learned(before.matter, before.plan)
            after = await self._prepared(opened, before.plan, table, opened.waiting)
            opened.require_waiting()
            try:
                opened.require_same(after.preview)
            except NotApproved:
                self._take(opened, after)
                raise
            # the last thing that is waited for
            await allowed_matter(self._access, before.matter, before.plan.panes, opened.wish.vote_set)
            opened.require_waiting()
            self._start_approved(opened, after.providers)

    def _start_approved(self, opened: OpenComparison, providers: Sequence[Provider]) -> None:
        """Nothing is waited for in here: the panes run, or nothing has happened."""
        by_id = {each.id: each for each in providers}
        for pane, receiver in opened.receivers.items():
            opened.use(receiver)
            self._runs.start(opened, pane, receiver, by_id[receiver.provider])
        prepared = opened.prepared
        digest = prompt_sha256(prepared.preview.messages)
        for pane in prepared.plan.local_panes:
            if opened.read_by(pane) != digest:  # all are to have read the same words
                self._runs.start(opened, pane)

    async def _try_again(self, wish: TryPaneAgain) -> None:
        opened, pane = self._known(wish.request), wish.pane
        async with opened.turn:
            before = opened.prepared
            if opened.is_left or not opened.has_ended(pane):
                return
            if pane in before.plan.local_panes:
                self._runs.start(opened, pane)
                return
            await self._require_providers(opened.wish)
            await allowed_matter(self._access, before.matter, before.plan.panes, opened.wish.vote_set)
            table = None if before.table is None else await self._learned(before.matter, before.plan)
            if await self._show(opened, before.plan, table, opened.waiting | {pane}) is not None:
                opened.wait_again(pane)

    # ------------------------------------------------------------ previews
    async def _show(self, opened: OpenComparison, plan: Plan, table: Table | None, panes: Collection[int]) -> Preview | None:
        """Publish what would be sent now; None where the comparison was left meanwhile."""
        return self._take(opened, await self._prepared(opened, plan, table, panes))

    async def _prepared(self, opened: OpenComparison, plan: Plan, table: Table | None, panes: Collection[int]) -> Prepared:
        providers = await self._providers(plan)
        wanted = frozenset(panes) - opened.gone(providers).keys()
        preview = await asyncio.to_thread(self.previewing.preview, plan, table, providers, wanted)
        assert opened.matter is not None
        return Prepared(plan, opened.matter, table, preview, providers)

    def _take(self, opened: OpenComparison, prepared: Prepared) -> Preview | None:
        """Show what can be approved from now on. Panes whose provider has moved or is gone end, and can be tried again."""
        if opened.is_left:
            return None
        for pane, error in opened.gone(prepared.providers).items():
            self._runs.start(opened, pane, opened.receivers[pane], why_not=error)
        opened.prepare(prepared)
        self._publish(ComparisonPrepared(prepared.preview))
        return prepared.preview

    async def _providers(self, plan: Plan) -> tuple[Provider, ...]:
        return await self._remote.added() if plan.remote_panes else ()

    async def _learned(self, matter: MatterId, plan: Plan) -> Table:
        own = await self.planning.own(matter, plan)
        return await self.tables.learned(matter, plan.texts, own)

    async def _revision(self, before: Prepared, wish: ReviseHidden) -> Callable[[Table], Table]:
        own = await self.planning.own(before.matter, before.plan)
        own += [(term.strip(), wish.kind) for term in wish.hide if term.strip()]

        def revise(table: Table) -> Table:
            return table.learn(before.plan.texts, own).show(wish.show).hide_again(wish.hide_again)

        return revise

    async def _require_providers(self, wish: PrepareComparison) -> None:
        """Raises NotFound for a provider that nobody has added, or has removed."""
        wanted = [each.provider for each in wish.panes if isinstance(each, RemoteChoice)]
        known = {each.id for each in await self._remote.added()} if wanted else set()
        for provider in wanted:
            if provider not in known:
                raise NotFound("provider", provider)

    # ------------------------------------------------------------ what is open
    def _known(self, request: RequestId) -> OpenComparison:
        opened = self._open.get(request)
        if opened is None:
            raise NotApproved("nothing_waits")
        return opened

    def _forget(self, opened: OpenComparison) -> None:
        opened.leave()
        if self._open.get(opened.wish.request) is opened:
            del self._open[opened.wish.request]

    async def _unless_refused(self, request: RequestId, work: Coroutine[Any, Any, Result]) -> Result | None:
        """What came of a wish; what keeps it from being fulfilled is published."""
        try:
            with translated("compare"):
                return await work
        except StrongroomError as error:
            self._publish(ComparisonRefused(request, error))
            return None
