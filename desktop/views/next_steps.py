"""What happens after a move, as a list of sentences."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.widgets.card import Card
from desktop.widgets.mark import Mark
from desktop.widgets.text import Text

translate = QCoreApplication.translate


class NextSteps(Card):
    """What happens after the move, a line each."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._steps: tuple[str, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._column.setSpacing(6)

    def show_steps(self, steps: tuple[str, ...]) -> None:
        """Show other sentences; the same are left alone."""
        if steps == self._steps:
            return
        self._steps = steps
        while (taken := self._column.takeAt(0)) is not None:
            taken.widget().hide()
            taken.widget().deleteLater()
        title = translate("Move", "What happens next")
        self._column.addWidget(Text(self.theme, title, "smallb", color="text2"))
        self.setAccessibleName(f"{title}: {' '.join(steps)}")
        for words in steps:
            line = QWidget(self)
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(10)
            mark = Mark(self.theme, "chevron-right", color="text2")
            mark.setContentsMargins(0, 3, 0, 0)
            row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Text(self.theme, words, wrap=True), 1)
            self._column.addWidget(line)
