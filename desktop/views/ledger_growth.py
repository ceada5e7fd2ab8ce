"""How what was saved grows towards the price of the computer, painted: measured solid, expected dashed, its range a band."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from desktop.theme import Theme
from desktop.tokens import tokens
from desktop.viewmodels.ledger_charts import GrowthChart
from desktop.views.ledger_plot import Plot

translate = QCoreApplication.translate
_LINE, _DOT, _RING = 2.0, 4.5, 5.0
_DASHES, _FINE_DASHES = [3.5, 2.5], [5.0, 3.0]


class Growth(Plot):
    """Shows a GrowthChart."""

    def __init__(self, theme: Theme) -> None:
        self._chart: GrowthChart | None = None
        super().__init__(theme, translate("Growth", "Chart: when the computer has paid for itself"))

    def show_chart(self, chart: GrowthChart | None, spoken: str) -> None:
        self._chart = chart
        self.setAccessibleDescription(spoken)
        self.update()

    # ------------------------------------------------------------ painting
    def paint_chart(self, painter: QPainter) -> None:
        chart = self._chart
        if chart is None:
            return
        frame = self.frame(chart.labels)
        self.paint_axis(painter, frame, chart.axis, chart.labels)
        self._paint_names(painter, frame, chart)
        label = self._price_label(frame, chart)
        painter.fillRect(label.adjusted(-3, 0, 3, 0), self.theme.color("surface"))  # no gridline through the words
        self._paint_band(painter, frame, chart)
        self._paint_price(painter, frame, chart, label)
        middle = [self._at(frame, chart, at, point.value.mid) for at, point in enumerate(chart.points)]
        color = self.theme.color("chart1")
        dashed = QPen(color, _LINE)
        dashed.setDashPattern(_DASHES)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(dashed)
        painter.drawPolyline(QPolygonF(middle[chart.n_past - 1 :]))
        painter.setPen(QPen(color, _LINE))
        painter.drawPolyline(QPolygonF(middle[: chart.n_past]))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(middle[chart.n_past - 1], _DOT, _DOT)
        self._paint_crossing(painter, frame, chart)

    def _at(self, frame: QRectF, chart: GrowthChart, at: float, value: int) -> QPointF:
        steps = max(1, len(chart.points) - 1)
        return QPointF(frame.left() + frame.width() * at / steps, self.y_of(frame, chart.axis, value))

    def _paint_names(self, painter: QPainter, frame: QRectF, chart: GrowthChart) -> None:
        each = frame.width() / max(1, len(chart.points) - 1)
        widest = max(self.fontMetrics().horizontalAdvance(point.label) for point in chart.points) + self.theme.px(24)
        step = next((n for n in (1, 3, 6, 12, 24, 36, 60) if n * each >= widest), 120)
        for at in range(1, len(chart.points), step):
            self.paint_name(painter, frame, frame.left() + at * each, chart.points[at].label)

    def _paint_band(self, painter: QPainter, frame: QRectF, chart: GrowthChart) -> None:
        low = [self._at(frame, chart, at, point.value.low) for at, point in enumerate(chart.points)]
        high = [self._at(frame, chart, at, point.value.high) for at, point in enumerate(chart.points)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.faded("chart1", tokens().opacities["chart_band"]))
        painter.drawPolygon(QPolygonF([*high, *reversed(low)]))

    def _price_label(self, frame: QRectF, chart: GrowthChart) -> QRectF:
        line, width = self.theme.line("small"), self.theme.metrics("smallm").horizontalAdvance(chart.price_label) + 2
        y = round(self.y_of(frame, chart.axis, chart.price)) + 0.5
        return QRectF(frame.left() + 8, y - line - 3, width, line)

    def _paint_price(self, painter: QPainter, frame: QRectF, chart: GrowthChart, label: QRectF) -> None:
        y = round(self.y_of(frame, chart.axis, chart.price)) + 0.5
        pen = QPen(self.theme.color("text3"), 1)
        pen.setDashPattern(_FINE_DASHES)
        painter.setPen(pen)
        painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
        painter.setFont(self.theme.font("smallm"))
        painter.setPen(self.theme.color("text2"))
        painter.drawText(label, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), chart.price_label)

    def _paint_crossing(self, painter: QPainter, frame: QRectF, chart: GrowthChart) -> None:
        if chart.crossing is None:
            return
        at = self._at(frame, chart, chart.crossing, chart.price)
        painter.setPen(QPen(self.theme.color("chart1"), _LINE))
        painter.setBrush(self.theme.color("surface"))
        painter.drawEllipse(at, _RING, _RING)
        month, when = chart.crossing_label
        if not month:
            return
        line, bold = self.theme.line("small"), self.theme.metrics("smallb")
        width = max(bold.horizontalAdvance(month), self.theme.metrics("small").horizontalAdvance(when)) + 2
        left, top = at.x() + 8, at.y() + 8  # below and right of it, where a rising line leaves room
        if top + 2 * line > frame.bottom():
            left, top = at.x() - 8 - width, at.y() - 8 - 2 * line
            if left < self._price_label(frame, chart).right() + 8:
                left, top = max(left, frame.left()), top - line
        elif left + width > self.width():
            left = at.x() - 8 - width
        for text, style, color in ((month, "smallb", "text"), (when, "small", "text2")):
            painter.setFont(self.theme.font(style))
            painter.setPen(self.theme.color(color))
            painter.drawText(QRectF(left, top, width, line), int(Qt.AlignmentFlag.AlignVCenter), text)
            top += line
