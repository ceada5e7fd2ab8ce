"""What both charts of the ledger share: the frame with its gridlines from zero, focus, and what screen readers get."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import Theme
from desktop.viewmodels.money_axis import MoneyAxis
from desktop.widgets.painting import KeyboardFocus, Themed, focus_ring, hairline, painter_for

_LOWEST, _BESIDE, _STACKED = 150, 186, 240  # design pixels: at least, beside another card, in a row of its own
_BELOW = 26  # the names of the months
_GAP = 10


class Plot(KeyboardFocus, Themed, QWidget):
    """A painted chart that Tab reaches. `about` is its name, its description one sentence."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._wanted = _STACKED
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.use_theme(theme, "small")

    def set_stacked(self, is_stacked: bool) -> None:
        """A chart with a row of its own may be higher; one that shares it takes what is left of the window."""
        wanted = _STACKED if is_stacked else _BESIDE
        if wanted != self._wanted:
            self._wanted = wanted
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(320), self.theme.px(self._wanted))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.theme.px(200), self.theme.px(_LOWEST))

    # ------------------------------------------------------------ painting
    def frame(self, labels: tuple[str, ...]) -> QRectF:
        """Where the values are drawn: right of the labels of the axis, above the names of the months."""
        left = max((self.fontMetrics().horizontalAdvance(label) for label in labels), default=0) + _GAP
        above = self.theme.line("small") / 2
        return QRectF(left, above, self.width() - left - 2, self.height() - above - self.theme.px(_BELOW))

    def y_of(self, frame: QRectF, axis: MoneyAxis, value: int) -> float:
        return frame.bottom() - frame.height() * axis.place(value)

    def paint_axis(self, painter: QPainter, frame: QRectF, axis: MoneyAxis, labels: tuple[str, ...]) -> None:
        """Hairlines with their amounts; that of zero is a little stronger."""
        height = self.theme.line("small")
        painter.setFont(self.font())
        for value, label in zip(axis.ticks, labels, strict=True):
            y = round(self.y_of(frame, axis, value))
            color = "border" if value == 0 else "grid"
            hairline(painter, QPointF(frame.left(), y), QPointF(frame.right(), y), self.theme.color(color))
            painter.setPen(self.theme.color("text2"))
            where = QRectF(0, y - height / 2, frame.left() - _GAP, height)
            painter.drawText(where, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), label)

    def paint_name(self, painter: QPainter, frame: QRectF, middle: float, text: str, *, strong: bool = False) -> None:
        """The name of a month below the frame."""
        painter.setFont(self.theme.font("smallb" if strong else "small"))
        painter.setPen(self.theme.color("text" if strong else "text2"))
        width = self.theme.metrics("smallb").horizontalAdvance(text) + 2
        where = QRectF(min(middle, self.width() - width / 2) - width / 2, frame.bottom(), width, self.theme.px(_BELOW))
        painter.drawText(where, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter), text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        self.paint_chart(painter)
        if self.shows_focus:
            focus_ring(painter, QRectF(self.rect()), 6, self.theme.color("primary"))

    def paint_chart(self, painter: QPainter) -> None:
        """Draw what the chart shows."""
        raise NotImplementedError
