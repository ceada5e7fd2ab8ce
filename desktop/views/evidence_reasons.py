"""Why an advice was given: its label with a sentence, and every rule that holds, the deciding one marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.viewmodels.evidence import EvidenceModel, ReasonRow
from desktop.views.figure_rows import FigureRows
from desktop.widgets.card import Card, Divider
from desktop.widgets.chip import Chip
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_TOP = Qt.AlignmentFlag.AlignTop


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
