"""The workbook: numbers are numbers, texts are texts, and nothing in it is computed, linked or dated today."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from engine.reports.workbook import workbook
from engine.statement_records import LedgerPage
from tests.engine.reports import pages

PAGES = [pages.page(), pages.empty(), pages.loss(), pages.unpriced(), pages.crowded()]
SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHEETS = ["Month", "Workloads", "Months", "References", "How it was worked out"]


class Opened:
    """What a spreadsheet program finds in the file."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.files = {name: archive.read(name).decode() for name in archive.namelist()}
        strings = ElementTree.fromstring(self.files["xl/sharedStrings.xml"])
        self.strings = ["".join(part.text or "" for part in each.iter(f"{SPACE}t")) for each in strings.iter(f"{SPACE}si")]
        self.names = re.findall(r'<sheet name="([^"]+)"', self.files["xl/workbook.xml"])

    def rows(self, sheet: str) -> list[list[str | Decimal]]:
        tree = ElementTree.fromstring(self.files[f"xl/worksheets/sheet{self.names.index(sheet) + 1}.xml"])
        return [[self._value(cell) for cell in row] for row in tree.iter(f"{SPACE}row")]

    def _value(self, cell: ElementTree.Element) -> str | Decimal:
        value = cell.findtext(f"{SPACE}v") or ""
        return self.strings[int(value)] if cell.get("t") == "s" else Decimal(value)


@pytest.mark.parametrize("page", PAGES)
def test_the_numbers_are_those_of_the_statement(page: LedgerPage) -> None:
    of, opened = page.statement, Opened(workbook(page))
    assert opened.names == SHEETS
    month = {str(row[0]): row for row in opened.rows("Month")}

    def nano(cell: str | Decimal) -> int | str:
        return round(cell.scaleb(9)) if isinstance(cell, Decimal) else cell

    def near(cell: str | Decimal, amount: int | None) -> bool:
        """A spreadsheet has 15 to 16 digits; anything beyond is in the CSV."""
        found = nano(cell)
        return found == "not known" if amount is None else isinstance(found, int) and abs(found - amount) <= abs(amount) // 10**15

    assert near(month["= Net saving"][1], of.net.mid if of.net else None)
    assert near(month["= Net saving"][2], of.net.low if of.net else None)
    assert near(month["− Electricity"][1], of.electricity.mid) and near(month["Paid for remote models"][1], of.paid)
    lines = opened.rows("Workloads")[1:]
    assert len(lines) == len(of.lines)
    for row, line in zip(lines, of.lines, strict=True):
        assert row[1] == line.n_items and near(row[2], line.avoided.mid if line.avoided else None) and near(row[10], line.paid)
    assert [(row[0], nano(row[8])) for row in opened.rows("Months")[1:]] == [(str(bar.month), bar.paid) for bar in page.bars]
    assert [row[1] for row in opened.rows("References")[1:]] == [each.reference for each in of.references]


@pytest.mark.parametrize("page", PAGES)
def test_nothing_in_it_acts(page: LedgerPage) -> None:
    opened = Opened(workbook(page))
    sheets = [text for name, text in opened.files.items() if name.startswith("xl/worksheets/")]
    assert not any(mark in text for text in sheets for mark in ("<f>", "<f ", "<hyperlink", "javascript"))
    assert not any("_rels" in name and "worksheets" in name for name in opened.files)
    assert not any(name.startswith(("xl/externalLinks", "xl/vba", "xl/connections")) for name in opened.files)


def test_what_looks_like_a_formula_is_a_text_and_what_breaks_xml_is_left_out() -> None:
    opened = Opened(workbook(pages.crowded()))
    names = [str(row[0]) for row in opened.rows("Workloads")]
    assert any(each.startswith("=HYPERLINK(") for each in names) and any("<b>bold</b> & co" in each for each in names)
    assert not any("\x07" in each or "\u202e" in each for each in names)


def test_the_same_month_is_the_same_file_and_says_nothing_of_who_made_it() -> None:
    first, opened = workbook(pages.page()), Opened(workbook(pages.page()))
    assert first == workbook(pages.page())
    core = opened.files["docProps/core.xml"]
    assert "2026-09-30T00:00:00Z" in core and "<dc:creator></dc:creator>" in core
    assert 'state="frozen"' in opened.files["xl/worksheets/sheet1.xml"]


def test_amounts_look_like_money_and_tiny_ones_are_not_nothing() -> None:
    styles = Opened(workbook(pages.crowded())).files["xl/styles.xml"]
    assert "&quot;€&quot;#,##0.00;-&quot;€&quot;#,##0.00" in styles
    tiny = pages.page(pages.statement((pages.line("w", "Tiny", 1, 0, 0, 1, 0),)))
    tiny = replace(tiny, statement=replace(tiny.statement, paid=1_000))
    assert "#,##0.000000000" in Opened(workbook(tiny)).files["xl/styles.xml"]
