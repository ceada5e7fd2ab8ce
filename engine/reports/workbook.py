"""A month as a workbook for spreadsheets: real numbers that can be added up, and texts that never act.

Nothing in it is a formula or a link, whatever a workload is called: texts are written as texts, never guessed at. A spreadsheet
counts in binary numbers with 15 to 16 digits; all nine places of every amount are in the CSV.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from engine.ledger_records import Spread
from engine.price_records import Currency
from engine.reports import figures, wording
from engine.reports.explained import explained
from engine.reports.figures import DOLLARS, decimal_of
from engine.statement_records import LedgerPage, Statement

SAFE = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}  # fmt: skip
LONGEST_CELL = 32_000  # characters; spreadsheets take 32,767
INK, GREEN, COPPER, LINE = "#161D19", "#0B5B4B", "#93380A", "#E2E5E0"
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Money:
    """An amount in a cell; None is not known."""

    nano: int | None
    currency: Currency


Cell = str | int | Money | None


def workbook(page: LedgerPage) -> bytes:
    """The sheets Month, Workloads, Months, References and How it was worked out, as XLSX. The same page makes the same bytes."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, SAFE)
    of = page.statement
    # Not the time of today: a month that is exported again is the same file.
    book.set_properties({"title": f"Ledger, {figures.month(of.month)}", "created": datetime.combine(of.month.last, time())})
    sheets = _Sheets(book)
    sheets.add("Month", ("Figure", "Amount", "At least", "At most", "From"), _month(of), widths=(34, 18, 16, 16, 60))
    sheets.add(
        "Workloads",
        ("Workload", "Items here", "API price", "At least", "At most", "Electricity", "Saved before hardware", "At least",
         "At most", "Requests paid", "Paid"),
        _workloads(of), widths=(44, 12, 16, 16, 16, 16, 22, 16, 16, 14, 16),
    )  # fmt: skip
    sheets.add(
        "Months",
        ("Month", "Items here", "API price avoided", "At least", "At most", "Local cost", "At least", "At most", "API spend"),
        [(str(bar.month), bar.n_items, *_three(bar.avoided, of), *_three(bar.local, of), Money(bar.paid, of.currency))
         for bar in page.bars],
        widths=(12, 12, 18, 16, 16, 16, 16, 16, 16),
    )  # fmt: skip
    sheets.add(
        "References",
        ("Which", "Model", "USD for a million tokens read", "USD for a million written", "Its tokens for one here", "Known by",
         "API price avoided", "At least", "At most", "Net saving", "At least", "At most"),
        _references(of), widths=(28, 36, 26, 24, 22, 40, 18, 16, 16, 16, 16, 16),
    )  # fmt: skip
    rows = [(title if at == 0 else "", text) for title, texts in explained(page) for at, text in enumerate(texts)]
    sheets.add("How it was worked out", ("What", "How"), rows, widths=(26, 120))
    book.close()
    return target.getvalue()


class _Sheets:
    """Adds sheets with a header that stays in view."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._kept: dict[str, Any] = {}

    def add(self, name: str, header: Sequence[str], rows: Sequence[Sequence[Cell]], *, widths: Sequence[int]) -> None:
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.hide_gridlines(2)
        for column, (title, width) in enumerate(zip(header, widths, strict=True)):
            sheet.set_column(column, column, width)
            style = {"bold": True, "bottom": 1, "bottom_color": LINE, "align": "left" if column == 0 else "center"}
            sheet.write_string(0, column, title, self._format(style))
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                self._write(sheet, at, column, cell)

    def _write(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        match cell:
            case None | Money(None):
                sheet.write_string(row, column, figures.NOT_KNOWN, self._format({"align": "right", "font_color": "#5C6660"}))
            case str():
                shown = _UNSHOWN.sub("\ufffd", cell)[:LONGEST_CELL]
                sheet.write_string(row, column, shown, self._format({"text_wrap": True, "valign": "top"}))
            case int():
                sheet.write_number(row, column, cell, self._format({"num_format": "#,##0", "valign": "top"}))
            case Money(int() as nano, currency):
                shape: dict[str, object] = {"num_format": _format(nano, currency), "valign": "top"}
                sheet.write_number(row, column, decimal_of(nano), self._format(shape))

    def _format(self, properties: dict[str, object]) -> Any:  # a format of the library, which has no types
        key = repr(properties)
        if key not in self._kept:
            self._kept[key] = self._book.add_format({"font_color": INK, **properties})
        return self._kept[key]


def _format(nano: int, currency: Currency) -> str:
    """Two decimals as money has them, and all nine where those would show nothing of it."""
    decimals = figures.decimals_of(currency)
    if nano and not figures.rounded(nano, decimals):
        decimals = 9
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    sign = figures.sign_of(currency)
    return f'"{sign}"{digits};-"{sign}"{digits}'


def _three(of: Spread | None, statement: Statement) -> tuple[Money, Money, Money]:
    middle, low, high = (None, None, None) if of is None else (of.mid, of.low, of.high)
    return Money(middle, statement.currency), Money(low, statement.currency), Money(high, statement.currency)


def _month(of: Statement) -> list[Sequence[Cell]]:
    def amount(title: str, nano: int | None, source: str = "") -> Sequence[Cell]:
        return title, Money(nano, of.currency), "", "", source

    rows: list[Sequence[Cell]] = [
        ("Month", figures.month(of.month), "", "", "still running" if of.is_running else ""),
        ("Answered on this computer", of.n_items, "", "", wording.work_done(of)),
        ("API price avoided", *_three(of.avoided, of), f"{of.reference}, {wording.prices_of(of)}"),
        ("− Electricity", *_three(of.electricity, of), wording.energy(of.energy)),
        amount("− Hardware share", of.hardware.amount, wording.hardware(of.hardware, of)),
        ("= Net saving", *_three(of.net, of), "API price avoided − electricity − hardware share"),
        amount("Paid for remote models", of.paid, "cash; not part of the saving"),
        amount("of it by imported bills", of.paid_elsewhere),
        ("Requests paid", of.n_paid, "", "", ""),
        ("Requests of unknown cost", of.n_unknown, "", "", ""),
        amount("can have cost at most", of.unknown_at_most),
        amount("Kilowatt-hour", of.energy.per_kwh, "an example" if of.energy.is_example else ""),
        ("Tokens read", of.n_prompt_tokens, "", "", ""),
        ("Tokens written", of.n_generated_tokens, "", "", ""),
    ]  # fmt: skip
    if of.forecast is not None:
        rows.append(amount("Paid by the end of the month, about", of.forecast, "as the days so far"))
    rows += [
        (
            f"Not counted: {wording.left_out(each)}",
            *_three(each.avoided, of),
            f"electricity {figures.span(each.electricity, of.currency)}",
        )
        for each in of.left_out
    ]
    for budget in of.budgets:
        limit = figures.money(budget.limit, of.currency)
        rows.append(amount(f"Budget: {wording.scope(budget.scope, budget.name)}", budget.spent, f"counted, of {limit}"))
    return rows + [("To know" if at == 0 else "", "", "", "", text) for at, text in enumerate(wording.caveats(of))]


def _workloads(of: Statement) -> list[Sequence[Cell]]:
    return [
        (wording.workload(each.workload, each.name), each.n_items, *_three(each.avoided, of),
         Money(each.electricity.mid, of.currency), *_three(each.saved, of), each.n_paid, Money(each.paid, of.currency))
        for each in of.lines
    ]  # fmt: skip


def _references(of: Statement) -> list[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = []
    for each in of.references:
        read, written = each.prices or (None, None)
        which = wording.ROLES[each.role] + (", suggested" if each.is_default else "")
        ratio = f"{figures.ratio(each.ratio.mid)} ({figures.ratio(each.ratio.low)} to {figures.ratio(each.ratio.high)})"
        rows.append(
            (which, each.reference, Money(read, DOLLARS), Money(written, DOLLARS), ratio, wording.RATIOS[each.ratio_source],
             *_three(each.avoided, of), *_three(each.net, of))
        )  # fmt: skip
    return rows
