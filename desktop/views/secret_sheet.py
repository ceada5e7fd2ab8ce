"""A sheet in which something secret is pasted on its way to the keyring: a key, an access token. It keeps nothing of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.widgets.button import Button
from desktop.widgets.field import Field
from desktop.widgets.sheet import Sheet
from desktop.widgets.text import Text

translate = QCoreApplication.translate


@dataclass(frozen=True)
class SecretWords:
    """What the sheet says: its heading, where the secret comes from and goes to, what it is called, and its button."""

    title: str
    about: str
    name: str
    keep: str
    why_not: str  # while nothing is pasted


class SecretSheet(Sheet):
    """`given` carries what was pasted, '' to forget the one that is kept. It wipes the field and deletes itself when closed."""

    given = Signal(str)

    def __init__(self, theme: Theme, over: QWidget, words: SecretWords, *, longest: int, is_kept: bool) -> None:
        """`longest` is in characters; `is_kept`: there is one already, which can be forgotten."""
        super().__init__(theme, over, words.title, width=560)
        self._words = words
        self.body.addWidget(Text(theme, words.about, color="text2", wrap=True))
        self.field = Field(theme, words.name, placeholder=words.name, secret=True, icon="key-round")
        self.field.setMaxLength(longest)
        self.body.addWidget(self.field)
        self.forget = Button(theme, translate("Secret", "Forget the kept one"), kind="ghost", size="m")
        self.forget.setVisible(is_kept)
        cancel = Button(theme, translate("Secret", "Cancel"), size="m")
        self.keep = Button(theme, words.keep, kind="primary", size="m")
        self.buttons.addWidget(self.forget)
        self.buttons.addStretch()
        self.buttons.addWidget(cancel)
        self.buttons.addWidget(self.keep)
        self.field.textChanged.connect(self._check)
        self.field.returnPressed.connect(self._keep)
        self.keep.clicked.connect(self._keep)
        self.forget.clicked.connect(self._forget)
        cancel.clicked.connect(self.close_sheet)
        self.closed.connect(self._wipe)
        self._check()

    def ask(self) -> None:
        self.open_sheet(self.field)

    def _check(self) -> None:
        empty = not self.field.text().strip()
        self.keep.explain(self._words.why_not if empty else "")

    def _keep(self) -> None:
        secret = self.field.text().strip()
        if secret:
            self.field.clear()
            self.close_sheet()
            self.given.emit(secret)

    def _forget(self) -> None:
        self.close_sheet()
        self.given.emit("")

    def _wipe(self) -> None:
        self.field.clear()
        self.deleteLater()
