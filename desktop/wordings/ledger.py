"""What the ledger calls things: months, models, workloads, electricity, hardware, and what to know beside a figure. Pure."""

from __future__ import annotations

import re
from datetime import date

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from desktop import figures, money
from engine.ledger_records import Month, Spread, WorkloadId
from engine.price_records import Currency
from engine.statement_records import EnergyUsed, HardwareShare, Role

translate = QCoreApplication.translate

_MONTHS_SAID = 24  # beyond them, years are said
_PLAIN_NAME = re.compile(r"[a-z0-9.]+(-[a-z0-9.]+)*")
_AS_WRITTEN = {"gpt": "GPT", "ai": "AI", "vl": "VL", "deepseek": "DeepSeek", "glm": "GLM"}


# ---------------------------------------------------------------- time
def month(of: Month) -> str:
    """`September 2025`."""
    return QLocale().toString(QDate(of.year, of.month, 1), "MMMM yyyy")


def month_alone(of: Month) -> str:
    """`September`, where the year is plain from what stands around it."""
    return QLocale().toString(QDate(of.year, of.month, 1), "MMMM")


def month_short(of: Month) -> str:
    """`Sep`, for an axis."""
    return QLocale().toString(QDate(of.year, of.month, 1), "MMM").rstrip(".")


def month_short_and_year(of: Month) -> str:
    """`Sep 2025`."""
    return f"{month_short(of)} {of.year}"


def day_of(iso: str, beside: Month) -> str:
    """`30 September`, with the year where it is another than that of the month it stands beside; as it is if it is no day."""
    try:
        found = date.fromisoformat(iso)
    except ValueError:
        return iso
    pattern = "d MMMM" if found.year == beside.year else "d MMMM yyyy"
    return QLocale().toString(QDate(found.year, found.month, found.day), pattern)


def months(n: int) -> str:
    return figures.amount(n, translate("ledger", "month"), translate("ledger", "months"))


def years(n: int) -> str:
    return figures.amount(n, translate("ledger", "year"), translate("ledger", "years"))


def from_now(n_months: int) -> str:
    """`in 2 months`, `in about 3 years`; empty for what is not ahead."""
    if n_months <= 0:
        return ""
    if n_months <= _MONTHS_SAID:
        return translate("ledger", "in {months}").format(months=months(n_months))
    return translate("ledger", "in about {years}").format(years=years(round(n_months / 12)))


# ---------------------------------------------------------------- names
def model(reference: str) -> str:
    """`GPT-6.1 Sol` of `openai/gpt-6.1-sol`; a name that is not built like one stays as it is."""
    name = reference.rpartition("/")[2]
    if not _PLAIN_NAME.fullmatch(name):
        return name or reference
    words: list[str] = []
    for part in name.split("-"):
        if part.isdigit() and len(part) <= 2 and words and words[-1][-1].isdigit() and words[-1].isdecimal():
            words[-1] += f".{part}"  # claude-opus-5-5
        elif words and words[-1] == "GPT":
            words[-1] += f"-{part}"
        else:
            words.append(_AS_WRITTEN.get(part, part if part[:1] == "o" and part[1:].isdigit() else part.capitalize()))
    return " ".join(words)


def workload(key: WorkloadId, name: str) -> str:
    """The name of a set, or of a kind of work that is always there."""
    fixed = {
        "ask": translate("ledger", "Questions on documents"),
        "chat": translate("ledger", "Conversations"),
        "compare": translate("ledger", "Comparisons"),
        "": translate("ledger", "Without a name"),
    }
    return name or fixed.get(key, translate("ledger", "A workload that was deleted"))


def role(of: Role) -> str:
    """Which of the reference models it is."""
    return {
        "would_use": translate("ledger", "the model you would use"),
        "strong": translate("ledger", "a strong one"),
        "cheapest": translate("ledger", "the cheapest that would do"),
    }[of]


# ---------------------------------------------------------------- amounts
def items(n: int) -> str:
    return figures.amount(n, translate("ledger", "item"), translate("ledger", "items"))


def workloads(n: int) -> str:
    return figures.amount(n, translate("ledger", "workload"), translate("ledger", "workloads"))


def requests(n: int) -> str:
    return figures.amount(n, translate("ledger", "request"), translate("ledger", "requests"))


def energy(micro_wh: int) -> str:
    """`38 kWh`, `0.42 kWh`, `12 Wh`, `0.3 Wh`."""
    watt_hours = micro_wh / 1_000_000
    if watt_hours >= 100:
        kilo = watt_hours / 1000
        return f"{QLocale().toString(kilo, 'f', 0 if kilo >= 10 else 1 if kilo >= 1 else 2)} kWh"
    if micro_wh and watt_hours < 0.1:
        return translate("ledger", "less than {n} Wh").format(n=QLocale().toString(0.1, "f", 1))
    return f"{QLocale().toString(watt_hours, 'f', 0 if watt_hours >= 10 or not micro_wh else 1)} Wh"


def electricity(of: EnergyUsed) -> str:
    """`38 kWh measured`; estimated where most of it was not measured, and that its price is an example."""
    modelled = sum(share for method, share in of.methods if method == "model")
    if not of.methods:
        known = translate("ledger", "{energy}")
    elif modelled == 0:
        known = translate("ledger", "{energy} measured")
    elif modelled < 500_000:
        known = translate("ledger", "{energy}, most of it measured")
    else:
        known = translate("ledger", "{energy} estimated")
    words = known.format(energy=energy(of.amount.mid))
    return translate("ledger", "{energy}, example price").format(energy=words) if of.is_example else words


def hardware(of: HardwareShare, currency: Currency) -> str:
    """`€2,800 over 4 years`."""
    if not of.price:
        return translate("ledger", "owned already, not counted")
    n_years, rest = divmod(of.n_months, 12)
    length = months(of.n_months)
    if not rest:
        length = years(n_years)
    words = translate("ledger", "{price} over {time}").format(price=money.whole(of.price, currency), time=length)
    if of.share_percent == 100:
        return words
    return translate("ledger", "{words}, {n}% of it").format(words=words, n=figures.number(of.share_percent))


# ---------------------------------------------------------------- the month's result
def result(net: Spread | None, of: Month, n_items: int = 1) -> tuple[str, bool]:
    """How the headline begins, and whether it tells of a saving. Without answers there is nothing to compare with an API."""
    name = month_alone(of)
    if net is not None and net.mid < 0 and not n_items:
        return translate("ledger", "Cost in {month}").format(month=name), False
    if net is not None and net.mid < 0:
        return translate("ledger", "More than the API in {month}").format(month=name), False
    return translate("ledger", "Saved in {month}").format(month=name), net is not None


def in_status_bar(net: Spread, of: Month) -> str:
    """`Saved in November`, or what it cost beyond the API."""
    if net.mid < 0:
        return translate("ledger", "Cost in {month}").format(month=month_alone(of))
    return result(net, of)[0]
