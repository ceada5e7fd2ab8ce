"""The figures under an answer: first word, speed, tokens, cost; beside each other, or two by two where it is narrow."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.compare_pane import Pane
from desktop.widgets.painting import tooltip_of
from desktop.widgets.text import Text
from desktop.wordings import compare

translate = QCoreApplication.translate
_NARROWEST = 64  # design pixels that a figure needs beside the others


class Figure(QWidget):
    """A label over a value, read out as one."""

    def __init__(self, theme: Theme, label: str) -> None:
        super().__init__()
        self._label = Text(theme, label, "small", color="text2", elide=True)
        self._value = Text(theme, "–", "bodyb", elide=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._label)
        column.addWidget(self._value)

    def show_value(self, value: str, note: str = "", color: str = "text") -> None:
        """Show a value; `note` says more to those who ask."""
        self._value.setText(value)
        self._value.set_color(color)
        self._value.setAccessibleName(f"{self._label.text()}: {value}")
        self._value.setAccessibleDescription(note)
        self.setToolTip(tooltip_of(note))

    @property
    def value(self) -> str:
        return self._value.text()


class Figures(QWidget):
    """Four figures of one pane; they stand at the same height in every pane, so notes about them go elsewhere."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.first_word = Figure(theme, translate("Figures", "First word"))
        self.speed = Figure(theme, translate("Figures", "Speed"))
        self.tokens = Figure(theme, translate("Figures", "Tokens"))
        self.cost = Figure(theme, translate("Figures", "Cost"))
        self._all = (self.first_word, self.speed, self.tokens, self.cost)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._columns = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 10)
        column.addLayout(self._grid)
        self._arrange(4)

    def show_pane(self, pane: Pane) -> None:
        """Show what is known of a pane's answer."""
        answer = pane.answer if pane.has_ended else None
        timings = answer.timings if answer else None
        self.first_word.show_value(compare.first_word(timings.ttft_s if timings else None))
        self.speed.show_value(compare.speed(timings.tokens_per_s if timings else None))
        found = answer.tokens if answer else None
        self.tokens.show_value(compare.tokens(found), compare.tokens_note(found))
        cost = answer.cost if answer else None
        free = cost is not None and cost.source == "free"
        self.cost.show_value(compare.cost(cost), compare.cost_note(cost, found), "local_text" if free else "text")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - 32 - 3 * self._grid.horizontalSpacing()
        self._arrange(4 if room >= 4 * self._theme.px(_NARROWEST) else 2)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for figure in self._all:
            self._grid.removeWidget(figure)
        for at, figure in enumerate(self._all):
            self._grid.addWidget(figure, at // columns, at % columns)
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
