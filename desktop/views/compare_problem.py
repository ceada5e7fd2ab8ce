"""What ended one answer of a comparison, in a column: what happened, what was kept, what to do. The others go on."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from desktop.theme import Theme
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.mark import Mark
from desktop.widgets.text import Text
from desktop.wordings.words import Words

translate = QCoreApplication.translate


class PaneProblem(Card):
    """Hidden while there is none. `again` tries once more."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._mark = Mark(theme, "circle-alert")
        self._title = Text(theme, "", "bodyb", wrap=True)
        self._sentences = [Text(theme, "", "small", wrap=True) for _ in range(3)]
        self._details = Text(theme, "", "mono", color="text2", wrap=True)
        self.again = Button(theme, translate("PaneProblem", "Try again"), icon="rotate-ccw", size="s")
        self._fold = Button(theme, translate("PaneProblem", "Details"), icon="chevron-down", kind="ghost", size="s")
        self._lay_out(theme)
        self._fold.clicked.connect(self._toggle)
        self.hide()

    def _lay_out(self, theme: Theme) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.again)
        buttons.addWidget(self._fold)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 10, 10)
        column.setSpacing(6)
        column.addLayout(head)
        for part in (*self._sentences, self._details):
            column.addWidget(part)
        column.addLayout(buttons)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_words(self, words: Words, why_not_again: str = "") -> None:
        """Show a failure; `why_not_again` says why it cannot be tried again."""
        self.set_tone(None if words.tone == "neutral" else words.tone)
        color = "text" if words.tone == "neutral" else f"{words.tone}_text"
        self._mark.show_icon(words.icon, color)
        self._title.setText(words.title)
        self._title.set_color(color)
        for label, text in zip(self._sentences, (words.happened, words.kept, words.to_do), strict=True):
            label.setText(text)
            label.setVisible(bool(text))
        self._details.setText(words.details)
        self._fold.setVisible(bool(words.details))
        self._details.hide()
        self.again.explain(why_not_again)
        self.setAccessibleName(f"{words.title}. {words.happened} {words.kept} {words.to_do}")
        self.show()

    def _toggle(self) -> None:
        shown = self._details.isHidden()
        self._details.setVisible(shown)
        self._fold.set_icon("chevron-up" if shown else "chevron-down")
