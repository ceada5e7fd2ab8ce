"""The work of a set by its route, in words: who answers how many, what it may cost, how far it is, how it ended. Pure."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from PySide6.QtCore import QCoreApplication, QLocale

from desktop import figures, money
from desktop.wordings import votes
from desktop.wordings.routes import Names
from engine.ledger_events import WorkFinished, WorkPrepared
from engine.price_records import Currency

translate = QCoreApplication.translate
USD = Currency()


def rows(of: WorkPrepared, names: Names) -> tuple[tuple[str, str], ...]:
    """Who would answer how many prompts, and what is sent at most."""
    hosts = ", ".join(dict.fromkeys(each.host for each in of.receivers))
    found = []
    if of.n_local:
        here = translate("work", "Answered on this computer by {model}").format(model=names.here)
        found.append((here, figures.number(of.n_local)))
    if of.n_sample:
        text = translate("work", "Of these, as a sample, also by {model} at {host}")
        found.append((text.format(model=names.away, host=hosts or names.host), figures.number(of.n_sample)))
    if of.n_remote:
        text = translate("work", "Answered by {model} at {host}")
        found.append((text.format(model=names.away, host=hosts or names.host), figures.number(of.n_remote)))
    if of.receivers:
        found.append((translate("work", "What it costs at most"), at_most(of.max_cost)))
    return tuple(found)


def at_most(nano_usd: int | None) -> str:
    """Rounded up, because it is an upper limit."""
    if nano_usd is None:
        return translate("work", "not known, a model has no price")
    cents = (Decimal(nano_usd) / 10_000_000).to_integral_value(ROUND_CEILING)
    return money.amount(int(cents) * 10_000_000, USD)


def only_samples(of: WorkPrepared) -> bool:
    """Whether all that would be sent are samples, so that the work can be done without sending anything."""
    return bool(of.receivers) and of.n_remote == 0 and of.n_sample == len(of.previews)


def n_prompts(of: WorkPrepared) -> int:
    return of.n_local + of.n_remote


def about(of: WorkPrepared, n_all: int) -> str:
    """What the sheet says over the figures; `n_all` prompts are in the set."""
    if not of.receivers:
        words = translate("work", "Nothing is sent. The answers stay in this matter.")
    elif only_samples(of):
        words = translate("work", "Only the sample would be sent, and only after you have read it.")
    else:
        words = translate("work", "You read everything that would be sent before anything is.")
    n_before = n_all - n_prompts(of)
    if n_before <= 0:
        return words
    rest = translate("work", "{prompts} of this set have their answer already and are not asked again.")
    return f"{words} {rest.format(prompts=votes.prompts(n_before))}"


def go(of: WorkPrepared) -> str:
    """What the button does where nothing has to be sent."""
    return translate("work", "Answer {prompts} here").format(prompts=votes.prompts(of.n_local))


def progress(n_done: int, n: int, n_failed: int, spent: int | None, *, sends: bool) -> str:
    """`34 of 120 prompts, 2 not answered, $0.042 so far`; no money where nothing is sent."""
    if sends:
        return votes.progress(n_done, n, n_failed, spent)
    words = translate("work", "{n} of {prompts}").format(n=figures.number(n_done), prompts=votes.prompts(n))
    failed = translate("work", ", {n} not answered").format(n=figures.number(n_failed)) if n_failed else ""
    return f"{words}{failed}"


def finished(of: WorkFinished) -> str:
    """How it ended, with what it cost."""
    parts = [translate("work", "{prompts} answered").format(prompts=votes.prompts(of.n_done))]
    places = []
    if of.n_local:
        places.append(translate("work", "{n} here").format(n=figures.number(of.n_local)))
    if of.n_remote:
        places.append(translate("work", "{n} by the remote model").format(n=figures.number(of.n_remote)))
    if places:
        parts[0] += translate("work", " ({places})").format(places=", ".join(places))
    if of.n_failed:
        parts.append(translate("work", "{n} not answered").format(n=figures.number(of.n_failed)))
    if of.spent is None:
        parts.append(translate("work", "what it cost is not known"))
    elif of.spent:
        parts.append(translate("work", "paid {sum}").format(sum=dollars(of.spent)))
    else:
        parts.append(translate("work", "nothing was paid"))
    return ", ".join(parts) + "."


def dollars(nano_usd: int) -> str:
    """`$0.042` below a dollar, `$1.20` from there on; never nothing for something."""
    if nano_usd < 500_000:
        return translate("work", "less than {least}").format(least="$" + QLocale().toString(0.001, "f", 3))
    return votes.dollars(nano_usd)
