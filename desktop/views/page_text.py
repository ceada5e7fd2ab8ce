"""The text of a page without a picture, laid out on paper with its marked spans.

Knows offsets as the engine counts them (characters) and turns them into Qt's (UTF-16 units).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QTextLayout, QTextLine, QTextOption

from desktop.theme import Theme

_SIDE, _TOP = 40, 40
_BREAKS = str.maketrans({"\n": "\u2028", "\r": "\u2028", "\u2029": "\u2028", "\x0c": "\u2028", "\t": " ", "\x00": "\ufffd"})


class PageText:
    """Plain words, never markup. The layout is made once for each width."""

    def __init__(self, theme: Theme, text: str, spans: Sequence[tuple[int, int]]) -> None:
        self._theme = theme
        self._text = text.translate(_BREAKS)
        self._spans = [(_units(self._text, start), _units(self._text, end)) for start, end in spans]
        self._layout: QTextLayout | None = None
        self._laid_out_for = -1.0

    def height_for(self, width: float) -> float:
        """Height of the page at a width, margins included."""
        return self._laid_out(width).boundingRect().height() + 2 * _TOP

    def marked(self, width: float) -> list[QRectF]:
        """The spans' places on a page of this width."""
        layout = self._laid_out(width)
        rects = []
        for at in range(layout.lineCount()):
            line = layout.lineAt(at)
            first, last = line.textStart(), line.textStart() + line.textLength()
            for start, end in self._spans:
                if start < last and end > first:
                    left, right = _x(line, max(start, first)), _x(line, min(end, last))
                    if right > left:
                        rects.append(QRectF(_SIDE + left, _TOP + line.y(), right - left, line.height()))
        return rects

    def draw(self, painter: QPainter, page: QRectF) -> None:
        """Draw the marked spans and the words."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("highlight"))
        for rect in self.marked(page.width()):
            painter.drawRoundedRect(rect.translated(page.topLeft()), 3, 3)
        painter.setPen(self._theme.color("ink"))
        self._laid_out(page.width()).draw(painter, page.topLeft() + QPointF(_SIDE, _TOP))

    def _laid_out(self, width: float) -> QTextLayout:
        if self._layout is not None and self._laid_out_for == width:
            return self._layout
        layout = QTextLayout(self._text, self._theme.font("body"))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        height = float(self._theme.line("body"))
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(40.0, width - 2 * _SIDE))
            line.setPosition(QPointF(0, (layout.lineCount() - 1) * height))
        layout.endLayout()
        self._layout, self._laid_out_for = layout, width
        return layout


def _x(line: QTextLine, position: int) -> float:
    found = line.cursorToX(position)  # PySide gives the corrected position along with it
    return float(found[0] if isinstance(found, tuple) else found)  # type: ignore[arg-type]


def _units(text: str, characters: int) -> int:
    """UTF-16 units before a character; Python counts characters, Qt counts units."""
    return len(text[:characters].encode("utf-16-le", "surrogatepass")) // 2
