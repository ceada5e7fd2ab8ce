"""Settings, Models and memory: which model answers, how much it reads and writes at once, with how many threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import figures, wording
from desktop.theme import Theme
from desktop.viewmodels.settings import SettingsModel
from desktop.viewmodels.sources import SourcesModel
from desktop.views.settings_sources import SourceSettings
from desktop.widgets.chip import Chip
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.setting_row import SettingCard, SettingRow

translate = QCoreApplication.translate
_CONTEXTS = (2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072)
_ANSWERS = (256, 512, 1024, 2048, 4096)


class ModelSettings(QWidget):
    """Choices take effect with the next question; the engine opens the model again where that is needed."""

    def __init__(self, model: SettingsModel, sources: SourcesModel, theme: Theme) -> None:
        super().__init__()
        self._model = model
        self._theme = theme
        self.model_choice = MenuButton(theme, "", icon="lock", icon_color="primary", kind="secondary")
        self.context = MenuButton(theme, "", kind="secondary")
        self.answer = MenuButton(theme, "", kind="secondary")
        self.threads = MenuButton(theme, "", kind="secondary")
        self._state = Chip(theme)
        in_use = translate("Settings", "Model")
        self._model_row = SettingRow(theme, "cpu", in_use, "", self.model_choice)
        rows = [
            self._model_row,
            SettingRow(theme, "shield-check", translate("Settings", "State"), "", self._state),
            SettingRow(
                theme,
                "text-cursor-input",
                translate("Settings", "Reading length"),
                translate(
                    "Settings",
                    "How much the model reads at once. A token is about three quarters of a word. More needs more memory.",
                ),
                self.context,
            ),
            SettingRow(
                theme,
                "pen-line",
                translate("Settings", "Answer length"),
                translate("Settings", "The longest answer. Longer ones are cut there, and say so."),
                self.answer,
            ),
            SettingRow(
                theme,
                "gauge",
                translate("Settings", "Processor threads"),
                translate("Settings", "Automatic leaves other programs their share."),
                self.threads,
            ),
        ]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(SettingCard(theme, rows))
        self.sources = SourceSettings(sources, theme)
        column.addWidget(self.sources)
        column.addStretch()
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        model, settings = self._model, self._model.settings
        self._show_models()
        tokens = translate("Settings", "{n} tokens")
        contexts = [size for size in _CONTEXTS if size <= model.longest_context]
        if settings.n_ctx not in contexts:
            contexts = sorted([*contexts, settings.n_ctx])
        self._fill(
            self.context,
            translate("Settings", "Reading length"),
            {size: tokens.format(n=figures.number(size)) for size in contexts},
            settings.n_ctx,
            lambda value: model.change(n_ctx=value),
        )
        self._fill(
            self.answer,
            translate("Settings", "Answer length"),
            {size: tokens.format(n=figures.number(size)) for size in sorted({*_ANSWERS, settings.max_answer_tokens})},
            settings.max_answer_tokens,
            lambda value: model.change(max_answer_tokens=value),
        )
        counts: dict[int | None, str] = {None: translate("Settings", "Automatic")}
        counts |= {n: figures.number(n) for n in range(1, (os.cpu_count() or 1) + 1)}
        if settings.n_threads is not None:
            counts.setdefault(settings.n_threads, figures.number(settings.n_threads))
        threads = translate("Settings", "Processor threads")
        self._fill(self.threads, threads, counts, settings.n_threads, lambda value: model.change(n_threads=value))

    def _show_models(self) -> None:
        model = self._model
        names = {one.id: model.model_line(one) for one in model.chat_models}
        by_id = {one.id: one for one in model.chat_models}
        name = translate("Settings", "Model")
        self._fill(self.model_choice, name, names, model.model_state.model, lambda key: model.choose_model(by_id[key]))
        self.model_choice.setText(model.model_in_use)
        self.model_choice.setAccessibleName(f"{name}: {model.model_in_use}")
        self.model_choice.explain("" if names else translate("Settings", "No model was found on this computer"))
        note = next((one.note for one in model.chat_models if one.id == model.model_state.model), "")
        self._model_row.set_note(note or translate("Settings", "Runs on this computer. Nothing it reads leaves it."))
        state = wording.model_state(model.model_state)
        if model.model_state.phase == "ready":
            self._state.show_status(translate("Settings", "Ready"), "local", "check")
        else:
            self._state.show_status(state.text, state.tone, state.icon)

    def _fill(
        self, button: MenuButton, name: str, choices: Mapping[Any, str], chosen: object, choose: Callable[[Any], None]
    ) -> None:
        button.choices.clear()
        group = QActionGroup(button.choices)
        for value, words in choices.items():
            action = QAction(words.replace("&", "&&"), group)
            action.setCheckable(True)
            action.setChecked(value == chosen)
            action.triggered.connect(lambda _=False, value=value: choose(value))
            button.choices.addAction(action)
        button.setText(choices.get(chosen, ""))
        button.setAccessibleName(f"{name}: {choices.get(chosen, '')}")
