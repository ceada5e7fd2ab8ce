"""The months of the ledger, as they are shown: pages, what the running month has saved, budgets that are nearly spent.

Which month it is, the clock says. Entries that are dated after it stay out of sight until their month comes, and the page
says that a clock was wrong; a month of the future is never shown, since a single entry that was made while a clock was years
ahead would otherwise keep the program there.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from engine.errors import LedgerInputUnfit, NotFound, StrongroomError
from engine.events import Event
from engine.ledger.statement import statement
from engine.ledger.terms import Terms
from engine.ledger_events import BudgetWarned, LedgerChecked, LedgerShown, MonthSaved, OpenCallsListed
from engine.ledger_records import LedgerCheck, Month, local_day
from engine.settings import Settings
from engine.statement_records import LedgerPage, Statement
from engine.store.remote_calls import new_call_id
from engine.store.store import Store
from engine.work.budget_warnings import BudgetWarnings
from engine.work.faults import translated
from engine.work.month_pages import MonthPages
from engine.work.month_reading import OLDEST, read_month
from engine.work.price_desk import PriceDesk
from engine.work.retirement import retire
from engine.work.store_access import StoreAccess

log = logging.getLogger(__name__)

TELL_EVERY_S = 1.0
#: More than any request can have cost, in nano-dollars; what is larger was typed in another unit.
LARGEST_COST = 1_000_000 * 1_000_000_000


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Statements:
    """Create and use it on the engine's loop. `now` tells the time, with its zone."""

    def __init__(
        self,
        access: StoreAccess,
        prices: PriceDesk,
        settings: Callable[[], Settings],
        publish: Callable[[Event], None],
        *,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._access, self._prices, self._settings, self._publish, self._now = access, prices, settings, publish, now
        self._pages, self._warnings = MonthPages(access), BudgetWarnings(access)
        self._check: LedgerCheck | None = None
        self._telling: asyncio.Task[None] | None = None
        self._retiring: asyncio.Task[int] | None = None
        self._pause: asyncio.TimerHandle | None = None
        self._is_due = self._is_closed = self._is_warm = False

    # ------------------------------------------------------------ pages
    async def page(self, month: Month | None = None) -> LedgerPage:
        """A month with everything around it; None: the running one.

        Raises LedgerInputUnfit for a month that is in the future or before there were such programs, StoreError.
        """
        terms = await self._terms()
        running = Month.of(terms.today)
        if month is not None and not OLDEST <= month <= running:
            raise LedgerInputUnfit("month", "unknown_month")
        return await self._pages.page(month or running, terms, self._check)

    async def publish_page(self, month: Month | None = None) -> None:
        """Tell a month. Raises as `page` does."""
        self._publish(LedgerShown(await self.page(month)))

    async def _terms(self) -> Terms:
        return Terms(self._settings().ledger, self._prices.book, await self._prices.ratios(), local_day(self._now()))

    # ------------------------------------------------------------ the life of the program
    async def bring_up(self) -> None:
        """After the store was opened: delete entries that are too old to be kept, and soon tell what this month has saved."""
        self._is_closed = self._is_warm = False
        self._check = None
        self._pages.forget()
        keep, today = self._settings().ledger.keep_months, local_day(self._now())
        self._retiring = asyncio.create_task(retire(self._access, keep, today), name="retire entries")
        self._is_due = True
        if self._telling is None and self._pause is None:  # not at once: there is more to do while the program starts
            self._pause = asyncio.get_running_loop().call_later(TELL_EVERY_S, self._tell_soon)

    async def close(self) -> None:
        """End what is on its way; nothing is told any more."""
        self._is_closed = True
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
        for task in (self._telling, self._retiring):
            if task is not None:
                await asyncio.wait([task])

    # ------------------------------------------------------------ the running month
    def noticed(self) -> None:
        """Something has changed that the running month follows from, such as an entry: tell it, at most once a second."""
        self._is_due = True
        if self._telling is None and self._pause is None:
            self._tell_soon()

    def _tell_soon(self) -> None:
        self._pause = None
        if self._is_due and not self._is_closed and self._access.is_open:
            self._is_due = False
            self._telling = asyncio.create_task(self._tell(), name="tell the running month")

    async def _tell(self) -> None:
        loop = asyncio.get_running_loop()
        earliest = loop.time() + TELL_EVERY_S
        try:
            with translated("tell the running month"):
                await self._tell_month()
        except StrongroomError as error:
            log.error("the running month could not be told: %s", error.kind)
        finally:
            self._telling = None
            if not self._is_closed:
                self._pause = loop.call_at(earliest, self._tell_soon)

    async def _tell_month(self) -> None:
        terms = await self._terms()
        month = Month.of(terms.today)
        books = await self._access.read(lambda store: read_month(store, month, terms))
        made = await asyncio.to_thread(statement, books, terms)
        due = await self._warnings.due(made, terms.settings)
        if not self._is_closed:
            self._publish(month_saved(made))
            for budget in due:
                self._publish(BudgetWarned(budget, made.currency))
        if not self._is_closed and not self._is_warm:
            self._is_warm = True
            await self._pages.page(month, terms, self._check)  # so that the first one is there at once when it is wanted

    # ------------------------------------------------------------ whether the books are in order
    async def check(self, rebuild: bool = False) -> LedgerCheck:
        """Compare the sums with the entries and tell it; `rebuild` makes the sums anew first. Raises StoreError."""
        now = self._now()
        if rebuild:
            self._check = await self._access.write(lambda store: store.ledger.rebuild(now))
            self._pages.forget()
            self.noticed()
        else:
            self._check = await self._access.read(lambda store: store.ledger.check(now))
        self._publish(LedgerChecked(self._check))
        return self._check

    # ------------------------------------------------------------ calls whose cost is not known
    async def publish_open_calls(self) -> None:
        """Tell the requests whose cost is not known or only estimated. Raises StoreError."""
        self._publish(OpenCallsListed(tuple(await self._access.read(lambda store: store.ledger.open_calls()))))

    async def resolve(self, call: str, cost: int) -> None:
        """Put down what a request did cost, in nano-dollars: its entry is taken back and another one made.

        Raises LedgerInputUnfit, NotFound for what is not an open call (any more), StoreError; then nothing has changed.
        """
        if not isinstance(cost, int) or isinstance(cost, bool):
            raise LedgerInputUnfit("cost", "not_a_number")
        if cost < 0:
            raise LedgerInputUnfit("cost", "negative")
        if cost > LARGEST_COST:
            raise LedgerInputUnfit("cost", "too_large")
        await self._access.write(lambda store: _resolve(store, call, cost))
        self._pages.forget()
        self.noticed()
        await self.publish_open_calls()


def month_saved(made: Statement) -> MonthSaved:
    """What the status bar says of a month; nothing as long as there was no work, since hardware alone is no loss yet."""
    return MonthSaved(made.month, made.currency, made.net if made.n_items else None, made.n_items)


def _resolve(store: Store, call: str, cost: int) -> None:
    if call not in {each.id for each in store.ledger.open_calls()}:
        raise NotFound("call", call)
    known = replace(store.ledger.get(call), id=new_call_id(), cost=cost, at_most=None, cost_source="provider")
    store.ledger.correct(call, known)
