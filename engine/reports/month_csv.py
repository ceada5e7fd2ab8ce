"""A month as CSV for other programs: one figure a line, with its range. Pure.

Money has all nine places and no sign of a currency; `unit` names it. A figure that is known exactly has no range, one that
is not known is empty. `schema` grows when a column or a record changes its meaning.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.csv_cells import table
from engine.ledger_records import Spread
from engine.reports import wording
from engine.reports.figures import plain
from engine.statement_records import BreakEven, LedgerPage, MonthBar, ReferenceLine, Statement, WorkloadLine

SCHEMA = 1
COLUMNS = ("schema", "month", "record", "id", "name", "figure", "unit", "low", "mid", "high", "text")

Row = tuple[object, ...]
MILLION_TOKENS = "USD for a million tokens"


def month_csv(page: LedgerPage) -> str:
    """RFC 4180 with one header line. `record` is what a line is about: the month, a workload, a reference, …"""
    return table(COLUMNS, ((SCHEMA, *row) for row in _rows(page)))


def _rows(page: LedgerPage) -> Iterator[Row]:
    of = page.statement
    month, code = str(of.month), of.currency.code
    yield from _month(of, month, code)
    for line in of.lines:
        yield from _workload(line, month, code)
    for left in of.left_out:
        yield _exact(month, "left_out", left.use, wording.LEFT_OUT[left.use], "generations", "count", left.n)
        yield _spread(month, "left_out", left.use, wording.LEFT_OUT[left.use], "api_price", code, left.avoided)
        yield _spread(month, "left_out", left.use, wording.LEFT_OUT[left.use], "electricity", code, left.electricity)
    for reference in of.references:
        yield from _reference(reference, month, code)
    for budget in of.budgets:
        name = wording.scope(budget.scope, budget.name)
        yield _amount(month, "budget", budget.scope, name, "limit", code, budget.limit)
        yield _amount(month, "budget", budget.scope, name, "counted", code, budget.spent)
    for bar in page.bars:
        yield from _bar(bar, code)
    yield from _break_even(page.break_even, code)
    for caveat, sentence in zip(of.caveats, wording.caveats(of), strict=True):
        yield _text(month, "caveat", caveat, "", "caveat", sentence)


def _month(of: Statement, month: str, code: str) -> Iterator[Row]:
    yield _text(month, "month", "", "", "reference", of.reference)
    yield _text(month, "month", "", "", "prices_as_of", of.prices_as_of)
    yield _exact(month, "month", "", "", "prices_age", "days", of.prices_age_days)
    yield _amount(month, "month", "", "", "dollar", code, of.currency.per_usd)
    yield _exact(month, "month", "", "", "is_running", "yes or no", "yes" if of.is_running else "no")
    for figure, unit, n in (
        ("items", "count", of.n_items), ("workloads", "count", of.n_workloads), ("requests_paid", "count", of.n_paid),
        ("requests_of_unknown_cost", "count", of.n_unknown), ("tokens_read", "tokens", of.n_prompt_tokens),
        ("tokens_written", "tokens", of.n_generated_tokens),
    ):  # fmt: skip
        yield _exact(month, "month", "", "", figure, unit, n)
    yield _spread(month, "month", "", "", "api_price_avoided", code, of.avoided)
    yield _spread(month, "month", "", "", "electricity", code, of.electricity)
    for figure, nano in (
        ("hardware_share", of.hardware.amount), ("computer_price", of.hardware.price), ("kilowatt_hour", of.energy.per_kwh),
        ("paid", of.paid), ("paid_by_bills", of.paid_elsewhere), ("unknown_at_most", of.unknown_at_most),
        ("forecast", of.forecast),
    ):  # fmt: skip
        yield _amount(month, "month", "", "", figure, code, nano)
    yield _spread(month, "month", "", "", "net_saving", code, of.net)
    used = of.energy.amount
    # A billionth of a kilowatt-hour is a micro-watt-hour.
    yield (month, "month", "", "", "energy", "kWh", *map(plain, (used.low, used.mid, used.high)), None)
    for method, share in of.energy.methods:
        yield _exact(month, "month", method, wording.METHODS[method], "energy_share", "parts of a million", share)
    if (co2 := of.energy.co2_g) is not None:
        yield (month, "month", "", "", "co2", "g", co2.low, co2.mid, co2.high, None)


def _workload(line: WorkloadLine, month: str, code: str) -> Iterator[Row]:
    about = (month, "workload", str(line.workload), wording.workload(line.workload, line.name))
    yield _exact(*about, "items", "count", line.n_items)
    yield _exact(*about, "requests_paid", "count", line.n_paid)
    yield _spread(*about, "api_price_avoided", code, line.avoided)
    yield _spread(*about, "electricity", code, line.electricity)
    yield _spread(*about, "saved_before_hardware", code, line.saved)
    yield _amount(*about, "paid", code, line.paid)


def _reference(line: ReferenceLine, month: str, code: str) -> Iterator[Row]:
    about = (month, "reference", str(line.role), line.reference)
    read, written = line.prices or (None, None)
    yield _amount(*about, "price_read", MILLION_TOKENS, read)
    yield _amount(*about, "price_written", MILLION_TOKENS, written)
    ratio = line.ratio
    yield (*about, "tokens_for_one_here", "parts of a million", ratio.low, ratio.mid, ratio.high, line.ratio_source)
    yield _spread(*about, "api_price_avoided", code, line.avoided)
    yield _spread(*about, "net_saving", code, line.net)
    yield _exact(*about, "is_suggestion", "yes or no", "yes" if line.is_default else "no")


def _bar(bar: MonthBar, code: str) -> Iterator[Row]:
    month = str(bar.month)
    yield _exact(month, "bar", "", "", "items", "count", bar.n_items)
    yield _spread(month, "bar", "", "", "api_price_avoided", code, bar.avoided)
    yield _spread(month, "bar", "", "", "local_cost", code, bar.local)
    yield _amount(month, "bar", "", "", "paid", code, bar.paid)


def _break_even(of: BreakEven, code: str) -> Iterator[Row]:
    yield _text("", "break_even", "", "", "state", of.state)
    yield _amount("", "break_even", "", "", "price", code, of.price)
    for figure, month in (("reached", of.reached), ("earliest", of.earliest), ("latest", of.latest)):
        yield _text("" if month is None else str(month), "break_even", "", "", figure, "")
    for record, points in (("break_even_past", of.past), ("break_even_ahead", of.ahead)):
        for month, saved in points:
            yield _spread(str(month), record, "", "", "saved_in_all", code, saved)


# ---------------------------------------------------------------- kinds of lines
def _exact(month: str, record: str, key: str, name: str, figure: str, unit: str, value: object) -> Row:
    return (month, record, key, name, figure, unit, None, value, None, None)


def _amount(month: str, record: str, key: str, name: str, figure: str, unit: str, nano: int | None) -> Row:
    return _exact(month, record, key, name, figure, unit, None if nano is None else plain(nano))


def _spread(month: str, record: str, key: str, name: str, figure: str, unit: str, of: Spread | None) -> Row:
    ends = (None, None, None) if of is None else tuple(map(plain, (of.low, of.mid, of.high)))
    return (month, record, key, name, figure, unit, *ends, None)


def _text(month: str, record: str, key: str, name: str, figure: str, text: str) -> Row:
    return (month, record, key, name, figure, "text", None, None, None, text)
