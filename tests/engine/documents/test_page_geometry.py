"""A span's rectangles lie on its words, and only there, however the page is turned or cropped."""

from __future__ import annotations

import random
from pathlib import Path

import pypdfium2
import pytest

from engine.documents.page_geometry import Fractions, quads_of
from engine.documents.pdf_text import load_page, open_pdf, read_page
from tests.engine.documents.made_documents import line, text_pdf


def words_under(page: pypdfium2.PdfPage, quads: list[Fractions]) -> str:
    """The characters in the middle of each rectangle, without blanks, as PDFium finds them by place alone."""
    left, bottom, right, top = page.get_bbox()
    width, height = right - left, top - bottom
    text_page = page.get_textpage()
    found = ""
    for x1, y1, x2, y2 in quads:
        middle = (y1 + y2) / 2
        sliver = (y2 - y1) * 0.1
        found += text_page.get_text_bounded(
            left + x1 * width - 0.1, top - (middle + sliver) * height, left + x2 * width + 0.1, top - (middle - sliver) * height
        )
    return strip(found)


def strip(text: str) -> str:
    """Letters and digits; commas and quotation marks do not reach the middle of their line."""
    return "".join(filter(str.isalnum, text))


def test_rectangles_of_random_spans_lie_on_the_same_words(policy_pdf: Path) -> None:
    pdf = open_pdf("policy.pdf", policy_pdf.read_bytes())
    chance = random.Random(7)
    n_checked = 0
    for index in range(14, 150, 9):
        text = read_page(pdf, index).text
        page = load_page(pdf, index)
        words = [place for place, character in enumerate(text) if character.isspace()]
        for _ in range(4):
            first = chance.randrange(len(words) - 1)
            last = min(first + chance.randrange(1, 60), len(words) - 1)
            span = (words[first] + 1, words[last])
            wanted = strip(text[slice(*span)])
            if not wanted:
                continue
            assert words_under(page, quads_of(page, [span])) == wanted
            n_checked += 1
    assert n_checked > 40


def test_a_span_over_three_lines_has_three_rectangles(policy_pdf: Path) -> None:
    pdf = open_pdf("policy.pdf", policy_pdf.read_bytes())
    text = read_page(pdf, 24).text
    start = text.index("Every package must have a maintainer")
    end = text.index("The maintainer is responsible")
    quads = quads_of(load_page(pdf, 24), [(start, end)])
    assert len(quads) == 2
    (_, top, _, bottom), (_, second_top, _, _) = quads
    assert top < bottom <= second_top + 0.01
    assert all(0 <= value <= 1 for quad in quads for value in quad)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        # The line starts at (100, 700) of 612 × 792 points: from the top left 100 across and 92 down.
        (b"", (100 / 612, 92 / 792)),
        (b"/Rotate 90", (700 / 792, 100 / 612)),
        (b"/Rotate 180", (512 / 612, 700 / 792)),
        (b"/Rotate 270", (92 / 792, 512 / 612)),
        (b"/CropBox[50 600 350 800]", (50 / 300, 92 / 192)),
    ],
)
def test_turned_and_cropped_pages_are_marked_where_the_words_are_seen(entries: bytes, expected: tuple[float, float]) -> None:
    pdf = open_pdf("x.pdf", text_pdf(line("Marked words here", x=100, y=700), page_entries=entries))
    (quad,) = quads_of(load_page(pdf, 0), [(0, 17)])
    across, down = expected
    left, top, right, bottom = quad
    near = 0.03  # the letters hang a little above and below their base line
    assert left - near <= across <= right + near
    assert top - near <= down <= bottom + near
    is_wide = right - left > bottom - top
    assert is_wide is (b"90" not in entries and b"270" not in entries)


def test_columns_on_one_line_are_not_joined_across_the_gap() -> None:
    pdf = open_pdf("x.pdf", text_pdf(line("left column", x=72) + line("right column", x=350)))
    text = read_page(pdf, 0).text
    quads = quads_of(load_page(pdf, 0), [(0, len(text))])
    assert len(quads) == 2
    assert quads[0][2] < quads[1][0]


def test_words_outside_the_page_and_spans_outside_the_text_have_no_rectangle() -> None:
    pdf = open_pdf("x.pdf", text_pdf(line("on the page") + line("far away", y=-400)))
    text = read_page(pdf, 0).text
    page = load_page(pdf, 0)
    away = text.find("far")
    assert quads_of(page, [(away, away + 8)] if away >= 0 else []) == []
    assert quads_of(page, [(5_000, 6_000), (-10, 0), (3, 3), (9, 2)]) == []
