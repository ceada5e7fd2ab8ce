"""What the settings of costs say: rates, tariffs, hardware, budgets, prices and their age. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from desktop import figures, money
from desktop.wordings import ledger
from desktop.wordings.words import StatusWords
from engine.ledger_records import EnergyMethod, OpenCall
from engine.ledger_settings import Budget, ExchangeRate, Hardware, MeterWatts, Tariff
from engine.price_records import Currency, ListedPrice
from engine.statement_records import Role

translate = QCoreApplication.translate

OLD_DAYS, VERY_OLD_DAYS = 60, 180
COMMON_CURRENCIES = ("USD", "EUR", "GBP", "CHF", "PLN", "SEK", "CAD", "AUD", "JPY")
DOLLARS = Currency()
_NANO_A_MILLION = 1_000  # pico-dollars a token are thousands of nano-dollars a million tokens


# ---------------------------------------------------------------- figures
def plain_number(value: Decimal) -> str:
    """As it can be typed again: the locale's decimal mark, no grouping, no zeros at the end."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", QLocale().decimalPoint())


def exact(nano: int, currency: Currency) -> str:
    """An amount with as many decimals as it has, at most six and at least those of its coins: `€0.247`, `€0.25`."""
    rest = round(nano / 1_000) * 1_000
    step = next(10**n for n in range(9, 2, -1) if rest % 10**n == 0)
    return money.amount(rest, currency) if step >= 10_000_000 else money.tick(rest, step, currency)


def a_million(pico: int) -> str:
    """The price of a million tokens: `$2.00`, `$0.075`."""
    return exact(pico * _NANO_A_MILLION, DOLLARS)


def amount(value: Decimal, code: str) -> str:
    """An amount as it was typed, in its currency."""
    return exact(int(value * money.UNIT), Currency(code))


def day(of: date) -> str:
    """`3 November 2026`."""
    return QLocale().toString(QDate(of.year, of.month, of.day), "d MMMM yyyy")


def short_day(of: date | None) -> str:
    return "" if of is None else QLocale().toString(QDate(of.year, of.month, of.day), "d MMM yyyy")


# ---------------------------------------------------------------- currency, electricity, hardware
def rate(of: ExchangeRate) -> str:
    """`1 USD is 0.92 EUR`."""
    return translate("costs", "1 USD is {n} {code}").format(n=plain_number(of.per_usd), code=of.currency)


def rate_note(of: ExchangeRate, is_used: bool) -> str:
    text = translate("costs", "Looked up on {day}, in use") if is_used else translate("costs", "Looked up on {day}")
    return text.format(day=day(of.day))


def no_rate(code: str) -> str:
    return translate("costs", "There is no exchange rate for {code} yet. Add one first, under Exchange rates.").format(code=code)


def rate_is_needed(code: str, uses: list[str]) -> str:
    text = translate("costs", "{code} is used for {uses}. Add a newer rate first, or change those.")
    return text.format(code=code, uses=", ".join(uses))


def tariff(of: Tariff) -> str:
    """`€0.247 a kilowatt-hour`."""
    return translate("costs", "{price} a kilowatt-hour").format(price=amount(of.per_kwh, of.currency))


def tariff_note(of: Tariff, is_used: bool) -> str:
    text = translate("costs", "From {day} on, in use") if is_used else translate("costs", "From {day} on")
    return text.format(day=day(of.day))


def watts(of: MeterWatts | None) -> str:
    if of is None:
        return translate("costs", "Nothing was measured yet.")
    text = translate("costs", "{idle} watts at rest, {busy} watts while answering.")
    return text.format(idle=figures.number(of.idle), busy=figures.number(of.busy))


def how_to_measure() -> str:
    return translate(
        "costs",
        "Put a plug meter between the computer and the wall. Read it once while the computer rests, and once while it writes a "
        "long answer. This is the most trusted figure: it goes before every counter.",
    )


def on_anyway(is_on: bool) -> str:
    if is_on:
        return translate("costs", "Only what answering takes beyond resting counts.")
    return translate("costs", "The computer runs for this work alone, so what it takes at rest counts as well.")


def method(of: EnergyMethod) -> str:
    return {
        "meter": translate("costs", "your plug meter"),
        "nvml": translate("costs", "the counter of the graphics card"),
        "rapl": translate("costs", "the counter of the processor"),
        "model": translate("costs", "an estimate for this computer"),
    }[of]


def methods(shares: tuple[tuple[EnergyMethod, int], ...]) -> str:
    """`the counter of the processor (80%), an estimate for this computer (20%)`; without shares where there is one."""
    if len(shares) == 1:
        return method(shares[0][0])
    text = translate("costs", "{method} ({share})")
    return ", ".join(text.format(method=method(each), share=percent(ppm)) for each, ppm in shares)


def percent(ppm: int) -> str:
    """Parts of a million as per cent; a small part is never none."""
    if 0 < ppm < 10_000:
        return translate("costs", "under 1%")
    return translate("costs", "{n}%").format(n=figures.number(ppm // 10_000 if ppm > 990_000 else round(ppm / 10_000)))


def otherwise(shares: tuple[tuple[EnergyMethod, int], ...]) -> str:
    text = translate(
        "costs",
        "The counter of the graphics card where a model runs on it, else that of the processor, else an estimate for this "
        "computer with a wide range.",
    )
    if not shares:
        return text
    return f"{text} {translate('costs', 'This month: {methods}.').format(methods=methods(shares))}"


def hardware(of: Hardware | None) -> str:
    if of is None or not of.price:
        return translate("costs", "Nothing of it is counted.")
    text = translate("costs", "{price}, bought on {day}, spread over {months}; {share}% of its use is this work.")
    return text.format(
        price=amount(of.price, of.currency),
        day=day(of.bought),
        months=ledger.months(of.n_months),
        share=figures.number(of.share_percent),
    )


# ---------------------------------------------------------------- models to compare with
def role(of: Role) -> str:
    return {
        "would_use": translate("costs", "What you would use"),
        "strong": translate("costs", "A strong one"),
        "cheapest": translate("costs", "The cheapest that would do"),
    }[of]


def role_note(of: Role) -> str:
    return {
        "would_use": translate("costs", "The saving in the ledger is against this one."),
        "strong": translate("costs", "Shown beside it, for comparison."),
        "cheapest": translate("costs", "Shown beside it, so that the saving is not flattered."),
    }[of]


def reference(name: str, is_default: bool, prices: tuple[int, int] | None) -> str:
    """`openai/gpt-6.1-sol, the program’s suggestion. $2.00 read, $10.00 written for a million tokens.`"""
    text = translate("costs", "{name}, suggested by Strongroom.") if is_default else translate("costs", "{name}.")
    if prices is None:
        tail = translate("costs", "It has no known price, so nothing is counted as saved against it.")
    else:
        tail = translate("costs", "{read} read, {written} written for a million tokens.")
        tail = tail.format(read=exact(prices[0], DOLLARS), written=exact(prices[1], DOLLARS))
    return f"{text.format(name=name)} {tail}"


# ---------------------------------------------------------------- budgets
def scope(of: str, names: Mapping[str, str]) -> str:
    if not of:
        return translate("costs", "All remote models")
    fixed = {"workload:compare": translate("costs", "Comparisons"), "workload:": translate("costs", "Work without a name")}
    return names.get(of) or fixed.get(of) or of.partition(":")[2]


def budget(of: Budget, names: Mapping[str, str]) -> str:
    """`All remote models: €50.00 a month`."""
    text = translate("costs", "{scope}: {limit} a month")
    return text.format(scope=scope(of.scope, names), limit=amount(of.limit, of.currency))


def budget_note(of: Budget) -> str:
    at = ", ".join(translate("costs", "{n}%").format(n=figures.number(n)) for n in sorted(of.warn_percent))
    warns = translate("costs", "Warns at {at}.").format(at=at) if at else translate("costs", "Does not warn.")
    return f"{warns} {hard(of.is_hard)}"


def hard(is_hard: bool) -> str:
    if is_hard:
        return translate("costs", "A request that could pass it is not sent.")
    return translate("costs", "It only warns; requests are sent all the same.")


# ---------------------------------------------------------------- prices
def price_source(of: ListedPrice) -> str:
    return {
        "own": translate("costs", "Yours"),
        "imported": translate("costs", "Your file"),
        "bundled": translate("costs", "Strongroom"),
    }[of.source]


def price_age(as_of: str, age_days: int) -> StatusWords:
    """How old the list is, as a status."""
    if not as_of:
        return StatusWords(translate("costs", "No price list"), "danger", "circle-alert")
    days = figures.amount(age_days, translate("costs", "day"), translate("costs", "days"))
    text = translate("costs", "{days} old").format(days=days)
    if age_days > VERY_OLD_DAYS:
        return StatusWords(translate("costs", "Very old: {days}").format(days=days), "danger", "circle-alert")
    if age_days > OLD_DAYS:
        return StatusWords(translate("costs", "Old: {days}").format(days=days), "caution", "triangle-alert")
    return StatusWords(text, "neutral", "check")


def prices_as_of(as_of: str, imported: str) -> str:
    try:
        when = day(date.fromisoformat(as_of))
    except ValueError:
        when = as_of or translate("costs", "an unknown day")
    text = translate("costs", "Prices as of {day}, for a million tokens in dollars. Nothing is looked up by itself.").format(
        day=when
    )
    if imported:
        text += " " + translate("costs", "A list of yours goes before them: {file}.").format(file=imported)
    return text


def checked(iso: str) -> str:
    """The day on which a price was compared with its source."""
    try:
        return short_day(date.fromisoformat(iso))
    except ValueError:
        return iso or translate("costs", "not known")


def price_details(of: ListedPrice) -> str:
    """What a row has no room for."""
    parts = [of.model, f"{translate('costs', 'Read')}: {a_million(of.prompt)}"]
    parts.append(f"{translate('costs', 'Written')}: {a_million(of.generated)}")
    if of.cached is not None:
        parts.append(f"{translate('costs', 'Read from a cache')}: {a_million(of.cached)}")
    if of.has_steps:
        parts.append(translate("costs", "Longer prompts cost more; these are the prices of short ones."))
    if of.last is not None:
        parts.append(translate("costs", "Until {day}").format(day=day(of.last)))
    return "\n".join([*parts, *filter(None, (of.url, of.note))])


# ---------------------------------------------------------------- requests of unknown cost
def open_call(of: OpenCall) -> str:
    """`gpt-5.2, OpenAI`, and when it was."""
    text = translate("costs", "{model}, {provider}, {when}")
    return text.format(model=of.model, provider=of.provider, when=figures.day_and_time(of.time))


def open_call_note(of: OpenCall) -> str:
    if of.at_most is None:
        return translate("costs", "What it can have cost is not known either, so nothing is counted for it.")
    return translate("costs", "Counts as {amount}, the most it can have cost.").format(amount=exact(of.at_most, DOLLARS))
