"""What is known of the quality: four counts, the estimate with its range on an axis, and the test, folded."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from desktop.theme import Theme
from desktop.viewmodels.evidence import EvidenceModel
from desktop.views.figure_rows import FigureRows
from desktop.views.result_card import Counts
from desktop.views.result_chart import ResultChart
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.chip import Chip
from desktop.widgets.text import Text

translate = QCoreApplication.translate


class QualityCard(Card):
    """It stays as it is while the same is shown again, so that the focus stays where it is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._shown: object = None
        title = translate("Evidence", "Quality")
        self.setAccessibleName(title)
        self._status = Chip(theme)
        self._source = Text(theme, "", color="text2", wrap=True)
        self._estimate = FigureRows(theme)
        self.chart = ResultChart(theme)
        self._counts = QVBoxLayout()
        self._form = FigureRows(theme)
        self.fold = Button(theme, translate("Evidence", "The test in figures"), icon="chevron-down", kind="ghost", size="s")
        self.details = FigureRows(theme, "small")
        head = QHBoxLayout()
        head.addWidget(Text(theme, title, "bodyb", wrap=True), 1)
        head.addWidget(self._status)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addLayout(head)
        for part in (self._source, self._estimate, self.chart):
            column.addWidget(part)
        column.addLayout(self._counts)
        column.addWidget(self._form)
        column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.details)
        self._is_folded = True
        self.fold.clicked.connect(self._toggle)

    def refresh(self, model: EvidenceModel) -> None:
        """Show what is known of the quality now."""
        result = model.result
        self._status.show_status(model.status_words, "neutral", "scale")
        self._source.setText(model.quality_words)
        has_estimate = result is not None and result.found.estimate is not None
        self._estimate.show_rows([(result.estimate_title, result.estimate_words)] if has_estimate and result else [])
        self.chart.show_estimate(
            result.estimate if result else None, result.estimate_title if result else "", result.spoken if result else ""
        )
        self._form.show_rows(model.form)
        self.details.show_rows(model.test_details)
        self.fold.setVisible(bool(model.test_details))
        self.details.setVisible(bool(model.test_details) and not self._is_folded)
        cells = result.cells if result else ()
        if cells != self._shown:
            self._shown = cells
            while (taken := self._counts.takeAt(0)) is not None:
                taken.widget().hide()
                taken.widget().deleteLater()
            if cells:
                self._counts.addWidget(Counts(self.theme, cells))

    def _toggle(self) -> None:
        self._is_folded = not self._is_folded
        self.details.setVisible(not self._is_folded)
        self.fold.set_icon("chevron-down" if self._is_folded else "chevron-up")
