"""Parts of the evidence sheet: the reasons in their order, what is known of the quality, and what the user says of the work."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.viewmodels.evidence import EvidenceModel, ReasonRow
from desktop.views.figure_rows import FigureRows
from desktop.views.option_list import OptionList
from desktop.views.result_card import Counts
from desktop.views.result_chart import ResultChart
from desktop.views.told import Told
from desktop.widgets.button import Button
from desktop.widgets.card import Card, Divider
from desktop.widgets.chip import Chip
from desktop.widgets.saved_field import SavedField
from desktop.widgets.switch import Switch
from desktop.widgets.text import Text
from desktop.wordings import routes
from engine.advice_records import SENSITIVITIES, Sensitivity

translate = QCoreApplication.translate
_TOP = Qt.AlignmentFlag.AlignTop


class ReasonsCard(Card):
    """Every rule that holds, numbered; the one that decides is marked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._shown: Sequence[ReasonRow] | None = None
        title = translate("Evidence", "Why")
        self.setAccessibleName(title)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 14, 16, 14)
        self._column.setSpacing(12)
        self._title = Text(theme, title, "bodyb")
        note = translate("Evidence", "These rules hold, in the order in which they are asked. The first one decides.")
        self._column.addWidget(self._title)
        self._column.addWidget(Text(theme, note, "small", color="text2", wrap=True))
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self._column.addLayout(self._list)

    def show_reasons(self, reasons: Sequence[ReasonRow]) -> None:
        if reasons == self._shown:
            return
        self._shown = reasons
        while (taken := self._list.takeAt(0)) is not None:
            taken.widget().hide()
            taken.widget().deleteLater()
        for number, reason in enumerate(reasons, start=1):
            if number > 1:
                self._list.addWidget(Divider(self.theme))
            self._list.addWidget(self._reason(number, reason))

    def _reason(self, number: int, reason: ReasonRow) -> QWidget:
        part = QWidget(self)
        decides = translate("Evidence", "decides")
        spoken = f"{number}. {reason.title}{f', {decides}' if reason.decides else ''}. {reason.sentence} {reason.label.text}"
        part.setAccessibleName(spoken)
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(Text(self.theme, f"{figures.number(number)}.", "bodym", color="text2"), 0, _TOP)
        words = QVBoxLayout()
        words.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Text(self.theme, reason.title, "bodyb" if reason.decides else "bodym", wrap=True), 1)
        if reason.decides:
            head.addWidget(Chip(self.theme, translate("Evidence", "Decides"), icon="check"), 0, _TOP)
        head.addWidget(Chip(self.theme, reason.label.text, tone=reason.label.tone, icon=reason.label.icon), 0, _TOP)
        words.addLayout(head)
        if reason.sentence:
            words.addWidget(Text(self.theme, reason.sentence, wrap=True))
        rows = FigureRows(self.theme, "small")
        rows.show_rows(reason.figures)
        words.addWidget(rows)
        row.addLayout(words, 1)
        return part


class QualityCard(Card):
    """What was compared: four counts, the estimate with its range on an axis, and the test, folded."""

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


class TraitsCard(Card):
    """What the user says of the work. Choices count at once, figures once they are confirmed."""

    def __init__(self, theme: Theme, model: EvidenceModel) -> None:
        super().__init__(theme)
        self._model = model
        title = translate("Evidence", "What you say of this work")
        self.setAccessibleName(title)
        who = translate("Evidence", "Who may read it")
        self.sensitivity = OptionList(theme, who, [(each, *routes.sensitivity(each)) for each in SENSITIVITIES])
        keep = translate("Evidence", "Use")
        items = translate("Evidence", "Items a month")
        counted = translate("Evidence", "as many as counted")
        self.items = SavedField(theme, items, keep, placeholder=counted, width=170)
        wait = translate("Evidence", "Longest wait for an answer, in seconds")
        self.wait = SavedField(theme, wait, keep, placeholder=translate("Evidence", "any"), width=170)
        hard = translate("Evidence", "It needs the strongest reasoning there is")
        self.reasoning = Switch(theme, hard)
        self._problem = Told(theme, "caution", "circle-alert")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(Text(theme, title, "bodyb", wrap=True))
        column.addWidget(self._problem)
        column.addWidget(Text(theme, who, "smallb", color="text2"))
        column.addWidget(self.sensitivity)
        for words, field in ((items, self.items), (wait, self.wait)):
            column.addWidget(Text(theme, words, "smallb", color="text2", wrap=True))
            column.addWidget(field)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.reasoning)
        row.addWidget(Text(theme, hard, wrap=True), 1)
        column.addLayout(row)
        self.sensitivity.chosen.connect(self._choose)
        self.items.saved.connect(model.set_items)
        self.wait.saved.connect(model.set_wait)
        self.reasoning.toggled.connect(model.set_reasoning)

    def _choose(self, key: str) -> None:
        chosen: Sensitivity = next(each for each in SENSITIVITIES if each == key)
        self._model.set_sensitivity(chosen)

    def refresh(self) -> None:
        """Show what counts now."""
        model = self._model
        self._problem.say(model.problem)
        self.sensitivity.choose(model.traits.sensitivity)
        self.items.show_value(model.items_text, model.items_problem)
        self.wait.show_value(model.wait_text, model.wait_problem)
        self.reasoning.blockSignals(True)
        self.reasoning.setChecked(model.traits.is_reasoning)
        self.reasoning.blockSignals(False)


class Verdict(QWidget):
    """The label with its sentence, over everything else."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._chip = Chip(theme)
        self._sentence = Text(theme, "", wrap=True, align=Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._chip, 0, _TOP)
        row.addWidget(self._sentence, 1)

    def refresh(self, model: EvidenceModel) -> None:
        chip = model.chip
        self._chip.show_status(chip.text, chip.tone, chip.icon)
        self._sentence.setText(model.sentence)
        self.setAccessibleName(f"{chip.text}. {model.sentence}")
