"""What stopped a document and what to do: a password, reading again, or removing it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.field import Field
from desktop.widgets.mark import Mark
from desktop.widgets.text import Text
from desktop.wordings.words import Words

translate = QCoreApplication.translate


class ProblemCard(Card):
    """`read_again` carries the password, empty when none is needed."""

    read_again = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._words: Words | None = None
        self._mark = Mark(theme, "circle-alert")
        self._title = Text(theme, "", "bodyb", wrap=True)
        self._happened = Text(theme, "", "small", wrap=True)
        self._to_do = Text(theme, "", "small", wrap=True)
        self._kept = Text(theme, "", "small", wrap=True)
        self.password = Field(theme, translate("ProblemCard", "Password of the document"), secret=True)
        self.password.setPlaceholderText(translate("ProblemCard", "Password"))
        self.open = Button(theme, translate("ProblemCard", "Open"), kind="primary")
        self.again = Button(theme, translate("ProblemCard", "Read again"), icon="rotate-ccw")
        self._lay_out()
        self.open.clicked.connect(self._use_password)
        self.password.returnPressed.connect(self._use_password)
        self.password.textChanged.connect(self._check)
        self.again.clicked.connect(lambda: self.read_again.emit(""))
        self.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._mark)
        head.addWidget(self._title, 1)
        ask = QHBoxLayout()
        ask.setSpacing(8)
        ask.addWidget(self.password, 1)
        ask.addWidget(self.open)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(6)
        column.addLayout(head)
        for text in (self._happened, self._to_do, self._kept):
            column.addWidget(text)
        column.addSpacing(4)
        column.addLayout(ask)
        column.addWidget(self.again)

    def show_words(self, words: Words | None) -> None:
        """Show a problem, or nothing."""
        self.setVisible(words is not None)
        if words is None or words == self._words:
            self._words = words
            return
        self._words = words
        tone = words.tone
        self.set_tone(None if tone == "neutral" else tone)
        color = "text" if tone == "neutral" else f"{tone}_text"
        self._mark.show_icon(words.icon, color)
        self._title.set_color(color)
        self._title.setText(words.title)
        for label, text in ((self._happened, words.happened), (self._to_do, words.to_do), (self._kept, words.kept)):
            label.setText(text)
        needs_password = "password" in words.actions
        self.password.clear()
        self.password.show_error(words.happened if needs_password and "tried: True" in words.details else "")
        self.password.setVisible(needs_password)
        self.open.setVisible(needs_password)
        self.again.setVisible("read_again" in words.actions)
        self._check()

    def _check(self) -> None:
        self.open.explain("" if self.password.text() else translate("ProblemCard", "Enter the password first"))

    def _use_password(self) -> None:
        password = self.password.text()
        self.password.clear()
        if password:
            self.read_again.emit(password)
