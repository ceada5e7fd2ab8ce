"""What a plan comes to, in words: the three ways, from how many items each pays, and what this computer can do. Pure.

All of it is in dollars, as prices of models are. Where the remote model is the cheaper one that is said as plainly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from desktop import figures, money
from desktop.wordings import evidence, ledger
from engine.ledger_records import Spread
from engine.price_records import Currency
from engine.statement_records import Calculation, Plan

translate = QCoreApplication.translate
USD = Currency()


@dataclass(frozen=True)
class Way:
    """A row of the table: what it is called, what it costs a month, what that saves, and from how many items it is cheaper."""

    name: str
    cost: str
    saves: str
    from_items: str
    is_cheapest: bool = False


# ---------------------------------------------------------------- names
def presets() -> tuple[tuple[str, int, int], ...]:
    """How long a piece of work is, with the tokens that are read and written for it."""
    return (
        (translate("calculator", "Short, such as a label for a message"), 300, 20),
        (translate("calculator", "Usual, such as the answer to a ticket"), 600, 200),
        (translate("calculator", "Long, such as the summary of a report"), 4_000, 600),
        (translate("calculator", "With documents, such as a question on a matter"), 8_000, 400),
    )


def preset(prompt: int | None, generated: int | None) -> str:
    """Which of them these tokens are."""
    found = next((name for name, read, written in presets() if (read, written) == (prompt, generated)), "")
    return found or translate("calculator", "Your own figures")


def computer(of: Calculation) -> str:
    """What the third way is called: bought for this, or there already."""
    return translate("calculator", "A workstation") if of.asked.computer else translate("calculator", "This computer")


def field(name: str) -> str:
    """What a figure of the plan is called."""
    return {
        "n_items": translate("calculator", "Items a month"),
        "prompt": translate("calculator", "Tokens read for one"),
        "generated": translate("calculator", "Tokens written for one"),
        "server": translate("calculator", "Rent of a server a month, USD"),
        "computer": translate("calculator", "Price of a workstation, USD"),
        "n_months": translate("calculator", "Months that it is used"),
        "power": translate("calculator", "Watts while it works"),
        "per_kwh": translate("calculator", "A kilowatt-hour, USD"),
        "prompt_speed": translate("calculator", "Tokens read a second"),
        "generate_speed": translate("calculator", "Tokens written a second"),
        "usable_percent": translate("calculator", "Hours in which it can work, %"),
    }.get(name, name)


def hint(name: str) -> str:
    """What stands in an empty field."""
    return {
        "power": translate("calculator", "35 to 120, not measured"),
        "computer": translate("calculator", "0: it is there already"),
    }.get(name, "")


# ---------------------------------------------------------------- problems of a field
def not_a_number(*, is_whole: bool) -> str:
    if is_whole:
        return translate("calculator", "Type a whole number.")
    return translate("calculator", "Type a number.")


def refused(reason: str) -> str:
    return {
        "negative": translate("calculator", "This is too small."),
        "too_large": translate("calculator", "This is too large to work with."),
        "not_a_number": translate("calculator", "Type a number."),
    }.get(reason, translate("calculator", "This can’t be used."))


# ---------------------------------------------------------------- the result
def ways(of: Calculation) -> tuple[Way, ...]:
    """The three of them; what has no price or cannot be done says so."""
    if of.api is None or of.server is None or of.computer is None:
        return ()
    cheapest = _cheapest(of)
    api = Way(translate("calculator", "With the API"), money.amount(of.api, USD), "–", "–", cheapest == "api")
    return (
        api,
        _way(translate("calculator", "A rented server"), of.server, cheapest == "server"),
        _way(computer(of), of.computer, cheapest == "computer"),
    )


def _way(name: str, plan: Plan, is_cheapest: bool) -> Way:
    never = translate("calculator", "never")
    from_items = never if plan.break_even is None else figures.number(plan.break_even)
    if not plan.is_feasible:
        return Way(name, translate("calculator", "Does not fit"), "–", "–")
    return Way(name, money.spread(plan.cost, USD), _saves(plan.saves), from_items, is_cheapest)


def _saves(saves: Spread) -> str:
    """What is saved, or what it costs more."""
    if saves.high < 0:
        return translate("calculator", "{sum} more").format(sum=money.spread(-saves, USD))
    return money.spread(saves, USD)


def _cheapest(of: Calculation) -> str:
    """Which way is the cheapest whatever the watts are; '' where that cannot be said."""
    assert of.api is not None and of.server is not None and of.computer is not None
    exact = {"api": of.api, "server": of.server.cost.mid}
    best = min(exact, key=lambda key: exact[key])
    if not of.computer.is_feasible or of.computer.cost.low > exact[best]:
        return best
    return "computer" if of.computer.cost.high < exact[best] else ""


def verdict(of: Calculation) -> tuple[str, str]:
    """Which is the cheapest, in a few words, and the same with the sums."""
    if of.api is None or of.server is None or of.computer is None:
        model = ledger.model(of.asked.model) or translate("calculator", "this model")
        title = translate("calculator", "There is no price for {model}").format(model=model)
        return title, translate("calculator", "Choose another model, or enter its price in Settings, Costs.")
    name = computer(of)
    titles = {
        "api": translate("calculator", "The API is cheaper"),
        "server": translate("calculator", "A rented server is the cheapest"),
        "computer": translate("calculator", "{name} is the cheapest").format(name=name),
        "": translate("calculator", "Too close to call"),
    }
    cheapest = _cheapest(of)
    if not of.computer.is_feasible:
        rest = translate("calculator", "The API costs {api} a month, a rented server {server}. {name} can’t do this much.")
    elif not cheapest:
        rest = translate(
            "calculator",
            "The API costs {api} a month, a rented server {server}, and {here} {computer}, depending on the watts.",
        )
    else:
        rest = translate("calculator", "The API costs {api} a month, a rented server {server}, and {here} {computer}.")
    sums = {"api": money.amount(of.api, USD), "server": money.spread(of.server.cost, USD)}
    here = name[:1].lower() + name[1:]
    return titles[cheapest], rest.format(**sums, computer=money.spread(of.computer.cost, USD), name=name, here=here)


def sentences(of: Calculation) -> tuple[str, ...]:
    """Break-even, what fits, payback, and the price of electricity from which it turns."""
    found = [_capacity(of)]
    if of.server is not None:
        found.append(_server(of.server))
    if of.computer is not None:
        found += [_payback(of), _electricity(of)]
    return tuple(words for words in found if words)


def _capacity(of: Calculation) -> str:
    name, most = computer(of), figures.number(of.most_items)
    text = translate("calculator", "{name} can do {most} a month; {n} fit.")
    if of.asked.n_items > of.most_items:
        text = translate("calculator", "{name} can do {most} a month; {n} do not fit.")
    return text.format(name=name, most=most, n=figures.number(of.asked.n_items))


def _server(plan: Plan) -> str:
    if plan.break_even is None:
        return translate("calculator", "A rented server never gets cheaper than the API, however many items there are.")
    text = translate(
        "calculator", "A rented server is cheaper than the API from {n} a month on. Nothing is said of what it can do."
    )
    return text.format(n=ledger.items(plan.break_even))


def _payback(of: Calculation) -> str:
    assert of.computer is not None
    if not of.asked.computer:
        return ""
    if not of.computer.is_feasible:
        return translate("calculator", "A workstation that can’t do the work never pays for itself.")
    if of.payback_months is None:
        return translate("calculator", "The workstation never pays for itself: its electricity costs more than the API.")
    words = translate("calculator", "The workstation has paid for itself after {time}.")
    if of.payback_months > of.asked.n_months * 1000:
        words = translate("calculator", "The workstation has paid for itself after {time}, which is longer than it is used.")
    return words.format(time=evidence.payback(of.payback_months))


def _electricity(of: Calculation) -> str:
    assert of.computer is not None
    if of.per_kwh_limit is None or not of.computer.is_feasible:
        return ""
    name = computer(of)
    if of.per_kwh_limit == 0:
        return translate("calculator", "{name} costs more than the API even where electricity is free.").format(name=name)
    limit = money.amount(of.per_kwh_limit, USD)
    words = translate("calculator", "Above {limit} a kilowatt-hour, {here} costs more than the API. You pay {now}.")
    return words.format(limit=limit, here=name[:1].lower() + name[1:], now=money.amount(of.asked.per_kwh, USD))


def speeds(*, knows_reading: bool, knows_writing: bool) -> str:
    """Where the speeds in the fields come from."""
    if knows_reading and knows_writing:
        return translate("calculator", "The speeds were measured on this computer with the model in use.")
    if knows_writing:
        return translate("calculator", "How fast it writes was measured on this computer; how fast it reads is an example.")
    return translate("calculator", "The speeds are an example: the model in use was not measured on this computer yet.")


def one_item(of: Calculation) -> str:
    """`One item takes 23 s and about 0.4 Wh here.`"""
    words = translate("calculator", "One item takes {time} and about {energy}.")
    return words.format(time=figures.seconds(of.item_ms / 1000), energy=ledger.energy(of.item_uwh.mid))


def basis(of: Calculation) -> str:
    """What the sums rest on."""
    parts = [translate("calculator", "All in USD. Prices of {day}.").format(day=_day(of.prices_as_of))]
    if of.asked.fee_ppm:
        fee = QLocale().toString(of.asked.fee_ppm / 10_000, "f", 1)
        parts.append(translate("calculator", "With the fee of {n}% that this provider adds.").format(n=fee))
    parts.append(translate("calculator", "Each remote request at its full price: nothing cached, no batches."))
    parts.append(translate("calculator", "The same number of tokens is taken for all three."))
    return " ".join(parts)


def _day(iso: str) -> str:
    try:
        found = date.fromisoformat(iso)
    except ValueError:
        return iso
    return QLocale().toString(QDate(found.year, found.month, found.day), "d MMMM yyyy")
