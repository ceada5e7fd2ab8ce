"""The card that says when the computer has paid for itself, or why that cannot be said."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.ledger import LedgerModel
from desktop.viewmodels.ledger_charts import growth_titles, pays_off
from desktop.views.ledger_chart_card import ChartCard
from desktop.views.ledger_growth import Growth
from desktop.widgets.button import Button
from desktop.widgets.text import Text
from engine.ledger_records import Month

translate = QCoreApplication.translate


class BreakEvenCard(ChartCard):
    """The chart, or a sentence with the way to the price of the computer."""

    def __init__(self, theme: Theme, model: LedgerModel) -> None:
        self._model = model
        self.growth = Growth(theme)
        self._note = Text(theme, "", "small", color="text2", elide=True)
        title = translate("BreakEvenCard", "Pays for itself")
        super().__init__(theme, title, self._note, self.growth, growth_titles(), 84)
        self._words = Text(theme, "", color="text2", wrap=True)
        self.enter = Button(theme, translate("BreakEvenCard", "Enter what the computer cost"), icon="monitor")
        self._without = QWidget()
        inside = QVBoxLayout(self._without)
        inside.setContentsMargins(0, 0, 6, 4)
        inside.setSpacing(12)
        inside.addWidget(self._words)
        inside.addWidget(self.enter, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addStretch(1)
        self.column.addWidget(self._without)
        self.enter.clicked.connect(lambda: model.settings_wanted.emit("costs"))

    def refresh(self) -> None:
        page = self._model.page
        if page is None:
            return
        running = page.months[0] if page.months else page.statement.month
        shown = pays_off(page.break_even, page.statement.currency, _latest(running, page.statement.month))
        self.growth.show_chart(shown.chart, shown.spoken)
        self.show_rows(shown.rows)
        self._note.setText(shown.note)
        self._words.setText(shown.words)
        self.enter.setVisible(shown.wants_price)
        self._without.setVisible(bool(shown.words))
        self.show_anything(shown.chart is not None)
        self.column.setStretch(self.column.indexOf(self._without), 0 if shown.chart is not None else 1)
        self.fit()


def _latest(one: Month, other: Month) -> Month:
    return max(one, other)
