"""How the month that is shown was worked out: each figure with its sentences, its formula, and the setting behind it. Pure.

Every number here stands in the page that is explained; what is not known is said not to be. Nothing is worked out anew but
the difference of two figures that are both shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from desktop import figures, money
from desktop.wordings import costs, ledger
from desktop.wordings import costs_explained as words
from engine.ledger_records import Spread
from engine.statement_records import BreakEven, LedgerPage, ReferenceLine, Statement

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Line:
    """A line of a formula: the sign before it, what it is, its value. `is_result` stands below a rule."""

    sign: str
    name: str
    value: str
    is_result: bool = False


@dataclass(frozen=True)
class Part:
    """A figure: what it means, its formula, notes, and the part of the settings behind it with the verb to go there."""

    title: str
    sentences: tuple[str, ...]
    formula: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    setting: str = ""
    verb: str = ""

    @property
    def text(self) -> str:
        """To be copied: the formula aligned, as in a fixed-width letter."""
        wide = max((len(line.name) for line in self.formula), default=0)
        rows = [f"{line.sign or ' '} {line.name.ljust(wide)}  {line.value}" for line in self.formula]
        return "\n".join([self.title, *self.sentences, *rows, *self.notes])


def parts(page: LedgerPage) -> list[Part]:
    """The figures in the order in which they are read."""
    of = page.statement
    found = [
        _avoided(of),
        _electricity(of),
        _hardware(of),
        _net(of),
        _others(of),
        _paid(of),
        _forecast(of),
        _left_out(of),
        _break_even(page.break_even, of),
        _exchange(of),
        _prices(of),
        Part(translate("explained", "Not counted at all"), tuple(words.never_counted())),
    ]
    return [part for part in found if part is not None]


def text(page: LedgerPage) -> str:
    """All of it, to be copied."""
    title = translate("explained", "How {month} was worked out").format(month=ledger.month(page.statement.month))
    return "\n\n".join([title, *(part.text for part in parts(page))]) + "\n"


# ---------------------------------------------------------------- what was saved
def _avoided(of: Statement) -> Part:
    title, verb = translate("explained", "API price avoided"), translate("explained", "Choose another model")
    if of.avoided is None:
        sentences: tuple[str, ...] = (words.no_price(of),)
        return Part(title, sentences, _tokens(of, None), (), "costs:prices", translate("explained", "Enter a price"))
    reference = next((each for each in of.references if each.role == "would_use"), None)
    formula = _tokens(of, reference)
    notes: tuple[str, ...] = ()
    if reference is not None and of.n_items:
        name = ledger.model(reference.reference)
        formula += (Line("×", translate("explained", "Its tokens for one of ours"), words.ratio(reference.ratio)),)
        formula += _one_dollar(of, "×")
        notes = (words.ratio_source(reference.ratio_source, name), words.not_a_product())
    formula += (Line("=", title, words.with_range(of.avoided, of), True),)
    return Part(title, (words.avoided(of),), formula, notes, "costs:references", verb)


def _tokens(of: Statement, reference: ReferenceLine | None) -> tuple[Line, ...]:
    """What was read and written, each with its price where there is one."""
    read, written = figures.number(of.n_prompt_tokens), figures.number(of.n_generated_tokens)
    if of.n_items and reference is not None and reference.prices is not None:
        priced = translate("explained", "{tokens} × {price} a million")
        to_read, to_write = (costs.exact(each, costs.DOLLARS) for each in reference.prices)
        read, written = priced.format(tokens=read, price=to_read), priced.format(tokens=written, price=to_write)
    return (
        Line("", translate("explained", "Items"), figures.number(of.n_items)),
        Line("", translate("explained", "Tokens read"), read),
        Line("+", translate("explained", "Tokens written"), written),
    )


def _one_dollar(of: Statement, sign: str) -> tuple[Line, ...]:
    """The rate that dollars are exchanged at; nothing where they are not."""
    if of.currency.code == "USD":
        return ()
    rate = costs.plain_number(Decimal(of.currency.per_usd) / money.UNIT)
    value = translate("explained", "{n} {code}").format(n=rate, code=of.currency.code)
    return (Line(sign, translate("explained", "One dollar"), value),)


def _electricity(of: Statement) -> Part:
    energy = of.energy
    formula = [Line("", translate("explained", "Energy"), words.energy_range(energy.amount))]
    if energy.duration_us:
        formula.insert(0, Line("", translate("explained", "Time at work"), words.hours(energy.duration_us)))
    formula.append(Line("×", translate("explained", "A kilowatt-hour"), costs.exact(energy.per_kwh, of.currency)))
    title = translate("explained", "Electricity")
    formula.append(Line("=", title, words.with_range(of.electricity, of), True))
    notes = [words.electricity_scope()]
    if energy.is_example:
        notes.insert(0, words.example_price())
    if energy.co2_g is not None:
        grams = translate("explained", "By the factor that you entered this is {n} g of CO₂.")
        notes.append(grams.format(n=figures.number(energy.co2_g.mid)))
    verb = translate("explained", "Enter your price") if energy.is_example else translate("explained", "Change electricity")
    return Part(title, (words.electricity(of),), tuple(formula), tuple(notes), "costs:electricity", verb)


def _hardware(of: Statement) -> Part:
    share, title = of.hardware, translate("explained", "Hardware share")
    verb = translate("explained", "Change hardware") if share.price else translate("explained", "Enter a price")
    formula: list[Line] = []
    if share.price:
        formula.append(Line("", translate("explained", "Price"), money.whole(share.price, of.currency)))
        if share.share_percent != 100:
            percent = translate("explained", "{n}%").format(n=figures.number(share.share_percent))
            formula.append(Line("×", translate("explained", "Share of its use"), percent))
        formula.append(Line("÷", translate("explained", "Spread over"), ledger.months(share.n_months)))
        if share.bought is not None:
            formula.append(Line("", translate("explained", "Bought on"), costs.day(share.bought)))
    formula.append(Line("=", title, money.amount(share.amount, of.currency), True))
    return Part(title, (words.hardware(share),), tuple(formula), (), "costs:hardware", verb)


def _net(of: Statement) -> Part:
    title = translate("explained", "Net saving")
    if of.net is None or of.avoided is None:
        return Part(title, (words.net(of),))
    cost = of.electricity
    cases = (
        (translate("explained", "At least"), of.avoided.low, cost.high, of.net.low),
        (translate("explained", "Most likely"), of.avoided.mid, cost.mid, of.net.mid),
        (translate("explained", "At most"), of.avoided.high, cost.low, of.net.high),
    )
    text = translate("explained", "{avoided} − {electricity} − {hardware} = {net}")
    formula = tuple(
        Line(
            "",
            name,
            text.format(
                avoided=money.amount(avoided, of.currency),
                electricity=money.amount(electricity, of.currency),
                hardware=money.amount(of.hardware.amount, of.currency),
                net=money.amount(net, of.currency),
            ),
            is_result=at == 1,
        )
        for at, (name, avoided, electricity, net) in enumerate(cases)
    )
    return Part(title, (words.net(of),), formula)


def _others(of: Statement) -> Part | None:
    """The same month against the other models."""
    if not of.references:
        return None
    formula = tuple(Line("", ledger.model(each.reference), words.reference(each, of)) for each in of.references)
    sentence = translate(
        "explained",
        "The same work against each of the models that you compare with. A saving depends on what you would have used.",
    )
    title, verb = translate("explained", "Against other models"), translate("explained", "Choose the models")
    return Part(title, (sentence,), formula, (), "costs:references", verb)


# ---------------------------------------------------------------- what was paid
def _paid(of: Statement) -> Part:
    title, currency = translate("explained", "Paid to remote models"), of.currency
    here = of.paid - of.paid_elsewhere
    formula = [Line("", translate("explained", "Through Strongroom"), money.amount(here, currency))]
    notes: list[str] = []
    if of.n_unknown:
        at_most = translate("explained", "of it, of unknown cost, at most")
        formula.append(Line("", at_most, money.amount(of.unknown_at_most, currency)))
        notes.append(words.unknown(of))
    formula.append(Line("+", translate("explained", "Beyond that, by imported bills"), money.amount(of.paid_elsewhere, currency)))
    formula.append(Line("=", title, money.amount(of.paid, currency), True))
    if "unbounded_cost" in of.caveats:
        notes.append(translate("explained", "Of some requests not even the highest cost is known. They are missing here."))
    if of.n_paid:
        notes.append(translate("explained", "These were {requests}.").format(requests=ledger.requests(of.n_paid)))
    setting = ("costs:calls", translate("explained", "Enter what is not known")) if of.n_unknown else ("", "")
    return Part(title, (words.paid(),), tuple(formula), tuple(notes), *setting)


def _forecast(of: Statement) -> Part:
    title, verb = translate("explained", "Paid by the end of the month"), translate("explained", "Set a budget")
    formula: tuple[Line, ...] = ()
    if of.forecast is not None:
        formula = (
            Line("", translate("explained", "Paid so far"), money.amount(of.paid, of.currency)),
            Line("=", title, money.about(of.forecast, of.currency), True),
        )
    return Part(title, (words.forecast(of),), formula, (), "costs:budgets", verb)


def _left_out(of: Statement) -> Part:
    title = translate("explained", "Left out of the saving")
    if not of.left_out:
        return Part(title, (translate("explained", "Nothing was left out in this month."),))
    formula = []
    for each in of.left_out:
        electricity = translate("explained", "{amount} electricity").format(
            amount=money.amount(each.electricity.mid, of.currency)
        )
        formula.append(Line("", words.left_out(each.use, each.n), electricity))
    return Part(title, (words.left_out_why(),), tuple(formula))


# ---------------------------------------------------------------- beside the figures
def _break_even(found: BreakEven, of: Statement) -> Part:
    title, verb = translate("explained", "Pays for itself"), translate("explained", "Change hardware")
    formula: list[Line] = []
    if found.state != "no_hardware":
        if found.past:
            saved: Spread = found.past[-1][1]
            formula.append(Line("", translate("explained", "Saved before the hardware share"), words.with_range(saved, of)))
        formula.append(Line("", translate("explained", "Price to reach"), money.whole(found.price, of.currency)))
        ends = (
            (translate("explained", "Reached at the earliest"), found.earliest),
            (translate("explained", "Reached, most likely"), found.reached),
            (translate("explained", "Reached at the latest"), found.latest),
        )
        unknown = translate("explained", "not within ten years")
        if found.state in ("likely", "reached"):
            formula += [Line("", name, ledger.month(month) if month else unknown) for name, month in ends]
    return Part(title, (words.break_even(found),), tuple(formula), (), "costs:hardware", verb)


def _exchange(of: Statement) -> Part:
    title, verb = translate("explained", "Exchange rate"), translate("explained", "Change the currency")
    return Part(title, (words.exchange(of),), _one_dollar(of, ""), (), "costs:currency", verb)


def _prices(of: Statement) -> Part:
    title, verb = translate("explained", "Prices"), translate("explained", "Look at the prices")
    notes = (translate("explained", "Nothing looks them up. A newer list comes with a newer version, or from a file of yours."),)
    return Part(title, (words.prices(of),), (), notes, "costs:prices", verb)
