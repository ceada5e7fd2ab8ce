"""How the ledger's figures come about, in sentences: ratios, energy, bills, rates, and what is left out. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from PySide6.QtCore import QCoreApplication, QLocale

from desktop import figures, money
from desktop.wordings import costs, ledger
from engine.ledger_records import RatioSource, Spread, Use
from engine.statement_records import BreakEven, HardwareShare, ReferenceLine, Statement

translate = QCoreApplication.translate
_MILLION = 1_000_000
_UWH_IN_KWH = 1_000_000_000


# ---------------------------------------------------------------- figures
def ratio(of: Spread) -> str:
    """`1.00 (0.80 to 1.60)`."""
    low, mid, high = (QLocale().toString(each / _MILLION, "f", 2) for each in (of.low, of.mid, of.high))
    if low == high:
        return mid
    return translate("costs", "{mid} ({low} to {high})").format(mid=mid, low=low, high=high)


def energy(micro_wh: int) -> str:
    """To three places, so that it can be multiplied: `38.214 kWh`, `0.42 Wh`."""
    watt_hours = Decimal(micro_wh) / _MILLION
    value, unit = (watt_hours / 1000, "kWh") if watt_hours >= 100 else (watt_hours, "Wh")
    return f"{costs.plain_number(value.quantize(Decimal('0.001')))} {unit}"


def energy_range(of: Spread) -> str:
    if of.low == of.high:
        return energy(of.mid)
    text = translate("costs", "{mid} ({low} to {high})")
    return text.format(mid=energy(of.mid), low=energy(of.low), high=energy(of.high))


def with_range(of: Spread, shown: Statement) -> str:
    """`€438.20 (€419.73 to €451.73)`."""
    mid = money.amount(of.mid, shown.currency)
    if of.low == of.high:
        return mid
    return translate("costs", "{mid} ({range})").format(mid=mid, range=money.spread(of, shown.currency))


def hours(micro_s: int) -> str:
    return figures.duration(micro_s / _MILLION)


# ---------------------------------------------------------------- what was avoided
def avoided(of: Statement) -> str:
    text = translate(
        "costs",
        "What {model} would have charged for what was answered here in {month}: the same prompts, answers of the same text, "
        "nothing cached, at the list price of each day, or half of it where you chose that it would have been asked in batches.",
    )
    return text.format(model=ledger.model(of.reference), month=ledger.month(of.month))


def no_price(of: Statement) -> str:
    text = translate(
        "costs", "{model} has no known price for this work, so nothing is counted as avoided. It is not counted as zero."
    )
    return text.format(model=ledger.model(of.reference))


def ratio_source(of: RatioSource, model: str) -> str:
    return {
        "calibrated": translate(
            "costs",
            "Models cut text into tokens differently. How {model} does was counted in your own comparisons of the same prompts.",
        ),
        "prior": translate(
            "costs",
            "Models cut text into tokens differently. How {model} does was counted beforehand, on samples in several languages.",
        ),
        "none": translate(
            "costs", "Models cut text into tokens differently. Nobody has counted how {model} does, so its range is wide."
        ),
    }[of].format(model=model)


def not_a_product() -> str:
    return translate(
        "costs",
        "Each answer is counted by itself, with the price of its day and the figures of its workload. Multiplied from these "
        "sums the result can therefore be a little different.",
    )


# ---------------------------------------------------------------- electricity, hardware
def electricity(of: Statement) -> str:
    if not of.energy.methods:
        return translate("costs", "No energy was counted in this month.")
    text = translate("costs", "The energy that answering took, known by {methods}, at the price of a kilowatt-hour.")
    return text.format(methods=costs.methods(of.energy.methods))


def electricity_scope() -> str:
    return translate(
        "costs", "All that was written here counts: answers that were stopped, done again or made to compare as well."
    )


def example_price() -> str:
    return translate("costs", "This price is an example, because you have not entered yours.")


def hardware(of: HardwareShare) -> str:
    if not of.price:
        return translate("costs", "The computer counts as owned already, so nothing of its price is subtracted.")
    if not of.amount:
        return translate("costs", "Nothing of the computer’s price falls on this month: it is paid off, or was bought later.")
    return translate(
        "costs",
        "The price of the computer, spread evenly over its months. Of the running month only the days that are over count.",
    )


# ---------------------------------------------------------------- the result
def net(of: Statement) -> str:
    if of.net is None:
        return translate(
            "costs", "Without a price of the other model there is nothing that electricity could be subtracted from."
        )
    if of.net.mid < 0:
        return translate("costs", "It is below zero: this work cost more here than it would have cost there.")
    return translate(
        "costs", "What was avoided, less what it cost here. The range holds the worst and the best case of each figure."
    )


def paid() -> str:
    return translate(
        "costs",
        "What remote models were paid in this month. It is no part of the saving. Where a bill of a provider includes what "
        "Strongroom asked, the larger of the two counts for that day, and never both.",
    )


def unknown(of: Statement) -> str:
    one = translate("costs", "The cost of one request is not known; it counts as the most it can have cost.")
    more = translate("costs", "The cost of {requests} is not known; they count as the most they can have cost.")
    text = one if of.n_unknown == 1 else more
    return text.format(requests=ledger.requests(of.n_unknown))


def forecast(of: Statement) -> str:
    if of.forecast is not None:
        return translate("costs", "What was paid so far, divided by the days that are over, times the days of the month.")
    if of.is_running:
        return translate("costs", "There is none in the first days of a month: a single bill would be taken for a habit.")
    return translate("costs", "There is none: this month is over.")


# ---------------------------------------------------------------- what is left out, and what is beside it
def left_out(of: Use, n: int) -> str:
    """`31 answers that were stopped`."""
    answers = figures.amount(n, translate("costs", "answer"), translate("costs", "answers"))
    return {
        "again": translate("costs", "{answers} in place of earlier ones"),
        "cancelled": translate("costs", "{answers} that were stopped"),
        "test": translate("costs", "{answers} made to compare or to test"),
        "work": translate("costs", "{answers} that were wanted"),
    }[of].format(answers=answers)


def left_out_why() -> str:
    return translate(
        "costs",
        "These took electricity, which is counted, and they are no saving: another model might not have needed a second try, and "
        "for comparisons the remote model was asked as well.",
    )


def exchange(of: Statement) -> str:
    if of.currency.code == "USD":
        return translate("costs", "Amounts are shown in dollars, as models are priced. Nothing is exchanged.")
    text = translate(
        "costs", "Models are priced in dollars. Each figure is exchanged once, at the rate that you looked up on {day}."
    )
    when = of.currency.as_of
    return text.format(day=costs.day(when) if when is not None else translate("costs", "a day that is not known"))


def prices(of: Statement) -> str:
    try:
        when = costs.day(date.fromisoformat(of.prices_as_of))
    except ValueError:
        when = of.prices_as_of
    text = translate("costs", "The newest price in the lists is of {day}. For this month it is {days} old.")
    days = figures.amount(of.prices_age_days, translate("costs", "day"), translate("costs", "days"))
    return text.format(day=when, days=days)


def reference(of: ReferenceLine, shown: Statement) -> str:
    """`a strong one: avoided €876.40, net €808.67`."""
    if of.avoided is None or of.net is None:
        return translate("costs", "no known price")
    text = translate("costs", "{avoided} avoided, {net} net")
    return text.format(avoided=money.amount(of.avoided.mid, shown.currency), net=money.amount(of.net.mid, shown.currency))


def break_even(of: BreakEven) -> str:
    return {
        "no_hardware": translate("costs", "No price of a computer was entered, so there is nothing to pay off."),
        "too_early": translate("costs", "There is no full month of work yet, so nothing can be said."),
        "reached": translate("costs", "What was saved has reached the price of the computer, also at the low end of its range."),
        "likely": translate(
            "costs", "If it goes on as in the last full months, what was saved before the hardware share reaches the price."
        ),
        "never": translate(
            "costs", "At the rate of the last full months what is saved does not reach the price within ten years."
        ),
    }[of.state]


def never_counted() -> list[str]:
    """What no figure of the ledger holds."""
    return [
        translate("costs", "Reading and indexing documents"),
        translate("costs", "Opening a model, and testing its speed after a download"),
        translate("costs", "The computer at rest, if it is on anyway"),
        translate("costs", "Your time, and that of whoever looks after the computer"),
        translate("costs", "What a remote model that reasons would have charged for its thoughts"),
    ]
