"""Everything about the ledger: entries, prices, months, bills, advice, routes.

One object for the session. Puts the parts together; each wish is worked on in one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from engine.advice_records import Route
from engine.errors import StrongroomError
from engine.events import Event, Trouble
from engine.ledger.budgets import ceilings
from engine.ledger.prices import Prices
from engine.ledger_records import Ceiling, Month, WorkloadId, local_day
from engine.provider_records import Provider
from engine.settings import Settings
from engine.work.advising import Advising
from engine.work.bill_desk import BillDesk
from engine.work.bookkeeping import Bookkeeping
from engine.work.faults import translated
from engine.work.ledger_export import LedgerExport
from engine.work.model_desk import ModelDesk
from engine.work.price_desk import PriceDesk
from engine.work.statements import Statements
from engine.work.store_access import StoreAccess
from engine.work.workload_moves import WorkloadMoves


class LedgerDesk:
    """Create and use it on the engine's loop."""

    def __init__(
        self,
        access: StoreAccess,
        desk: ModelDesk,
        settings: Callable[[], Settings],
        publish: Callable[[Event], None],
    ) -> None:
        self._settings, self._publish = settings, publish
        self.prices = PriceDesk(access, publish, Prices())
        self.statements = Statements(access, self.prices, settings, publish)
        self.books = Bookkeeping(access, self.prices, settings, self.statements.noticed)
        self.bills = BillDesk(access, self.prices, publish)
        self.export = LedgerExport(access, self.statements, publish)
        self.advising = Advising(access, self.prices, settings, desk, publish)
        self.moves = WorkloadMoves(access, settings, desk)

    def noticed(self) -> None:
        """A remote call has its entry: it may be the other half of a pair."""
        self.prices.forget_pairs()
        self.statements.noticed()

    def ceilings(self, provider: Provider, workload: WorkloadId) -> Sequence[Ceiling]:
        """The hard budgets that a request of this provider and workload must keep, now."""
        return ceilings(self._settings().ledger, Month.of(local_day(datetime.now(UTC))), provider.id, workload)

    async def move(self, workload: WorkloadId, route: Route) -> None:
        """Run a workload elsewhere from now on. Raises MoveRefused, NotFound."""
        advice = {each.workload.id: each for each in await self.advising.list()}.get(workload)
        await self.moves.move(workload, route, None if advice is None else advice.label)

    async def bring_up(self) -> None:
        """After the store was opened. What cannot be read of it is told, and keeps nobody from their matters."""
        try:
            with translated("bring up the ledger"):
                await self.prices.bring_up()
                await self.statements.bring_up()
        except StrongroomError as error:
            self._publish(Trouble(error))

    async def close(self) -> None:
        """Finish the entries that are being made, then stop telling of them. When answers have ended, before the store closes."""
        await self.books.close()
        await self.statements.close()
