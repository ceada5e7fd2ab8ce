"""The verbs `ledger` and `run` and their options, as argparse knows them. Runs nothing."""

from __future__ import annotations

import argparse
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from engine.advice_records import ROUTE_KINDS, SENSITIVITIES
from engine.ledger_records import Month
from engine.verb_options import approving, common, positive


def add(kinds: Any) -> None:
    """Add both to the verbs."""
    parts = kinds.add_parser("ledger", help="what was saved, what was paid, and what to move next").add_subparsers(
        dest="part", required=True, metavar="PART"
    )
    _months(parts)
    _money(parts)
    _plans(parts)
    _routes(parts)
    _run(kinds)


def _months(parts: Any) -> None:
    show = common(parts.add_parser("show", help="a month, with what was subtracted"), "ledger_show", needs_store=True)
    _month(show)
    export = common(parts.add_parser("export", help="write a month as CSV, XLSX or PDF"), "ledger_export", needs_store=True)
    export.add_argument("--output", metavar="FILE", type=Path, required=True, help="its ending decides: .csv, .xlsx or .pdf")
    export.add_argument("--entries", action="store_true", help="every single entry of the month (.csv)")
    _month(export)
    check = common(parts.add_parser("check", help="whether the sums are those of the entries"), "ledger_check", needs_store=True)
    check.add_argument("--rebuild", action="store_true", help="make the sums anew from the entries")
    unknown = common(
        parts.add_parser("unknown", help="requests whose cost nobody told, and what they cost after all"),
        "ledger_unknown",
        needs_store=True,
    )
    unknown.add_argument("--resolve", metavar="ID=USD", type=_assigned, action="append", default=None, help="as on the invoice")


def _month(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--month", metavar="YYYY-MM", type=_month_of, default=None, help="else the running one")


def _money(parts: Any) -> None:
    prices = common(parts.add_parser("prices", help="prices of remote models, in dollars"), "ledger_prices", needs_store=True)
    prices.add_argument("text", metavar="TEXT", nargs="?", default="", help="only those with this in PROVIDER/MODEL")
    prices.add_argument("--limit", type=positive, default=50, metavar="N")
    prices.add_argument("--import", dest="file", metavar="FILE", type=Path, default=None, help="a price list, CSV or JSON")
    prices.add_argument(
        "--set", dest="price", metavar="PROVIDER/MODEL=IN,OUT", default=None, help="a price of your own, for a million tokens"
    )
    prices.add_argument("--from", dest="first", metavar="DATE", type=_day, default=None, help="the day from which it holds")
    prices.add_argument("--remove", metavar="PROVIDER/MODEL", default=None, help="forget a price of your own")
    bill = common(
        parts.add_parser("import", help="a usage export of OpenAI, Anthropic or OpenRouter (CSV)"),
        "ledger_import",
        needs_store=True,
    )
    bill.add_argument("file", metavar="FILE", type=Path)
    bill.add_argument("--workload", metavar="NAME", default=None, help="the workload that all of it was for")
    bill.add_argument("--apart", action="store_true", help="what Strongroom sent itself is not part of it")
    bill.add_argument("--preview", action="store_true", help="only say what it holds")
    bills = common(parts.add_parser("bills", help="what was imported"), "ledger_bills", needs_store=True)
    bills.add_argument("--remove", metavar="ID", default=None)
    _costs(parts)


def _costs(parts: Any) -> None:
    costs = common(
        parts.add_parser("costs", help="currency, electricity, hardware, reference models and budgets"),
        "ledger_costs",
        needs_store=True,
    )
    costs.add_argument("--currency", metavar="EUR", type=_currency, default=None, help="what amounts are shown in")
    costs.add_argument("--rate", metavar="N", type=_rate, default=None, help="units of that currency for one dollar, today")
    costs.add_argument("--tariff", metavar="N", type=_tariff, default=None, help="a kilowatt-hour, in that currency")
    costs.add_argument("--from", dest="first", metavar="DATE", type=_day, default=None, help="from when the tariff holds; today")
    costs.add_argument(
        "--watts", metavar="IDLE,BUSY", type=_idle_and_busy, default=None, help="what a plug meter shows when idle and answering"
    )
    costs.add_argument("--computer", metavar="N", type=_amount, default=None, help="what the computer cost; 0: owned already")
    costs.add_argument("--bought", metavar="DATE", type=_day, default=None)
    costs.add_argument("--months", type=positive, default=None, metavar="N", help="over how many months; 48")
    costs.add_argument("--would-use", metavar="PROVIDER/MODEL", default=None, help="the remote model you would really use")
    costs.add_argument("--strong", metavar="PROVIDER/MODEL", default=None)
    costs.add_argument("--cheapest", metavar="PROVIDER/MODEL", default=None, help="the cheapest that would do")
    costs.add_argument("--budget", metavar="N", type=_amount, default=None, help="for remote models in a month; 0: none")
    costs.add_argument("--scope", type=_scope, default="", help="of the budget: provider:ID or workload:NAME; else everything")
    costs.add_argument("--hard", action="store_true", help="send nothing that could pass the budget")


def _plans(parts: Any) -> None:
    common(parts.add_parser("advise", help="which workloads to move, and why"), "ledger_advise", needs_store=True)
    plan = common(
        parts.add_parser("calculate", help="a plan: the API, a rented server, this computer"),
        "ledger_calculate",
        needs_store="if_there",
    )
    plan.add_argument("--items", type=positive, required=True, metavar="N", help="tickets, letters … a month")
    plan.add_argument("--prompt", type=positive, default=600, metavar="TOKENS", help="read for one item; 600")
    plan.add_argument("--answer", type=positive, default=200, metavar="TOKENS", help="written for one item; 200")
    plan.add_argument("--model", metavar="PROVIDER/MODEL", default="", help="else the one you would use")
    plan.add_argument("--server", metavar="USD", type=_amount, default=Decimal(350), help="rent of a server a month; 350")
    plan.add_argument(
        "--computer", metavar="USD", type=_amount, default=Decimal(0), help="price of a workstation; 0: it is there"
    )
    plan.add_argument("--read-speed", metavar="N", type=_amount, default=Decimal(60), help="tokens read a second; 60")
    plan.add_argument("--write-speed", metavar="N", type=_amount, default=Decimal(10), help="tokens written a second; 10")
    plan.add_argument(
        "--watts", metavar="LOW,MID,HIGH", type=_three_watts, default=(35, 65, 120), help="what answering takes beyond idling"
    )
    plan.add_argument("--tariff", metavar="USD", type=_amount, default=Decimal("0.2"), help="a kilowatt-hour; 0.20")


def _routes(parts: Any) -> None:
    move = common(parts.add_parser("move", help="run a workload elsewhere from now on"), "ledger_move", needs_store=True)
    move.add_argument("workload", metavar="WORKLOAD", help="the name of a vote set")
    move.add_argument("--to", choices=ROUTE_KINDS, required=True)
    move.add_argument("--share", type=_percent, default=None, metavar="PERCENT", help="answered here, with --to share")
    move.add_argument("--local", metavar="ID", default=None, help="the local model; else the chosen one")
    move.add_argument("--with", dest="remote", metavar="PROVIDER/MODEL", default=None, help="the remote model; else as before")
    move.add_argument("--sample", type=_percent, default=None, metavar="PERCENT", help="also asked of the remote model; 2")
    back = common(parts.add_parser("return", help="run a workload where it ran before"), "ledger_return", needs_store=True)
    back.add_argument("workload", metavar="WORKLOAD")
    about = common(parts.add_parser("describe", help="say what a workload is like"), "ledger_describe", needs_store=True)
    about.add_argument("workload", metavar="WORKLOAD")
    about.add_argument("--sensitivity", choices=SENSITIVITIES, default=None)
    about.add_argument("--items", type=positive, default=None, metavar="N", help="how many there are a month")
    about.add_argument("--counted", action="store_true", help="as many as are counted, instead")
    about.add_argument("--reasoning", choices=("yes", "no"), default=None, help="needs the strongest reasoning there is")
    about.add_argument("--longest-wait", type=positive, default=None, metavar="SECONDS")


def _run(kinds: Any) -> None:
    run = common(kinds.add_parser("run", help="answer the prompts of a workload by its route"), "run_work", needs_store=True)
    run.add_argument("workload", metavar="WORKLOAD", help="the name of a vote set that has prompts")
    run.add_argument("--matter", metavar="MATTER", required=True, help="the matter that holds the prompts")
    run.add_argument("--prompts", metavar="FILE", type=Path, default=None, help="fill the set from this CSV first")
    run.add_argument("--output", metavar="FILE", type=Path, default=None, help="write the answers (.csv, .json or .md)")
    run.add_argument("--preview", action="store_true", help="only show what would be sent")
    approving(run)


# ---------------------------------------------------------------- values
def _month_of(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("a month is written as 2026-11") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("a day is written as 2026-11-22") from error


def _currency(text: str) -> str:
    code = text.upper()
    if len(text) != 3 or not text.isascii() or not text.isalpha():
        raise argparse.ArgumentTypeError("a currency is written with three letters, as EUR")
    return code


def _scope(text: str) -> str:
    kind, separator, name = text.partition(":")
    if text and not (separator and name and kind in ("provider", "workload")):
        raise argparse.ArgumentTypeError("is written as provider:ID or workload:NAME")
    return text


def _decimal(text: str, most: int, n_decimals: int) -> Decimal:
    """A number from 0 on that the settings can hold to its last digit."""
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise argparse.ArgumentTypeError("is not a number") from error
    if not number.is_finite() or not 0 <= number <= most:
        raise argparse.ArgumentTypeError(f"must be from 0 to {most:,}")
    places = number.as_tuple().exponent
    if isinstance(places, int) and -places > n_decimals:
        raise argparse.ArgumentTypeError(f"has more than {n_decimals} decimals")
    return number


def _amount(text: str) -> Decimal:
    return _decimal(text, 1_000_000_000, 6)


def _tariff(text: str) -> Decimal:
    return _decimal(text, 1_000_000, 6)


def _rate(text: str) -> Decimal:
    if not (rate := _decimal(text, 10_000_000, 8)):
        raise argparse.ArgumentTypeError("must be more than 0")
    return rate


def _cost(text: str) -> Decimal:
    return _decimal(text, 1_000_000, 9)


def _idle_and_busy(text: str) -> tuple[int, ...]:
    return _watts(text, 2)


def _three_watts(text: str) -> tuple[int, ...]:
    return _watts(text, 3)


def _watts(text: str, n: int) -> tuple[int, ...]:
    try:
        found = tuple(int(each) for each in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError("is not written in whole watts") from error
    if len(found) != n or list(found) != sorted(found) or not 0 <= found[0] <= found[-1] <= 100_000:
        raise argparse.ArgumentTypeError(f"takes {n} numbers from 0 to 100,000 with commas between them, the lower first")
    return found


def _percent(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100):
        raise argparse.ArgumentTypeError("must be a whole number from 0 to 100")
    return int(text)


def _assigned(text: str) -> tuple[str, Decimal]:
    name, separator, amount = text.partition("=")
    if not (name and separator):
        raise argparse.ArgumentTypeError("is written as ID=USD")
    return name, _cost(amount)
