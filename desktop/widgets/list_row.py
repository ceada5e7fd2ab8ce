"""Rows of a list of which one is chosen: arrows move, the row tells what was pressed. Painted by its subclass.

Radio buttons underneath, so that screen readers count and name them; buttons inside a row are children of their own.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from desktop.theme import Theme
from desktop.widgets.painting import KeyboardFocus, Themed, focus_ring, hairline, is_hovered, painter_for

_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Home: -10_000, Qt.Key.Key_End: 10_000}


class ListRow(KeyboardFocus, Themed, QRadioButton):
    """`moved` carries how many rows to go; `pressed_key` the keys Space, Return and Delete, which mean nothing here."""

    moved = Signal(int)
    pressed_key = Signal(int)

    def __init__(self, theme: Theme, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.design_height = height
        self.is_last = False
        self.setAutoExclusive(False)  # rows of one list lie in several cards; the list keeps one chosen
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.use_theme(theme)

    def set_chosen(self, chosen: bool) -> None:
        """Mark it; only the chosen row is reached by Tab."""
        self.setChecked(chosen)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)

    def nextCheckState(self) -> None:
        """A press on a chosen row leaves it chosen."""
        self.setChecked(True)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _MOVES:
            self.moved.emit(_MOVES[key])
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete):
            self.pressed_key.emit(key)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    # ------------------------------------------------------------ measuring and painting
    def sizeHint(self) -> QSize:
        return QSize(200, self.theme.px(self.design_height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        rect, color = QRectF(self.rect()), self.theme.color
        if self.isChecked():
            painter.fillRect(rect, color("row_selected"))
            painter.fillRect(QRectF(0, 0, 3, rect.height()), color("primary"))
        elif is_hovered(self):
            painter.fillRect(rect, color("sunken"))
        if not self.is_last:
            hairline(painter, QPointF(0, rect.bottom() - 1), QPointF(rect.right(), rect.bottom() - 1), color("divider"))
        self.paint_content(painter, rect)
        if self.shows_focus:
            focus_ring(painter, rect.adjusted(0, 0, 0, -1), 4, color("primary"))

    def paint_content(self, painter: QPainter, rect: QRectF) -> None:
        """Draw what the row says."""
        raise NotImplementedError
