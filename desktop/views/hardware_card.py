"""This computer as a card: a row for each part, filled one after the other as soon as it is known."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.widgets.card import Card, Divider
from desktop.widgets.mark import Mark
from desktop.widgets.text import Text
from desktop.wordings.hardware import HardwareRow

translate = QCoreApplication.translate
_BETWEEN_MS = 90
_RIGHT = Qt.AlignmentFlag.AlignRight


class HardwareCard(Card):
    """`show_rows` with what is known; the first time the rows fill one by one, later changes show at once."""

    def __init__(self, theme: Theme, rows: list[HardwareRow]) -> None:
        super().__init__(theme)
        self._when = Text(theme, translate("FirstRun", "Being measured"), "small", color="text2")
        self._rows = {row.key: _Row(theme, row) for row in rows}
        self._waiting: list[HardwareRow] = []
        self._timer = QTimer(self, interval=_BETWEEN_MS)
        self._timer.timeout.connect(self._fill_next)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.addWidget(Text(theme, translate("FirstRun", "Your computer"), "subtitle"), 1)
        head.addWidget(self._when)
        column.addLayout(head)
        column.addSpacing(8)
        for place, row in enumerate(self._rows.values()):
            if place:
                column.addWidget(Divider(theme))
            column.addWidget(row)

    @property
    def is_filled(self) -> bool:
        """Whether every row shows what is known of it."""
        return not self._waiting and all(row.is_filled for row in self._rows.values())

    def show_rows(self, rows: list[HardwareRow]) -> None:
        """Show the rows; rows that say nothing yet are left as they are."""
        known = [row for row in rows if row.value]
        for row in known:
            if self._rows[row.key].is_filled:
                self._rows[row.key].show_row(row)
        self._waiting = [row for row in known if not self._rows[row.key].is_filled]
        self._go_on()

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_timer"):
            self._go_on()

    def _go_on(self) -> None:
        while self._waiting and self.theme.reduced_motion:
            self._fill_next()
        if self._waiting and not self._timer.isActive():
            self._timer.start()

    def _fill_next(self) -> None:
        if self._waiting:
            row = self._waiting.pop(0)
            self._rows[row.key].show_row(row)
        if not self._waiting:
            self._timer.stop()
            self._when.setText(translate("FirstRun", "Measured just now") if self.is_filled else self._when.text())


class _Row(QWidget):
    def __init__(self, theme: Theme, row: HardwareRow) -> None:
        super().__init__()
        self.is_filled = False
        self._mark = Mark(theme, row.icon, size=20)
        self._value = Text(theme, "", "bodym", elide=True, align=_RIGHT)
        self._note = Text(theme, "", "small", color="text2", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        first = QHBoxLayout()
        first.setSpacing(12)
        first.addWidget(Text(theme, row.title, "small", color="text2"))
        first.addWidget(self._value, 1)
        words.addLayout(first)
        words.addWidget(self._note)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 9, 0, 9)
        line.setSpacing(14)
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addLayout(words, 1)

    def show_row(self, row: HardwareRow) -> None:
        self.is_filled = True
        self._value.setText(row.value)
        self._value.set_color("text2" if row.is_unread else "text")
        self._note.setText(row.note)
