"""The card with the bars of the months."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.theme import Theme
from desktop.viewmodels.ledger import LedgerModel
from desktop.viewmodels.ledger_charts import month_titles, months_chart, series
from desktop.views.ledger_bars import MonthBars
from desktop.views.ledger_chart_card import ChartCard, Legend
from engine.ledger_records import Month

translate = QCoreApplication.translate


class MonthsCard(ChartCard):
    """A click or an arrow key chooses the month that the page shows."""

    def __init__(self, theme: Theme, model: LedgerModel) -> None:
        self._model = model
        self.bars = MonthBars(theme)
        title = translate("MonthsCard", "Month by month")
        super().__init__(theme, title, Legend(theme, series()), self.bars, month_titles(), 138)
        self.bars.month_chosen.connect(self._choose)
        self.bars.stepped.connect(model.step_month)

    def refresh(self) -> None:
        page = self._model.page
        if page is None:
            return
        chart = months_chart(page)
        self.bars.show_chart(chart)
        self.show_rows(chart.rows)

    def _choose(self, month: Month) -> None:
        page = self._model.page
        if page is not None and month in page.months:
            self._model.choose_month(month)
