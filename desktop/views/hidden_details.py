"""The list that links placeholders to what they stand for: to be reviewed and changed before a text is sent.

It is shown on this computer only. What it wishes for comes back as another preview.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.approval import Approval
from desktop.viewmodels.consent import ConsentModel
from desktop.viewmodels.consent_rows import DetailRow
from desktop.widgets.button import Button
from desktop.widgets.card import Card, Divider
from desktop.widgets.field import Field
from desktop.widgets.mark import Mark
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.sheet import ConfirmSheet
from desktop.widgets.text import Text
from desktop.wordings import consent
from engine.compare_records import DETAIL_KINDS, DetailKind

translate = QCoreApplication.translate
_AT_ONCE = 40  # rows that are made at once; further ones when they are asked for


class HiddenDetails(Card):
    """Rows with what stands behind each placeholder, and a button to let it be seen or to hide it again."""

    def __init__(self, theme: Theme, model: Approval, over: QWidget) -> None:
        super().__init__(theme)
        self._model = model
        self._over = over
        self._n_shown = _AT_ONCE
        self._shown: list[DetailRow] | None = None
        self.buttons: dict[str, Button] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self.setAccessibleName(translate("Consent", "Details of this text"))

    def refresh(self) -> None:
        """Show the details of the text that is looked at; what has the focus keeps it."""
        rows = self._model.details
        if rows == self._shown:
            return
        self._shown = rows
        focused = next((key for key, button in self.buttons.items() if button.hasFocus()), "")
        self._clear()
        for place, row in enumerate(rows[: self._n_shown]):
            if place:
                self._column.addWidget(Divider(self.theme))
            self._column.addWidget(self._row(row))
        if len(rows) > self._n_shown:
            more = Button(self.theme, translate("Consent", "Show more details"), kind="ghost")
            more.clicked.connect(self._show_more)
            self._column.addWidget(more)
        if not rows:
            self._column.addWidget(_nothing(self.theme))
        if focused in self.buttons:
            self.buttons[focused].setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear(self) -> None:
        self.buttons.clear()
        while (item := self._column.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()

    def _show_more(self) -> None:
        self._n_shown += _AT_ONCE
        self._shown = None
        self.refresh()

    def _row(self, row: DetailRow) -> QWidget:
        line = QWidget()
        parts = QHBoxLayout(line)
        parts.setContentsMargins(14, 7, 8, 7)
        parts.setSpacing(12)
        icon, color = ("eraser", "outbound_text") if row.is_hidden else ("triangle-alert", "caution_text")
        parts.addWidget(Mark(self.theme, icon, color=color), 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Text(self.theme, row.original, "bodym", wrap=True))
        stands = f"{row.placeholder}, {row.kind}, {row.times}"
        state = "" if row.is_hidden else f"{consent.as_it_is()}. "
        words.addWidget(Text(self.theme, state + stands, "small", color="text2" if row.is_hidden else color, wrap=True))
        parts.addLayout(words, 1)
        if self._model.can_revise:
            parts.addWidget(self._button(row), 0, Qt.AlignmentFlag.AlignVCenter)
        return line

    def _button(self, row: DetailRow) -> Button:
        verb = translate("Consent", "Let it be seen") if row.is_hidden else translate("Consent", "Hide again")
        button = Button(self.theme, verb, icon="eye" if row.is_hidden else "eraser", kind="ghost", size="s")
        button.setAccessibleName(f"{verb}: {row.placeholder}, {row.original}")
        button.clicked.connect(partial(self._change, row))
        self.buttons[row.placeholder] = button
        return button

    def _change(self, row: DetailRow) -> None:
        model = self._model
        if not isinstance(model, ConsentModel):
            return
        if not row.is_hidden:
            model.hide_again(row.placeholder)
            return
        title = translate("Consent", "Let “{words}” be seen?").format(words=row.original)
        warning = translate(
            "Consent",
            "These words then leave this computer as they are, when you choose Send, and nobody can take them back. They go to "
            "{hosts}. Until you choose Send you can hide them again.",
        )
        verb = translate("Consent", "Show it to {hosts}").format(hosts=consent.hosts(len(model.hosts)))
        sheet = ConfirmSheet(self.theme, self._over, title, warning.format(hosts=", ".join(model.hosts)), verb, kind="outbound")
        sheet.confirmed.connect(lambda: model.let_be_seen(row.placeholder))
        sheet.ask()


class HideMore(QWidget):
    """Words to hide, typed or taken from a selection, and of which kind they are. Enter hides; it never sends."""

    def __init__(self, theme: Theme, model: ConsentModel) -> None:
        super().__init__()
        self._model = model
        self._kind: DetailKind = "term"
        name = translate("Consent", "Words to hide")
        self.field = Field(theme, name, placeholder=translate("Consent", "A name, a number, a word"), icon="eraser")
        self.kind = MenuButton(theme, "", kind="secondary")
        self.hide_it = Button(theme, translate("Consent", "Hide"))
        self.hide_it.setAccessibleName(translate("Consent", "Hide these words"))
        self._problem = Text(theme, "", "small", color="danger_text", wrap=True)
        self._problem.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.kind)
        row.addWidget(self.hide_it)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._problem)
        self.field.returnPressed.connect(self._hide)
        self.hide_it.clicked.connect(self._hide)
        self.field.textChanged.connect(lambda: self._say(""))
        self._fill_kinds()

    def start(self, words: str) -> None:
        """Begin with what is selected in the text."""
        if words.strip():
            self.field.setText(" ".join(words.split()))
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_kinds(self) -> None:
        group = QActionGroup(self.kind.choices)
        for kind in reversed(DETAIL_KINDS):  # an own term first
            action = QAction(consent.kind(kind), group)
            action.setCheckable(True)
            action.setChecked(kind == self._kind)
            action.triggered.connect(partial(self._choose, kind))
            self.kind.choices.addAction(action)
        self._choose(self._kind)

    def _choose(self, kind: DetailKind, *_: object) -> None:
        self._kind = kind
        self.kind.setText(consent.kind(kind))
        self.kind.setAccessibleName(translate("Consent", "Kind: {kind}").format(kind=consent.kind(kind)))

    def _hide(self) -> None:
        problem = self._model.hide(self.field.text(), self._kind)
        self._say(problem)
        if not problem:
            self.field.clear()

    def _say(self, problem: str) -> None:
        self.field.show_error(problem)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))


def _nothing(theme: Theme) -> QWidget:
    text = Text(theme, translate("Consent", "Nothing is hidden in this text."), color="text2", wrap=True)
    text.setContentsMargins(14, 10, 14, 10)
    return text
