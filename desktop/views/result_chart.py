"""An estimate with its range on an axis, and the value that decides; painted. The same in figures stands beside it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import Theme
from desktop.viewmodels.evaluation_result import Axis, Estimate
from desktop.widgets.painting import Themed, hairline, painter_for

translate = QCoreApplication.translate
_ABOVE, _ROW, _BELOW = 20, 34, 20  # design pixels: the label of what decides, the range, the labels of the axis
_CAP, _POINT, _WIDTH = 8, 12, 2.25


class ResultChart(Themed, QWidget):
    """Screen readers get the sentence as its description."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._estimate: Estimate | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.use_theme(theme, "small")

    def show_estimate(self, estimate: Estimate | None, title: str, spoken: str) -> None:
        """Show an estimate; hidden where there is none to draw."""
        self._estimate = estimate
        self.setAccessibleName(translate("ResultChart", "Chart: {title}").format(title=title))
        self.setAccessibleDescription(spoken)
        self.setVisible(estimate is not None)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(480), self.theme.px(_ABOVE + _ROW + _BELOW))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.theme.px(220), self.sizeHint().height())

    # ------------------------------------------------------------ painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        estimate = self._estimate
        if estimate is None:
            return
        painter = painter_for(self)
        painter.setFont(self.font())
        side = max(self.fontMetrics().horizontalAdvance(text) for _, text in estimate.axis.ticks) / 2 + 2
        line = QRectF(side, self.theme.px(_ABOVE), self.width() - 2 * side, self.theme.px(_ROW))
        self._paint_axis(painter, estimate.axis, line)
        if estimate.axis.threshold is not None:
            self._paint_threshold(painter, estimate.axis, line)
        self._paint_range(painter, estimate, line)

    def _paint_axis(self, painter: QPainter, axis: Axis, line: QRectF) -> None:
        step = 1 if line.width() / len(axis.ticks) >= self.theme.px(64) else 2  # a narrow axis has fewer labels
        for at, (value, text) in enumerate(axis.ticks):
            x = line.left() + line.width() * axis.place(value)
            hairline(painter, QPointF(x, line.top()), QPointF(x, line.bottom()), self.theme.color("grid"))
            if at % step == 0:
                painter.setPen(self.theme.color("text2"))
                label = QRectF(x - 80, line.bottom(), 160, self.theme.px(_BELOW))
                painter.drawText(label, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom), text)

    def _paint_threshold(self, painter: QPainter, axis: Axis, line: QRectF) -> None:
        assert axis.threshold is not None
        value, text = axis.threshold
        x = line.left() + line.width() * axis.place(value)
        pen = QPen(self.theme.color("text2"), 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, line.top() - 2), QPointF(x, line.bottom()))
        painter.setPen(self.theme.color("text2"))
        width = self.fontMetrics().horizontalAdvance(text) + 2
        left = min(max(0.0, x - width / 2), self.width() - width)
        where = QRectF(left, 0, width, line.top() - 4)
        painter.drawText(where, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter), text)

    def _paint_range(self, painter: QPainter, estimate: Estimate, line: QRectF) -> None:
        axis, middle, color = estimate.axis, line.center().y(), self.theme.color("chart1")
        low, high, point = (
            line.left() + line.width() * axis.place(value) for value in (estimate.low, estimate.high, estimate.value)
        )
        painter.setPen(QPen(color, _WIDTH))
        painter.drawLine(QPointF(low, middle), QPointF(high, middle))
        for end in (low, high):
            painter.drawLine(QPointF(end, middle - _CAP / 2), QPointF(end, middle + _CAP / 2))
        painter.setPen(QPen(self.theme.color("surface"), 2))
        painter.setBrush(color)
        painter.drawEllipse(QPointF(point, middle), _POINT / 2, _POINT / 2)
