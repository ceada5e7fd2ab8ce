"""The verb that tells and changes what the ledger counts with: currency, electricity, hardware, reference models, budgets."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal

from pydantic import ValidationError

from engine.costs_json import costs_json
from engine.errors import LedgerInputUnfit, NotFound
from engine.json_shapes import Json
from engine.ledger.references import references
from engine.ledger_settings import Budget, ExchangeRate, Hardware, LedgerSettings, MeterWatts, Tariff
from engine.ledger_verbs import find_workload
from engine.session import Session
from engine.verbs import Hearing


async def ledger_costs(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    """Change what is named and show all of it. What cannot be is refused, and then nothing was changed."""
    before = session.settings.ledger
    await _known(session, options)
    scope = await _scope(session, options)
    after = _checked(_budgeted(_compared(_measured(_in_currency(before, options), options), options), options, scope))
    if after != before:
        await session.change_settings(session.settings.model_copy(update={"ledger": after}))
    return {"costs": costs_json(after, references(after))}


async def _known(session: Session, options: argparse.Namespace) -> None:
    """A reference without a price would silently make every saving unknown. Raises LedgerInputUnfit."""
    book, now = session.ledger.prices.book, datetime.now(UTC)
    for model in (options.would_use, options.strong, options.cheapest):
        if model and await asyncio.to_thread(book.rates_of, model.strip(), 1, now) is None:
            raise LedgerInputUnfit(model, "unknown_model")


async def _scope(session: Session, options: argparse.Namespace) -> str:
    """The scope of a budget by ids. One for what is not there would never hold. Raises NotFound."""
    kind, _, name = options.scope.partition(":")
    known = {each.scope for each in session.settings.ledger.budgets}
    if options.budget is None or not options.scope or (not options.budget and options.scope in known):
        return str(options.scope)
    if kind == "workload":
        return f"workload:{(await find_workload(session, name)).id}"
    providers = await session.access.read(lambda store: store.providers.list())
    if name not in {each.id for each in providers}:
        raise NotFound("provider", name)
    return str(options.scope)


def _in_currency(ledger: LedgerSettings, options: argparse.Namespace) -> LedgerSettings:
    if options.currency is not None:
        ledger = ledger.model_copy(update={"currency": options.currency})
    if options.rate is not None:
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
        idle, busy = options.watts
        ledger = ledger.model_copy(update={"watts": MeterWatts(idle=idle, busy=busy)})
    if options.computer is not None or options.bought is not None or options.months is not None:
        ledger = ledger.model_copy(update={"hardware": _hardware(ledger, options)})
    return ledger


def _hardware(ledger: LedgerSettings, options: argparse.Namespace) -> Hardware | None:
    """The computer as it is described now; what is not named stays as it was. Raises LedgerInputUnfit."""
    old = ledger.hardware
    if options.computer is None and old is None:  # when it was bought tells nothing without what it cost
        raise LedgerInputUnfit("computer", "not_a_number")
    price: Decimal = old.price if options.computer is None and old is not None else options.computer
    if not price:
        return None
    n_months = options.months or (old.n_months if old else 48)
    if n_months > 240:
        raise LedgerInputUnfit("months", "too_large")
    return Hardware(
        price=price,
        currency=ledger.currency if options.computer is not None or old is None else old.currency,
        bought=options.bought or (old.bought if old else date.today()),
        n_months=n_months,
        share_percent=old.share_percent if old else 100,
    )


def _compared(ledger: LedgerSettings, options: argparse.Namespace) -> LedgerSettings:
    named = {name: getattr(options, name) for name in ("would_use", "strong", "cheapest")}
    return ledger.model_copy(update={name: model.strip() for name, model in named.items() if model is not None})


def _budgeted(ledger: LedgerSettings, options: argparse.Namespace, scope: str) -> LedgerSettings:
    if options.budget is None:
        return ledger
    others = tuple(each for each in ledger.budgets if each.scope != scope)
    if not options.budget:
        return ledger.model_copy(update={"budgets": others})
    budget = Budget(scope=scope, limit=options.budget, currency=ledger.currency, is_hard=options.hard)
    return ledger.model_copy(update={"budgets": (*others, budget)})


def _checked(ledger: LedgerSettings) -> LedgerSettings:
    """The same, read as it will be when the program starts next. Raises LedgerInputUnfit for what would not be taken then."""
    try:
        return LedgerSettings.model_validate(ledger.model_dump())
    except ValidationError as problem:
        raise LedgerInputUnfit(str(problem.errors()[0]["loc"][0]), "too_large") from None
