"""Work on the model library that takes a while: finding, adding, verifying, moving, exporting. One runs at a time.

QtCore only. The engine does it; here are its progress and its last word.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop import figures, wording
from desktop.viewmodels.window_model import EngineBridge
from engine import events
from engine.model_events import LibraryProgress, ModelsFound
from engine.model_intents import (
    AddModelFile,
    ExportBundle,
    FindModels,
    ImportBundle,
    ImportCatalogue,
    MoveLibrary,
    StopLibraryWork,
    VerifyModel,
)
from engine.model_records import FoundModel
from engine.records import ModelId

translate = QCoreApplication.translate


class LibraryWork(QObject):
    """`changed`: progress; `found_changed`: models of other programs; `failed` carries Words, `told` a finished work's line."""

    changed = Signal()
    found_changed = Signal()
    failed = Signal(object)
    told = Signal(str)

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.progress: LibraryProgress | None = None
        self.found: tuple[FoundModel, ...] | None = None  # None: not looked yet
        self.is_finding = False
        bridge.happened.connect(self._take)

    # ------------------------------------------------------------ wishes
    def find(self, folder: Path | None = None) -> None:
        """Look for models of other programs, or in a folder."""
        self.is_finding, self.found = True, None
        self._bridge.submit(FindModels(folder))
        self.found_changed.emit()

    def add(self, path: Path, *, in_place: bool) -> None:
        self._bridge.submit(AddModelFile(path, "in_place" if in_place else "import"))

    def verify(self, model: ModelId) -> None:
        self._bridge.submit(VerifyModel(model))

    def move(self, folder: Path) -> None:
        self._bridge.submit(MoveLibrary(folder))

    def export(self, models: Sequence[ModelId], folder: Path) -> None:
        if models:
            self._bridge.submit(ExportBundle(tuple(models), folder))

    def import_bundle(self, folder: Path) -> None:
        self._bridge.submit(ImportBundle(folder))

    def import_catalogue(self, file: Path) -> None:
        self._bridge.submit(ImportCatalogue(file))

    def stop(self) -> None:
        self._bridge.submit(StopLibraryWork())

    # ------------------------------------------------------------ ready to show
    @property
    def is_running(self) -> bool:
        return self.progress is not None

    @property
    def title(self) -> str:
        """`Checking Qwen3 8B`."""
        if self.progress is None:
            return ""
        return {
            "import": translate("models", "Adding {name}"),
            "move": translate("models", "Moving {name}"),
            "export": translate("models", "Exporting {name}"),
            "verify": translate("models", "Checking {name}"),
            "find": translate("models", "Looking at {name}"),
        }[self.progress.work].format(name=self.progress.about or translate("models", "models"))

    @property
    def amount(self) -> str:
        if self.progress is None or not self.progress.n_bytes:
            return ""
        return figures.part(self.progress.n_done, self.progress.n_bytes)

    @property
    def share(self) -> float | None:
        """How far it is; None while that is not known."""
        if self.progress is None or not self.progress.n_bytes:
            return None
        return min(1.0, self.progress.n_done / self.progress.n_bytes)

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case LibraryProgress():
                self._take_progress(event)
            case ModelsFound():
                self.found, self.is_finding = event.models, False
                self.found_changed.emit()
            case events.Trouble() if self.is_finding:
                self.is_finding = False
                self.found_changed.emit()

    def _take_progress(self, event: LibraryProgress) -> None:
        self.progress = None if event.is_done else event
        self.changed.emit()
        if event.is_done and event.error is not None:
            self.failed.emit(wording.words_for(event.error))
        elif event.is_done and event.work in ("import", "move", "export"):
            done = {
                "import": translate("models", "{name} was added to your models."),
                "move": translate("models", "Your models are in {name} now."),
                "export": translate("models", "Exported to {name}, with checksums."),
            }[event.work]
            self.told.emit(done.format(name=event.about))
