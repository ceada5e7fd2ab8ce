"""The page on the desk: highlight multiplied on paper, a mark in the margin, text pages, and hostile pictures."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from desktop.theme import Theme
from desktop.views.page_canvas import PageCanvas
from desktop.views.page_text import PageText
from engine.events import PageShown
from engine.records import Page, PagePicture, Quad
from tests.desktop.answer_samples import LEASE

WIDTH = 400
# Windows painted into memory have no window manager to tell their smallest size to, and Qt says so.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture(scope="module")
def one_theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def theme(one_theme: Theme) -> Theme:
    one_theme.choose("light", text_size=100, reduced_motion=False)
    return one_theme


@pytest.fixture
def canvas(qtbot, theme: Theme) -> PageCanvas:
    canvas = PageCanvas(theme)
    qtbot.addWidget(canvas)
    canvas.set_page_width(WIDTH)
    return canvas


def page(text: str = "words") -> Page:
    return Page(LEASE, 7, text, "text")


def picture(color: bytes, quads: tuple[Quad, ...] = ()) -> PageShown:
    return PageShown(page(), 9, PagePicture(LEASE, 7, 100, 140, color * (100 * 140), quads), ((0, 5),))


def color_at(canvas: PageCanvas, x: float, y: float) -> QColor:
    """The colour at a place given in fractions of the page."""
    image = canvas.grab().toImage()
    return image.pixelColor(20 + round(x * WIDTH), 20 + round(y * WIDTH * 1.4))


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_the_highlight_is_multiplied_and_paper_stays_paper(canvas, theme, choice):
    theme.choose(choice, text_size=100, reduced_motion=False)
    canvas.show_page(picture(b"\xff\xff\xff", (Quad(0.2, 0.2, 0.8, 0.3),)))
    paper, yellow = theme.color("paper"), theme.color("highlight")
    assert color_at(canvas, 0.5, 0.6) == paper
    marked = color_at(canvas, 0.5, 0.25)
    assert abs(marked.blue() - paper.blue() * yellow.blue() / 255) <= 2
    green = QColor("#0B5B4B")
    assert color_at(canvas, 1 / WIDTH, 0.25) == green and color_at(canvas, 1 / WIDTH, 0.6) == paper


def test_ink_under_the_highlight_stays_ink(canvas):
    canvas.show_page(picture(b"\x00\x00\x00", (Quad(0.2, 0.2, 0.8, 0.3),)))
    assert color_at(canvas, 0.5, 0.25) == QColor("black")


def test_overlapping_lines_are_not_darker_where_they_overlap(canvas):
    canvas.show_page(picture(b"\xff\xff\xff", (Quad(0.2, 0.2, 0.8, 0.3), Quad(0.2, 0.29, 0.8, 0.39))))
    assert color_at(canvas, 0.5, 0.295) == color_at(canvas, 0.5, 0.25)


@pytest.mark.parametrize(("width", "height", "n_bytes"), [(100, 140, 5), (0, 0, 0), (-1, 10, 30), (100_000, 100_000, 30)])
def test_a_picture_that_lies_about_its_size_is_an_empty_sheet(canvas, width, height, n_bytes):
    canvas.show_page(PageShown(page(), 1, PagePicture(LEASE, 7, width, height, bytes(n_bytes), ()), ()))
    assert not canvas.grab().isNull()


def test_a_page_without_a_picture_shows_its_text_with_the_span_marked(canvas, theme):
    text = "Before.\n\nThe quoted words. After <b>no markup</b>."
    start = text.index("The quoted")
    canvas.show_page(PageShown(page(text), 1, None, ((start, start + 17),)))
    assert canvas.marked is not None and canvas.accessibleDescription() == text
    middle = canvas.marked.center().toPoint()
    shades = {canvas.grab().toImage().pixelColor(x, middle.y()).name() for x in range(middle.x() - 20, middle.x() + 20)}
    assert theme.color("highlight").name() in shades


def test_offsets_of_characters_beyond_the_basic_plane_are_right(theme):
    plain = PageText(theme, "aaaa quoted", [(5, 11)]).marked(WIDTH)
    astral = PageText(theme, "𝄞𝄞𝄞𝄞 quoted", [(5, 11)]).marked(WIDTH)
    assert plain[0].width() == pytest.approx(astral[0].width(), abs=0.5)


def test_a_span_over_several_lines_is_marked_line_by_line(theme):
    text = "word " * 200
    rects = PageText(theme, text, [(0, len(text))]).marked(WIDTH)
    assert len(rects) > 3 and all(rect.right() <= WIDTH for rect in rects)
    assert PageText(theme, text, [(5000, 6000)]).marked(WIDTH) == []
