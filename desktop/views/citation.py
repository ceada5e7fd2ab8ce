"""Citations inside the text: a number with a tick or a triangle, drawn as an inline object of a text document.

Knows how a citation looks and how to find one under a point; nothing of answers, pages or what a click does.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from desktop.icons import paint_icon
from desktop.theme import Theme
from desktop.viewmodels.citations import Source
from desktop.widgets.painting import fill_round

OBJECT = QTextFormat.ObjectTypes.UserObject + 1
_NUMBER = QTextFormat.Property.UserProperty + 1
_VERIFIED = QTextFormat.Property.UserProperty + 2
_WIDTH = QTextFormat.Property.UserProperty + 3

# The joiner forbids a line break, so that a citation never stands alone at the start of a line.
JOINER, STAND_IN = "\u2060", "\ufffc"

# Design pixels: gap before and after, inner padding, gap and size of the icon, height.
_BEFORE, _AFTER, _PADDING, _GAP, _ICON, _HEIGHT = 6, 2, 6, 3, 12, 18


class CitationPainter(QPyTextObject):
    """Draws the citations of one document; `selected` is the number that is filled, 0 for none."""

    def __init__(self, theme: Theme, document: QTextDocument) -> None:
        super().__init__(document)
        self._theme = theme
        self.selected = 0
        self._painted: dict[int, tuple[QRectF, int]] = {}
        document.contentsChanged.connect(self._painted.clear)
        document.documentLayout().registerHandler(OBJECT, self)

    def intrinsicSize(self, _document: QTextDocument, _position: int, shape: QTextFormat) -> QSizeF:
        # No taller than the text: the tint hangs below the base line when it is drawn.
        return QSizeF(shape.doubleProperty(_WIDTH), self._theme.px(_HEIGHT) * 0.7)

    def number_at(self, point: QPointF) -> int:
        """The number of the citation that was drawn over a point of the document, 0 if there is none."""
        return next((number for rect, number in self._painted.values() if rect.contains(point)), 0)

    def rect_of(self, number: int) -> QRectF | None:
        """Where the first citation with this number was drawn, or None if none was yet."""
        return next((rect for _, (rect, each) in sorted(self._painted.items()) if each == number), None)

    def drawObject(self, painter: QPainter, place: QRectF, _document: QTextDocument, position: int, shape: QTextFormat) -> None:
        theme = self._theme
        number, verified = shape.intProperty(_NUMBER), shape.boolProperty(_VERIFIED)
        height = theme.px(_HEIGHT)
        ascent = theme.metrics("answer").capHeight()
        rect = QRectF(place.left() + _BEFORE, place.bottom() - ascent / 2 - height / 2, place.width() - _BEFORE - _AFTER, height)
        self._painted[position] = (rect, number)
        tone = theme.tone("local" if verified else "caution")
        fill, words = tone.background, tone.text
        if number == self.selected:
            fill, words = (theme.color("primary"), theme.color("on_primary")) if verified else (tone.text, theme.color("surface"))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill_round(painter, rect, theme.radius("citation"), fill, tone.solid if theme.high_contrast else None)
        painter.setFont(theme.font("smallb"))
        painter.setPen(words)
        icon = theme.px(_ICON)
        painter.drawText(rect.adjusted(_PADDING, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, str(number))
        where = QRectF(rect.right() - _PADDING - icon + 1, rect.center().y() - icon / 2, icon, icon)
        paint_icon(painter, where, "check" if verified else "triangle-alert", words)
        painter.restore()


def insert_citation(cursor: QTextCursor, source: Source, theme: Theme, base: QTextCharFormat) -> None:
    """Put a citation at the cursor; `base` is the format of the text around it."""
    shape = QTextCharFormat()
    shape.setFont(base.font())
    shape.setObjectType(OBJECT)
    shape.setProperty(_NUMBER, source.number)
    shape.setProperty(_VERIFIED, source.is_verified)
    number = QFontMetricsF(theme.font("smallb")).horizontalAdvance(str(source.number))
    shape.setProperty(_WIDTH, float(round(_BEFORE + 2 * _PADDING + number + _GAP + theme.px(_ICON) + _AFTER)))
    cursor.insertText(JOINER, base)
    cursor.insertText(STAND_IN, shape)
