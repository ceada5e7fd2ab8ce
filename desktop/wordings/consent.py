"""What the consent sheet says: who gets the text, what is hidden in it, what it may cost. Pure; no error sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, Decimal

from PySide6.QtCore import QCoreApplication, QLocale

from desktop import figures
from engine.compare_records import DETAIL_KINDS, DetailKind, Difference

translate = QCoreApplication.translate


def counted(n: int) -> str:
    """`two`, `14`: small numbers as words, as in a sentence."""
    words = {
        1: translate("consent", "one"),
        2: translate("consent", "two"),
        3: translate("consent", "three"),
        4: translate("consent", "four"),
    }
    return words.get(n) or figures.number(n)


# ---------------------------------------------------------------- who gets it
def title(n_companies: int, n_own: int, n_texts: int = 1) -> str:
    """`Send this text to two companies?` A server of the organisation is not a company."""
    what = translate("consent", "this text")
    if n_texts > 1:
        what = translate("consent", "these {n} texts").format(n=figures.number(n_texts))
    return translate("consent", "Send {what} to {whom}?").format(what=what, whom=_receivers(n_companies, n_own))


def _receivers(n_companies: int, n_own: int) -> str:
    companies = translate("consent", "one company") if n_companies == 1 else translate("consent", "{n} companies")
    own = translate("consent", "one server of your organisation")
    if n_own != 1:
        own = translate("consent", "{n} servers of your organisation")
    parts = [words.format(n=counted(n)) for words, n in ((companies, n_companies), (own, n_own)) if n]
    return translate("consent", " and ").join(parts) or translate("consent", "nobody")


def send(n_hosts: int) -> str:
    """Label of the button: `Send to 2 hosts`."""
    return translate("consent", "Send to {hosts}").format(hosts=hosts(n_hosts))


def hosts(n: int) -> str:
    return figures.amount(n, translate("consent", "host"), translate("consent", "hosts"))


def requests(n: int) -> str:
    return figures.amount(n, translate("consent", "request"), translate("consent", "requests"))


def terms(recorded: str) -> tuple[str, str]:
    """What is known about keeping, and whose word that is."""
    if recorded.strip():
        return " ".join(recorded.split()), translate("consent", "As you recorded it")
    return translate("consent", "How long it is kept is not recorded"), ""


def differences(differs: Sequence[Difference]) -> str:
    """What cannot be the same for this receiver."""
    words: dict[str, str] = {
        "temperature": translate("consent", "It chooses by itself how freely it words things."),
        "max_tokens": translate("consent", "Its longest answer includes what it thinks before answering."),
    }
    return " ".join(words[each] for each in differs)


# ---------------------------------------------------------------- what it may cost
def at_most(nano_usd: int) -> str:
    """`$0.009`: rounded up, because it is an upper limit."""
    dollars = Decimal(nano_usd) / 1_000_000_000
    places = 2 if dollars >= 1 else 3
    rounded = dollars.quantize(Decimal(1).scaleb(-places), ROUND_CEILING)
    return "$" + QLocale().toString(float(rounded), "f", places)


def cost(known: Sequence[int], n_unknown: int) -> str:
    """`At most $0.004`; a cost that is not known is never left out of the sentence, and never nothing."""
    if not known:
        return translate("consent", "Cost not known")
    words = translate("consent", "At most {sum}").format(sum=at_most(sum(known)))
    if n_unknown:
        more = translate("consent", "{sum}, and {requests} whose cost is not known")
        return more.format(sum=words, requests=requests(n_unknown))
    return words


def cost_of_row(known: Sequence[int], n_unknown: int) -> str:
    """`$0.004` beside a receiver."""
    if not known:
        return translate("consent", "Cost not known")
    if n_unknown:
        return translate("consent", "{sum} and more").format(sum=at_most(sum(known)))
    return at_most(sum(known))


# ---------------------------------------------------------------- what is sent
def amount(n_characters: int, n_tokens: int) -> str:
    """`408 characters, at most 131 tokens`; the second is an estimate on the high side."""
    characters = figures.amount(n_characters, translate("consent", "character"), translate("consent", "characters"))
    tokens = figures.amount(n_tokens, translate("consent", "token"), translate("consent", "tokens"))
    return translate("consent", "{characters}, at most {tokens}").format(characters=characters, tokens=tokens)


def unseen(n: int, kinds: Mapping[str, str]) -> str:
    """About characters that cannot be seen; empty without any."""
    if not n:
        return ""
    shown = [f"{name} {words}".rstrip() for name, words in list(kinds.items())[:3]]
    if len(kinds) > len(shown):
        shown.append("…")
    if n == 1:
        words = translate("consent", "One character that cannot be seen is sent too. It is shown by its number: {kinds}.")
    else:
        words = translate("consent", "{n} characters that cannot be seen are sent too. They are shown by their numbers: {kinds}.")
    return words.format(n=figures.number(n), kinds=", ".join(shown))


def attached(documents: Sequence[tuple[str, int]], n_left_out: int) -> str:
    """Which passages are part of the text; empty without any."""
    if not documents:
        return ""
    n = sum(count for _name, count in documents)
    passages = figures.amount(n, translate("consent", "passage"), translate("consent", "passages"))
    names = ", ".join(name for name, _count in documents)
    words = translate("consent", "With {passages} of {names}. The names of documents are not sent.")
    words = words.format(passages=passages, names=names)
    if n_left_out:
        more = translate("consent", "{n} further passages did not fit and are not sent.")
        if n_left_out == 1:
            more = translate("consent", "One further passage did not fit and is not sent.")
        words += " " + more.format(n=figures.number(n_left_out))
    return words


def stays(*, has_documents: bool, has_hidden: bool) -> str:
    """What does not leave; only what holds for this text."""
    if has_hidden and has_documents:
        return translate(
            "consent", "The documents and their names, every other matter, and the list that links hidden details to real ones."
        )
    if has_hidden:
        return translate("consent", "Every document, every other matter, and the list that links hidden details to real ones.")
    if has_documents:
        return translate("consent", "The documents and their names, and every other matter.")
    return translate("consent", "Every document, and every other matter.")


# ---------------------------------------------------------------- what is hidden
def kind(name: DetailKind) -> str:
    """`Person`, as in a list."""
    return {
        "person": translate("consent", "Person"),
        "organisation": translate("consent", "Organisation"),
        "address": translate("consent", "Address"),
        "email": translate("consent", "Email address"),
        "phone": translate("consent", "Phone number"),
        "account": translate("consent", "Account"),
        "reference": translate("consent", "Reference"),
        "birth_date": translate("consent", "Date of birth"),
        "web": translate("consent", "Web address"),
        "term": translate("consent", "Own term"),
    }[name]


def by_kind(counts: Mapping[DetailKind, int]) -> str:
    """`3 people, 1 address`."""
    words: dict[DetailKind, tuple[str, str]] = {
        "person": (translate("consent", "person"), translate("consent", "people")),
        "organisation": (translate("consent", "organisation"), translate("consent", "organisations")),
        "address": (translate("consent", "address"), translate("consent", "addresses")),
        "email": (translate("consent", "email address"), translate("consent", "email addresses")),
        "phone": (translate("consent", "phone number"), translate("consent", "phone numbers")),
        "account": (translate("consent", "account"), translate("consent", "accounts")),
        "reference": (translate("consent", "reference"), translate("consent", "references")),
        "birth_date": (translate("consent", "date of birth"), translate("consent", "dates of birth")),
        "web": (translate("consent", "web address"), translate("consent", "web addresses")),
        "term": (translate("consent", "own term"), translate("consent", "own terms")),
    }
    return ", ".join(figures.amount(counts[name], *words[name]) for name in DETAIL_KINDS if counts.get(name))


def hidden(n: int) -> str:
    """`6 details hidden`."""
    if not n:
        return translate("consent", "No details hidden")
    return translate("consent", "{details} hidden").format(details=details(n))


def details(n: int) -> str:
    return figures.amount(n, translate("consent", "detail"), translate("consent", "details"))


def seen(n: int) -> str:
    """About details that the user let be seen; empty without any."""
    if not n:
        return ""
    if n == 1:
        return translate("consent", "One detail is sent as it is.")
    return translate("consent", "{n} details are sent as they are.").format(n=figures.number(n))


def times(n: int) -> str:
    return figures.amount(n, translate("consent", "time"), translate("consent", "times"))


def risk() -> str:
    """What hiding cannot do."""
    return translate(
        "consent",
        "Hiding is not perfect. Read the text: a name may have been missed. Somebody who knows the case may still recognise "
        "it from dates, amounts or the story.",
    )


def leaks(n: int) -> str:
    """Heading over details that hiding did not reach."""
    if n == 1:
        return translate("consent", "One hidden detail would still be sent. Nothing can be sent before it is hidden too.")
    words = translate(
        "consent", "Hidden details would still be sent in {n} places. Nothing can be sent before they are hidden too."
    )
    return words.format(n=figures.number(n))


def leak(placeholder: str, form: str, *, has_place: bool = True) -> str:
    """`[Person 1], written backwards`; a form without words of its own is named as the check names it."""
    words = {
        "as_is": translate("consent", "as it is"),
        "part": translate("consent", "a part of it"),
        "joined": translate("consent", "written as one word"),
        "spelled": translate("consent", "letter by letter"),
        "reversed": translate("consent", "written backwards"),
        "encoded": translate("consent", "in another encoding"),
    }.get(form, form.replace("_", " "))
    said = translate("consent", "{placeholder}, {form}").format(placeholder=placeholder, form=words)
    if has_place:
        return said
    return translate("consent", "{leak}, in the request around the text").format(leak=said)


def as_it_is() -> str:
    """Of a detail that the user let be seen."""
    return translate("consent", "Sent as it is")


def stays_here() -> str:
    """Of an original that is shown."""
    return translate("consent", "Stays here")
