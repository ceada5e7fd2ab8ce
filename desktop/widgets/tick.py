"""A tick box with words beside it. A QCheckBox underneath; the whole line can be pressed."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from desktop.icons import paint_icon
from desktop.theme import Theme
from desktop.widgets.painting import KeyboardFocus, Themed, fill_round, focus_ring, is_hovered, painter_for, tooltip_of

_BOX = 18
_GAP = 10
_EDGE = 8


class Tick(KeyboardFocus, Themed, QCheckBox):
    """`text` is elided in the middle where it is long; `amount` stands at the right."""

    def __init__(self, theme: Theme, text: str, amount: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._amount = amount
        self.setAccessibleName(f"{text}, {amount}" if amount else text)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.use_theme(theme, "bodym")

    def sizeHint(self) -> QSize:
        return QSize(240, self.theme.size("row_dense"))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.theme.size("row_dense"))

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        rect, color, on = QRectF(self.rect()), self.theme.color, self.isChecked()
        if is_hovered(self):
            fill_round(painter, rect, self.theme.radius("control"), color("sunken"))
        side = self.theme.px(_BOX)
        box = QRectF(_EDGE, round((rect.height() - side) / 2), side, side)
        fill_round(painter, box, 4, color("primary" if on else "surface"), None if on else color("border_strong"))
        if on:
            paint_icon(painter, box.adjusted(2, 2, -2, -2), "check", color("on_primary"))
        painter.setFont(self.font())
        painter.setPen(color("text"))
        left = box.right() + _GAP
        amount = self.theme.metrics("body").horizontalAdvance(self._amount) + _GAP if self._amount else 0
        room = rect.right() - _EDGE - amount - left
        shown = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideMiddle, int(room))
        self.setToolTip(tooltip_of(self._text) if shown != self._text else "")
        painter.drawText(QRectF(left, 0, room, rect.height()), int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.setFont(self.theme.font("body"))
        painter.setPen(color("text2"))
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.drawText(rect.adjusted(0, 0, -_EDGE, 0), right, self._amount)
        if self.shows_focus:
            focus_ring(painter, rect, self.theme.radius("control"), color("primary"))
