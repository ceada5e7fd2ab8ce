"""A row of a settings card: icon, title, a sentence, a control at the right; below it where the room is short."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.widgets.card import Card, Divider
from desktop.widgets.mark import Mark
from desktop.widgets.text import Text


class SettingRow(QWidget):
    """`note` can be changed; `control` may be None for rows that only tell."""

    def __init__(self, theme: Theme, icon: str, title: str, note: str, control: QWidget | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._control = control
        self.mark = Mark(theme, icon, size=18)
        self.title = Text(theme, title, "bodyb", wrap=True)
        self.note = Text(theme, note, "small", color="text2", wrap=True)
        if not note:  # showing it before it has a parent would open a window for a moment and take the keyboard away
            self.note.hide()
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(self.title)
        words.addWidget(self.note)
        words.addStretch(1)
        self._words = QWidget()
        self._words.setLayout(words)
        words.setContentsMargins(0, 0, 0, 0)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(12)
        self._row.addWidget(self._words, 1)
        if control is not None:
            self._row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        outer = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        outer.setContentsMargins(19, 13, 18, 13)
        outer.setSpacing(14)
        outer.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignVCenter)
        outer.addLayout(self._row, 1)

    def set_note(self, note: str) -> None:
        """Show another sentence."""
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._control is None:
            return
        beside = self._control.sizeHint().width() + self._theme.px(240) + 80 <= self.width()
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._row.direction() != direction:
            self._row.setDirection(direction)


class SettingCard(Card):
    """Rows with hairlines between them."""

    def __init__(self, theme: Theme, rows: list[SettingRow]) -> None:
        super().__init__(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        for place, row in enumerate(rows):
            if place:
                column.addWidget(Divider(theme))
            column.addWidget(row)
