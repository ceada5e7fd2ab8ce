"""Bills of providers, in words: what a file holds, how much of it is kept, and what stands in its place. Pure."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from desktop import figures, money
from desktop.wordings import ledger
from engine.price_records import Bill, Currency

translate = QCoreApplication.translate
USD = Currency()
_KNOWN = {"openai": "OpenAI", "anthropic": "Anthropic", "openrouter": "OpenRouter", "google": "Google", "mistral": "Mistral"}


def what_is_kept() -> str:
    """What of a file stays here, and what does not."""
    return translate(
        "bills",
        "Kept, for each day and model: requests, tokens and money. Names of keys, projects, people and anything else in the file "
        "are not. The file itself is not copied, and nothing is sent.",
    )


def provider(name: str) -> str:
    return _KNOWN.get(name, name)


def days(of: Bill) -> str:
    """`1 to 30 September 2026`, as the provider counts days."""
    if of.first == of.last:
        return _day(of.first)
    same_month = (of.first.year, of.first.month) == (of.last.year, of.last.month)
    first = QLocale().toString(of.first.day) if same_month else _day(of.first)
    return translate("bills", "{first} to {last}").format(first=first, last=_day(of.last))


def cost(of: Bill) -> str:
    """The money in it, and whose figure that is."""
    if of.cost is None:
        return translate("bills", "not known")
    sum_ = money.amount(of.cost, USD)
    if of.cost_source == "provider":
        return translate("bills", "{sum}, as the provider says").format(sum=sum_)
    return translate("bills", "{sum}, computed from its tokens").format(sum=sum_)


def rows(of: Bill, n_replaced: int) -> tuple[tuple[str, str], ...]:
    """What was found, each with its name."""
    has_tokens = bool(of.prompt or of.generated)  # exports of costs name neither tokens nor requests
    found = [
        (translate("bills", "Provider"), provider(of.provider)),
        (translate("bills", "Days, in UTC"), days(of)),
        (translate("bills", "Requests"), _counted(of.n_requests, bool(of.n_requests))),
        (translate("bills", "Tokens read"), _counted(of.prompt, has_tokens)),
        (translate("bills", "Tokens written"), _counted(of.generated, has_tokens)),
        (translate("bills", "Money"), cost(of)),
        (translate("bills", "Lines, one for each day and model"), figures.number(of.n_lines)),
    ]
    if of.n_skipped:
        found.append((translate("bills", "Lines left out"), figures.number(of.n_skipped)))
    if n_replaced:
        found.append((translate("bills", "Lines of earlier imports that it replaces"), figures.number(n_replaced)))
    return tuple(found)


def _counted(n: int, is_named: bool) -> str:
    return figures.number(n) if is_named else translate("bills", "not in the file")


def skipped(of: Bill) -> str:
    """Why lines were left out; '' where none were."""
    if not of.n_skipped:
        return ""
    return translate("bills", "Left out: lines without any usage, such as days with nothing.")


def line(of: Bill, workload: str) -> str:
    """An earlier import, below its provider and days."""
    found = [ledger.requests(of.n_requests), cost(of)] if of.n_requests else [cost(of)]
    if workload:
        found.append(translate("bills", "for {workload}").format(workload=workload))
    if not of.includes_ours:
        found.append(translate("bills", "without what Strongroom sent"))
    return ", ".join(found)


def kept(of: Bill) -> str:
    text = translate("bills", "{provider}, {days}: kept. It counts in the ledger from now on.")
    return text.format(provider=provider(of.provider), days=days(of))


def removed(of: Bill) -> str:
    text = translate("bills", "{provider}, {days}: removed. It no longer counts.")
    return text.format(provider=provider(of.provider), days=days(of))


def lost_with(of: Bill) -> str:
    """What goes with an import."""
    words = translate("bills", "{sum} of {provider} for {days} no longer count as spent. The provider’s file stays where it is.")
    sum_ = translate("bills", "The tokens") if of.cost is None else money.amount(of.cost, USD)
    return words.format(sum=sum_, provider=provider(of.provider), days=days(of))


def _day(of: date) -> str:
    return QLocale().toString(QDate(of.year, of.month, of.day), "d MMMM yyyy")
