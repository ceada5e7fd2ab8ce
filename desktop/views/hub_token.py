"""An access token for models whose publisher asks for sign-in. It goes to the system keyring and nowhere else."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.views.secret_sheet import SecretSheet, SecretWords

translate = QCoreApplication.translate
_LONGEST = 400


class TokenSheet(SecretSheet):
    """Asks for the token of a hub."""

    def __init__(self, theme: Theme, over: QWidget, host: str, *, has_token: bool) -> None:
        about = translate(
            "HubToken",
            "Some publishers want you to sign in and agree to their terms. Do that at {host} in a browser, create a token that "
            "may only read, and paste it here. It is kept in the system keyring and is sent to {host} only, for such models.",
        )
        words = SecretWords(
            title=translate("HubToken", "Access token for {host}").format(host=host),
            about=about.format(host=host),
            name=translate("HubToken", "Access token"),
            keep=translate("HubToken", "Keep token"),
            why_not=translate("HubToken", "Paste a token first"),
        )
        super().__init__(theme, over, words, longest=_LONGEST, is_kept=has_token)
