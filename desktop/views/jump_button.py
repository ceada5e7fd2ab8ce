"""Looks like a search field and opens the search; narrow, it is a magnifying glass."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.icons import paint_icon
from desktop.theme import Theme
from desktop.widgets.painting import KeyboardFocus, Themed, fill_round, focus_ring, is_hovered, painter_for

translate = QCoreApplication.translate
_EDGE = 10
_KEYS = "Ctrl K"


class JumpButton(KeyboardFocus, Themed, QPushButton):
    """A button, because typing happens in the sheet that it opens."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = translate("JumpButton", "Search or jump to")
        self._narrow = False
        self.setAccessibleName(self._words)
        self.setToolTip(f"{self._words} ({_KEYS})")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.use_theme(theme)

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.restyle()

    def sizeHint(self) -> QSize:
        height = self.theme.size("field")
        return QSize(height if self._narrow else self.theme.px(200), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.theme.px(32), self.theme.size("field"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        rect, color, radius = QRectF(self.rect()), self.theme.color, self.theme.radius("control")
        outline = color("text3" if is_hovered(self) else "border_strong")
        fill_round(painter, rect, radius, color("surface"), None if self.shows_focus else outline)
        side = self.theme.px(16)
        left = (rect.width() - side) / 2 if self._narrow else _EDGE
        paint_icon(painter, QRectF(round(left), round(rect.center().y() - side / 2), side, side), "search", color("text2"))
        if not self._narrow:
            middle = Qt.AlignmentFlag.AlignVCenter
            small = self.theme.metrics("small").horizontalAdvance(_KEYS)
            words = rect.adjusted(_EDGE + side + 10, 0, -(_EDGE + small + 6), 0)
            painter.setFont(self.font())
            painter.setPen(color("text3"))
            painter.drawText(
                words, int(middle), self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, int(words.width()))
            )
            painter.setFont(self.theme.font("small"))
            painter.drawText(rect.adjusted(0, 0, -_EDGE, 0), int(middle | Qt.AlignmentFlag.AlignRight), _KEYS)
        if self.shows_focus:
            focus_ring(painter, rect.adjusted(-1, -1, 1, 1), radius + 1, color("primary"))
