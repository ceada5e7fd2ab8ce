"""A title and a sentence on a tint: what went wrong, what changed, what stays here."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from desktop.theme import Theme, ToneName
from desktop.widgets.announce import announce
from desktop.widgets.card import Card
from desktop.widgets.mark import Mark
from desktop.widgets.text import Text


class Told(Card):
    """Hidden while it has nothing to say; what comes up is read out. Parts can be added to `column`."""

    def __init__(self, theme: Theme, tone: ToneName, icon: str, title: str = "") -> None:
        super().__init__(theme, tone=tone)
        self._tone: ToneName = tone
        color = f"{tone}_text"
        self._title = Text(theme, title, "bodyb", color=color, wrap=True)
        self._words = Text(theme, "", "small" if title else "body", color=color, wrap=True)
        self.column = QVBoxLayout()
        self.column.setSpacing(1)
        self.column.addWidget(self._title)
        self.column.addWidget(self._words)
        if not title:  # showing it before it has a parent would open a window for a moment and take the keyboard away
            self._title.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(13)
        row.addWidget(Mark(theme, icon, size=18, color=color), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self.column, 1)
        self.hide()

    def say(self, words: str, title: str = "") -> None:
        """Say something else, or nothing."""
        is_new = bool(words) and words != self._words.text()
        if title:
            self._title.setText(title)
            self._title.show()
        self._words.setText(words)
        self.setAccessibleName(f"{self._title.text()} {words}".strip())
        self.setVisible(bool(words))
        if is_new and self._tone != "local":
            announce(self, words, urgent=True)
