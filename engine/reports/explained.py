"""How a month was worked out: every formula in words, with the month's own figures. Pure.

Said once here, for the sheet of the workbook; the printed page says the parts that fit on it.
"""

from __future__ import annotations

from engine.reports import figures, wording
from engine.reports.figures import money, span
from engine.statement_records import LedgerPage, Statement

Section = tuple[str, tuple[str, ...]]


def explained(page: LedgerPage) -> tuple[Section, ...]:
    """Headings with their sentences, in the order of the subtraction."""
    of = page.statement
    return (
        ("Net saving", _net(of)),
        ("API price avoided", _avoided(of)),
        ("Electricity", _electricity(of)),
        ("Hardware share", (*_hardware(of), *filter(None, (wording.break_even(page.break_even, of.currency),)))),
        ("Paid for remote models", (wording.paid(of),)),
        ("Left out", _left_out(of)),
        ("Currency and prices", _prices(of)),
        ("What to know", tuple(wording.caveats(of)) or ("Nothing in particular.",)),
    )


def _net(of: Statement) -> tuple[str, ...]:
    parts = " − ".join(
        money(each, of.currency) for each in (of.avoided.mid if of.avoided else None, of.electricity.mid, of.hardware.amount)
    )
    return (
        f"API price avoided − electricity − hardware share = net saving: {parts} ="
        f" {money(of.net.mid if of.net else None, of.currency)}.",
        f"The range is {span(of.net, of.currency)}: at least with the least avoided and the most electricity,"
        " at most the other way round.",
    )


def _avoided(of: Statement) -> tuple[str, ...]:
    chosen = next((each for each in of.references if each.role == "would_use"), None)
    sentences = [
        f"What {of.reference} would have charged for the same work, at its list price of each day: standard service,"
        " nothing from a cache, an answer of the same text. A model that reasons would have charged more.",
        f"{figures.count(of.n_prompt_tokens)} tokens were read and {figures.count(of.n_generated_tokens)} written here for it.",
    ]
    if chosen is not None:
        low, mid, high = (figures.ratio(each) for each in (chosen.ratio.low, chosen.ratio.mid, chosen.ratio.high))
        sentences.append(
            f"For one token of the local model it counts {mid} ({low} to {high}), {wording.RATIOS[chosen.ratio_source]}."
            f" It charges {wording.prices(chosen)}."
        )
    return tuple(sentences)


def _electricity(of: Statement) -> tuple[str, ...]:
    used = of.energy
    low, high = figures.energy(used.amount.low), figures.energy(used.amount.high)
    sentences = [
        f"Beyond an idle computer: {wording.energy(used)}; between {low} and {high}.",
        f"A kilowatt-hour costs {money(used.per_kwh, of.currency)}{', which is an example' if used.is_example else ''}.",
    ]
    if used.co2_g is not None:
        low, mid, high = (figures.kilograms(each) for each in (used.co2_g.low, used.co2_g.mid, used.co2_g.high))
        sentences.append(f"With the factor that you entered that is {mid} of CO₂ ({low} to {high}).")
    return tuple(sentences)


def _hardware(of: Statement) -> tuple[str, ...]:
    share = of.hardware
    if not share.price:
        return ("No price of a computer was entered: it is owned already, and nothing is counted for it.",)
    since = f", since {figures.day(share.bought)}" if share.bought else ""
    return (
        f"{money(share.price, of.currency)} ÷ {share.n_months} months × {share.share_percent}% ="
        f" {money(share.amount, of.currency)} for this month{since}.",
    )


def _left_out(of: Statement) -> tuple[str, ...]:
    whole = wording.all_left_out(of)
    if not whole:
        return ("Nothing was stopped, done again or made to compare.",)
    return (
        whole,
        *(
            f"{wording.left_out(each)}: would have been {span(each.avoided, of.currency)} by list price,"
            f" took {span(each.electricity, of.currency)} of electricity."
            for each in of.left_out
        ),
    )


def _prices(of: Statement) -> tuple[str, ...]:
    known = f"The price list was {figures.counted(of.prices_age_days, 'day', 'days')} old, {wording.prices_of(of)}."
    if of.currency.code == "USD":
        return (known,)
    as_of = f", as entered for {figures.day(of.currency.as_of)}" if of.currency.as_of else ""
    return (known, f"One dollar is {figures.plain(of.currency.per_usd)} {of.currency.code}{as_of}.")
