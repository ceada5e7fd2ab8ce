"""An entry of the sidebar: icon and word, or the icon alone with the word as tooltip when the sidebar is narrow."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.icons import paint_icon
from desktop.theme import Theme
from desktop.widgets.painting import KeyboardFocus, Themed, fill_round, focus_ring, is_hovered, painter_for

_LEFT = 9
_GAP = 10


class NavigationItem(KeyboardFocus, Themed, QPushButton):
    """Checked while its screen is shown. `shortcut` is written into the tooltip."""

    def __init__(
        self, theme: Theme, label: str, icon: str, *, shortcut: str = "", checkable: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._label = label
        self._icon = icon
        self._narrow = False
        self.setCheckable(checkable)
        self.setAccessibleName(label)
        self.setToolTip(f"{label} ({shortcut})" if shortcut else label)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.use_theme(theme, "bodym")

    def set_narrow(self, narrow: bool) -> None:
        """Show the icon alone."""
        if narrow != self._narrow:
            self._narrow = narrow
            self.restyle()

    def nextCheckState(self) -> None:
        """A click never unchecks the screen that is shown; the window checks what it shows."""

    def sizeHint(self) -> QSize:
        height = self.theme.px(32)
        words = 0 if self._narrow else _GAP + self.fontMetrics().horizontalAdvance(self._label) + _LEFT
        return QSize(max(height, _LEFT + self.theme.px(16) + words), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.theme.px(32), self.theme.px(32))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        rect, color = QRectF(self.rect()), self.theme.color
        on = self.isChecked()
        if on:
            outline = color("border_strong" if self.theme.high_contrast else "border")
            fill_round(painter, rect, self.theme.radius("control"), color("selected"), outline)
        elif is_hovered(self) or self.isDown():
            fill_round(painter, rect, self.theme.radius("control"), color("hover"))
        side = self.theme.px(16)
        left = (rect.width() - side) / 2 if self._narrow else _LEFT
        where = QRectF(round(left), round((rect.height() - side) / 2), side, side)
        paint_icon(painter, where, self._icon, color("primary" if on else "text2"))
        if not self._narrow:
            painter.setFont(self.font())
            painter.setPen(color("text"))
            words = rect.adjusted(_LEFT + side + _GAP, 0, -4, 0)
            shown = self.fontMetrics().elidedText(self._label, Qt.TextElideMode.ElideRight, int(words.width()))
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), shown)
        if self.shows_focus:
            focus_ring(painter, rect, self.theme.radius("control"), color("primary"))
