"""The table by workload: what an API would have charged, what electricity took off it, and what was paid."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout

from desktop.theme import Theme
from desktop.viewmodels import ledger_rows
from desktop.viewmodels.figure_table import FigureTable
from desktop.viewmodels.ledger import LedgerModel
from desktop.widgets.card import Card
from desktop.widgets.table import Table
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_WIDTHS = (86, 94, 92, 94, 94)
_NAME = 140
_KEPT = (0, 2, 3, 4)  # the rest of the subtraction; what was paid stands above in one sum, too
_MOST_ROWS = 12  # beyond them the table scrolls by itself


class WorkloadsCard(Card):
    """Rows come ready from the view-model; the last one is the total."""

    def __init__(self, theme: Theme, model: LedgerModel) -> None:
        super().__init__(theme)
        self._model = model
        title = translate("WorkloadsCard", "By workload")
        self._title = Text(theme, title, "subtitle")
        self.spend = Text(theme, "", "small", color="text2", wrap=True)
        self._rows = FigureTable(ledger_rows.titles(), self)
        figures = frozenset(range(1, len(_WIDTHS) + 1))
        self.table = Table(theme, title, self._rows, widths=_WIDTHS, right=figures, keep=_KEPT, row="row_dense", least=_NAME)
        self._below = Text(theme, "", "small", color="text2", wrap=True)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setContentsMargins(15, 0, 14, 0)
        self._head.setSpacing(12)
        self._head.addWidget(self._title)
        self._head.addStretch(1)
        self._head.addWidget(self.spend)
        self._below.setContentsMargins(15, 6, 14, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 12, 5, 7)
        column.setSpacing(3)
        column.addLayout(self._head)
        column.addWidget(self.table)
        column.addWidget(self._below)
        column.addStretch(1)

    def refresh(self) -> None:
        page = self._model.page
        if page is None:
            return
        statement = page.statement
        rows = ledger_rows.rows(statement)
        self._rows.show_rows(rows)
        self.table.leave_out(frozenset() if ledger_rows.has_paid(statement) else frozenset({ledger_rows.PAID}))
        self.table.setVisible(bool(rows))
        self.spend.setText(ledger_rows.spend(statement))
        nothing = translate("WorkloadsCard", "Nothing was counted in this month.")
        self._below.setText(ledger_rows.below(statement) if rows else nothing)
        self._below.setVisible(bool(self._below.text()))
        self.table.ends_open = self._below.isHidden()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_head"):
            self._fit()

    def _fit(self) -> None:
        shown = max(1, min(self._rows.rowCount(), _MOST_ROWS))
        self.table.setFixedHeight(self.table.horizontalHeader().height() + shown * self.table.row_height + 2)
        room = self.width() - self._title.sizeHint().width() - 60
        is_beside = self.spend.fontMetrics().horizontalAdvance(self.spend.text()) + 2 <= room
        direction = QBoxLayout.Direction.LeftToRight if is_beside else QBoxLayout.Direction.TopToBottom
        if self._head.direction() != direction:
            self._head.setDirection(direction)
            self._head.setSpacing(12 if is_beside else 0)
