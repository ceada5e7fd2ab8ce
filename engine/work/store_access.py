"""The store seen from the engine's loop: one thread writes, a few read, the loop never waits for a disk.

A store in memory has a single connection, so there its readers share the writer's thread.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from engine.store.store import Store

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class StoreAccess:
    """Runs calls on the store's threads. `store` must only be touched inside such a call."""

    def __init__(self, writer: ThreadPoolExecutor, readers: ThreadPoolExecutor) -> None:
        self._writer = writer
        self._readers = readers
        self.store: Store | None = None

    @property
    def is_open(self) -> bool:
        return self.store is not None

    async def write(self, call: Callable[[Store], Result]) -> Result:
        """Run `call` on the writer's thread, after every write asked for before.

        It is written also when whoever waits for it is cancelled: closing the program takes back no wish.
        """
        writing = asyncio.get_running_loop().run_in_executor(self._writer, lambda: call(self._opened()))
        try:
            return await asyncio.shield(writing)
        except asyncio.CancelledError:
            writing.add_done_callback(_nobody_waits)
            raise

    async def read(self, call: Callable[[Store], Result]) -> Result:
        """Run `call` beside the writer; it sees what has been committed."""
        in_memory = self.store is not None and self.store.protection == "memory"
        pool = self._writer if in_memory else self._readers
        return await asyncio.get_running_loop().run_in_executor(pool, lambda: call(self._opened()))

    def write_from_a_thread(self, call: Callable[[Store], Result]) -> Result:
        """As `write`, for threads of the engine's own that have no loop; waits. Raises RuntimeError without an open store."""
        return self._writer.submit(lambda: call(self._opened())).result()

    async def open(self, opening: Callable[[], Store]) -> Store:
        """Open the store on the writer's thread, where a keyring may ask the user; raises what `opening` raises."""
        self.store = await asyncio.get_running_loop().run_in_executor(self._writer, opening)
        return self.store

    async def close(self) -> None:
        """Close the store after the last write; safe to call twice."""
        store = self.store
        if store is not None:
            await asyncio.get_running_loop().run_in_executor(self._writer, store.close)
            self.store = None  # not before: writes that wait for their turn need it

    def _opened(self) -> Store:
        if self.store is None:
            raise RuntimeError("the store is not open")
        return self.store


def _nobody_waits(writing: asyncio.Future[Result]) -> None:
    """Who wished for a write was cancelled; that it failed, as where its document was removed meanwhile, is only noted."""
    if not writing.cancelled() and (problem := writing.exception()) is not None:
        log.info("a write that nobody waited for failed: %s", type(problem).__name__)
