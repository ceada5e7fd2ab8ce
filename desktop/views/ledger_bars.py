"""Bars by month, painted: what an API would have charged, what local work cost, what was paid. Arrows and clicks choose."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QToolTip

from desktop.theme import Theme
from desktop.tokens import tokens
from desktop.viewmodels.ledger_charts import BarGroup, MonthsChart
from desktop.views.ledger_plot import Plot
from desktop.widgets.painting import fill_round

translate = QCoreApplication.translate
_WIDEST, _GAP, _RADIUS = 11, 2.0, 3.0  # a bar at most (design pixels), between bars, its corners
_ROOM = 0.78  # part of a month's width that its bars may take
_LEAST = 2.0  # height of a bar that is not nothing


class MonthBars(Plot):
    """`month_chosen` carries the month that was clicked, `stepped` how many months to go."""

    month_chosen = Signal(object)
    stepped = Signal(int)

    def __init__(self, theme: Theme) -> None:
        self._chart: MonthsChart | None = None
        super().__init__(theme, translate("MonthBars", "Chart: month by month"))
        self.setMouseTracking(True)

    def show_chart(self, chart: MonthsChart) -> None:
        """Show other months; the same ones are not painted again."""
        if chart != self._chart:
            self._chart = chart
            self.setAccessibleDescription(chart.spoken)
            self.update()

    # ------------------------------------------------------------ painting
    def paint_chart(self, painter: QPainter) -> None:
        chart = self._chart
        if chart is None or not chart.groups:
            return
        frame = self.frame(chart.labels)
        for at, group in enumerate(chart.groups):
            if group.month == chart.shown:
                self._paint_band(painter, self._place(frame, at))
        self.paint_axis(painter, frame, chart.axis, chart.labels)
        each = frame.width() / len(chart.groups)
        widest = max(self.theme.metrics("smallb").horizontalAdvance(group.label) for group in chart.groups) + 4
        step = max(1, -(-int(widest) // max(1, int(each))))
        for at, group in enumerate(chart.groups):
            place, is_shown = self._place(frame, at), group.month == chart.shown
            self._paint_group(painter, frame, place, group)
            if (len(chart.groups) - 1 - at) % step == 0 or is_shown:
                self.paint_name(painter, frame, place.center().x(), group.label, strong=is_shown)

    def _place(self, frame: QRectF, at: int) -> QRectF:
        assert self._chart is not None
        each = frame.width() / len(self._chart.groups)
        return QRectF(frame.left() + at * each, frame.top(), each, frame.height())

    def _paint_band(self, painter: QPainter, place: QRectF) -> None:
        band = QRectF(place.left() + 1, 0, place.width() - 2, place.bottom())
        fill_round(painter, band, _RADIUS, self.theme.faded("hover", tokens().opacities["current_month_band"]))

    def _paint_group(self, painter: QPainter, frame: QRectF, place: QRectF, group: BarGroup) -> None:
        assert self._chart is not None
        n = len(group.bars)
        if not n:
            return
        width = min(float(self.theme.px(_WIDEST)), (place.width() * _ROOM - 2 * _GAP) / 3)
        left = place.center().x() - (n * width + (n - 1) * _GAP) / 2
        zero = self.y_of(frame, self._chart.axis, 0)
        for bar in group.bars:
            end = self.y_of(frame, self._chart.axis, bar.value)
            height = max(_LEAST, abs(zero - end))
            top = zero - height if bar.value > 0 else zero
            radius = min(_RADIUS, height / 2, width / 2)
            fill_round(painter, QRectF(left, top, width, height), radius, self.theme.color(bar.color))
            left += width + _GAP

    # ------------------------------------------------------------ gestures
    def _group_at(self, x: float) -> BarGroup | None:
        chart = self._chart
        if chart is None or not chart.groups:
            return None
        frame = self.frame(chart.labels)
        at = int((x - frame.left()) * len(chart.groups) // max(1.0, frame.width()))
        return chart.groups[at] if 0 <= at < len(chart.groups) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        group = self._group_at(event.position().x())
        if group is not None and event.button() == Qt.MouseButton.LeftButton:
            self.month_chosen.emit(group.month)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if (way := ways.get(Qt.Key(event.key()))) is not None:
            self.stepped.emit(way)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            group = self._group_at(event.pos().x())
            QToolTip.showText(event.globalPos(), group.hint if group is not None else "", self)
            return True
        return super().event(event)
