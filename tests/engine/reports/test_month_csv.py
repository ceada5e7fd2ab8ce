"""The month for other programs: every figure of the statement is in it, to the last nano-unit, and no cell acts."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ledger_records import Spread
from engine.reports.month_csv import COLUMNS, month_csv
from engine.statement_records import LedgerPage
from tests.engine.reports import pages

PAGES = [pages.page(), pages.empty(), pages.loss(), pages.unpriced(), pages.crowded()]


def rows(page: LedgerPage) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(month_csv(page), newline="")))


def nano(text: str) -> int | None:
    return int(Decimal(text).scaleb(9)) if text else None


def read(found: list[dict[str, str]], record: str, figure: str, key: str = "") -> tuple[int | None, int | None, int | None]:
    (row,) = (each for each in found if (each["record"], each["figure"], each["id"]) == (record, figure, key) and each["month"])
    return nano(row["low"]), nano(row["mid"]), nano(row["high"])


def ends(of: Spread | None) -> tuple[int | None, int | None, int | None]:
    return (None, None, None) if of is None else (of.low, of.mid, of.high)


@pytest.mark.parametrize("page", PAGES)
def test_what_is_read_back_is_the_statement(page: LedgerPage) -> None:
    of, found = page.statement, rows(page)
    assert list(found[0]) == list(COLUMNS) and {each["schema"] for each in found} == {"1"}
    assert read(found, "month", "api_price_avoided") == ends(of.avoided)
    assert read(found, "month", "electricity") == ends(of.electricity)
    assert read(found, "month", "net_saving") == ends(of.net)
    assert read(found, "month", "hardware_share")[1] == of.hardware.amount
    assert read(found, "month", "paid")[1] == of.paid and read(found, "month", "forecast")[1] == of.forecast
    for line in of.lines:
        assert read(found, "workload", "saved_before_hardware", line.workload) == ends(line.saved)
        assert read(found, "workload", "electricity", line.workload) == ends(line.electricity)
    for left in of.left_out:
        assert read(found, "left_out", "electricity", left.use) == ends(left.electricity)
    for reference in of.references:
        assert read(found, "reference", "net_saving", reference.role) == ends(reference.net)
    bars = [each for each in found if each["record"] == "bar" and each["figure"] == "api_price_avoided"]
    assert [(each["month"], nano(each["mid"])) for each in bars] == [
        (str(bar.month), bar.avoided.mid if bar.avoided else None) for bar in page.bars
    ]
    assert [each["id"] for each in found if each["record"] == "caveat"] == list(of.caveats)


def test_what_is_subtracted_is_subtracted_exactly() -> None:
    found = rows(pages.page())
    avoided, electricity, hardware, net = (
        read(found, "month", each)[1] for each in ("api_price_avoided", "electricity", "hardware_share", "net_saving")
    )
    assert avoided is not None and electricity is not None and hardware is not None
    assert avoided - electricity - hardware == net


def test_no_cell_is_a_formula_and_the_lines_are_those_of_rfc_4180() -> None:
    text = month_csv(pages.crowded())
    assert text.count("\r\n") == text.count("\n") == len(rows(pages.crowded())) + 1
    for row in csv.reader(io.StringIO(text, newline="")):
        for each in row:
            assert not each.startswith(("=", "+", "@", "\t", "\r")) and (not each.startswith("-") or Decimal(each) < 0)
    names = {each["name"] for each in rows(pages.crowded())}
    assert any(each.startswith("'=HYPERLINK") for each in names) and any(each.startswith("'@SUM") for each in names)


@settings(max_examples=40)
@given(st.lists(st.integers(-(2**62), 2**62), min_size=3, max_size=3).map(sorted))
def test_any_amount_is_read_back(amounts: list[int]) -> None:
    made = pages.page()
    of = replace(made.statement, net=Spread(*amounts))
    assert read(rows(replace(made, statement=of)), "month", "net_saving") == tuple(amounts)
