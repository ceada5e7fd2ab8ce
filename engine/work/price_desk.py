"""The prices of the moment: what the user entered or imported, and the list that comes with the program.

Whoever asks for a price asks here, so that a price that was just entered counts for the next request. Past entries of the
books keep the prices that they were made with. Nothing is fetched: a newer list comes with a newer release, or in a file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from engine.errors import PricesUnfit
from engine.events import Event
from engine.ledger.price_book import PriceBook
from engine.ledger.price_files import MOST_BYTES, check_price, read_prices
from engine.ledger.prices import Prices
from engine.ledger.ratios import Ratio, Ratios
from engine.ledger_events import PricesListed
from engine.ledger_records import WorkloadId, local_day
from engine.price_records import ListedPrice
from engine.provider_records import Provider, Rates
from engine.work.store_access import StoreAccess

SHOWN = 200  # prices


class PriceDesk:
    """Create and use it on the engine's loop; `book`, `rates`, `as_of` and `models` from any thread."""

    def __init__(self, access: StoreAccess, publish: Callable[[Event], None], bundled: Prices) -> None:
        self._access, self._publish, self._bundled = access, publish, bundled
        self._book = PriceBook((), (), bundled)
        self._imported_from = ""
        self._changing = asyncio.Lock()
        self._ratios: Ratios | None = None
        self._n_forgotten = 0

    # ------------------------------------------------------------ what is known now
    @property
    def book(self) -> PriceBook:
        """All prices as they are now. It does not change: keep it for one piece of work, ask again for the next."""
        return self._book

    def rates(self, provider: Provider, model: str, n_prompt_tokens: int, when: datetime) -> Rates | None:
        """As PriceBook.rates."""
        return self._book.rates(provider, model, n_prompt_tokens, when)

    def as_of(self) -> str:
        """As PriceBook.as_of."""
        return self._book.as_of()

    def models(self, provider: Provider) -> tuple[str, ...]:
        """As PriceBook.models."""
        return self._book.models(provider)

    async def bring_up(self) -> None:
        """After the store was opened: read what is kept in it. Raises StoreError."""
        async with self._changing:
            await self._read()
        self.forget_pairs()

    async def publish_list(self, text: str = "", limit: int = SHOWN) -> None:
        """Tell the prices that have the words of `text` in their names."""
        book, imported_from = self._book, self._imported_from
        found, n_found = await asyncio.to_thread(book.find, text, limit)
        age = book.age_days(_today())
        self._publish(PricesListed(text, tuple(found), n_found, book.as_of(), age, imported_from))

    # ------------------------------------------------------------ changing them
    async def keep(self, price: ListedPrice) -> None:
        """Keep a price of one's own, in place of that for the same model from the same day. Raises PricesUnfit, StoreError."""
        price = check_price(price)
        async with self._changing:
            await self._access.write(lambda store: store.price_lists.keep(price))
            await self._read()

    async def remove(self, price: ListedPrice) -> None:
        """Forget a price of one's own, by its model and first day. Raises NotFound, StoreError."""
        async with self._changing:
            await self._access.write(lambda store: store.price_lists.remove(price))
            await self._read()

    async def import_file(self, file: Path) -> None:
        """Take a price list in place of the one that was imported before. Raises PricesUnfit, StoreError; then that one holds."""
        prices = await asyncio.to_thread(_prices_of, file)
        async with self._changing:
            await self._access.write(lambda store: store.price_lists.replace_imported(file.name, prices))
            await self._read()

    async def _read(self) -> None:
        own = await self._access.read(lambda store: store.price_lists.own())
        self._imported_from, imported = await self._access.read(lambda store: store.price_lists.imported())
        self._book = PriceBook(own, imported, self._bundled)

    # ------------------------------------------------------------ tokens of others
    async def ratio(self, reference: str, local_model: str, workload: WorkloadId) -> Ratio:
        """How many tokens a reference would have counted for those of a local model. Raises StoreError."""
        ratios = await self.ratios()
        return await asyncio.to_thread(ratios, reference, local_model, workload)

    async def ratios(self) -> Ratios:
        """All ratios that follow from the pairs that are kept, for work that asks for many on a thread. Raises StoreError."""
        if self._ratios is not None:
            return self._ratios
        n_forgotten = self._n_forgotten
        ratios = Ratios(await self._access.read(lambda store: store.ledger.pairs()))
        if n_forgotten == self._n_forgotten:  # otherwise another pair came in the meantime
            self._ratios = ratios
        return ratios

    def forget_pairs(self) -> None:
        """After a comparison: the next ratio is worked out with its pairs."""
        self._ratios = None
        self._n_forgotten += 1


def _prices_of(file: Path) -> list[ListedPrice]:
    """Raises PricesUnfit."""
    try:
        if not file.is_file():  # a folder, or something that never ends
            raise PricesUnfit("cannot_read", file.name)
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as problem:
        raise PricesUnfit("cannot_read", file.name) from problem
    return read_prices(data, file.name, _today())


def _today() -> date:
    return local_day(datetime.now(UTC))
