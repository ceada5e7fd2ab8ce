"""The models screen's state: what is installed, on its way and to be had, and the model that is looked at.

QtCore only. It turns gestures into intents and events into rows and words. What needs the network goes through the
gate, which asks before the lock is opened.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.viewmodels import model_rows, model_sections
from desktop.viewmodels.hub_search import HubSearch
from desktop.viewmodels.library_work import LibraryWork
from desktop.viewmodels.lock_gate import LockGate
from desktop.viewmodels.model_detail import Subject
from desktop.viewmodels.model_rows import Key
from desktop.viewmodels.model_sections import Filters, Section, Shelf
from desktop.viewmodels.window_model import EngineBridge
from engine import events, intents
from engine.model_events import (
    DownloadChanged,
    DownloadRemoved,
    HardwareShown,
    HubTokenChanged,
    ModelChecked,
    ModelInUse,
    OffersShown,
)
from engine.model_intents import (
    CancelDownload,
    DownloadModel,
    ForgetHubToken,
    KeepHubToken,
    LookAtHeader,
    PauseDownload,
    RemoveModel,
    RepairModel,
    ResumeDownload,
)
from engine.model_records import CatalogueEdition, Download, DownloadId, ModelCheck, Offer, OfferedSize
from engine.records import Model, ModelId, ModelState
from engine.settings import Settings

translate = QCoreApplication.translate


class ModelsModel(QObject):
    """`rows_changed`: the list; `detail_changed`: the panel; `in_use` carries what depends on a model to be removed.

    `ended` tells a download that is done (words, False) or stopped by a failure (words, True), for screen readers.
    """

    rows_changed = Signal()
    detail_changed = Signal()
    in_use = Signal(object)
    ended = Signal(str, bool)

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.gate = LockGate(bridge)
        self.hub = HubSearch(bridge, self.gate)
        self.library = LibraryWork(bridge)
        self.models: tuple[Model, ...] | None = None  # None: not listed yet
        self.offers: tuple[Offer, ...] | None = None
        self.edition: CatalogueEdition | None = None
        self.downloads: dict[DownloadId, Download] = {}
        self.checks: dict[str, ModelCheck] = {}
        self.state = ModelState("none")
        self.settings = Settings()
        self.disk_free: int | None = None
        self.has_token: bool | None = None
        self.filters = Filters()
        self.selected: Key | None = None
        self._sizes: dict[str, str] = {}  # of an offer: the size that was chosen by hand
        self.hub.changed.connect(self.rows_changed)
        self.hub.looked.connect(lambda _name: self.detail_changed.emit())
        bridge.happened.connect(self._take)

    # ------------------------------------------------------------ looking
    def filter(self, **fields: Any) -> None:
        """Change filters by name: shown, fits, at_work, typed."""
        filters = replace(self.filters, **fields)
        if filters != self.filters:
            self.filters = filters
            self.rows_changed.emit()

    def select(self, key: Key | None) -> None:
        """Look at a row."""
        if key != self.selected:
            self.selected = key
            self.detail_changed.emit()

    def choose_size(self, key: str) -> None:
        """Another size of the offer that is looked at."""
        offer = self.subject.offer
        if offer is not None and self._sizes.get(offer.model.id) != key:
            self._sizes[offer.model.id] = key
            self.detail_changed.emit()

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.models or (), (*(self.offers or ()), *self.hub.offers.values()), self.downloads.values())

    @property
    def model_in_use(self) -> ModelId | None:
        """The model that answers now."""
        return self.state.model if self.state.phase in ("ready", "loading", "restarting") else None

    @property
    def n_installed(self) -> int:
        return len(self.models or ())

    @property
    def n_offers(self) -> int:
        return len(self.offers or ())

    @property
    def sections(self) -> list[Section]:
        """What the list shows now."""
        shelf, shown = self.shelf, self.filters.shown
        found: list[Section] = []
        if shown != "catalogue":
            rows = model_sections.installed_rows(shelf, self.filters, self.state)
            note = model_sections.used_and_free(shelf.models, self.disk_free)
            found.append(
                Section(
                    "installed",
                    translate("models", "Installed"),
                    note,
                    tuple(rows),
                    model_sections.nothing_installed(self.models),
                )
            )
        if shown != "installed":
            rows = model_sections.catalogue_rows(shelf, self.filters)
            note = translate("models", "Checked by publisher checksum after every download")
            nothing = translate("models", "No model of the catalogue fits these filters.")
            if self.offers is None:
                nothing = translate("models", "The catalogue is being read.")
            found.append(Section("catalogue", translate("models", "Catalogue"), note, tuple(rows), nothing))
        if shown != "installed" and self.hub.shows(self.filters.typed):
            found.append(model_sections.hub_section(self.hub))
        if not self.filters.typed:
            return found
        named = [section for section in found if section.rows or section.key == "hub"]  # a name is looked for everywhere
        nothing = translate("models", "No model here is called “{text}”.").format(text=self.filters.typed)
        return named or [replace(found[0], title=translate("models", "Nothing found"), note="", empty=nothing)]

    # ------------------------------------------------------------ the model that is looked at
    @property
    def subject(self) -> Subject:
        """What the panel shows; empty while nothing is chosen."""
        if self.selected is None:
            return Subject()
        kind, name = self.selected
        shelf = self.shelf
        if kind == "model":
            model = next((one for one in shelf.models if one.id == name), None)
            return self._of_model(shelf, model) if model else Subject()
        if kind == "download":
            download = self.downloads.get(DownloadId(name))
            return self._of_offer(shelf, shelf.offer(download.model), download) if download else Subject()
        if kind == "found":
            found = next((one for one in self.hub.found if one.id == name), None)
            return replace(self._of_offer(shelf, self.hub.offers.get(name), None), found=found)
        return self._of_offer(shelf, shelf.offer(name), None)

    def _of_model(self, shelf: Shelf, model: Model) -> Subject:
        offer = shelf.offer_of.get(model.id)
        if offer is None:
            return Subject(model, download=shelf.repair_of(model))
        own = next(size for size in offer.sizes if size.installed == model.id)
        size = self._chosen(offer, own)
        download = shelf.repair_of(model) if size is own else _fetching(shelf, offer, size)
        return Subject(model, offer, size, download)

    def _of_offer(self, shelf: Shelf, offer: Offer | None, download: Download | None) -> Subject:
        if offer is None:
            return Subject(download=download)
        if download is not None and offer.model.id not in self._sizes:
            own = next((size for size in offer.sizes if size.size.key == download.size_key), None)
        else:
            own = model_rows.row_size(offer)
        size = self._chosen(offer, own)
        model = next((one for one in shelf.models if size is not None and one.id == size.installed), None)
        fetching = _fetching(shelf, offer, size) or (shelf.repair_of(model) if model else None)
        return Subject(model, offer, size, fetching)

    def _chosen(self, offer: Offer, otherwise: OfferedSize | None) -> OfferedSize | None:
        wanted = self._sizes.get(offer.model.id)
        return next((size for size in offer.sizes if size.size.key == wanted), otherwise)

    # ------------------------------------------------------------ wishes that need the network
    def download(self, offer: Offer, size: OfferedSize) -> None:
        """Fetch a size of a model."""
        files = ", ".join(file.path for file in (*size.size.files, *filter(None, [size.size.vision])))
        sends = translate("models", "Requests for {files} of {repository}, and for what the hub says of them.")
        self.gate.wish(DownloadModel(offer.model.id, size.size.key), sends.format(files=files, repository=size.size.repository))

    def download_row(self, model: str) -> None:
        """Fetch the size that stands for an offer in the list."""
        offer = self.shelf.offer(model)
        size = self._chosen(offer, model_rows.row_size(offer)) if offer else None
        if offer is not None and size is not None:
            self.download(offer, size)

    def read_header(self, offer: Offer, size: OfferedSize) -> None:
        """Ask for the start of a file, so that it is known whether the model fits."""
        sends = translate("models", "A request for the first part of {file} of {repository}.")
        file = size.size.files[0].path if size.size.files else ""
        self.gate.wish(LookAtHeader(offer.model.id, size.size.key), sends.format(file=file, repository=size.size.repository))

    def resume(self, download: DownloadId) -> None:
        name = self.downloads[download].file if download in self.downloads else ""
        sends = translate("models", "Requests for the rest of {file}.").format(file=name)
        self.gate.wish(ResumeDownload(download), sends)

    def repair(self, model: Model) -> None:
        sends = translate("models", "Requests for the damaged parts of {name}.").format(name=model.name)
        self.gate.wish(RepairModel(model.id), sends)

    # ------------------------------------------------------------ other wishes
    def pause(self, download: DownloadId) -> None:
        self._bridge.submit(PauseDownload(download))

    def pause_or_resume(self, download: DownloadId) -> None:
        """What Space does on a row that is being downloaded."""
        found = self.downloads.get(download)
        if found is None:
            return
        if found.phase in ("paused", "failed"):
            self.resume(download)
        elif model_rows.is_running(found) and found.phase not in ("verifying", "measuring"):
            self.pause(download)

    def cancel(self, download: DownloadId) -> None:
        self._bridge.submit(CancelDownload(download))

    def load(self, model: ModelId) -> None:
        self._bridge.submit(intents.ChooseModel(model))

    def remove(self, model: ModelId, *, even_if_used: bool = False) -> None:
        self._bridge.submit(RemoveModel(model, even_if_used))

    def read_at_once(self, n_ctx: int) -> None:
        """Use the smaller context that was offered."""
        self._bridge.submit(intents.ChangeSettings(self.settings.model_copy(update={"n_ctx": n_ctx})))

    def keep_token(self, token: str) -> None:
        self._bridge.submit(KeepHubToken(token) if token else ForgetHubToken())

    def model(self, model: str) -> Model | None:
        return next((one for one in self.models or () if one.id == model), None)

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case events.ModelsListed():
                self.models = event.models
                self._forget_mended()
            case OffersShown():
                self.offers, self.edition = event.offers, event.edition
            case events.ModelStateChanged():
                self.state = event.state
            case DownloadChanged():
                self._take_download(event.download)
            case DownloadRemoved():
                self.downloads.pop(event.download, None)
            case ModelChecked():
                self.checks[event.check.model] = event.check
            case HardwareShown():
                self.disk_free = event.hardware.disk_free
            case events.SettingsChanged():
                self.settings = event.settings
            case HubTokenChanged():
                self.has_token = event.is_kept
            case ModelInUse():
                self.in_use.emit(event)
                return
            case events.Trouble():
                self.gate.was_refused(event.error)
                return
            case _:
                return
        self._follow()
        self.rows_changed.emit()
        self.detail_changed.emit()

    def _forget_mended(self) -> None:
        """What a check found of a model is past once its file is whole again."""
        damaged = {model.id for model in self.models or () if model.problem is not None}
        self.checks = {model: check for model, check in self.checks.items() if check.is_sound or model in damaged}

    def _take_download(self, download: Download) -> None:
        before = self.downloads.get(download.id)
        is_new = before is None
        self.downloads[download.id] = download
        if before is not None and before.phase != download.phase and download.phase in ("done", "failed"):
            words = model_rows.progress_of(download).left
            self.ended.emit(f"{download.name}: {words}", download.phase == "failed")
        if is_new and self.selected == ("offer", download.model):
            self.selected = ("download", download.id)

    def _follow(self) -> None:
        """Keep looking at the same model while it goes from the catalogue over a download into the library."""
        if self.selected is None:
            return
        kind, name = self.selected
        if kind == "download":
            download = self.downloads.get(DownloadId(name))
            if download is None:
                self.selected = None
            elif download.phase == "done" and download.installed and self.model(download.installed):
                self.selected = ("model", download.installed)
                self._sizes.pop(download.model, None)
        elif kind == "model" and self.models is not None and self.model(name) is None:
            self.selected = None


def _fetching(shelf: Shelf, offer: Offer, size: OfferedSize | None) -> Download | None:
    """The download that fetches just this size."""
    downloads = shelf.fetching_of(offer)
    return next((one for one in downloads if size is not None and one.size_key == size.size.key), None)
