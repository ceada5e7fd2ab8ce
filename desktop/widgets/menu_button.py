"""A button that opens a menu and shows what is chosen: icon, words, chevron."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QMenu, QWidget

from desktop.icons import paint_icon
from desktop.theme import Theme
from desktop.widgets.button import Button, Size

_GAP = 8
_CHEVRON = 14


class MenuButton(Button):
    """Opens its `menu` on click, Space, Enter or Down. `icon_color` names a token when the icon has a meaning."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        icon: str = "",
        icon_color: str = "",
        kind: Literal["secondary", "ghost"] = "ghost",
        size: Size = "normal",
        parent: QWidget | None = None,
    ) -> None:
        self._icon_color = icon_color
        super().__init__(theme, text, icon=icon, kind=kind, size=size, parent=parent)
        self.choices = QMenu(self)
        self.clicked.connect(self.open_menu)

    def open_menu(self) -> None:
        """Show the menu under the button, or above it where there is no room."""
        self.choices.aboutToShow.emit()  # menus filled late must be full before their height is known
        if self.choices.isEmpty():
            return
        below = self.mapToGlobal(self.rect().bottomLeft())
        height = self.choices.sizeHint().height()
        if below.y() + height > self.screen().availableGeometry().bottom():
            below = self.mapToGlobal(self.rect().topLeft())
            below.setY(below.y() - height)
        self.choices.popup(below)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.open_menu()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + _GAP + self.theme.px(_CHEVRON), hint.height())

    def minimumSizeHint(self) -> QSize:
        full = self.sizeHint()
        return QSize(min(full.width(), self.theme.px(96)), full.height())

    def _paint_content(self, painter: QPainter, rect: QRectF, color: QColor) -> None:
        chevron = self.theme.px(_CHEVRON)
        right = rect.right() - 10 - chevron
        left = rect.left() + 10
        middle = rect.center().y()
        if self.icon_name:
            side = self._icon_size()
            own = self.theme.color(self._icon_color) if self._icon_color and self.isEnabled() else color
            paint_icon(painter, QRectF(left, round(middle - side / 2), side, side), self.icon_name, own)
            left += side + _GAP
        painter.setFont(self.font())
        painter.setPen(color)
        room = round(right - _GAP - left)
        label = self.fontMetrics().elidedText(self._label, Qt.TextElideMode.ElideRight, room + 2)
        painter.drawText(QRectF(left, 0, room + 2, rect.height()), Qt.AlignmentFlag.AlignVCenter, label)
        paint_icon(painter, QRectF(right, round(middle - chevron / 2), chevron, chevron), "chevron-down", color)
