"""What is hidden in a matter: one table for all that is compared in it, read, added to and kept by one at a time.

A placeholder stands for the same detail as long as the matter exists, so two comparisons never number at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from engine.compare_records import DetailKind
from engine.hiding.table import Table
from engine.records import MatterId
from engine.work.store_access import StoreAccess

OwnTerm = tuple[str, DetailKind]


class HiddenTables:
    """The tables of all matters. One object for everybody who hides something; use it on the engine's loop."""

    def __init__(self, access: StoreAccess) -> None:
        self._access = access
        self._turns: dict[MatterId, asyncio.Lock] = {}

    async def of(self, matter: MatterId) -> Table:
        """The table as it is kept. Raises StoreError."""
        return Table(await self._access.read(lambda store: store.matter(matter).hidden.list()))

    async def tried(self, matter: MatterId, texts: Sequence[str], own: Sequence[OwnTerm] = ()) -> Table:
        """The table as it would be with these texts, which takes no number from what comes later. Raises StoreError."""
        return await asyncio.to_thread((await self.of(matter)).learn, texts, own)

    async def learned(self, matter: MatterId, texts: Sequence[str], own: Sequence[OwnTerm] = ()) -> Table:
        """The table with what is to be hidden in these texts, kept before anybody can see it. Raises StoreError."""
        return await self.changed(matter, lambda table: table.learn(texts, own))

    async def changed(self, matter: MatterId, change: Callable[[Table], Table]) -> Table:
        """The table after `change`, which runs aside on a thread; kept if it differs. Raises StoreError."""
        async with self._turns.setdefault(matter, asyncio.Lock()):
            before = await self.of(matter)
            after = await asyncio.to_thread(change, before)
            if after.details != before.details:
                await self._access.write(lambda store: store.matter(matter).hidden.put(after.details))
            return after
