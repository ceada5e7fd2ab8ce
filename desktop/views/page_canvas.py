"""A page on the desk: its picture with the quoted passage marked, or its text on paper where there is no picture.

The page stays paper in both themes. Knows how to draw a page that has arrived; nothing of how it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import Theme
from desktop.tokens import tokens
from desktop.views.page_text import PageText
from desktop.widgets.painting import KeyboardFocus, Themed, focus_ring, painter_for
from engine.events import PageShown
from engine.records import PagePicture, Quad

_EMPTY_RATIO = 1.414  # height to width of a page that has not arrived
_MARK = 3
_MARGIN = 20
_REACH = 0.18  # a highlight is taller than its quad by this share of it, as a pen's is


class PageCanvas(KeyboardFocus, Themed, QWidget):
    """`page_width` is set by the viewer, in logical pixels; the height follows from the page."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: PageShown | None = None
        self._image: QImage | None = None
        self._text: PageText | None = None
        self._page_width = 400
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.use_theme(theme)

    # ------------------------------------------------------------ showing
    def show_page(self, shown: PageShown | None) -> None:
        """Show a page, or an empty sheet while it is on its way."""
        if shown is self._shown:
            return
        self._shown = shown
        self._image = _image_of(shown.picture) if shown is not None and shown.picture is not None else None
        self._text = None
        if shown is not None and shown.picture is None:
            self._text = PageText(self.theme, shown.page.text, shown.spans)
        self.setAccessibleDescription(shown.page.text if shown is not None else "")
        self._resize()

    def set_page_width(self, width: int) -> None:
        """How wide the page is drawn, in logical pixels."""
        if width != self._page_width:
            self._page_width = max(80, width)
            self._resize()

    def restyle(self) -> None:
        super().restyle()
        if self._shown is not None and self._shown.picture is None:
            self._text = PageText(self.theme, self._shown.page.text, self._shown.spans)
        self._resize()

    def _resize(self) -> None:
        self.setFixedSize(self._page_width + 2 * _MARGIN, round(self._page_height()) + 2 * _MARGIN)
        self.update()

    def _page_height(self) -> float:
        if self._image is not None:
            return self._page_width * self._image.height() / max(1, self._image.width())
        if self._text is not None:
            return max(self._text.height_for(self._page_width), self._page_width * 0.6)
        return self._page_width * _EMPTY_RATIO

    def sizeHint(self) -> QSize:
        return self.size()

    # ------------------------------------------------------------ the passage
    @property
    def marked(self) -> QRectF | None:
        """The passage's place in this widget, None if the page has none."""
        quads = self._quads()
        if not quads:
            return None
        return QRectF(
            min(quad.left() for quad in quads),
            min(quad.top() for quad in quads),
            max(quad.right() for quad in quads) - min(quad.left() for quad in quads),
            max(quad.bottom() for quad in quads) - min(quad.top() for quad in quads),
        )

    def _quads(self) -> list[QRectF]:
        page = self._page()
        if self._text is not None:
            return [rect.translated(page.topLeft()) for rect in self._text.marked(self._page_width)]
        picture = self._shown.picture if self._shown is not None else None
        return _on(page, picture.quads) if picture is not None else []

    def _page(self) -> QRectF:
        return QRectF(_MARGIN, _MARGIN, self._page_width, self._page_height())

    # ------------------------------------------------------------ painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, page, theme = painter_for(self), self._page(), self.theme
        painter.fillRect(page.adjusted(-1, -1, 1, 1), theme.color("page_edge"))
        painter.fillRect(page, theme.color("paper"))
        if self._image is not None:
            self._paint_picture(painter, page)
        elif self._text is not None:
            self._text.draw(painter, page)
        marked = self.marked
        if marked is not None:
            # The light theme's green in both themes: the mark lies on paper.
            green = QColor(tokens().colors["light"]["primary"])
            painter.fillRect(QRectF(page.left(), marked.top(), _MARK, marked.height()), green)
        if self.shows_focus:
            focus_ring(painter, page.adjusted(-4, -4, 4, 4), 4, theme.color("primary"))

    def _paint_picture(self, painter: QPainter, page: QRectF) -> None:
        assert self._image is not None
        painter.drawImage(page, self._image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        painter.fillRect(page, self.theme.color("paper"))  # dims white paper in the dark theme, changes nothing in the light one
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("highlight"))
        # As one shape: where two lines' marks overlap, multiplying twice would darken the paper.
        shape = QPainterPath()
        shape.setFillRule(Qt.FillRule.WindingFill)
        for quad in self._quads():
            shape.addRoundedRect(quad, 3, 3)
        painter.drawPath(shape)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)


def _image_of(picture: PagePicture) -> QImage | None:
    """The picture of a page; None where the bytes do not fit the size that they claim."""
    if picture.width <= 0 or picture.height <= 0 or len(picture.rgb) != picture.width * picture.height * 3:
        return None
    line = picture.width * 3
    # copied: the image must not outlive the bytes that it would otherwise only point to
    return QImage(picture.rgb, picture.width, picture.height, line, QImage.Format.Format_RGB888).copy()


def _on(page: QRectF, quads: Sequence[Quad]) -> list[QRectF]:
    rects = []
    for quad in quads:
        rect = QRectF(
            page.left() + quad.left * page.width(),
            page.top() + quad.top * page.height(),
            (quad.right - quad.left) * page.width(),
            (quad.bottom - quad.top) * page.height(),
        )
        reach = rect.height() * _REACH
        rects.append(rect.adjusted(-2, -reach, 2, reach))
    return rects
