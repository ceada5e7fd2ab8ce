"""The verbs about the ledger, prices, bills and advice, as JSON-ready values."""

from __future__ import annotations

import argparse
import uuid
from datetime import date
from decimal import Decimal, InvalidOperation

from engine.advice_records import Traits, Workload
from engine.errors import LedgerInputUnfit, NotFound, PricesUnfit
from engine.json_shapes import Json
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
from engine.ledger_settings import Budget, ExchangeRate, Hardware, LedgerSettings, MeterWatts, Tariff
from engine.plan_json import advice_json, calculation_json
from engine.price_records import ListedPrice
from engine.records import RequestId
from engine.session import Session
from engine.statement_records import CalculatorInput
from engine.verbs import Hearing

NANO = 1_000_000_000
PICO_IN_DOLLAR_A_MILLION = 1_000_000
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
    prices = session.ledger.prices
    if options.file is not None:
        await prices.import_file(options.file)
    if options.price is not None:
        await prices.keep(_own_price(options.price, options.first))
    if options.remove is not None:
        await prices.remove(await _kept_price(session, options.remove))
    found: list[PricesListed] = []
    progress.listen(lambda event: found.append(event) if isinstance(event, PricesListed) else None)
    await prices.publish_list(options.text, options.limit)
    return prices_json(found[-1])


def _own_price(text: str, first: date | None) -> ListedPrice:
    """Read `PROVIDER/MODEL=IN,OUT`, in dollars for a million tokens."""
    model, separator, amounts = text.rpartition("=")
    try:
        prompt, generated = (Decimal(each) * PICO_IN_DOLLAR_A_MILLION for each in amounts.split(","))
    except (InvalidOperation, ValueError):
        raise PricesUnfit("bad_number", detail=amounts) from None
    if not separator or not prompt.is_finite() or not generated.is_finite():
        raise PricesUnfit("bad_number", detail=amounts)
    if prompt != int(prompt) or generated != int(generated):
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
    if not options.preview:
        workload = NO_WORKLOAD if options.workload is None else (await find_workload(session, options.workload)).id
        await session.ledger.bills.keep(KeepBill(request, workload, includes_ours=not options.apart))
    return {"bills": [bill_json(found[-1].bill)], "replaced_lines": found[-1].n_replaced, "kept": not options.preview}


async def ledger_bills(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    if options.remove is not None:
        await session.ledger.bills.remove(options.remove)
    return {"bills": [bill_json(each) for each in await session.access.read(lambda store: store.bills.list())]}


# ---------------------------------------------------------------- plans and advice
async def ledger_advise(session: Session, _: argparse.Namespace, __: Hearing) -> Json:
    return {"advice": [advice_json(each) for each in await session.ledger.advising.list()]}


async def ledger_calculate(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    low, mid, high = (1000 * each for each in _whole_numbers(options.watts, 3, "watts"))
    asked = CalculatorInput(
        n_items=options.items,
        prompt=options.prompt,
        generated=options.answer,
        model=options.model,
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


# ---------------------------------------------------------------- costs
async def ledger_costs(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    before = session.settings.ledger
    after = _budgeted(_compared(_measured(_in_currency(before, options), options), options), options)
    if after != before:
        await session.change_settings(session.settings.model_copy(update={"ledger": after}))
    return {"costs": after.model_dump(mode="json")}


def _in_currency(ledger: LedgerSettings, options: argparse.Namespace) -> LedgerSettings:
    if options.currency is not None:
        if len(options.currency) != 3 or not options.currency.isascii() or not options.currency.isalpha():
            raise LedgerInputUnfit("currency", "no_rate")
        ledger = ledger.model_copy(update={"currency": options.currency})
    if options.rate is not None:
        if not options.rate:
            raise LedgerInputUnfit("rate", "not_a_number")
        rate = ExchangeRate(currency=ledger.currency, day=date.today(), per_usd=options.rate)
        others = tuple(each for each in ledger.rates if (each.currency, each.day) != (rate.currency, rate.day))
        ledger = ledger.model_copy(update={"rates": (*others, rate)})
    if ledger.currency != "USD" and not any(each.currency == ledger.currency for each in ledger.rates):
        raise LedgerInputUnfit(ledger.currency, "no_rate")
    return ledger


def _measured(ledger: LedgerSettings, options: argparse.Namespace) -> LedgerSettings:
    """Electricity and hardware."""
    if options.tariff is not None:
        tariff = Tariff(day=options.first or date.today(), currency=ledger.currency, per_kwh=options.tariff)
        others = tuple(each for each in ledger.tariffs if each.day != tariff.day)
        ledger = ledger.model_copy(update={"tariffs": (*others, tariff)})
    if options.watts is not None:
        idle, busy = _whole_numbers(options.watts, 2, "watts")
        if busy < idle:
            raise LedgerInputUnfit("watts", "negative")
        ledger = ledger.model_copy(update={"watts": MeterWatts(idle=idle, busy=busy)})
    if options.computer is not None:
        ledger = ledger.model_copy(update={"hardware": _hardware(ledger, options)})
    return ledger


def _hardware(ledger: LedgerSettings, options: argparse.Namespace) -> Hardware | None:
    if not options.computer:
        return None
    return Hardware(
        price=options.computer,
        currency=ledger.currency,
        bought=options.bought or date.today(),
        n_months=min(options.months or 48, 240),
    )


def _compared(ledger: LedgerSettings, options: argparse.Namespace) -> LedgerSettings:
    named = {name: getattr(options, name) for name in ("would_use", "strong", "cheapest")}
    return ledger.model_copy(update={name: model for name, model in named.items() if model is not None})


def _budgeted(ledger: LedgerSettings, options: argparse.Namespace) -> LedgerSettings:
    if options.budget is None:
        return ledger
    others = tuple(each for each in ledger.budgets if each.scope != options.scope)
    if not options.budget:
        return ledger.model_copy(update={"budgets": others})
    budget = Budget(scope=options.scope, limit=options.budget, currency=ledger.currency, is_hard=options.hard)
    return ledger.model_copy(update={"budgets": (*others, budget)})


def _whole_numbers(text: str, n: int, field: str) -> tuple[int, ...]:
    """`35,65,120`: so many whole numbers from 0 on, none lower than the one before."""
    try:
        found = tuple(int(each) for each in text.split(","))
    except ValueError:
        raise LedgerInputUnfit(field, "not_a_number") from None
    if len(found) != n or any(each < 0 for each in found) or list(found) != sorted(found):
        raise LedgerInputUnfit(field, "not_a_number")
    if found[-1] > 100_000:
        raise LedgerInputUnfit(field, "too_large")
    return found
