"""Settings, Privacy: what cannot leave, how things are stored, and what the system enforces on the model's process."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import wording
from desktop.theme import Theme
from desktop.viewmodels.settings import SettingsModel
from desktop.widgets.card import Card
from desktop.widgets.chip import Chip
from desktop.widgets.mark import Mark
from desktop.widgets.setting_row import SettingCard, SettingRow
from desktop.widgets.text import Text
from engine.network_records import NetworkState

translate = QCoreApplication.translate


class PrivacySettings(QWidget):
    """Says only what holds now: each line is read from the engine."""

    def __init__(self, model: SettingsModel, theme: Theme) -> None:
        super().__init__()
        self._model = model
        self._encryption = Chip(theme)
        self._seal = Chip(theme)
        self._encryption_row = SettingRow(theme, "fingerprint", translate("Settings", "Encryption"), "", self._encryption)
        self._seal_row = SettingRow(theme, "shield-check", translate("Settings", "Seal of the model’s process"), "", self._seal)
        matters = SettingRow(
            theme,
            "folder-lock",
            translate("Settings", "Matters"),
            translate("Settings", "Each matter has a file and a key of its own. Deleting a matter destroys its key."),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(_offline_card(theme))
        column.addWidget(SettingCard(theme, [self._encryption_row, self._seal_row, matters]))
        column.addStretch()
        model.changed.connect(self._show)
        self._show()

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


def _offline_card(theme: Theme) -> Card:
    card = Card(theme, tone="local")
    row = QHBoxLayout(card)
    row.setContentsMargins(20, 18, 20, 18)
    row.setSpacing(16)
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(Text(theme, wording.lock_state(NetworkState()).text, "subtitle", color="local_text", wrap=True))
    sentence = translate(
        "Settings", "This version of Strongroom contains nothing that opens a connection. There is no switch to forget."
    )
    words.addWidget(Text(theme, sentence, color="local_text", wrap=True))
    row.addWidget(Mark(theme, "lock", size=24, color="local_text"), 0, Qt.AlignmentFlag.AlignVCenter)
    row.addLayout(words, 1)
    return card
