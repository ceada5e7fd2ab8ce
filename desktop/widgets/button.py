"""Buttons of the design: five kinds, four sizes, an icon with an exact gap, and icon-only ones.

Real QPushButtons, so that keyboard, roles and screen readers work; only painting and size are their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.icons import paint_icon
from desktop.theme import Theme
from desktop.widgets.painting import KeyboardFocus, Themed, fill_round, focus_ring, is_hovered, painter_for, tooltip_of

Kind = Literal["primary", "secondary", "ghost", "outbound", "danger"]
Size = Literal["s", "normal", "m", "l"]

_HEIGHT = {"s": "button_s", "normal": "button", "m": "button_m", "l": "button_l"}
_PADDING = {"s": 10, "normal": 12, "m": 14, "l": 16}
_GAP = 8
_FILLED = ("primary", "outbound", "danger")


@dataclass(frozen=True)
class _Look:
    fill: QColor | None
    outline: QColor | None
    text: QColor
    ring: QColor


class Button(KeyboardFocus, Themed, QPushButton):
    """A button with a verb. `explain` disables it with the reason in the tooltip and for screen readers."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        icon: str = "",
        kind: Kind = "secondary",
        size: Size = "normal",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.icon_name = icon
        self.kind: Kind = kind
        self._size: Size = size
        self._hint = ""
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.use_theme(theme, "bodyb" if kind in _FILLED else "bodym")
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show a label; an ampersand is an ampersand, not a mnemonic."""
        super().setText(text.replace("&", "&&"))
        self.setAccessibleName(text)

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        if name != self.icon_name:
            self.icon_name = name
            self.updateGeometry()
            self.update()

    def set_hint(self, hint: str) -> None:
        """A tooltip for the enabled button."""
        self._hint = hint
        if self.isEnabled():
            self.setToolTip(tooltip_of(hint))

    def explain(self, reason: str) -> None:
        """Disable with a reason, or enable with an empty one."""
        self.setEnabled(not reason)
        self.setToolTip(tooltip_of(reason or self._hint))
        self.setAccessibleDescription(reason)

    # ------------------------------------------------------------ measuring
    @property
    def _label(self) -> str:
        return self.text().replace("&&", "&")

    def _icon_size(self) -> int:
        return self.theme.px(16)

    def sizeHint(self) -> QSize:
        height = self.theme.size(_HEIGHT[self._size])
        width = 2 * _PADDING[self._size]
        if self._label:
            width += self.fontMetrics().horizontalAdvance(self._label) + 1
        if self.icon_name:
            width += self._icon_size() + (_GAP if self._label else 0)
        return QSize(max(width, height), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    # ------------------------------------------------------------ painting
    def _look(self) -> _Look:
        color = self.theme.color
        primary = color("primary")
        if not self.isEnabled():
            fill = color("track") if self.kind in _FILLED else None
            return _Look(fill, color("border") if self.kind == "secondary" else None, color("text_disabled"), primary)
        state = "_pressed" if self.isDown() else "_hover" if is_hovered(self) else ""
        if self.kind in _FILLED:
            words = color(f"on_{self.kind}")
            return _Look(color(self.kind + state), None, words, words)
        fill = color("hover") if state or self.isChecked() else None
        if self.kind == "ghost":
            return _Look(fill, None, color("text" if state or self.isChecked() else "text2"), primary)
        return _Look(fill or color("surface"), self.theme.outline(), color("text"), primary)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        look, rect = self._look(), QRectF(self.rect())
        radius = self.theme.radius("control_large" if self._size in ("m", "l") else "control")
        fill_round(painter, rect, radius, look.fill, look.outline)
        self._paint_content(painter, rect, look.text)
        if self.shows_focus:
            focus_ring(painter, rect, radius, look.ring)

    def _paint_content(self, painter: QPainter, rect: QRectF, color: QColor) -> None:
        painter.setFont(self.font())
        painter.setPen(color)
        icon = self._icon_size() if self.icon_name else 0
        room = rect.width() - 2 * _PADDING[self._size] - (icon + _GAP if icon and self._label else icon)
        label = self.fontMetrics().elidedText(self._label, Qt.TextElideMode.ElideRight, max(0, round(room) + 1))
        words = self.fontMetrics().horizontalAdvance(label)
        left = rect.center().x() - (words + icon + (_GAP if icon and label else 0)) / 2
        if icon:
            paint_icon(painter, QRectF(round(left), round(rect.center().y() - icon / 2), icon, icon), self.icon_name, color)
            left += icon + _GAP
        painter.drawText(QRectF(left, 0, words + 2, rect.height()), Qt.AlignmentFlag.AlignVCenter, label)


class IconButton(Button):
    """A square button that shows only an icon; `name` is the verb that screen readers and the tooltip say."""

    def __init__(
        self, theme: Theme, icon: str, name: str, *, kind: Kind = "ghost", size: Size = "normal", parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, "", icon=icon, kind=kind, size=size, parent=parent)
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Say another verb, such as Show and Hide in turn."""
        self.setAccessibleName(name)
        self.set_hint(name)

    def sizeHint(self) -> QSize:
        side = self.theme.size(_HEIGHT[self._size])
        return QSize(side, side)
