"""Send texts that a person has approved to remote models, each exactly once, and account for every one.

A call is reserved in the store before its first byte leaves and settled exactly once, whatever ends it: a stop, the lock,
the end of the program, a store that fails. Each runs in a task of its own, so that nobody who stops listening can keep it
from being settled; reading blocks a thread, which hears of a stop within a fraction of a second.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from time import perf_counter

from engine.compare_records import Receiver
from engine.errors import KeyMissing, NetworkRefused, NotApproved, NotFound, StoreError, StoreLocked, StrongroomError
from engine.ledger_records import COMPARE, Ceiling, Use, WorkloadId
from engine.network_exchange import Interrupted
from engine.policy import named, origin_of
from engine.provider_records import Provider
from engine.providers.asking import answer
from engine.providers.provider import Body, Piece
from engine.records import RequestId
from engine.store.remote_calls import RemoteCall, new_call_id
from engine.work.approved_text import ApprovedText, Halted, Over
from engine.work.call_costs import NoPrices, PriceList, Sent, settled
from engine.work.faults import translated
from engine.work.network_access import NetworkAccess, Opening
from engine.work.remote_access import RemoteAccess
from engine.work.store_access import StoreAccess

__all__ = ["Sending", "Sent"]

log = logging.getLogger(__name__)

AT_ONCE = 32  # requests; more wait for their turn
LONGEST_CLOSING_S = 3.0


def no_ceilings(provider: Provider, workload: WorkloadId) -> Sequence[Ceiling]:
    """For where nobody has set a budget."""
    return ()


def nobody_counts() -> None:
    """For where nobody wants to know of entries."""


class Sending:
    """Create and use it on the engine's loop.

    `ceilings` are the budgets that no request of a workload to a provider may pass, asked for as it is reserved. `recorded`
    is called whenever what became of a request was kept.
    """

    def __init__(
        self,
        access: StoreAccess,
        network: NetworkAccess,
        remote: RemoteAccess,
        prices: PriceList,
        *,
        ceilings: Callable[[Provider, WorkloadId], Sequence[Ceiling]] = no_ceilings,
        recorded: Callable[[], None] = nobody_counts,
    ) -> None:
        self._access, self._network, self._remote, self._prices = access, network, remote, prices
        self._ceilings, self._recorded = ceilings, recorded
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sending")
        self._running: dict[asyncio.Task[None], ApprovedText] = {}
        self._unsettled: list[RemoteCall] = []  # the store failed; tried again
        self._settling_again = asyncio.Lock()
        self._loop = asyncio.get_running_loop()
        self._began = datetime.now(UTC)
        self._is_closing = False

    async def send(
        self,
        receiver: Receiver,
        provider: Provider,
        *,
        request: RequestId,
        workload: WorkloadId = COMPARE,
        n_hidden: int = 0,
        about: str,
        use: Use = "test",
        pair: str = "",
    ) -> AsyncIterator[Piece | Sent]:
        """Send the receiver's body, which the person approved in `request`, once; the answer in pieces.

        The last item is a Sent, before any error is raised, if it got as far as being reserved. `about` stands in the
        log of connections and holds nothing of the text. Leaving the loop over the pieces, or cancelling the task that
        runs it, ends the connection at once; after `stop` the iterator ends with a Sent. Raises NotFound, NotApproved,
        KeyMissing, BudgetReached, StoreError, ProviderError, NetworkError.
        """
        run = ApprovedText(receiver, provider, request, workload, n_hidden, about, use, pair)
        task = asyncio.create_task(self._carry_out(run), name="send a text")
        self._running[task] = run
        task.add_done_callback(lambda done: self._running.pop(done, None))
        try:
            while not isinstance(item := await run.inbox.get(), Over):
                yield item
        finally:
            run.stop()
        if item.error is not None:
            raise item.error

    def stop(self, request: RequestId, pane: int | None = None) -> None:
        """End what was sent in this request, all of it or one pane. What came is kept, and accounted for."""
        for run in self._running.values():
            if run.request == request and pane in (None, run.receiver.pane):
                run.stop()

    async def bring_up(self) -> None:
        """Give up what an earlier run of the program left reserved: nobody will ever know what it cost."""
        try:
            if await self._access.write(lambda store: store.remote_calls.give_up_old(self._began)):
                self._recorded()
        except StoreError as error:  # such as a full disk, which must keep nobody from what is stored
            log.info("old calls are not given up yet: %s", error.kind)

    async def close(self) -> None:
        """End everything at once and wait until it is accounted for, but not for ever."""
        self._is_closing = True
        for run in self._running.values():
            run.stop()
        for _ in range(2):
            if tasks := set(self._running):
                await asyncio.wait(tasks, timeout=LONGEST_CLOSING_S / 2)
            for task in list(self._running):  # deaf to the stop: it is accounted for as it stands
                task.cancel()
        if self._access.is_open:
            await self._settle_again()
        self._threads.shutdown(wait=False)

    # ------------------------------------------------------------ one text, from the wish to its last word
    async def _carry_out(self, run: ApprovedText) -> None:
        """Never raises; who listens is told."""
        error: StrongroomError | None = None
        try:
            with translated("send a text"), suppress(Halted, asyncio.CancelledError):
                await self._through_the_lock(run)
        except StrongroomError as problem:
            error = problem
        try:
            error = run.meaning(error)
            if run.call is not None:
                run.inbox.put_nowait(await run.to_its_end(self._settle(run, run.call, error)))
        finally:
            run.inbox.put_nowait(Over(error))

    async def _through_the_lock(self, run: ApprovedText) -> None:
        if self._is_closing:
            raise Halted
        if not self._access.is_open:
            raise StoreLocked("needs_passphrase")
        async with self._network.open_for_send(run.receiver.host) as opening:
            watching = asyncio.create_task(_halted_by(opening, run))
            try:
                await self._reserve_and_send(run, opening)
            finally:
                run.lock_was_closed = opening.ended.is_set() and not run.was_stopped
                watching.cancel()

    async def _reserve_and_send(self, run: ApprovedText, opening: Opening) -> None:
        await self._require_unchanged(run)
        key = await run.unless_halted(asyncio.to_thread(self._remote.key_of, run.provider))
        if key is None and run.provider.needs_key:
            raise KeyMissing(run.provider.name)
        await self._settle_again()
        await self._reserve(run)
        if run.halted.is_set() or self._is_closing:
            raise Halted
        opening.require()
        # From here to the thread nothing waits: a lock that closes now takes the approval back, and the door refuses.
        receiver, approvals = run.receiver, self._network.door.approvals
        approvals.approve(receiver.url, receiver.sha256)
        reading = asyncio.get_running_loop().run_in_executor(self._threads, self._read, run, key)
        try:
            await asyncio.wait({reading})
        except asyncio.CancelledError:
            run.halt()
            await asyncio.wait({reading}, timeout=LONGEST_CLOSING_S / 2)
            raise
        finally:
            run.heard.over = run.heard.over or perf_counter()
        if isinstance(problem := reading.result(), NetworkRefused) and not run.heard.has_left:
            approvals.withdraw(receiver.url, receiver.sha256)  # the door has not used it up
        if problem is not None:
            raise problem

    async def _require_unchanged(self, run: ApprovedText) -> None:
        """Raises NotFound for a provider that was removed, NotApproved where it or the body is not what was shown."""
        receiver, provider = run.receiver, run.provider
        kept = await self._remote.known(provider.id)
        is_same = (kept.base_url, kept.dialect, kept.host) == (provider.base_url, provider.dialect, provider.host)
        goes_there = receiver.url.startswith(f"{kept.base_url}/") and named(origin_of(receiver.url)) == kept.host
        is_body = hashlib.sha256(receiver.body).hexdigest() == receiver.sha256
        if not (is_same and goes_there and is_body and (receiver.provider, receiver.host) == (kept.id, kept.host)):
            raise NotApproved("changed")

    async def _reserve(self, run: ApprovedText) -> None:
        receiver = run.receiver
        call = RemoteCall(
            id=new_call_id(),
            time=datetime.now(UTC),
            workload=run.workload,
            provider=receiver.provider,
            model=receiver.model,
            host=receiver.host,
            sha256=receiver.sha256,
            n_hidden=run.n_hidden,
            consent=run.request,
            reserved_nano=receiver.max_cost,
            use=run.use,
            pair=run.pair,
        )
        ceilings = tuple(self._ceilings(run.provider, run.workload))
        await run.to_its_end(self._access.write(lambda store: store.remote_calls.reserve(call, ceilings)))
        run.call = call

    def _read(self, run: ApprovedText, key: str | None) -> Exception | None:
        """Send, and hand on what comes. Runs on a thread; returns what ended it."""
        receiver, heard = run.receiver, run.heard
        body = Body(receiver.url, receiver.body, receiver.sha256, receiver.differs)
        heard.began = perf_counter()
        try:
            for piece in answer(
                self._network.door, run.provider, body, key,
                about=run.about, interruption=run.interruption, leaving=heard.leaves,
            ):  # fmt: skip
                heard.note(piece)
                with suppress(RuntimeError):  # the loop has ended
                    self._loop.call_soon_threadsafe(run.inbox.put_nowait, piece)
        except Interrupted:
            return Halted()
        except Exception as problem:
            return problem
        finally:
            heard.over = perf_counter()
        return None

    # ------------------------------------------------------------ accounting
    async def _settle(self, run: ApprovedText, call: RemoteCall, error: StrongroomError | None) -> Sent:
        known = call, run.provider, len(run.receiver.body), run.heard, error
        try:
            with translated("price a call"):
                kept, sent = await asyncio.to_thread(settled, *known, self._prices)
        except StrongroomError:  # without its price it is accounted for all the same
            kept, sent = settled(*known, NoPrices())
        if not await self._kept(kept):
            self._unsettled.append(kept)
        return sent

    async def _settle_again(self) -> None:
        async with self._settling_again:
            for call in list(self._unsettled):
                if await self._kept(call):
                    self._unsettled.remove(call)

    async def _kept(self, call: RemoteCall) -> bool:
        """Whether the store knows what became of a call; what it cannot take now stays reserved in it."""
        try:
            with translated("settle a call"):
                await self._access.write(lambda store: store.remote_calls.settle(call))
        except NotFound:
            log.error("a call was settled before")
        except StrongroomError as error:
            log.error("what a call cost could not be kept yet: %s", error.kind)
            return False
        self._recorded()
        return True


async def _halted_by(opening: Opening, run: ApprovedText) -> None:
    await opening.ended.wait()
    run.halt()
