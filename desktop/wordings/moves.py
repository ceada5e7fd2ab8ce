"""Moving a workload, in words: what the button does, the sample, what follows, and what keeps it from being moved. Pure."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop import figures, money
from desktop.wordings import ledger
from desktop.wordings.routes import Names, summary
from engine.advice_records import Advice, Obstacle, Route
from engine.price_records import Currency

translate = QCoreApplication.translate


def verb(route: Route) -> str:
    """What the button does."""
    if route.kind == "share":
        return translate("routes", "Run {n}% on this computer").format(n=figures.number(route.share_percent))
    return {
        "api": translate("routes", "Run with the API"),
        "shadow": translate("routes", "Compare beside the API"),
        "local": translate("routes", "Move to this computer"),
    }[route.kind]


def moved(of: str, route: Route, names: Names) -> str:
    """What is told when it has moved."""
    text = translate("routes", "{workload} was moved. {summary}")
    return text.format(workload=of, summary=summary(route, names))


def n_samples(of: Advice, route: Route, least: int) -> int:
    """How many items a month are put to the remote model as samples, about."""
    share = {"local": 100, "share": route.share_percent}.get(route.kind, 0)
    here = of.facts.n_items * share // 100
    if not here or route.remote is None or not route.sample_percent:
        return 0
    return min(here, max(least, -(-here * route.sample_percent // 100)))


def sample(of: Advice, route: Route, least: int, currency: Currency) -> str:
    """What the quality sample is and costs."""
    if not route.sample_percent:
        return translate("routes", "Nothing is compared after the move, so nobody would notice if the quality dropped.")
    if route.remote is None:
        return translate("routes", "Samples need a remote model to be compared with. Without one, none are taken.")
    n = n_samples(of, route, least)
    if not n:
        return translate("routes", "Put to the remote model too, each time with your approval, to see that the quality holds.")
    words = translate("routes", "About {items} a month, put to the remote model too with your approval.")
    words = words.format(items=ledger.items(n))
    if of.facts.api_cost is None or not of.facts.n_items:
        return f"{words} {translate('routes', 'What they cost is not known.')}"
    cost = money.converted(-(-of.facts.api_cost * n // of.facts.n_items), currency)
    return f"{words} {translate('routes', 'They cost {cost} a month.').format(cost=money.about(cost, currency))}"


def next_steps(route: Route, watch_days: int) -> tuple[str, ...]:
    """What happens after a move, in sentences."""
    nothing = translate("routes", "Moving sends nothing and answers nothing. It counts from the next run on.")
    if route.kind == "api":
        return (nothing,)
    if route.kind == "shadow":
        return nothing, translate("routes", "Each run gives pairs of answers, which count as evidence for the advice.")
    watched = translate(
        "routes", "It is watched for {days}, or until enough items were answered; until then no other one moves here."
    )
    days = figures.amount(watch_days, translate("routes", "day"), translate("routes", "days"))
    drop = translate("routes", "If the quality drops, the ledger says so, and one press returns it.")
    return nothing, watched.format(days=days), drop


def obstacle(of: Advice, why: Obstacle) -> str:
    """What keeps a workload from being moved."""
    if why == "one_at_a_time":
        if of.watched_until is None:
            return translate("routes", "One at a time: another workload was moved here and is still being watched.")
        text = translate("routes", "One at a time: another workload was moved here and is being watched until {day}.")
        return text.format(day=figures.day(of.watched_until))
    return {
        "": "",
        "fixed": translate("routes", "It always runs on this computer."),
        "no_local_model": translate("routes", "No model on this computer could take it. Download one first."),
        "no_remote_model": translate("routes", "Choose a remote model first."),
        "confidential": translate("routes", "You marked it as confidential, so nothing of it may leave this computer."),
    }[why]
