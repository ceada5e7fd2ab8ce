"""Settings, Privacy: the offline lock, how things are stored, what the system enforces, and every connection there was."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import wording
from desktop.theme import Theme
from desktop.viewmodels.privacy import PrivacyModel
from desktop.viewmodels.settings import SettingsModel
from desktop.views.hosts_sheet import HostsSheet
from desktop.views.lock_card import LockCard
from desktop.views.network_log import NetworkLog
from desktop.views.open_lock import ask_to_open
from desktop.views.token_setting import TokenSetting
from desktop.widgets.button import Button
from desktop.widgets.chip import Chip
from desktop.widgets.setting_row import SettingCard, SettingRow

translate = QCoreApplication.translate


class PrivacySettings(QWidget):
    """Says only what holds now: each line is read from the engine. Sheets lie over `over`."""

    def __init__(self, model: SettingsModel, privacy: PrivacyModel, theme: Theme, over: QWidget) -> None:
        super().__init__()
        self._model = model
        self._privacy = privacy
        self.lock = LockCard(theme, privacy)
        self.log = NetworkLog(theme, privacy)
        self.token = TokenSetting(theme, privacy)
        self._encryption = Chip(theme)
        self._seal = Chip(theme)
        self._encryption_row = SettingRow(theme, "fingerprint", translate("Settings", "Encryption"), "", self._encryption)
        self._seal_row = SettingRow(theme, "shield-check", translate("Settings", "Seal of the model’s process"), "", self._seal)
        self.all_hosts = Button(theme, translate("Settings", "Show all"))
        self.all_hosts.setAccessibleName(translate("Settings", "Show all allowed hosts"))
        self._hosts_row = SettingRow(theme, "building-2", translate("Settings", "Allowed hosts"), "", self.all_hosts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.lock)
        column.addWidget(SettingCard(theme, [self._encryption_row, self._seal_row, *self._more_rows(theme)]))
        column.addWidget(self.log)
        column.addStretch()
        privacy.asked.connect(lambda question: ask_to_open(theme, over, privacy.gate, question))
        privacy.changed.connect(self._show_hosts)
        self.all_hosts.clicked.connect(lambda: HostsSheet(theme, over, privacy.hosts).ask())
        model.changed.connect(self._show)
        self._show()
        self._show_hosts()

    def _more_rows(self, theme: Theme) -> list[SettingRow]:
        return [
            SettingRow(
                theme,
                "folder-lock",
                translate("Settings", "Matters"),
                translate("Settings", "Each matter has a file and a key of its own. Deleting a matter destroys its key."),
            ),
            self._hosts_row,
            SettingRow(
                theme,
                "key-round",
                translate("Settings", "Access token for models"),
                translate(
                    "Settings",
                    "Some publishers want you to sign in and agree first. Kept in the system keyring, never in a file, and sent "
                    "only to the hub.",
                ),
                self.token,
            ),
        ]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._privacy.look()

    def _show_hosts(self) -> None:
        self._hosts_row.set_note(self._privacy.hosts_words)
        self.all_hosts.setVisible(bool(self._privacy.hosts))

    def _show(self) -> None:
        protection = self._model.protection
        self._encryption.setVisible(protection is not None)
        if protection is not None:
            word, sentence = wording.protection(protection)
            in_memory = protection == "memory"
            self._encryption.show_status(word, "caution" if in_memory else "local", "memory-stick" if in_memory else "check")
            self._encryption_row.set_note(sentence)
        else:
            self._encryption_row.set_note(translate("Settings", "The store is not open."))
        seal = self._model.model_state.seal
        words = wording.seal(seal)
        self._seal.show_status(words.text, words.tone, words.icon)
        basis = translate("Settings", "The process that reads your text has no network, and no files but the model’s.")
        self._seal_row.set_note(f"{basis} {seal.detail}" if seal and seal.detail else basis)
