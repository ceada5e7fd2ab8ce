"""What reports say in words: names, where figures are from, what was left out, and what to know beside a figure. In English.

Plain sentences for somebody who was not there. A saving is never named without what was taken off for it.
"""

from __future__ import annotations

from engine.ledger_records import EnergyMethod, RatioSource, Use, WorkloadId
from engine.price_records import Currency
from engine.reports import figures
from engine.reports.figures import counted, money
from engine.statement_records import BreakEven, Caveat, EnergyUsed, HardwareShare, LeftOut, ReferenceLine, Role, Statement

WORKLOADS = {"ask": "Questions on documents", "chat": "Conversations", "compare": "Comparisons", "": "Without a name"}
DELETED = "A workload that was deleted"
LONGEST_NAME = 80  # characters of a model in a sentence

ROLES: dict[Role, str] = {
    "would_use": "The model you would use",
    "strong": "A strong model",
    "cheapest": "The cheapest that would do",
}
METHODS: dict[EnergyMethod, str] = {
    "meter": "a plug meter",
    "nvml": "the counter of the graphics card",
    "rapl": "the counter of the processor",
    "model": "a model of this computer",
}
RATIOS: dict[RatioSource, str] = {
    "calibrated": "counted on your own comparisons",
    "prior": "taken from measured tables",
    "none": "not known, so the range is wide",
}
LEFT_OUT: dict[Use, str] = {
    "work": "answered",
    "again": "done again",
    "cancelled": "stopped",
    "test": "made to compare or to measure",
}
#: What each one says of this month; `{…}` are facts of the statement.
CAVEATS: dict[Caveat, str] = {
    "example_tariff": "No price of electricity was entered. {per_kwh} for a kilowatt-hour is an example.",
    "default_reference": "Nobody chose the model to compare with. {reference} is the program’s suggestion.",
    "old_prices": "The price list is {age} old. The amounts use the last known prices.",
    "very_old_prices": "The price list is {age} old, so the amounts can be far from what is charged today.",
    "no_ratio": "How many tokens the compared model makes of the same text is not known. The range is wide for that reason.",
    "unknown_price": "The compared model has no known price on some days. That work counts as no saving.",
    "unknown_cost": "What {unknown} cost is not known. It was at most {at_most}, and that is counted.",
    "clock_ahead": "Some entries are dated in the future: the clock of this computer was wrong.",
    "rate_old": "The exchange rate is of {rate_day}, more than 60 days from this month.",
    "no_rate": "Amounts in a currency without an exchange rate were left out.",
    "unbounded_cost": "Of some requests not even the most that they can have cost is known. They count as nothing here.",
    "api_cheaper": "The remote model would have cost less than this computer did.",
    "modelled_energy": "Electricity was not measured but worked out from how busy this computer was.",
    "differs": "The sums do not agree with the single entries. Check the ledger before you rely on this page.",
}


def workload(key: WorkloadId, name: str) -> str:
    """The name of a set, or of a kind of work that is always there."""
    return name or WORKLOADS.get(key, DELETED)


def scope(of: str, name: str) -> str:
    """What a budget is for."""
    if not of:
        return "All remote models"
    return name or of.partition(":")[2] or of


def heading(of: Statement) -> str:
    """What the largest figure is called."""
    so_far = " so far" if of.is_running else ""
    if of.net is not None and of.net.mid < 0:
        return f"More than the API in {figures.month(of.month)}{so_far}"
    return f"Saved in {figures.month(of.month)}{so_far}"


def work_done(of: Statement) -> str:
    """`112,480 items answered here, 5 workloads`."""
    if not of.n_items:
        return "No items were answered on this computer"
    items, workloads = counted(of.n_items, "item", "items"), counted(of.n_workloads, "workload", "workloads")
    return f"{items} answered on this computer, {workloads}"


def prices_of(of: Statement) -> str:
    """From when the prices are."""
    if not of.prices_as_of:
        return "date of prices not known"
    return f"prices as of {figures.iso_day(of.prices_as_of)}"


def energy(of: EnergyUsed) -> str:
    """`47 kWh, 80% by a plug meter and 20% by a model of this computer`."""
    amount = figures.energy(of.amount.mid)
    if not of.methods:
        return amount
    if len(of.methods) == 1:
        return f"{amount}, by {METHODS[of.methods[0][0]]}"
    parts = [f"{figures.percent(share)} by {METHODS[method]}" for method, share in of.methods]
    return f"{amount}, {', '.join(parts[:-1])} and {parts[-1]}"


def hardware(of: HardwareShare, statement: Statement) -> str:
    """`€2,800.00 over 48 months`."""
    if not of.price:
        return "owned already, not counted"
    part = "" if of.share_percent == 100 else f", {of.share_percent}% of it"
    return f"{money(of.price, statement.currency)} over {counted(of.n_months, 'month', 'months')}{part}"


def left_out(of: LeftOut) -> str:
    """`31 done again`."""
    return f"{figures.count(of.n)} {LEFT_OUT[of.use]}"


def all_left_out(of: Statement) -> str:
    """What of the month counts for electricity only; '' where there is nothing."""
    if not of.left_out:
        return ""
    parts = ", ".join(map(left_out, of.left_out))
    return f"Not counted as saved: {parts}. Their electricity is counted."


def paid(of: Statement) -> str:
    """What was paid to remote models, which no saving is made of."""
    text = f"Paid for remote models: {money(of.paid, of.currency)}, {counted(of.n_paid, 'request', 'requests')}"
    if of.paid_elsewhere:
        text += f"; {money(of.paid_elsewhere, of.currency)} of it by imported bills"
    if of.forecast is not None:
        text += f"; at this pace {money(of.forecast, of.currency)} by the end of the month"
    return f"{text}. It is not part of the saving."


def caveats(of: Statement) -> list[str]:
    """A sentence for each, in the order in which the statement names them."""
    facts = {
        "per_kwh": money(of.energy.per_kwh, of.currency),
        "reference": of.reference[:LONGEST_NAME],
        "age": counted(of.prices_age_days, "day", "days"),
        "unknown": counted(of.n_unknown, "request", "requests"),
        "at_most": money(of.unknown_at_most, of.currency),
        "rate_day": figures.day(of.currency.as_of) if of.currency.as_of else "a day that is not known",
    }
    return [CAVEATS[each].format(**facts) for each in of.caveats]


def prices(of: ReferenceLine) -> str:
    """`$2.00 read, $10.00 written, a million tokens`."""
    if of.prices is None:
        return figures.NOT_KNOWN
    read, written = (money(each, figures.DOLLARS) for each in of.prices)
    return f"{read} read and {written} written, for a million tokens"


def against(of: Statement) -> list[str]:
    """What other reference models make of the month, each with its range."""
    sentences = []
    for each in of.references:
        if each.reference == of.reference:
            continue
        which = ROLES[each.role][0].lower() + ROLES[each.role][1:]
        result = (
            figures.NOT_KNOWN
            if each.net is None
            else f"{money(each.net.mid, of.currency)} ({figures.span(each.net, of.currency)})"
        )
        sentences.append(f"Compared with {each.reference[:LONGEST_NAME]} ({which}), net saving: {result}.")
    return sentences


def break_even(of: BreakEven, currency: Currency) -> str:
    """When what was saved reaches the price of the computer; '' where none was entered."""
    price = money(of.price, currency)
    match of.state:
        case "no_hardware":
            return ""
        case "too_early":
            return f"Whether the computer ({price}) pays for itself cannot be said after less than a month of work."
        case "reached":
            when = f" in {figures.month(of.reached)}" if of.reached else ""
            return f"What was saved reached the price of the computer ({price}){when}, before its share is taken off."
        case "never":
            return f"At this rate the computer ({price}) does not pay for itself."
    when = f"in {figures.month(of.reached)}" if of.reached else "in more than ten years"
    earliest, latest = (figures.month(each) if each else "later than in ten years" for each in (of.earliest, of.latest))
    return f"If the work goes on as it did, the computer ({price}) has paid for itself {when} (range: {earliest} to {latest})."
