"""A one-line text field with an icon, a shortcut hint and an error state. A QLineEdit underneath."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from desktop.icons import paint_icon
from desktop.theme import Theme
from desktop.widgets.painting import Themed, fill_round, focus_ring, painter_for

_EDGE = 10
_GAP = 10


class Field(Themed, QLineEdit):
    """`name` is what screen readers say; `hint` (a shortcut, say) stands at the right while the field is empty."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        *,
        placeholder: str = "",
        icon: str = "",
        hint: str = "",
        secret: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._hint = hint
        self._wrong = False
        self.setFrame(False)
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        if secret:
            self.setEchoMode(QLineEdit.EchoMode.Password)
            self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.use_theme(theme)

    def show_error(self, message: str) -> None:
        """Mark the field; the view writes the message below it, screen readers get it here. Empty clears."""
        self._wrong = bool(message)
        self.setAccessibleDescription(message)
        self.update()

    def restyle(self) -> None:
        icon = self.theme.px(16) + _GAP if self._icon else 0
        hint = round(self.theme.metrics("small").horizontalAdvance(self._hint)) + _GAP if self._hint else 0
        self.setTextMargins(_EDGE + icon - 2, 0, _EDGE + hint - 2, 0)
        super().restyle()

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(192), self.theme.size("field"))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.theme.px(84), self.theme.size("field"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_for(self)
        rect, radius = QRectF(self.rect()), self.theme.radius("control")
        outline = self.theme.color("danger" if self._wrong else "border_strong")
        focused = self.hasFocus()
        fill_round(painter, rect, radius, self.theme.color("surface"), None if focused and not self._wrong else outline)
        if focused:
            focus_ring(painter, rect.adjusted(-1, -1, 1, 1), radius + 1, self.theme.color("danger" if self._wrong else "primary"))
        self._paint_extras(painter, rect)
        painter.end()
        super().paintEvent(event)

    def _paint_extras(self, painter: QPainter, rect: QRectF) -> None:
        if self._icon:
            side = self.theme.px(16)
            where = QRectF(_EDGE, round(rect.center().y() - side / 2), side, side)
            paint_icon(painter, where, self._icon, self.theme.color("text3"))
        if self._hint and not self.text():
            painter.setFont(self.theme.font("small"))
            painter.setPen(self.theme.color("text3"))
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(rect.adjusted(0, 0, -_EDGE, 0), int(right), self._hint)
