"""The month's result with the subtraction in view, and what other models would have made of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop import figures, money
from desktop.wordings import ledger
from engine.price_records import Currency
from engine.statement_records import ReferenceLine, Statement

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Term:
    """A part of the subtraction: its name, its figure, what it is made of; `hint` is its range, `said` the figure in words."""

    name: str
    figure: str
    below: str
    hint: str = ""
    said: str = ""

    @property
    def spoken(self) -> str:
        """`Electricity less than €0.01, 0.3 Wh estimated`."""
        words = f"{self.name} {self.said or self.figure}"
        return f"{words}, {self.below}" if self.below else words


@dataclass(frozen=True)
class Against:
    """What the month is worth beside one reference model. `note` says that the API would be cheaper, or what is not known."""

    name: str
    role: str
    figure: str
    note: str = ""
    is_loss: bool = False


@dataclass(frozen=True)
class Headline:
    """`is_saving`: only then it is green. `terms` are what is avoided, what is taken off it, and the net."""

    title: str
    figure: str
    below: str
    is_saving: bool
    terms: tuple[Term, ...]
    against: tuple[Against, ...]

    @property
    def spoken(self) -> str:
        """The subtraction in one sentence."""
        text = translate("ledger", "{title} {figure}: {terms}.")
        terms = ", ".join(term.spoken for term in self.terms)
        return text.format(title=self.title, figure=self.figure, terms=terms)


def headline(of: Statement) -> Headline:
    """The headline of a month."""
    title, is_saving = ledger.result(of.net, of.month, of.n_items)
    figure = translate("ledger", "Not known")
    if of.net is not None:
        figure = money.amount(abs(of.net.mid), of.currency)
    text = translate("ledger", "{items}, {workloads}, prices of {day}")
    below = text.format(
        items=ledger.items(of.n_items),
        workloads=ledger.workloads(of.n_workloads),
        day=ledger.day_of(of.prices_as_of, of.month),
    )
    if not of.n_items:
        below = translate("ledger", "No answers in this month")
    against = tuple(_against(line, of) for line in of.references) if of.n_items else ()
    return Headline(title, figure, below, is_saving, _terms(of), against)


def _terms(of: Statement) -> tuple[Term, ...]:
    currency = of.currency
    avoided = of.avoided.mid if of.avoided is not None else None
    net = of.net.mid if of.net is not None else None
    ranges = translate("ledger", "range {range}")
    has_range = of.net is not None and of.net.low != of.net.high
    net_range = "" if of.net is None or not has_range else ranges.format(range=money.spread(of.net, currency))
    avoided_range = ranges.format(range=money.spread(of.avoided, currency)) if of.avoided is not None else ""
    return (
        _term(translate("ledger", "API price avoided"), avoided, currency, _reference(of), avoided_range),
        _term(
            translate("ledger", "Electricity"),
            of.electricity.mid,
            currency,
            ledger.electricity(of.energy),
            ranges.format(range=money.spread(of.electricity, currency)),
        ),
        _term(translate("ledger", "Hardware share"), of.hardware.amount, currency, ledger.hardware(of.hardware, currency)),
        _term(translate("ledger", "Net saving"), net, currency, net_range),
    )


def _term(name: str, nano: int | None, currency: Currency, below: str, hint: str = "") -> Term:
    """Large figures stand close together: what is less than a cent is written shortly, and said in words."""
    said = money.known(nano, currency)
    figure = money.short(nano, currency) if nano is not None and abs(nano) < money.UNIT else said
    return Term(name, figure, below, hint, said)


def _reference(of: Statement) -> str:
    """`GPT-6.1 Sol, chosen for you`."""
    name = ledger.model(of.reference)
    if of.avoided is None:
        return translate("ledger", "{model} has no known price").format(model=name)
    if any(line.is_default and line.reference == of.reference for line in of.references) or "default_reference" in of.caveats:
        return translate("ledger", "{model}, chosen for you").format(model=name)
    return translate("ledger", "{model}, list price").format(model=name)


def _against(line: ReferenceLine, of: Statement) -> Against:
    name, role = ledger.model(line.reference), ledger.role(line.role)
    if line.net is None:
        return Against(name, role, translate("ledger", "not known"), translate("ledger", "it has no known price"))
    figure = money.amount(line.net.mid, of.currency)
    if line.net.mid < 0:
        return Against(name, role, figure, translate("ledger", "the API would be cheaper"), True)
    if line.net.low < 0:
        return Against(name, role, figure, translate("ledger", "the API may be cheaper"), True)
    return Against(name, role, figure)


def hint(of: Against, line: ReferenceLine, statement: Statement) -> str:
    """What stands behind a figure against another model: its range, its prices."""
    parts = [of.role]
    if line.net is not None:
        parts.append(translate("ledger", "range {range}").format(range=money.spread(line.net, statement.currency)))
    if line.prices is not None:
        text = translate("ledger", "{read} and {written} for a million tokens read and written")
        read, written = (money.amount(money.converted(price, statement.currency), statement.currency) for price in line.prices)
        parts.append(text.format(read=read, written=written))
    return ", ".join(parts)


def token_counts(of: Statement) -> str:
    """How much was read and written, for the tooltip of the first term."""
    text = translate("ledger", "{read} tokens read and {written} written on this computer")
    return text.format(read=figures.number(of.n_prompt_tokens), written=figures.number(of.n_generated_tokens))
