"""What is the matter with a model or its download, in the panel: what happened, what to do, what was kept, details."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.mark import Mark
from desktop.widgets.text import Text
from desktop.wordings.words import Words

translate = QCoreApplication.translate


class ModelProblem(Card):
    """`acted` carries the key of what was pressed. Hidden while nothing is wrong."""

    acted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._shown: tuple[Words, tuple[tuple[str, str], ...]] | None = None
        self._mark = Mark(theme, "circle-alert")
        self._title = Text(theme, "", "bodyb", wrap=True)
        self._sentences = [Text(theme, "", "small", wrap=True) for _ in range(3)]
        self._details = Text(theme, "", "mono", color="text2", wrap=True)
        self._buttons = QVBoxLayout()
        self._buttons.setSpacing(6)
        self._fold = Button(theme, translate("ModelProblem", "Details"), icon="chevron-down", kind="ghost", size="s")
        self._copy = Button(theme, translate("ModelProblem", "Copy details"), icon="copy", kind="ghost", size="s")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._mark)
        head.addWidget(self._title, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._fold)
        foot.addWidget(self._copy)
        foot.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(6)
        column.addLayout(head)
        for part in self._sentences:
            column.addWidget(part)
        column.addLayout(self._buttons)
        column.addLayout(foot)
        column.addWidget(self._details)
        self._fold.clicked.connect(lambda: self._unfold(self._details.isHidden()))
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._details.text()))
        self.hide()

    def show_problem(self, words: Words | None, actions: tuple[tuple[str, str], ...] = ()) -> None:
        """Show a problem with (key, verb) actions, or nothing."""
        self.setVisible(words is not None)
        if words is None:
            self._shown = None
            return
        if self._shown == (words, actions):
            return
        self._shown = (words, actions)
        self.set_tone(None if words.tone == "neutral" else words.tone)
        color = "text" if words.tone == "neutral" else f"{words.tone}_text"
        self._mark.show_icon(words.icon, color)
        self._title.set_color(color)
        self._title.setText(words.title)
        for part, text in zip(self._sentences, (words.happened, words.kept, words.to_do), strict=True):
            part.setText(text)
        self._details.setText(words.details)
        self._fold.setVisible(bool(words.details))
        self._unfold(False)
        while (item := self._buttons.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for key, verb in actions:
            button = Button(self.theme, verb, size="s")
            button.clicked.connect(lambda _=False, key=key: self.acted.emit(key))
            self._buttons.addWidget(button)

    def _unfold(self, shown: bool) -> None:
        self._details.setVisible(shown)
        self._copy.setVisible(shown)
        self._fold.set_icon("chevron-up" if shown else "chevron-down")
