"""A card with a chart that can be read as a table; what stands beside the title goes below it where the room is short."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.figure_table import FigureRow, FigureTable
from desktop.views.ledger_plot import Plot
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.painting import Themed, fill_round, painter_for
from desktop.widgets.table import Table
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_EDGE = 20


class ChartCard(Card):
    """`title`, `beside` (a legend or a note), a button that turns the chart into a table and back."""

    def __init__(self, theme: Theme, title: str, beside: QWidget, chart: Plot, titles: Sequence[str], width: int) -> None:
        super().__init__(theme)
        self._beside = beside
        self._is_beside = True
        self._shows_table = False
        self.chart = chart
        self._title = Text(theme, title, "subtitle")
        self.as_table = Button(theme, "", kind="ghost", size="s")
        self._rows = FigureTable(titles, self)
        widths = tuple(width for _ in titles[1:])
        figures = frozenset(range(1, len(titles)))
        every = tuple(range(len(titles)))
        self.table = Table(theme, title, self._rows, widths=widths, right=figures, keep=every, row="row_dense")
        self._drawn = QWidget()
        self._stack = QStackedLayout(self._drawn)
        self._stack.addWidget(chart)
        self._stack.addWidget(self.table)
        self.column = QVBoxLayout(self)
        self._head = QGridLayout()
        self._lay_out()
        self.as_table.clicked.connect(self._toggle)
        self._show_way()

    def _lay_out(self) -> None:
        self._head.setContentsMargins(0, 0, 0, 0)
        self._head.setHorizontalSpacing(12)
        self._head.setVerticalSpacing(4)
        self._head.setColumnStretch(1, 1)
        self._head.setRowMinimumHeight(0, self.theme.size("button_s"))
        self._head.addWidget(self._title, 0, 0)
        self._head.addWidget(self._beside, 0, 2)
        self._head.addWidget(self.as_table, 0, 3)
        self.column.setContentsMargins(_EDGE, 10, _EDGE - 6, 12)
        self.column.setSpacing(8)
        self.column.addLayout(self._head)
        self.column.addWidget(self._drawn, 1)

    def show_rows(self, rows: Sequence[FigureRow]) -> None:
        self._rows.show_rows(rows)

    def show_anything(self, shown: bool) -> None:
        """Show the chart, or the table, and the way from one to the other; or none of them."""
        self.as_table.setVisible(shown)
        self._drawn.setVisible(shown)

    def _toggle(self) -> None:
        self._shows_table = not self._shows_table
        self._show_way()

    def _show_way(self) -> None:
        self._stack.setCurrentWidget(self.table if self._shows_table else self.chart)
        words = translate("ChartCard", "Show as chart") if self._shows_table else translate("ChartCard", "Show as table")
        self.as_table.setText(words)
        self.as_table.setAccessibleDescription(self._title.text())

    # ------------------------------------------------------------ room
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_head"):
            self.fit()

    def fit(self) -> None:
        """Put what stands beside the title where there is room for it."""
        needed = sum(part.sizeHint().width() for part in (self._title, self._beside, self.as_table)) + 2 * _EDGE + 36
        is_beside = needed <= self.width()
        if is_beside == self._is_beside:
            return
        self._is_beside = is_beside
        self._head.removeWidget(self._beside)
        if is_beside:
            self._head.addWidget(self._beside, 0, 2)
        else:
            self._head.addWidget(self._beside, 1, 0, 1, 4)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self.theme.px(300)), hint.height())


class Legend(QWidget):
    """Names of series with their colours; the colours are tokens."""

    def __init__(self, theme: Theme, series: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(7)
        for at, (name, color) in enumerate(series):
            if at:
                row.addSpacing(9)
            row.addWidget(_Swatch(theme, color))
            row.addWidget(Text(theme, name, "small", color="text2", elide=True))
        row.addStretch(1)


class _Swatch(Themed, QWidget):
    def __init__(self, theme: Theme, color: str) -> None:
        super().__init__()
        self._color = color
        self.use_theme(theme, "small")
        self.setFixedSize(10, 10)

    def paintEvent(self, _event: object) -> None:
        fill_round(painter_for(self), self.rect().toRectF(), 3, self.theme.color(self._color))
