"""What a reader has to know beside the figures of a month: old prices, examples, what is not known; budgets. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop import figures, money
from desktop.wordings import ledger
from desktop.wordings.words import StatusWords, Tone
from engine.price_records import Currency
from engine.statement_records import BudgetState, Caveat, Statement

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Note:
    """A sentence beside the figures. `action` is what may be done about it: a part of the settings, `rebuild`, '' for nothing."""

    key: Caveat
    text: str
    tone: Tone = "neutral"
    action: str = ""
    verb: str = ""

    @property
    def is_urgent(self) -> bool:
        """Whether it stands above the figures rather than below them."""
        return self.tone != "neutral"


_TONES: dict[Caveat, Tone] = {
    "old_prices": "caution",
    "very_old_prices": "danger",
    "unknown_price": "caution",
    "unknown_cost": "caution",
    "unbounded_cost": "caution",
    "clock_ahead": "caution",
    "rate_old": "caution",
    "no_rate": "caution",
    "differs": "caution",
}


def note(key: Caveat, of: Statement) -> Note:
    """The sentence of a caveat, with the figures of its month."""
    action, verb = _action(key)
    return Note(key, _text(key, of), _TONES.get(key, "neutral"), action, verb)


def _text(key: Caveat, of: Statement) -> str:
    model, currency = ledger.model(of.reference), of.currency
    match key:
        case "example_tariff":
            text = translate("ledger", "Electricity is counted at an example price, {price} a kilowatt-hour.")
            return text.format(price=money.amount(of.energy.per_kwh, currency))
        case "default_reference":
            return translate("ledger", "The model that it is compared with, {model}, was chosen for you.").format(model=model)
        case "old_prices" | "very_old_prices":
            text = translate("ledger", "Prices are {n} days old. Figures use the last known prices.")
            return text.format(n=figures.number(of.prices_age_days))
        case "no_ratio":
            text = translate("ledger", "Nobody has counted how {model} cuts your texts into tokens, so its range is wide.")
            return text.format(model=model)
        case "unknown_price":
            text = translate(
                "ledger", "{model} has no known price on some of these days. Work of those days is not in the saving."
            )
            return text.format(model=model)
        case "unknown_cost":
            one = translate("ledger", "The cost of one request is not known. It counts as the most it can have cost, {amount}.")
            more = translate(
                "ledger", "The cost of {requests} is not known. They count as the most they can have cost, {amount}."
            )
            text = one if of.n_unknown == 1 else more
            return text.format(requests=ledger.requests(of.n_unknown), amount=money.amount(of.unknown_at_most, currency))
        case "rate_old" if of.currency.as_of is not None:
            text = translate("ledger", "The exchange rate is of {day}, more than 60 days away from these figures.")
            return text.format(day=ledger.day_of(of.currency.as_of.isoformat(), of.month))
    return _plain(key)


def _plain(key: Caveat) -> str:
    """Sentences without figures."""
    return {
        "unbounded_cost": translate(
            "ledger", "Of some requests not even the highest cost is known. They are missing from what was paid."
        ),
        "clock_ahead": translate("ledger", "Some entries are dated in the future: the clock of this computer was wrong."),
        "rate_old": translate("ledger", "The exchange rate is more than 60 days away from these figures."),
        "no_rate": translate("ledger", "Amounts in a currency without an exchange rate were left out."),
        "api_cheaper": translate("ledger", "For this work the API would have cost less than this computer."),
        "modelled_energy": translate(
            "ledger", "Most of the electricity was not measured. It comes from a model of this computer and has a wide range."
        ),
        "differs": translate("ledger", "The sums do not agree with the entries."),
    }.get(key, key)


def _action(key: Caveat) -> tuple[str, str]:
    match key:
        case "example_tariff":
            return "costs:electricity", translate("ledger", "Enter your price")
        case "default_reference":
            return "costs:references", translate("ledger", "Choose a model")
        case "rate_old" | "no_rate":
            return "costs:currency", translate("ledger", "Enter a rate")
        case "modelled_energy":
            return "costs:electricity", translate("ledger", "Enter measured watts")
        case "unknown_cost" | "unbounded_cost":
            return "costs:calls", translate("ledger", "Enter what was charged")
        case "unknown_price":
            return "costs:prices", translate("ledger", "Enter a price")
        case "old_prices" | "very_old_prices":
            return "costs:prices", translate("ledger", "Import newer prices")
        case "differs":
            return "rebuild", translate("ledger", "Make the sums anew")
    return "", ""


# ---------------------------------------------------------------- budgets
def budget_name(of: BudgetState) -> str:
    return of.name or (of.scope.partition(":")[2] if of.scope else translate("ledger", "All remote models"))


def budget_amounts(of: BudgetState, currency: Currency) -> str:
    """`€41.20 of €50`."""
    text = translate("ledger", "{spent} of {limit}")
    return text.format(spent=money.amount(of.spent, currency), limit=money.whole(of.limit, currency))


def budget_status(of: BudgetState) -> StatusWords:
    """How near a budget is to its end, and what happens there."""
    if of.is_reached and of.is_hard:
        return StatusWords(translate("ledger", "Reached, nothing more is sent"), "danger", "ban")
    if of.is_reached:
        return StatusWords(translate("ledger", "Reached"), "danger", "circle-alert")
    if of.warned:
        words = translate("ledger", "Over {n}%").format(n=figures.number(of.warned))
        return StatusWords(words, "caution", "triangle-alert")
    return StatusWords(translate("ledger", "Within the budget"), "neutral", "check")


def budget_warning(of: BudgetState, currency: Currency) -> str:
    """The line that is told when a threshold is reached."""
    if of.is_reached and of.is_hard:
        text = translate("ledger", "The budget for {name} is reached: {amounts}. Nothing more is sent this month.")
    elif of.is_reached:
        text = translate("ledger", "The budget for {name} is reached: {amounts}.")
    else:
        text = translate("ledger", "{n}% of the budget for {name} is spent: {amounts}.")
    name = budget_name(of)
    name = name if of.name or of.scope else name[:1].lower() + name[1:]
    return text.format(n=figures.number(of.warned), name=name, amounts=budget_amounts(of, currency))
