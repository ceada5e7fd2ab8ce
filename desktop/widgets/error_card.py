"""What happened, what was kept, what to do, and folded details: a failure that takes the place of content."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.widgets.button import Button, Kind
from desktop.widgets.card import Card, Divider
from desktop.widgets.mark import Mark, MarkTile
from desktop.widgets.text import Text
from desktop.wordings.words import Words

translate = QCoreApplication.translate


class ErrorCard(Card):
    """`acted` carries the key of the pressed action. Actions are (key, verb); the first one is the filled button."""

    acted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self.setMaximumWidth(theme.size("error_card"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._tile = MarkTile(theme, "file-warning", "danger")
        self._title = Text(theme, "", "title", wrap=True)
        self._summary = Text(theme, "", color="text2", wrap=True)
        self._happened = Text(theme, "", color="text2", wrap=True)
        self._kept = Text(theme, "", color="text2", wrap=True)
        self._to_do = Text(theme, "", color="text2", wrap=True)
        self._details = Text(theme, "", "mono", color="text2", wrap=True)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(8)
        self._buttons: dict[str, Button] = {}
        self._fold = Button(theme, translate("ErrorCard", "Details"), icon="chevron-down", kind="ghost")
        self._copy = Button(theme, translate("ErrorCard", "Copy details"), icon="copy", size="s")
        self._lay_out(theme)
        self._fold.clicked.connect(self._toggle)
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._details.text()))

    def show_words(self, words: Words, actions: list[tuple[str, str]], icons: Mapping[str, str] | None = None) -> None:
        """Show a failure and what can be done about it; `icons` by the key of the action."""
        self._title.setText(words.title)
        self._summary.setText(words.summary)
        self._summary.setVisible(bool(words.summary))
        for label, text in ((self._happened, words.happened), (self._kept, words.kept), (self._to_do, words.to_do)):
            label.setText(text)
            label.parentWidget().setVisible(bool(text))
        self._details.setText(words.details)
        self._fold.setVisible(bool(words.details))
        self._show_details(False)
        self._buttons.clear()
        while (item := self._actions.takeAt(0)) is not None:
            if item.widget():
                item.widget().hide()  # at once, so that nothing goes to a button that is on its way out
                item.widget().deleteLater()
        for place, (key, verb) in enumerate(actions):
            kind: Kind = "primary" if place == 0 else "secondary"
            button = Button(self.theme, verb, icon=(icons or {}).get(key, ""), kind=kind, size="m")
            button.clicked.connect(lambda _=False, key=key: self.acted.emit(key))
            self._actions.addWidget(button)
            button.show()
            self._buttons[key] = button
        for before, after in pairwise([*self._buttons.values(), self._fold, self._copy]):  # Tab goes as the eye does
            self.setTabOrder(before, after)
        self.setAccessibleName(f"{words.title}. {words.happened} {words.kept} {words.to_do}")

    def explain(self, key: str, reason: str) -> None:
        """Disable an action with a reason, or enable it with an empty one."""
        self._buttons[key].explain(reason)

    def button(self, key: str) -> Button:
        """The button of an action; raises KeyError for one that is not offered."""
        return self._buttons[key]

    def _toggle(self) -> None:
        self._show_details(self._details.isHidden())

    def _show_details(self, shown: bool) -> None:
        self._details.setVisible(shown)
        self._copy.setVisible(shown)
        self._fold.set_icon("chevron-up" if shown else "chevron-down")

    def _lay_out(self, theme: Theme) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 28, 32, 24)
        column.setSpacing(18)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self._tile, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._title)
        words.addWidget(self._summary)
        head.addLayout(words, 1)
        column.addLayout(head)
        column.addWidget(_section(theme, "circle-alert", "danger", translate("ErrorCard", "What happened"), self._happened))
        column.addWidget(_section(theme, "shield-check", "primary", translate("ErrorCard", "What was kept"), self._kept))
        column.addWidget(_section(theme, "list-checks", "text2", translate("ErrorCard", "What to do"), self._to_do))
        column.addWidget(Divider(theme))
        foot = QHBoxLayout()
        foot.addLayout(self._actions)
        foot.addStretch()
        foot.addWidget(self._fold)
        column.addLayout(foot)
        column.addWidget(self._details)
        column.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignLeft)


def _section(theme: Theme, icon: str, color: str, title: str, text: Text) -> QWidget:
    section = QWidget()
    row = QHBoxLayout(section)
    row.setContentsMargins(12, 0, 0, 0)
    row.setSpacing(28)
    row.addWidget(Mark(theme, icon, size=18, color=color), 0, Qt.AlignmentFlag.AlignTop)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(Text(theme, title, "bodyb"))
    words.addWidget(text)
    row.addLayout(words, 1)
    return section
