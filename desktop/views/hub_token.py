"""An access token for models whose publisher asks for sign-in. It goes to the system keyring and nowhere else."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.widgets.button import Button
from desktop.widgets.field import Field
from desktop.widgets.sheet import Sheet
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_LONGEST = 400


class TokenSheet(Sheet):
    """`given` carries the token, '' to forget the one that is kept. It deletes itself when closed."""

    given = Signal(str)

    def __init__(self, theme: Theme, over: QWidget, host: str, *, has_token: bool) -> None:
        super().__init__(theme, over, translate("HubToken", "Access token for {host}").format(host=host), width=560)
        words = translate(
            "HubToken",
            "Some publishers want you to sign in and agree to their terms. Do that at {host} in a browser, create a token that "
            "may only read, and paste it here. It is kept in the system keyring and is sent to {host} only, for such models.",
        )
        self.body.addWidget(Text(theme, words.format(host=host), color="text2", wrap=True))
        name = translate("HubToken", "Access token")
        self.field = Field(theme, name, placeholder=name, secret=True, icon="key-round")
        self.field.setMaxLength(_LONGEST)
        self.body.addWidget(self.field)
        self.forget = Button(theme, translate("HubToken", "Forget the kept one"), kind="ghost", size="m")
        self.forget.setVisible(has_token)
        cancel = Button(theme, translate("HubToken", "Cancel"), size="m")
        self.keep = Button(theme, translate("HubToken", "Keep token"), kind="primary", size="m")
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
        self.keep.explain(translate("HubToken", "Paste a token first") if empty else "")

    def _keep(self) -> None:
        token = self.field.text().strip()
        if token:
            self.close_sheet()
            self.given.emit(token)

    def _forget(self) -> None:
        self.close_sheet()
        self.given.emit("")

    def _wipe(self) -> None:
        self.field.clear()
        self.deleteLater()
