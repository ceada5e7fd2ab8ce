"""Sentences about budgets, bills, price lists and routes that could not be used as they are."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.wordings import ledger
from desktop.wordings.words import Words
from engine import errors
from engine.ledger_records import Month

translate = QCoreApplication.translate

NANO = 1_000_000_000


def _dollars(nano: int) -> str:
    """Limits are kept in dollars, whatever the ledger is shown in."""
    return QLocale().toCurrencyString(nano / NANO, "$")


def _month(written: str) -> str:
    """`November 2026`; facts of errors have it as `2026-11`."""
    try:
        return ledger.month(Month.parse(written))
    except ValueError:
        return written


def _budget_reached(error: errors.BudgetReached) -> Words:
    if error.reason == "price_unknown":
        happened = translate(
            "wording", "This request has no known price, and your budget for {month} lets nothing out that could pass it."
        )
        to_do = translate(
            "wording", "Enter a price for this model in the ledger’s settings, or choose a model with a known price."
        )
    else:
        happened = translate(
            "wording", "This request could pass your budget for {month}: {spent} of {limit} are spent or under way."
        )
        to_do = translate("wording", "Raise the budget in Settings, Costs, or wait for the next month.")
    facts = {"month": _month(error.month), "spent": _dollars(error.spent), "limit": _dollars(error.limit)}
    return Words(
        title=translate("wording", "Your budget stopped this"),
        summary=translate("wording", "Your budget stopped this."),
        happened=happened.format(**facts),
        kept=translate("wording", "Nothing was sent and nothing was charged. Your text is kept here."),
        to_do=to_do,
        icon="circle-alert",
        tone="caution",
        actions=("settings",),
    )


def _line(line: int | None) -> str:
    return "" if line is None else translate("wording", " Line {line} is where it was noticed.").format(line=line)


def _bill_unfit(error: errors.BillUnfit) -> Words:
    happened = {
        "not_text": translate("wording", "{file} holds something other than a table in text."),
        "unknown_columns": translate("wording", "The columns of {file} are those of no export that is known here."),
        "no_rows": translate("wording", "{file} names no usage at all."),
        "too_large": translate("wording", "{file} is larger than any usage export should be."),
        "bad_number": translate("wording", "{file} holds a figure that can’t be right."),
        "bad_day": translate("wording", "{file} holds a day that can’t be right."),
        "mixed": translate("wording", "{file} mixes exports of several kinds."),
        "cannot_read": translate("wording", "{file} could not be opened."),
    }[error.reason]
    return Words(
        title=translate("wording", "{file} was not imported").format(file=error.file),
        summary=happened.format(file=error.file),
        happened=happened.format(file=error.file) + _line(error.line),
        kept=translate("wording", "Nothing was taken from it. The ledger is as it was."),
        to_do=translate(
            "wording", "Export the usage again as CSV from OpenAI, Anthropic or OpenRouter, unchanged, and import that."
        ),
        icon="file-warning",
        tone="caution",
    )


def _prices_unfit(error: errors.PricesUnfit) -> Words:
    happened = {
        "not_text": translate("wording", "The price list holds something other than text."),
        "unknown_columns": translate("wording", "The price list lacks columns for model, input or output."),
        "no_rows": translate("wording", "The price list names no model."),
        "too_large": translate("wording", "The price list is too large."),
        "bad_number": translate("wording", "A price is not a number from 0 to 10,000 dollars with at most six decimals."),
        "bad_day": translate("wording", "A day can’t be right."),
        "bad_model": translate("wording", "A model is not written as provider/model."),
        "cannot_read": translate("wording", "The file could not be opened."),
    }[error.reason]
    return Words(
        title=translate("wording", "These prices can’t be used"),
        summary=happened,
        happened=happened + _line(error.line),
        kept=translate("wording", "The prices from before still hold."),
        to_do=translate("wording", "Correct it and try again."),
        icon="file-warning",
        tone="caution",
    )


def _move_refused(error: errors.MoveRefused) -> Words:
    until = translate("wording", " until {day}").format(day=error.until) if error.until else ""
    other = error.other or translate("wording", "another workload")
    happened = {
        "one_at_a_time": translate("wording", "{other} was moved a short while ago and is still being watched{until}."),
        "fixed": translate("wording", "{workload} always runs on this computer."),
        "no_local_model": translate("wording", "There is no model on this computer that could take {workload} over."),
        "no_remote_model": translate("wording", "{workload} has no remote model to run on yet."),
        "confidential": translate("wording", "{workload} is marked as confidential, so nothing of it may leave this computer."),
        "not_moved": translate("wording", "{workload} was never moved, so there is nowhere to return it to."),
    }[error.reason]
    to_do = {
        "one_at_a_time": translate("wording", "Move it when the other one has proved itself, or return the other one first."),
        "no_local_model": translate("wording", "Download a model that fits, then move it."),
        "no_remote_model": translate("wording", "Choose a provider and a model for it first."),
        "confidential": translate("wording", "Keep it here, or change how it is marked."),
    }.get(error.reason, translate("wording", "Nothing needs to be done."))
    facts = {"workload": error.workload, "other": other, "until": until}
    return Words(
        title=translate("wording", "{workload} was not moved").format(**facts),
        summary=happened.format(**facts),
        happened=happened.format(**facts),
        kept=translate("wording", "It goes on running where it ran."),
        to_do=to_do,
        icon="circle-alert",
        tone="caution",
    )


def _field(name: str) -> str:
    """A figure by its name for people; a model, a currency or another name as it is."""
    return {
        "n_items": translate("wording", "The number of items"),
        "prompt": translate("wording", "The number of tokens read"),
        "generated": translate("wording", "The number of tokens written"),
        "prompt_speed": translate("wording", "The speed of reading"),
        "generate_speed": translate("wording", "The speed of writing"),
        "server": translate("wording", "The rent of the server"),
        "computer": translate("wording", "The price of the computer"),
        "months": translate("wording", "The number of months"),
        "n_months": translate("wording", "The number of months"),
        "per_kwh": translate("wording", "The price of a kilowatt-hour"),
        "power": translate("wording", "The number of watts"),
        "cost": translate("wording", "The cost"),
    }.get(name, name)


def _input_unfit(error: errors.LedgerInputUnfit) -> Words:
    happened = {
        "negative": translate("wording", "{field} is too small."),
        "too_large": translate("wording", "{field} is larger than anything that can be worked with."),
        "not_a_number": translate("wording", "{field} is not a number."),
        "unknown_model": translate("wording", "There is no known price for “{field}”."),
        "unknown_month": translate("wording", "There is no such month in this ledger: it ends with the running one."),
        "unknown_ending": translate("wording", "The ledger is not written to files of this kind."),
        "no_rate": translate("wording", "There is no exchange rate for {field} yet."),
    }[error.reason].format(field=_field(error.field))
    to_do = {
        "unknown_ending": translate("wording", "Choose a name that ends in .csv, .xlsx or .pdf."),
        "no_rate": translate("wording", "Enter a rate in Settings, Costs."),
        "unknown_model": translate("wording", "Choose another model, or enter its price in Settings, Costs."),
    }.get(error.reason, translate("wording", "Correct it and try again."))
    return Words(
        title=translate("wording", "This can’t be worked out"),
        summary=happened,
        happened=happened,
        kept=translate("wording", "Nothing was changed."),
        to_do=to_do,
        icon="circle-alert",
        tone="caution",
    )


WORDS: dict[str, Callable[..., Words]] = {
    "budget_reached": _budget_reached,
    "bill_unfit": _bill_unfit,
    "prices_unfit": _prices_unfit,
    "move_refused": _move_refused,
    "ledger_input_unfit": _input_unfit,
}
