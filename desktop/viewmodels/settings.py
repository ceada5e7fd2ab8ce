"""The settings screen's state: choices, models to choose from, protection, and the report about this computer."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop import figures
from desktop.viewmodels.window_model import EngineBridge
from engine import events, intents
from engine.records import ComputerReport, Model, ModelState, Protection
from engine.settings import Settings

translate = QCoreApplication.translate


class SettingsModel(QObject):
    """Changes show at once and are confirmed by the engine; `checked` follows a finished look at the computer."""

    changed = Signal()
    checked = Signal()

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.settings = Settings()
        self._in_force = Settings()
        self.models: tuple[Model, ...] = ()
        self.model_state = ModelState("none")
        self.protection: Protection | None = None
        self.report: ComputerReport | None = None
        self.is_checking = False
        bridge.happened.connect(self._take)

    def _take(self, event: events.Event) -> None:
        match event:
            case events.SettingsChanged():
                self.settings = self._in_force = event.settings
            case events.ModelsListed():
                self.models = event.models
            case events.ModelStateChanged():
                self.model_state = event.state
            case events.StoreOpened():
                self.protection = event.protection
            case events.ComputerChecked():
                self.report, self.is_checking = event.report, False
                self.checked.emit()
            case _:
                return
        self.changed.emit()

    # ------------------------------------------------------------ wishes
    def change(self, **fields: Any) -> None:
        """Change settings by name; a value out of range changes nothing."""
        try:
            wanted = Settings.model_validate({**self.settings.model_dump(), **fields})
        except ValidationError:
            self.changed.emit()  # the view goes back to what is in force
            return
        if wanted != self.settings:
            self.settings = wanted
            self._bridge.submit(intents.ChangeSettings(wanted))
            self.changed.emit()

    def go_back(self) -> None:
        """The engine refused a change: show what is in force."""
        self.settings = self._in_force
        self.changed.emit()

    def choose_model(self, model: Model) -> None:
        self._bridge.submit(intents.ChooseModel(model.id))

    def check_computer(self) -> None:
        self.is_checking = True
        self.changed.emit()
        self._bridge.submit(intents.CheckComputer())

    # ------------------------------------------------------------ ready to show
    @property
    def chat_models(self) -> list[Model]:
        """Models that can answer."""
        return [model for model in self.models if model.purpose == "chat"]

    @property
    def model_in_use(self) -> str:
        """Name of the model that answers now."""
        return self.model_state.name or translate("settings", "Choose a model")

    def model_line(self, model: Model) -> str:
        """`SmolLM2 135M, 98.4 MB, Apache-2.0`."""
        parts = [model.name, figures.size(model.n_bytes), model.quantisation or "", model.licence or ""]
        return ", ".join(part for part in parts if part)

    @property
    def longest_context(self) -> int:
        """What the model in use was made to read at once, in tokens; generous where its file does not say."""
        for model in self.models:
            if model.id == self.model_state.model and model.context_length:
                return model.context_length
        return 131_072

    @property
    def report_text(self) -> str:
        """The report as text to copy; it holds facts of the computer and nothing of the documents."""
        if self.report is None:
            return ""
        parts: list[str] = []
        for title, facts in _sections(self.report):
            parts += [title, *(f"  {name}: {_plain(value)}" for name, value in facts.items()), ""]
        parts += [translate("settings", "Problems"), *(f"  {problem}" for problem in self.report.problems)]
        if not self.report.problems:
            parts.append("  " + translate("settings", "none"))
        return "\n".join(parts)


def _sections(report: ComputerReport) -> list[tuple[str, dict[str, Any]]]:
    return [
        (translate("settings", "Computer"), report.hardware),
        (translate("settings", "Engine"), report.engine),
        (translate("settings", "Seal"), report.sandbox),
        (translate("settings", "Store"), report.store),
        (translate("settings", "Keyring"), report.keyring),
        (translate("settings", "Libraries"), dict(report.libraries)),
    ]


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
