"""A switch, 36 by 20. A QCheckBox underneath, so that it is read and used as one."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from desktop.theme import Theme
from desktop.widgets.painting import KeyboardFocus, Themed, fill_round, focus_ring, painter_for

_WIDTH, _HEIGHT, _KNOB, _ROOM = 36, 20, 14, 4  # `_ROOM` around it makes the target 24 high and holds the ring


class Switch(KeyboardFocus, Themed, QCheckBox):
    """On or off; `name` is read out, the words beside it belong to the view."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.use_theme(theme)

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(_WIDTH) + 2 * _ROOM, self.theme.px(_HEIGHT) + 2 * _ROOM)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        color = self.theme.color
        track = QRectF(self.rect()).adjusted(_ROOM, _ROOM, -_ROOM, -_ROOM)
        on = self.isChecked()
        fill = color("primary_hover" if on and self.underMouse() else "primary" if on else "surface")
        fill_round(painter, track, track.height() / 2, fill, None if on else color("border_strong"))
        knob = self.theme.px(_KNOB)
        inset = (track.height() - knob) / 2
        left = track.right() - inset - knob if on else track.left() + inset
        fill_round(
            painter, QRectF(left, track.top() + inset, knob, knob), knob / 2, color("on_primary" if on else "border_strong")
        )
        if self.shows_focus:
            focus_ring(painter, QRectF(self.rect()).adjusted(-1, -1, 1, 1), self.height() / 2, color("primary"))
