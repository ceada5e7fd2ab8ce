"""A page of the ledger: the shown month, the months before it, and when the computer has paid for itself.

Months that are settled are worked out once and remembered, until something that they follow from changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.ledger.break_even import break_even
from engine.ledger.hardware import part_to_earn
from engine.ledger.money import currency_at
from engine.ledger.month_bars import MonthSum, last_months, month_bars, month_sums
from engine.ledger.statement import MonthBooks, statement
from engine.ledger.terms import Terms
from engine.ledger.workload_lines import work_of
from engine.ledger_records import DayTotal, LedgerCheck, Month
from engine.price_records import BillDay
from engine.statement_records import BreakEven, LedgerPage
from engine.store.store import Store
from engine.work.month_reading import Span, read_bills, read_month, read_span, read_totals
from engine.work.store_access import StoreAccess

#: How far back the sums of a computer go that was bought long ago.
MOST_MONTHS_BACK = 240


@dataclass(frozen=True)
class _Read:
    """What was read for a page. `missing` are the months that have to be worked out, `totals` those of them."""

    span: Span
    books: MonthBooks
    missing: tuple[Month, ...]
    totals: list[DayTotal]
    bills: tuple[BillDay, ...]


class MonthPages:
    """Create and use it on the engine's loop."""

    def __init__(self, access: StoreAccess) -> None:
        self._access = access
        self._turn = asyncio.Lock()
        self._known: dict[Month, MonthSum] = {}
        self._first_work: date | None = None  # among the months that are known
        self._by: tuple[object, ...] = ()  # what they follow from
        self._n_forgotten = 0

    def forget(self) -> None:
        """After an entry of any month was changed: the next page works out all of them anew."""
        self._n_forgotten += 1

    async def page(self, month: Month, terms: Terms, check: LedgerCheck | None) -> LedgerPage:
        """The page of a month that is not in the future. Raises StoreError."""
        async with self._turn:
            read = await self._access.read(lambda store: self._read(store, month, terms, check))
            return await asyncio.to_thread(self._made, read, month, terms, check)

    # ------------------------------------------------------------ on a thread of the store
    def _read(self, store: Store, month: Month, terms: Terms, check: LedgerCheck | None) -> _Read:
        n_forgotten = self._n_forgotten
        span, running = read_span(store), Month.of(terms.today)
        bills = read_bills(store, span.first or month, max(month, running))
        books = read_month(store, month, terms, check)
        # Ratios and prices stay the same as long as they are the same objects.
        by = (n_forgotten, running, terms.settings, terms.book, terms.ratio, span, bills, books.billed_as)
        if self._by != by:
            self._known, self._first_work, self._by = {}, None, by
        wanted = sorted({*last_months(month), *_since_bought(span, terms)})
        missing = tuple(each for each in wanted if each not in self._known or each >= running.plus(-1))
        return _Read(span, books, missing, read_totals(store, missing, terms, bills, books.names), bills)

    # ------------------------------------------------------------ on any thread
    def _made(self, read: _Read, month: Month, terms: Terms, check: LedgerCheck | None) -> LedgerPage:
        sums = month_sums(read.missing, read.totals, read.bills, terms, read.books.names, read.books.billed_as)
        self._known |= {each.month: each for each in sums}
        worked = [each.day for each in work_of(read.totals) if each.n > 0]
        self._first_work = min([*worked, *([self._first_work] if self._first_work else [])], default=None)
        return LedgerPage(
            statement=statement(read.books, terms),
            bars=month_bars(self._known[each] for each in last_months(month)),
            break_even=self._break_even(read.span, terms),
            months=months_until(read.span.first, Month.of(terms.today)),
            check=check,
        )

    def _break_even(self, span: Span, terms: Terms) -> BreakEven:
        code = currency_at(terms.settings, Month.of(terms.today)).code
        price, hardware = part_to_earn(terms.settings, code), terms.settings.hardware
        months = _since_bought(span, terms)
        begun = None
        if hardware is not None and self._first_work is not None:
            begun = max(hardware.bought, self._first_work)
        return break_even([self._known[each] for each in months], price, begun, terms.today)


def _since_bought(span: Span, terms: Terms) -> Sequence[Month]:
    """The months in which the computer can have earned something."""
    hardware, running = terms.settings.hardware, Month.of(terms.today)
    if hardware is None or hardware.bought > terms.today or span.first_entry is None:
        return ()
    first = max(Month.of(hardware.bought), span.first_entry, running.plus(-MOST_MONTHS_BACK))
    return tuple(first.plus(n) for n in range(first.until(running) + 1))


def months_until(first: Month | None, running: Month) -> tuple[Month, ...]:
    """The months that can be chosen, newest first: up to the running one and never one in the future."""
    n = 0 if first is None else max(0, first.until(running))
    return tuple(running.plus(-back) for back in range(n + 1))
