"""Which owner takes which wish about the ledger and about routes. One short function each; the work is done elsewhere.

A wish that cannot be carried out is told as LedgerRefused, so that the sheet it came from can say why.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from engine.errors import StrongroomError
from engine.handlers import HANDLERS, handles
from engine.intents import Intent
from engine.ledger_events import Calculated, LedgerRefused
from engine.ledger_intents import (
    Calculate,
    CheckLedger,
    DescribeWorkload,
    ExportLedger,
    ImportPrices,
    KeepBill,
    KeepPrice,
    ListBills,
    ListOpenCalls,
    ListPrices,
    MoveWorkload,
    PrepareWork,
    ReadBill,
    RemoveBill,
    RemovePrice,
    ResolveCall,
    ReturnWorkload,
    RunWork,
    ShowAdvice,
    ShowLedger,
)
from engine.session import Session
from engine.work.faults import translated

__all__ = ["HANDLERS"]


@contextlib.contextmanager
def _told(session: Session, wish: Intent) -> Iterator[None]:
    """Tell why a wish was refused, and raise nothing."""
    name = type(wish).__name__
    try:
        with translated(name):
            yield
    except StrongroomError as error:
        session.publish(LedgerRefused(name, error, getattr(wish, "request", None)))


# ---------------------------------------------------------------- months
@handles(ShowLedger)
async def show_ledger(session: Session, wish: ShowLedger) -> None:
    with _told(session, wish):
        await session.ledger.statements.publish_page(wish.month)


@handles(CheckLedger)
async def check_ledger(session: Session, wish: CheckLedger) -> None:
    with _told(session, wish):
        await session.ledger.statements.check(rebuild=wish.rebuild)


@handles(ExportLedger)
async def export_ledger(session: Session, wish: ExportLedger) -> None:
    with _told(session, wish):
        await session.ledger.export.write(wish)


@handles(ListOpenCalls)
async def list_open_calls(session: Session, wish: ListOpenCalls) -> None:
    with _told(session, wish):
        await session.ledger.statements.publish_open_calls()


@handles(ResolveCall)
async def resolve_call(session: Session, wish: ResolveCall) -> None:
    with _told(session, wish):
        await session.ledger.statements.resolve(wish.call, wish.cost)
        await session.ledger.statements.publish_open_calls()


# ---------------------------------------------------------------- prices
@handles(ListPrices)
async def list_prices(session: Session, wish: ListPrices) -> None:
    with _told(session, wish):
        await session.ledger.prices.publish_list(wish.text, wish.limit)


@handles(KeepPrice)
async def keep_price(session: Session, wish: KeepPrice) -> None:
    with _told(session, wish):
        await session.ledger.prices.keep(wish.price)
        await session.ledger.prices.publish_list(wish.price.model)
        session.ledger.statements.noticed()


@handles(RemovePrice)
async def remove_price(session: Session, wish: RemovePrice) -> None:
    with _told(session, wish):
        await session.ledger.prices.remove(wish.price)
        await session.ledger.prices.publish_list()
        session.ledger.statements.noticed()


@handles(ImportPrices)
async def import_prices(session: Session, wish: ImportPrices) -> None:
    with _told(session, wish):
        await session.ledger.prices.import_file(wish.file)
        await session.ledger.prices.publish_list()
        session.ledger.statements.noticed()


# ---------------------------------------------------------------- bills
@handles(ReadBill)
async def read_bill(session: Session, wish: ReadBill) -> None:
    with _told(session, wish):
        await session.ledger.bills.read(wish.request, wish.file)


@handles(KeepBill)
async def keep_bill(session: Session, wish: KeepBill) -> None:
    with _told(session, wish):
        await session.ledger.bills.keep(wish)
        session.ledger.statements.noticed()


@handles(ListBills)
async def list_bills(session: Session, wish: ListBills) -> None:
    with _told(session, wish):
        await session.ledger.bills.publish_list()


@handles(RemoveBill)
async def remove_bill(session: Session, wish: RemoveBill) -> None:
    with _told(session, wish):
        await session.ledger.bills.remove(wish.bill)
        session.ledger.statements.noticed()


# ---------------------------------------------------------------- plans and advice
@handles(Calculate)
async def calculate(session: Session, wish: Calculate) -> None:
    with _told(session, wish):
        session.publish(Calculated(wish.request, await session.ledger.advising.calculate(wish.asked)))


@handles(ShowAdvice)
async def show_advice(session: Session, wish: ShowAdvice) -> None:
    with _told(session, wish):
        await session.ledger.advising.publish_list()


@handles(DescribeWorkload)
async def describe_workload(session: Session, wish: DescribeWorkload) -> None:
    with _told(session, wish):
        await session.ledger.advising.describe(wish.workload, wish.traits)


@handles(MoveWorkload)
async def move_workload(session: Session, wish: MoveWorkload) -> None:
    with _told(session, wish):
        await session.ledger.move(wish.workload, wish.route)
        await session.ledger.advising.publish_list()


@handles(ReturnWorkload)
async def return_workload(session: Session, wish: ReturnWorkload) -> None:
    with _told(session, wish):
        await session.ledger.moves.give_back(wish.workload)
        await session.ledger.advising.publish_list()


# ---------------------------------------------------------------- work by its route
@handles(PrepareWork)
async def prepare_work(session: Session, wish: PrepareWork) -> None:
    with _told(session, wish):
        await session.compare.routed.prepare(wish)


@handles(RunWork)
async def run_work(session: Session, wish: RunWork) -> None:
    with _told(session, wish):
        await session.compare.routed.run(wish)
