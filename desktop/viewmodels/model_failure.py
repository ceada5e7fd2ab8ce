"""Why the chosen model cannot answer, ready to show, and the ways on: repair its file, or answer with another model.

QtCore only. A damaged file that can be mended is looked through once, so that it is known how much has to be fetched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Signal

from desktop import figures, wording
from desktop.viewmodels.failed_model import failed_model
from desktop.viewmodels.lock_gate import LockGate
from desktop.viewmodels.model_rows import comes_with_program
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings.words import Words
from engine import events, intents, model_events, model_intents
from engine.model_records import Download, ModelCheck
from engine.records import Model, ModelState
from engine.settings import Settings

_OVER = ("done", "failed")


@dataclass(frozen=True)
class Remedy:
    """Something to do about it. `why_not` disables it with a reason."""

    key: str
    verb: str
    icon: str = ""
    why_not: str = ""


class ModelFailure(QObject):
    """`changed`: show it again. `is_shown` is whether there is a failure at all."""

    changed = Signal()

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.gate = LockGate(bridge)
        self.state = ModelState("none")
        self.check: ModelCheck | None = None
        self.repair_download: Download | None = None
        self._models: tuple[Model, ...] = ()
        self._settings = Settings()
        self._looking: model_events.LibraryProgress | None = None
        self._looked_for: str | None = None
        bridge.happened.connect(self._take)

    # ------------------------------------------------------------ wishes
    def act(self, key: str) -> None:
        """Do what a remedy offers; the keys are those of `remedies`."""
        model = self.model
        if key == "repair" and model is not None:
            sends = self.tr("The name of the model file of {model}. Nothing about your documents.")
            self.gate.wish(model_intents.RepairModel(model.id), sends.format(model=model.name))
        elif key == "pause" and self.repair_download is not None:
            self._bridge.submit(model_intents.PauseDownload(self.repair_download.id))
        elif key == "resume" and self.repair_download is not None:
            sends = self.tr("The name of the model file. Nothing about your documents.")
            self.gate.wish(model_intents.ResumeDownload(self.repair_download.id), sends)
        elif key == "starter":
            self._bridge.submit(intents.ChangeSettings(self._settings.model_copy(update={"model": None})))
        elif key == "again" and model is not None:
            self._bridge.submit(intents.ChooseModel(model.id))

    # ------------------------------------------------------------ ready to show
    @property
    def is_shown(self) -> bool:
        return self.state.phase == "failed"

    @property
    def model(self) -> Model | None:
        """The model that failed, as far as it is in the library."""
        return failed_model(self.state, self._settings, self._models)

    @property
    def words(self) -> Words:
        """What happened, what was kept, what to do; with the figures of the damage where they are known."""
        words = wording.words_for_kind(self.state.problem or "", self.state.problem_facts)
        model = self.model
        if model is None:
            return words
        named = str((self.state.problem_facts or {}).get("model", ""))
        if named:
            words = replace(words, title=words.title.replace(named, model.name))
        if self._is_mendable:
            words = replace(words, happened=self._happened(words.happened), to_do=self._to_do(model))
        return words

    @property
    def remedies(self) -> list[Remedy]:
        """What can be done, the best first."""
        found = [self._repair()] if self._is_mendable else []
        if not self._is_starter:
            found.append(Remedy("starter", self.tr("Use starter model")))
        if not self._is_mendable:
            if self.model is not None:
                found.append(Remedy("again", self.tr("Try again")))
            if self._n_others > (0 if self._is_starter else 1):
                found.append(Remedy("choose_model", self.tr("Choose another model")))
        return found

    @property
    def progress_words(self) -> str:
        """How far looking through or mending is; empty while neither runs."""
        download = self.repair_download
        if download is not None and download.phase not in _OVER:
            part = figures.part(download.n_done, download.n_bytes) if download.n_bytes else figures.size(download.n_done)
            paused = self.tr("Repair paused: {part}") if download.phase == "paused" else self.tr("Repairing: {part}")
            return paused.format(part=part)
        if self._looking is not None:
            if not self._looking.n_bytes:
                return self.tr("Looking for the damaged parts")
            part = figures.part(self._looking.n_done, self._looking.n_bytes)
            return self.tr("Looking for the damaged parts: {part}").format(part=part)
        return ""

    @property
    def progress_share(self) -> float | None:
        """0 to 1; None while nothing can be said."""
        download = self.repair_download
        if download is not None and download.phase not in _OVER:
            return download.n_done / download.n_bytes if download.n_bytes else None
        if self._looking is not None and self._looking.n_bytes:
            return self._looking.n_done / self._looking.n_bytes
        return None

    @property
    def _is_mendable(self) -> bool:
        return self.state.problem == "model_damaged" and self.model is not None and self.model.can_repair

    @property
    def _is_starter(self) -> bool:
        return self._settings.model is None or (self.model is not None and comes_with_program(self.model))

    @property
    def _n_others(self) -> int:
        failed = self.model
        return sum(1 for model in self._models if model.purpose != "embedding" and model != failed)

    def _repair(self) -> Remedy:
        download = self.repair_download
        if download is not None and download.phase == "paused":
            return Remedy("resume", self.tr("Resume"), "play")
        if download is not None and download.phase not in _OVER:
            return Remedy("pause", self.tr("Pause"), "pause")
        if self._looking is not None:
            return Remedy("repair", self.tr("Repair"), "download", self.tr("The damaged parts are being looked for"))
        n_bytes = self.check.damaged_bytes if self.check else None
        verb = self.tr("Repair, {size}").format(size=figures.size(n_bytes)) if n_bytes else self.tr("Repair")
        return Remedy("repair", verb, "download")

    def _happened(self, otherwise: str) -> str:
        n_parts = self.check.n_damaged_parts if self.check else None
        if not n_parts:
            return otherwise
        usual = self.tr("This usually follows a full disk or a sudden shutdown.")
        if n_parts == 1:
            return f"{self.tr('One part of the file does not match the publisher’s checksum.')} {usual}"
        parts = self.tr("{n} parts of the file do not match the publisher’s checksum.").format(n=figures.number(n_parts))
        return f"{parts} {usual}"

    def _to_do(self, model: Model) -> str:
        problem = self.repair_download
        if problem is not None and problem.phase == "failed" and problem.problem:
            return wording.words_for_kind(problem.problem, problem.problem_facts).line
        host = urlsplit(self._settings.hub).hostname or self._settings.hub
        n_bytes = self.check.damaged_bytes if self.check else None
        if n_bytes:
            words = self.tr("Repair downloads only the damaged parts: {damaged} of {whole}, from {host}.")
            words = words.format(damaged=figures.size(n_bytes), whole=figures.size(model.n_bytes), host=host)
        else:
            words = self.tr("Repair downloads what is damaged again, from {host}.").format(host=host)
        return words if self._is_starter else f"{words} {self.tr('Until then the starter model can answer.')}"

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case events.ModelStateChanged():
                self._take_state(event.state)
            case events.ModelsListed():
                self._models = event.models
                self._look_through()
            case events.SettingsChanged():
                self._settings = event.settings
            case model_events.LibraryProgress(work="verify") if self.is_shown:
                self._looking = None if event.is_done else event
            case model_events.ModelChecked() if self.model is not None and event.check.model == self.model.id:
                self.check, self._looking = event.check, None
            case model_events.DownloadChanged() if event.download.is_repair and self.is_shown:
                self._take_repair(event.download)
            case model_events.DownloadRemoved() if self.repair_download and event.download == self.repair_download.id:
                self.repair_download = None
            case events.Trouble() if self.is_shown:
                self.gate.was_refused(event.error)
                return
            case _:
                return
        self.changed.emit()

    def _take_state(self, state: ModelState) -> None:
        self.state = state
        if state.phase == "ready":
            self.check = self.repair_download = self._looking = self._looked_for = None
        self._look_through()

    def _look_through(self) -> None:
        """Find the damaged parts, once for each failure; without a record of parts that would tell nothing new."""
        model = self.model
        if self.is_shown and self._is_mendable and model is not None and self._looked_for != model.id:
            self._looked_for = model.id
            self._looking = model_events.LibraryProgress("verify", model.name)
            self._bridge.submit(model_intents.VerifyModel(model.id))

    def _take_repair(self, download: Download) -> None:
        model = self.model
        if model is None or PurePath(download.file).name != PurePath(model.file).name:
            return
        self.repair_download = download
        if download.phase == "done":
            self._bridge.submit(intents.ChooseModel(model.id))  # it was chosen all along, and its file is whole again
