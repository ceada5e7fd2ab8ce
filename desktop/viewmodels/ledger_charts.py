"""The two charts of the ledger, ready to draw: months as bars, and how what was saved grows towards the computer's price.

Pure; whole nano-units. Each has its axis, one sentence that says what it shows, and the same as a table.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop import money
from desktop.cells import TextCell
from desktop.viewmodels.figure_table import FigureRow
from desktop.viewmodels.money_axis import MoneyAxis, money_axis
from desktop.wordings import ledger
from engine.ledger_records import Month, Spread
from engine.price_records import Currency
from engine.statement_records import BreakEven, LedgerPage, MonthBar

translate = QCoreApplication.translate
_MONTHS_SHOWN = 12
_GROWTH_STEPS = 3
_MONTHS_NAMED = 18  # in a longer chart a month needs its year


@dataclass(frozen=True)
class Bar:
    """One bar of a month; `color` is a token."""

    value: int
    color: str


@dataclass(frozen=True)
class BarGroup:
    """The bars of a month that are not zero. `hint` says them in words."""

    month: Month
    label: str
    bars: tuple[Bar, ...]
    hint: str


@dataclass(frozen=True)
class MonthsChart:
    axis: MoneyAxis
    labels: tuple[str, ...]
    groups: tuple[BarGroup, ...]
    shown: Month
    spoken: str
    rows: tuple[FigureRow, ...]


def series() -> tuple[tuple[str, str], ...]:
    """Name and colour token of the three series."""
    return (
        (translate("ledger", "API price avoided"), "chart2"),
        (translate("ledger", "Local cost"), "chart1"),
        (translate("ledger", "API spend"), "chart3"),
    )


def month_titles() -> tuple[str, ...]:
    return (translate("ledger", "Month"), *(name for name, _ in series()))


def months_chart(page: LedgerPage) -> MonthsChart:
    """At most twelve months, the shown one among them."""
    shown, currency = page.statement.month, page.statement.currency
    at = next((place for place, bar in enumerate(page.bars) if bar.month == shown), len(page.bars) - 1)
    last = max(at + 1, min(len(page.bars), _MONTHS_SHOWN))
    bars = page.bars[max(0, last - _MONTHS_SHOWN) : last]
    values = [value for bar in bars for value in _values(bar) if value is not None]
    axis = money_axis(min(values, default=0), max(values, default=0))
    groups = tuple(_group(bar, currency) for bar in bars)
    rows = tuple(_month_row(bar, currency) for bar in reversed(page.bars))
    return MonthsChart(axis, labels_of(axis, currency), groups, shown, _months_spoken(bars, shown, currency), rows)


def labels_of(axis: MoneyAxis, currency: Currency) -> tuple[str, ...]:
    return tuple(money.tick(value, axis.step, currency) for value in axis.ticks)


def _values(bar: MonthBar) -> tuple[int | None, int, int]:
    return (bar.avoided.mid if bar.avoided is not None else None, bar.local.mid, bar.paid)


def _group(bar: MonthBar, currency: Currency) -> BarGroup:
    pairs = zip(_values(bar), series(), strict=True)
    bars = tuple(Bar(value, color) for value, (_, color) in pairs if value)
    return BarGroup(bar.month, ledger.month_short(bar.month), bars, _month_words(bar, currency))


def _month_words(bar: MonthBar, currency: Currency) -> str:
    """`September 2025: API price avoided €438.20, Local cost €67.73, API spend €6.12`."""
    parts = ", ".join(f"{name} {money.known(value, currency)}" for value, (name, _) in zip(_values(bar), series(), strict=True))
    return f"{ledger.month(bar.month)}: {parts}"


def _months_spoken(bars: tuple[MonthBar, ...], shown: Month, currency: Currency) -> str:
    found = next((bar for bar in bars if bar.month == shown), None)
    if found is None:
        return translate("ledger", "Nothing was counted yet.")
    text = translate("ledger", "{words}; {months} are drawn, from {first} on.")
    return text.format(words=_month_words(found, currency), months=ledger.months(len(bars)), first=ledger.month(bars[0].month))


def _month_row(bar: MonthBar, currency: Currency) -> FigureRow:
    avoided, local, paid = _values(bar)
    cells = (
        TextCell(ledger.month(bar.month), strong=True),
        TextCell(money.known(avoided, currency), right=True),
        TextCell(money.short(local, currency), right=True),
        TextCell(money.short(paid, currency), right=True),
    )
    keys = (str(bar.month), avoided if avoided is not None else -1, local, paid)
    return FigureRow(cells, keys)


# ---------------------------------------------------------------- pays for itself
@dataclass(frozen=True)
class GrowthPoint:
    """What was or will be saved by the end of a month."""

    label: str
    value: Spread


@dataclass(frozen=True)
class GrowthChart:
    """`points` begin with zero before the first month; those from `n_past` on are expected. `crossing` is where the middle
    reaches the price, counted in months from the start.
    """

    axis: MoneyAxis
    labels: tuple[str, ...]
    points: tuple[GrowthPoint, ...]
    n_past: int
    price: int
    price_label: str
    crossing: float | None
    crossing_label: tuple[str, str]


@dataclass(frozen=True)
class PaysOff:
    """The card: its note, what to say below, and the chart, None where there is nothing to draw."""

    note: str
    words: str
    wants_price: bool
    chart: GrowthChart | None
    spoken: str
    rows: tuple[FigureRow, ...]


def growth_titles() -> tuple[str, ...]:
    return (
        translate("ledger", "By the end of"),
        translate("ledger", "At least"),
        translate("ledger", "Saved"),
        translate("ledger", "At most"),
    )


def pays_off(of: BreakEven, currency: Currency, today: Month) -> PaysOff:
    """When the computer has paid for itself, as far as that can be said."""
    price = money.whole(of.price, currency)
    words = _growth_words(of, price)
    if of.state in ("no_hardware", "too_early") or not of.past:
        return PaysOff("", words, of.state == "no_hardware", None, words, ())
    note = _note(of)
    rows = tuple(_growth_row(month, value, currency, at >= len(of.past)) for at, (month, value) in enumerate(_all(of)))
    chart = _growth_chart(of, currency, today)
    text = translate("ledger", "By the end of {month} {saved} of {price} was saved. {note}.")
    last_month, last = of.past[-1]
    spoken = text.format(
        month=ledger.month(last_month), saved=money.amount(last.mid, currency), price=price, note=note or words.rstrip(".")
    )
    return PaysOff(note, words, False, chart, spoken, rows)


def _all(of: BreakEven) -> tuple[tuple[Month, Spread], ...]:
    return (*of.past, *of.ahead)


def _growth_words(of: BreakEven, price: str) -> str:
    match of.state:
        case "no_hardware":
            return translate("ledger", "Enter what the computer cost, and this shows when what was saved has paid for it.")
        case "too_early":
            return translate("ledger", "After a month of work this shows when what was saved has paid for the computer.")
        case "never":
            text = translate("ledger", "As it goes now, what is saved does not reach {price} within ten years.")
            return text.format(price=price)
    return ""


def _note(of: BreakEven) -> str:
    """`Likely November or December`."""
    if of.state == "never":
        return translate("ledger", "Not as it goes now")
    if of.state == "reached":
        month = of.latest or of.reached  # by the low end of what was saved
        return translate("ledger", "Since {month}").format(month=ledger.month(month)) if month else translate("ledger", "Reached")
    first, last = of.earliest or of.reached, of.latest
    if first is None:
        return ""
    if last is None:
        return translate("ledger", "{month} at the earliest").format(month=ledger.month(first))
    if first == last:
        return translate("ledger", "Likely {month}").format(month=ledger.month(first))
    if first.year == last.year and first.until(last) == 1:
        text = translate("ledger", "Likely {first} or {last}")
        return text.format(first=ledger.month_alone(first), last=ledger.month_alone(last))
    text = translate("ledger", "Likely {first} to {last}")
    return text.format(first=ledger.month_short_and_year(first), last=ledger.month_short_and_year(last))


def _growth_chart(of: BreakEven, currency: Currency, today: Month) -> GrowthChart:
    every = _all(of)
    start = GrowthPoint("", Spread(0, 0, 0))
    name = ledger.month_short_and_year if len(every) > _MONTHS_NAMED else ledger.month_short
    points = (start, *(GrowthPoint(name(month), value) for month, value in every))
    ends = [end for point in points for end in (point.value.low, point.value.high)]
    axis = money_axis(min(ends), max(*ends, of.price), _GROWTH_STEPS)
    label = translate("ledger", "Workstation, {price}").format(price=money.whole(of.price, currency))
    crossing = _crossing([point.value.mid for point in points], of.price)
    named = ("", "")
    if crossing is not None and of.reached is not None:
        named = (ledger.month_short_and_year(of.reached), ledger.from_now(today.until(of.reached)))
    return GrowthChart(axis, labels_of(axis, currency), points, len(of.past) + 1, of.price, label, crossing, named)


def _crossing(values: list[int], price: int) -> float | None:
    for at, value in enumerate(values[1:], start=1):
        before = values[at - 1]
        if before < price <= value:
            return at - 1 + (price - before) / (value - before)
    return None


def _growth_row(month: Month, value: Spread, currency: Currency, is_ahead: bool) -> FigureRow:
    name = ledger.month_short_and_year(month)
    cells = (
        TextCell(translate("ledger", "{month}, expected").format(month=name) if is_ahead else name, strong=not is_ahead),
        *(TextCell(money.coarse(end, currency), right=True) for end in (value.low, value.mid, value.high)),
    )
    return FigureRow(cells, (str(month), value.low, value.mid, value.high))
