"""Settings, General: theme, text size, motion, what screen readers are told."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.settings import SettingsModel
from desktop.widgets.segmented import Choice, Segmented
from desktop.widgets.setting_row import SettingCard, SettingRow
from desktop.widgets.stepper import Stepper
from desktop.widgets.switch import Switch

translate = QCoreApplication.translate
STEP = 10
SMALLEST, LARGEST = 90, 200


class GeneralSettings(QWidget):
    """How the window looks and speaks."""

    def __init__(self, model: SettingsModel, theme: Theme) -> None:
        super().__init__()
        self._model = model
        self.theme_choice = Segmented(
            theme,
            translate("Settings", "Theme"),
            [
                Choice("system", translate("Settings", "System")),
                Choice("light", translate("Settings", "Light")),
                Choice("dark", translate("Settings", "Dark")),
            ],
        )
        self.text_size = Stepper(theme, less=translate("Settings", "Smaller text"), more=translate("Settings", "Larger text"))
        motion, speech = translate("Settings", "Reduced motion"), translate("Settings", "Announce answers")
        self.motion = Switch(theme, motion)
        self.speech = Switch(theme, speech)
        rows = [
            SettingRow(
                theme,
                "sun-moon",
                translate("Settings", "Theme"),
                translate("Settings", "System follows the light or dark setting of this computer."),
                self.theme_choice,
            ),
            SettingRow(
                theme,
                "type",
                translate("Settings", "Text size"),
                translate("Settings", "Also Ctrl + and Ctrl −. Rows and icons grow with the text."),
                self.text_size,
            ),
            SettingRow(
                theme,
                "gauge",
                motion,
                translate("Settings", "No slides or fades; progress stands still between steps."),
                self.motion,
            ),
            SettingRow(
                theme,
                "message-square-text",
                speech,
                translate("Settings", "Screen readers hear each finished sentence of an answer."),
                self.speech,
            ),
        ]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(SettingCard(theme, rows))
        column.addStretch()
        self.theme_choice.chosen.connect(lambda key: model.change(theme=key))
        self.text_size.stepped.connect(lambda way: model.change(text_size=self._stepped(way)))
        self.motion.toggled.connect(lambda on: model.change(reduced_motion=on))
        self.speech.toggled.connect(lambda on: model.change(announce_answers=on))
        model.changed.connect(self._show)
        self._show()

    def _stepped(self, way: int) -> int:
        return max(SMALLEST, min(LARGEST, self._model.settings.text_size + way * STEP))

    def _show(self) -> None:
        settings = self._model.settings
        self.theme_choice.choose(settings.theme)
        self.text_size.show_value(
            f"{settings.text_size} %",
            why_not_less="" if settings.text_size > SMALLEST else translate("Settings", "This is the smallest size"),
            why_not_more="" if settings.text_size < LARGEST else translate("Settings", "This is the largest size"),
        )
        for switch, on in ((self.motion, settings.reduced_motion), (self.speech, settings.announce_answers)):
            switch.blockSignals(True)
            switch.setChecked(on)
            switch.blockSignals(False)
