"""The printed page: one sheet of A4 whatever the month is, whose figures are the statement's, with every caveat on it."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest

from engine.reports import figures, wording
from engine.reports.figures import money, short
from engine.reports.page_bars import MOST_LINES, _step, tick
from engine.reports.page_table import rows
from engine.reports.paper import REGULAR, cut, readable, width_of, wrapped
from engine.reports.printed_page import ROUNDED, printed_page
from engine.statement_records import LedgerPage
from tests.engine.reports import pages
from tests.engine.reports.pages import EURO, UNIT

PAGES = [pages.page(), pages.empty(), pages.loss(), pages.unpriced(), pages.crowded()]


def text_of(content: bytes) -> str:
    """All words of the one page, as a reader finds them."""
    pdf = pypdfium2.PdfDocument(content)
    try:
        assert len(pdf) == 1 and [round(each) for each in pdf[0].get_size()] == [595, 842]
        page = pdf[0].get_textpage()
        return " ".join(page.get_text_range().split())
    finally:
        pdf.close()


@pytest.mark.parametrize("page", PAGES)
def test_the_subtraction_is_in_view_whatever_the_month_is(page: LedgerPage) -> None:
    of, text = page.statement, text_of(printed_page(page)).replace("\u00a0", " ")
    for amount in (
        of.avoided.mid if of.avoided else None,
        of.electricity.mid,
        of.hardware.amount,
        of.net.mid if of.net else None,
    ):
        assert money(amount, of.currency) in text
    assert wording.heading(of) in text and wording.work_done(of) in text
    if of.net is not None and of.net.low != of.net.high:
        assert f"range {figures.span(of.net, of.currency)}" in text
    for sentence in (*wording.caveats(of), *wording.against(of), wording.all_left_out(of), wording.paid(of)):
        assert sentence in text
    assert wording.prices_of(of)[1:] in text and "Net saving = API price avoided − electricity − hardware share." in text


def test_a_loss_is_said_as_one_and_so_is_what_nobody_knows() -> None:
    assert "More than the API in September 2026 €61.91 between €61.51 and €62.32" in text_of(printed_page(pages.loss()))
    assert "Saved in September 2026 not known" in text_of(printed_page(pages.unpriced()))
    assert "No amounts yet" in text_of(printed_page(pages.empty()))


def test_workloads_are_folded_and_their_sums_stay() -> None:
    of = pages.crowded().statement
    for most in (4, 5, 12, 40):
        made = rows(of, most)
        assert len(made) == min(most, len(of.lines) + 2)
        assert made[-1].cells[3] == short(of.avoided.mid - of.electricity.mid if of.avoided else None, of.currency)
    folded = rows(of, 5)
    assert folded[2].name == "and 29 more"
    assert folded[2].cells[0] == figures.count(of.n_items - sum(each.n_items for each in of.lines[:2]))
    assert "and 30 more" in text_of(printed_page(pages.crowded()))
    assert rows(pages.unpriced().statement, 10)[0].cells[1] == "not known"


def test_a_folded_price_that_is_not_known_makes_none() -> None:
    of = pages.statement((*pages.LINES[:3], pages.line("x", "No price", 5, None, 3), pages.line("y", "More", 5, 10, 3)))
    assert rows(of, 5)[2].cells[1] == "not known"


def test_sums_that_a_pencil_finds_otherwise_are_explained() -> None:
    assert ROUNDED not in text_of(printed_page(pages.page()))
    of = pages.page().statement
    assert of.avoided and of.net
    shifted = replace(
        of, avoided=of.avoided.shifted(4_999_000), hardware=replace(of.hardware, amount=of.hardware.amount - 4_000_000)
    )
    shifted = replace(shifted, net=of.net.shifted(8_999_000))
    assert ROUNDED in text_of(printed_page(pages.page(shifted)))


def test_the_same_month_is_the_same_file_and_names_nobody() -> None:
    content = printed_page(pages.page())
    assert content == printed_page(pages.page())
    pdf = pypdfium2.PdfDocument(content)
    about = pdf.get_metadata_dict()
    pdf.close()
    assert about["Title"] == "Ledger, September 2026" and about["CreationDate"] == about["ModDate"] == "D:20260930000000Z"
    assert {about["Author"], about["Creator"], about["Producer"]} == {"Strongroom"}


# ---------------------------------------------------------------- words and places
def test_words_fit_their_room() -> None:
    long = "Schriftverkehr mit Behörden " * 20
    assert width_of(cut(long, 100, 9), 9, REGULAR) <= 100 and cut(long, 100, 9).endswith("…") and cut("short", 100, 9) == "short"
    lines = wrapped(long + "W" * 300, 200, 8)
    assert all(width_of(line, 8, REGULAR) <= 200 for line in lines) and lines[-1].endswith("…")
    assert "".join(wrapped("one two", 500, 8)) == "one two" and wrapped("", 100, 8) == []


def test_letters_that_the_font_lacks_are_boxes_and_nothing_hidden_stays() -> None:
    assert readable("案a\x07\u202eb\nc", REGULAR) == "□a b c"


@pytest.mark.parametrize("highest", [1, 7, 99, 12_345, 438 * UNIT, 9_999 * UNIT, 30 * 10**9 * UNIT])
def test_lines_of_the_chart_are_few_and_round(highest: int) -> None:
    step = _step(highest)
    assert step * (MOST_LINES - 1) >= highest and (step == 1 or step * 2 <= highest * 2)
    assert str(step).rstrip("0") in {"1", "2", "25", "5"}


def test_amounts_beside_the_lines() -> None:
    assert tick(200 * UNIT, 100 * UNIT, EURO) == "€200" and tick(UNIT // 2, UNIT // 4, EURO) == "€0.50"
    assert tick(5_000_000, 5_000_000, EURO) == "€0.005" and tick(20 * 10**9 * UNIT, 10**10 * UNIT, EURO) == "€20 bn"
    assert tick(0, 10**10 * UNIT, EURO) == "€0"
