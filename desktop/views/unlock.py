"""Shown when the store cannot be opened by itself: choose a protection, enter the passphrase, or try again."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.unlock import UnlockModel
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.field import Field
from desktop.widgets.mark import Mark
from desktop.widgets.sheet import Sheet
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class UnlockSheet(Sheet):
    """Cannot be closed by hand: behind it there is nothing to show yet. `quit_wanted` ends the program."""

    quit_wanted = Signal()

    def __init__(self, theme: Theme, over: QWidget, model: UnlockModel) -> None:
        super().__init__(theme, over, "", width=560, closable=False)
        self._model = model
        self._happened = Text(theme, "", color="text2", wrap=True)
        self._kept = _line(theme, "shield-check", "primary")
        self._to_do = Text(theme, "", wrap=True)
        self.passphrase = Field(
            theme, translate("Unlock", "Passphrase"), placeholder=translate("Unlock", "Passphrase"), secret=True
        )
        again = translate("Unlock", "Passphrase once more")
        self.again = Field(theme, again, placeholder=again, secret=True)
        self._problem = Text(theme, "", "small", color="danger_text", wrap=True)
        self._warning = _line(theme, "triangle-alert", "caution_text")
        self.quit = Button(theme, translate("Unlock", "Quit"), kind="ghost", size="m")
        self.memory = Button(theme, translate("Unlock", "Keep nothing, work in memory"), size="m")
        self.retry = Button(theme, translate("Unlock", "Try again"), size="m")
        self.open = Button(theme, "", kind="primary", size="m")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.body.addWidget(self._happened)
        self.body.addWidget(self._kept)
        self.body.addWidget(self._to_do)
        self.body.addWidget(self.passphrase)
        self.body.addWidget(self.again)
        self.body.addWidget(self._problem)
        self.body.addWidget(self._warning)
        self.buttons.addWidget(self.quit)
        self.buttons.addStretch()
        for button in (self.memory, self.retry, self.open):
            self.buttons.addWidget(button)

    def _connect(self) -> None:
        self._model.changed.connect(self._show)
        for field in (self.passphrase, self.again):
            field.textChanged.connect(self._check)
            field.returnPressed.connect(self._use_passphrase)
        self.open.clicked.connect(self._use_passphrase)
        self.memory.clicked.connect(self._model.use_memory)
        self.retry.clicked.connect(self._model.try_again)
        self.quit.clicked.connect(self.quit_wanted)

    # ------------------------------------------------------------ showing
    def _show(self) -> None:
        model, words = self._model, self._model.words
        if words is None:
            self.passphrase.clear()
            self.again.clear()
            self.close_sheet()
            return
        asks, chooses = model.question in ("passphrase", "choose"), model.question == "choose"
        self.title.setText(words.title)
        self.setAccessibleName(words.title)
        self._happened.setText("" if model.was_refused else words.happened)
        self._happened.setVisible(not model.was_refused)
        _tell(self._kept, "" if model.is_new else words.kept)
        self._to_do.setText(words.to_do)
        self.passphrase.setVisible(asks)
        self.again.setVisible(chooses)
        self.memory.setVisible(chooses)
        self.retry.setVisible(model.question == "retry")
        self.open.setVisible(asks)
        self.open.setText(translate("Unlock", "Protect with this passphrase") if chooses else translate("Unlock", "Open"))
        never = translate("Unlock", "The passphrase cannot be recovered. Without it, everything stored here is lost.")
        _tell(self._warning, never if chooses else "")
        self._check()
        if self.isHidden():
            self.open_sheet(self.passphrase if asks else self.retry)
        elif model.was_refused and not model.is_busy:
            self.passphrase.selectAll()
            self.passphrase.setFocus()

    def _check(self) -> None:
        model, chooses = self._model, self._model.question == "choose"
        typed = self.passphrase.text()
        why_not = model.why_not(typed, self.again.text()) if chooses else ""
        show_problem = bool(why_not and self.again.text())
        refused = model.was_refused and not model.is_busy
        self._problem.setText(why_not if show_problem else "")
        self._problem.setVisible(show_problem)
        self.again.show_error(why_not if show_problem else "")
        self.passphrase.show_error(model.words.title if refused and model.words else "")
        empty = "" if typed else translate("Unlock", "Enter the passphrase first")
        busy = translate("Unlock", "Opening your data") if model.is_busy else ""
        self.open.explain(busy or why_not or empty)
        for control in (self.memory, self.retry):
            control.explain(busy)
        for field in (self.passphrase, self.again):
            field.setReadOnly(model.is_busy)

    def _use_passphrase(self) -> None:
        if self.open.isEnabled() and not self.open.isHidden():
            self._model.use_passphrase(self.passphrase.text())


def _line(theme: Theme, icon: str, color: str) -> Card:
    card = Card(theme, tone="caution" if color == "caution_text" else None)
    row = QHBoxLayout(card)
    row.setContentsMargins(14, 10, 14, 10)
    row.setSpacing(10)
    words = QVBoxLayout()
    words.addWidget(Text(theme, "", "small", color=color if color == "caution_text" else "text2", wrap=True, align=_MIDDLE))
    row.addWidget(Mark(theme, icon, color=color))
    row.addLayout(words, 1)
    return card


def _tell(card: Card, words: str) -> None:
    card.findChild(Text).setText(words)
    card.setVisible(bool(words))
