"""The verbs about the ledger, prices, bills and advice, as JSON-ready values."""

from __future__ import annotations

import argparse
import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal

from engine.advice_records import Traits, Workload
from engine.errors import NotFound, PricesUnfit
from engine.json_shapes import Json
from engine.ledger.references import references
from engine.ledger_events import BillRead, PricesListed
from engine.ledger_intents import ExportLedger, KeepBill
from engine.ledger_json import (
    bill_json,
    check_json,
    open_call_json,
    page_json,
    prices_json,
)  # fmt: skip
from engine.ledger_records import NO_WORKLOAD, Spread
from engine.plan_json import advice_json, calculation_json
from engine.price_records import ListedPrice
from engine.records import RequestId
from engine.session import Session
from engine.statement_records import CalculatorInput
from engine.verbs import Hearing

NANO = 1_000_000_000
PICO_IN_DOLLAR_A_MILLION = 1_000_000
MOST_PICO = 10**18  # longer figures are not even worked with; what a price may be is decided where it is kept
SECONDS_IN_HOUR = 3600


# ---------------------------------------------------------------- months
async def ledger_show(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    page = await session.ledger.statements.page(options.month)
    advice = [advice_json(each) for each in await session.ledger.advising.list()]
    return {**page_json(page), "advice": advice}


async def ledger_export(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    await session.ledger.export.write(ExportLedger(options.output, options.month, entries=options.entries))
    return {"exported": {"file": str(options.output)}}


async def ledger_check(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    return {"check": check_json(await session.ledger.statements.check(rebuild=options.rebuild))}


async def ledger_unknown(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    for call, dollars in options.resolve or ():
        await session.ledger.statements.resolve(call, int(dollars.scaleb(9)))
    calls = await session.access.read(lambda store: store.ledger.open_calls())
    return {"unknown": [open_call_json(each) for each in calls]}


# ---------------------------------------------------------------- prices and bills
async def ledger_prices(session: Session, options: argparse.Namespace, progress: Hearing) -> Json:
    prices, text = session.ledger.prices, options.text
    if options.file is not None:
        await prices.import_file(options.file)
    if options.price is not None:
        price = _own_price(options.price, options.first)
        await prices.keep(price)
        text = text or price.model
    if options.remove is not None:
        await prices.remove(await _kept_price(session, options.remove))
        text = text or options.remove
    found: list[PricesListed] = []
    progress.listen(lambda event: found.append(event) if isinstance(event, PricesListed) else None)
    await prices.publish_list(text, options.limit)
    return prices_json(found[-1])


def _own_price(text: str, first: date | None) -> ListedPrice:
    """Read `PROVIDER/MODEL=IN,OUT`, in dollars for a million tokens. Raises PricesUnfit."""
    model, separator, amounts = text.rpartition("=")
    try:
        prompt, generated = (Decimal(each) * PICO_IN_DOLLAR_A_MILLION for each in amounts.split(","))
    except (ArithmeticError, ValueError):  # also a figure that not even a Decimal can hold
        raise PricesUnfit("bad_number", detail=amounts) from None
    if not separator or not all(each.is_finite() and abs(each) < MOST_PICO and each == int(each) for each in (prompt, generated)):
        raise PricesUnfit("bad_number", detail=amounts)
    return ListedPrice(model, int(prompt), int(generated), first=first, source="own", checked=date.today().isoformat())


async def _kept_price(session: Session, model: str) -> ListedPrice:
    own = await session.access.read(lambda store: store.price_lists.own())
    found = next((each for each in own if each.model == model), None)
    if found is None:
        raise NotFound("price", model)
    return found


async def ledger_import(session: Session, options: argparse.Namespace, progress: Hearing) -> Json:
    request, found = RequestId(uuid.uuid4().hex), list[BillRead]()
    progress.listen(lambda event: found.append(event) if isinstance(event, BillRead) else None)
    await session.ledger.bills.read(request, options.file)
    workload = NO_WORKLOAD if options.workload is None else (await find_workload(session, options.workload)).id
    wish = KeepBill(request, workload, includes_ours=not options.apart)
    if not options.preview:
        await session.ledger.bills.keep(wish)
    bill = replace(found[-1].bill, workload=wish.workload, includes_ours=wish.includes_ours)
    return {"bills": [bill_json(bill)], "replaced_lines": found[-1].n_replaced, "kept": not options.preview}


async def ledger_bills(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    if options.remove is not None:
        await session.ledger.bills.remove(options.remove)
    return {"bills": [bill_json(each) for each in await session.access.read(lambda store: store.bills.list())]}


# ---------------------------------------------------------------- plans and advice
async def ledger_advise(session: Session, _: argparse.Namespace, __: Hearing) -> Json:
    return {"advice": [advice_json(each) for each in await session.ledger.advising.list()]}


async def ledger_calculate(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    low, mid, high = (1000 * each for each in options.watts)
    asked = CalculatorInput(
        n_items=options.items,
        prompt=options.prompt,
        generated=options.answer,
        model=options.model or references(session.settings.ledger)[0][1],
        server=int(options.server.scaleb(9)),
        computer=int(options.computer.scaleb(9)),
        prompt_speed=int(options.read_speed * SECONDS_IN_HOUR),
        generate_speed=int(options.write_speed * SECONDS_IN_HOUR),
        power=Spread(low, mid, high),
        per_kwh=int(options.tariff.scaleb(9)),
        usable_percent=session.settings.ledger.usable_percent,
    )
    return {"calculation": calculation_json(await session.ledger.advising.calculate(asked))}


async def ledger_describe(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    workload = await find_workload(session, options.workload)
    old = workload.traits
    traits = Traits(
        sensitivity=options.sensitivity or old.sensitivity,
        is_reasoning=old.is_reasoning if options.reasoning is None else options.reasoning == "yes",
        monthly_items=None if options.counted else options.items or old.monthly_items,
        longest_wait_s=options.longest_wait or old.longest_wait_s,
    )
    await session.ledger.advising.describe(workload.id, traits)
    return await ledger_advise(session, options, _)


async def find_workload(session: Session, name: str) -> Workload:
    """A workload by the name or id of its vote set. Raises NotFound."""
    for each in await session.ledger.advising.workloads():
        if name in (each.id, each.name):
            return each
    raise NotFound("workload", name)
