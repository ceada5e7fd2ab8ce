"""The token for models whose publishers want one to sign in: typed once, kept in the system's keyring, forgotten on demand."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.privacy import PrivacyModel
from desktop.widgets.button import Button
from desktop.widgets.chip import Chip
from desktop.widgets.field import Field

translate = QCoreApplication.translate


class TokenSetting(QWidget):
    """The control of a settings row. What was typed leaves the field when it is handed over."""

    def __init__(self, theme: Theme, model: PrivacyModel) -> None:
        super().__init__()
        self._model = model
        self._theme = theme
        self._kept = Chip(theme, translate("Privacy", "Kept in the keyring"), tone="local", icon="check")
        self.field = Field(theme, translate("Privacy", "Access token"), placeholder="hf_…", secret=True)
        self.keep = Button(theme, translate("Privacy", "Keep"))
        self.forget = Button(theme, translate("Privacy", "Forget"))
        self.forget.setAccessibleName(translate("Privacy", "Forget the access token"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self._kept, self.field, self.keep, self.forget):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self.field.textChanged.connect(self._check)
        self.field.returnPressed.connect(self._keep)
        self.keep.clicked.connect(self._keep)
        self.forget.clicked.connect(model.forget_token)
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        kept = self._model.token_is_kept is True
        for part in (self._kept, self.forget):
            part.setVisible(kept)
        for other in (self.field, self.keep):
            other.setVisible(not kept)
        self._check()

    def _check(self) -> None:
        empty = not self.field.text().strip()
        self.keep.explain(translate("Privacy", "Enter the token first") if empty else "")

    def _keep(self) -> None:
        token = self.field.text()
        self.field.clear()
        self._model.keep_token(token)
