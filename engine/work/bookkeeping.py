"""The books of local generations: whatever ends one, it becomes one entry in the ledger, with its tokens, time and energy.

An answer never waits for its entry, and never fails for want of it: the entry is made in a task of its own, which closing
the program waits for. What a model refused to begin with, such as a prompt that does not fit, is no generation; remote
requests that were refused have no entry either.

Not in the books: the speed test after a download. It belongs to fetching a model, as loading it does, and nobody wanted what
it writes; among the entries it would pass for work and make the hours that work takes look longer.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from engine.errors import ModelError, NotSealed, StrongroomError, WorkerDied
from engine.ledger.counterfactual import avoided
from engine.ledger.references import references
from engine.ledger_records import Avoided, Energy, LedgerEvent, Use, WorkloadId, local_day
from engine.models.backends import backends
from engine.power.power import Power
from engine.records import StopReason, Timings, Usage
from engine.settings import Settings
from engine.store.remote_calls import new_call_id
from engine.work.faults import translated
from engine.work.price_desk import PriceDesk
from engine.work.store_access import StoreAccess

log = logging.getLogger(__name__)

LONGEST_CLOSING_S = 3.0
LONGEST_LOOK_S = 2.0  # shorter, so that an entry without its energy is still made when the program closes
MICROSECONDS = 1_000_000
#: Backends of llama.cpp that compute on graphics; with one of them in the installed build, all of a model goes there.
GRAPHICS = {"cuda", "hip", "metal", "sycl", "vulkan"}


class Generation:
    """One generation on its way into the books."""

    def __init__(self) -> None:
        self.usage: Usage | None = None
        self.timings: Timings | None = None
        self.stop_reason: StopReason | None = None

    def ended(self, usage: Usage, timings: Timings, stop_reason: StopReason) -> None:
        """The model's own last word. Without one, what was written is not known and counts as nothing."""
        self.usage, self.timings, self.stop_reason = usage, timings, stop_reason


class Books(Protocol):
    """Who keeps the books of local generations."""

    def generation(
        self, workload: WorkloadId, model_name: str, *, use: Use = "work", pair: str = ""
    ) -> AbstractAsyncContextManager[Generation]:
        """To be held while a model reads and writes; never raises anything of its own."""


class NoBooks:
    """For where nobody counts."""

    @contextlib.asynccontextmanager
    async def generation(
        self, workload: WorkloadId, model_name: str, *, use: Use = "work", pair: str = ""
    ) -> AsyncIterator[Generation]:
        yield Generation()


NO_BOOKS = NoBooks()


@dataclass(frozen=True)
class _Left:
    """A generation that has ended, as it was at that moment."""

    event: LedgerEvent
    settings: Settings
    energy: Future[Energy] | None


class Bookkeeping:
    """Create and use it on the engine's loop. `recorded` is called after each entry."""

    def __init__(
        self,
        access: StoreAccess,
        prices: PriceDesk,
        settings: Callable[[], Settings],
        recorded: Callable[[], None],
        *,
        power: Power | None = None,
    ) -> None:
        self._access, self._prices, self._settings, self._recorded = access, prices, settings, recorded
        self._power = power or Power(on_graphics=lambda: not GRAPHICS.isdisjoint(backends()))
        self._writing: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def generation(
        self, workload: WorkloadId, model_name: str, *, use: Use = "work", pair: str = ""
    ) -> AsyncIterator[Generation]:
        """Whatever ends the block, one entry is made of it, unless the model refused to begin."""
        noted, began, power = Generation(), time.perf_counter(), self._begun()
        was_refused = False
        try:
            yield noted
        except (ModelError, NotSealed) as error:
            was_refused = noted.usage is None and not isinstance(error, WorkerDied)
            raise
        finally:
            settings = self._settings()
            energy = self._ended(power, settings)
            if not was_refused:
                event = _event(noted, workload, model_name, use, pair, time.perf_counter() - began)
                self._write_soon(_Left(event, settings, energy))

    async def close(self) -> None:
        """Wait for the entries that are being made, though not for ever, and look at power no more."""
        if self._writing:
            late = (await asyncio.wait(set(self._writing), timeout=LONGEST_CLOSING_S))[1]
            for task in late:
                log.error("an entry was not made in time")
                task.cancel()
        self._power.close()

    # ------------------------------------------------------------ one entry
    def _write_soon(self, left: _Left) -> None:
        task = asyncio.create_task(self._write(left), name="keep the books")
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, left: _Left) -> None:
        energy = await self._energy(left.energy)
        if not self._access.is_open:
            log.info("a generation is not in the books: there is no store")
            return
        event = replace(left.event, energy=energy, avoided=await self._avoided(left))
        try:
            with translated("keep the books"):
                await self._access.write(lambda store: store.ledger.record(event))
                if event.pair:
                    self._prices.forget_pairs()  # there may be one more now
                self._recorded()
        except StrongroomError as error:
            log.error("a generation could not be put into the books: %s", error.kind)

    async def _avoided(self, left: _Left) -> Avoided | None:
        """What the reference of the moment would have charged; None for tests, where remote models were asked as well."""
        event, ledger = left.event, left.settings.ledger
        if event.use == "test" or not event.prompt + event.generated:
            return None
        reference = next(each for role, each, _ in references(ledger) if role == "would_use")
        try:
            with translated("price a generation"):
                ratio = await self._prices.ratio(reference, event.model, event.workload)
                return await asyncio.to_thread(
                    avoided, reference, event.prompt, event.generated, event.time, ratio, self._prices.book,
                    in_batches=ledger.would_use_batch,
                )  # fmt: skip
        except StrongroomError as error:
            log.error("what a generation would have cost elsewhere is not known: %s", error.kind)
            return None

    # ------------------------------------------------------------ power
    def _begun(self) -> int | None:
        try:
            return self._power.begin()
        except RuntimeError:  # the program is closing
            return None

    def _ended(self, number: int | None, settings: Settings) -> Future[Energy] | None:
        try:
            return None if number is None else self._power.end(number, settings.ledger)
        except RuntimeError:
            return None

    async def _energy(self, looking: Future[Energy] | None) -> Energy | None:
        if looking is None:
            return None
        try:
            with translated("find out the energy"):
                answer = asyncio.wrap_future(looking)
                await asyncio.wait({answer}, timeout=LONGEST_LOOK_S)  # a driver may hang; the look itself is never taken back
                if answer.done():
                    return answer.result()
            log.error("the energy of a generation is not known in time")
        except StrongroomError as error:
            log.error("the energy of a generation is not known: %s", error.kind)
        return None


def _event(noted: Generation, workload: WorkloadId, model: str, use: Use, pair: str, wall_s: float) -> LedgerEvent:
    """The entry, but for what has to be waited for. Work without a result counts as cancelled: it can have saved nothing."""
    now, usage, timings = datetime.now(UTC), noted.usage, noted.timings
    has_result = usage is not None and noted.stop_reason != "cancelled"
    written = usage.generated_tokens if usage is not None else 0
    total_s = timings.total_s if timings is not None and timings.total_s else wall_s
    return LedgerEvent(
        id=new_call_id(),
        time=now,
        local_day=local_day(now),
        place="local",
        workload=workload,
        model=model,
        use=use if has_result or use == "test" else "cancelled",
        prompt=usage.prompt_tokens if usage is not None else 0,
        generated=written,
        cached=usage.cached_tokens if usage is not None else 0,
        duration_us=round(total_s * MICROSECONDS),
        ttft_us=round(timings.ttft_s * MICROSECONDS) if timings is not None and written else None,
        stop_reason=noted.stop_reason or "failed",
        pair=pair,
    )
