"""Bills of providers: a file is read and shown, and only then kept. Pure work is in engine.ledger.bills."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from engine.errors import BillUnfit, NotFound
from engine.events import Event
from engine.ledger.bill_table import LARGEST_FILE
from engine.ledger.bills import PriceOf, read_bill
from engine.ledger_events import BillRead, BillsListed
from engine.ledger_intents import KeepBill
from engine.price_records import Bill, BillLine
from engine.records import RequestId
from engine.work.price_desk import PriceDesk
from engine.work.store_access import StoreAccess

MOST_READ = 4  # files that were read and neither kept nor forgotten; somebody who looked at more has left them


class BillDesk:
    """Create and use it on the engine's loop."""

    def __init__(self, access: StoreAccess, prices: PriceDesk, publish: Callable[[Event], None]) -> None:
        self._access, self._prices, self._publish = access, prices, publish
        self._read: dict[RequestId, tuple[Bill, list[BillLine]]] = {}

    async def read(self, request: RequestId, file: Path) -> None:
        """Tell what a file holds; nothing is kept before `keep`. Raises BillUnfit, StoreError."""
        bill, lines = await asyncio.to_thread(_bill_of, file, self._prices.book.rates_of)
        n_replaced = await self._access.read(lambda store: store.bills.n_replaced(lines))
        self._read.pop(request, None)
        self._read[request] = (bill, lines)
        while len(self._read) > MOST_READ:
            del self._read[next(iter(self._read))]
        self._publish(BillRead(request, bill, n_replaced))

    async def keep(self, wish: KeepBill) -> None:
        """Keep what `read` found, once. Raises NotFound where nothing was read for that request, StoreError."""
        if (found := self._read.pop(wish.request, None)) is None:  # also by who has pressed twice
            raise NotFound("bill", str(wish.request))
        bill, lines = found
        kept = replace(bill, workload=wish.workload, includes_ours=wish.includes_ours)
        try:
            await self._access.write(lambda store: store.bills.keep(kept, lines))
        except BaseException:
            self._read[wish.request] = found  # a full disk lets it be tried again
            raise
        await self.publish_list()

    async def remove(self, bill: str) -> None:
        """Forget an import. Raises NotFound, StoreError."""
        await self._access.write(lambda store: store.bills.remove(bill))
        await self.publish_list()

    async def publish_list(self) -> None:
        """Tell all imports, the newest first. Raises StoreError."""
        self._publish(BillsListed(tuple(await self._access.read(lambda store: store.bills.list()))))


def _bill_of(file: Path, price: PriceOf) -> tuple[Bill, list[BillLine]]:
    """Raises BillUnfit."""
    try:
        if not file.is_file():  # a folder, or something that never ends
            raise BillUnfit(file.name, "cannot_read")
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as problem:  # ValueError: a name that no file can have
        raise BillUnfit(file.name, "cannot_read") from problem
    return read_bill(content, file.name, price=price)
