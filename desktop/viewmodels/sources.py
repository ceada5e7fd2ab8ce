"""Where models come from and where they lie, ready to show: the hub, the way to it, the limit, the library's folder.

QtCore only. The engine judges addresses; one that it refuses is put back, and said why.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop import figures, wording
from desktop.viewmodels.settings import SettingsModel
from desktop.viewmodels.window_model import EngineBridge
from engine import events, model_events, model_intents
from engine.errors import NetworkFailed, NetworkRefused
from engine.settings import HUGGING_FACE

_MB = 1_000_000
LIMITS: tuple[int | None, ...] = (None, 500_000, _MB, 2 * _MB, 5 * _MB, 10 * _MB, 25 * _MB)  # bytes a second


class SourcesModel(QObject):
    """`changed`: show it again. `moving` is how far a move of the library is, None while none runs."""

    changed = Signal()

    def __init__(self, bridge: EngineBridge, settings: SettingsModel) -> None:
        super().__init__()
        self._bridge = bridge
        self._settings = settings
        self._tried: str | None = None  # which field was changed last
        self.problems: dict[str, str] = {}  # why an address was refused, by field
        self.moving: model_events.LibraryProgress | None = None
        self.move_problem = ""
        bridge.happened.connect(self._take)
        settings.changed.connect(self.changed)

    # ------------------------------------------------------------ wishes
    def use_hub(self, address: str) -> None:
        """Look for models somewhere else from now on; nothing typed means Hugging Face."""
        self._try("hub", address.strip() or HUGGING_FACE)

    def use_hosts(self, typed: str) -> None:
        """Further hosts that this hub sends files from, separated by commas or blanks."""
        hosts = tuple(dict.fromkeys(typed.replace(",", " ").split()))
        self._tried = None
        self._settings.change(hub_hosts=hosts)

    def use_proxy(self, proxy: str) -> None:
        """`system`, `none` or an address."""
        self._try("proxy", proxy.strip() or "system")

    def limit_to(self, bytes_per_s: int | None) -> None:
        self._settings.change(download_limit=bytes_per_s)

    def move_library(self, folder: Path) -> None:
        """Move every model file into another folder."""
        self.move_problem = ""
        self._bridge.submit(model_intents.MoveLibrary(folder))

    def stop_moving(self) -> None:
        self._bridge.submit(model_intents.StopLibraryWork())

    def _try(self, field: str, value: str) -> None:
        self._tried = field
        self.problems.pop(field, None)
        self._settings.change(**{field: value})
        self.changed.emit()

    # ------------------------------------------------------------ ready to show
    @property
    def hub(self) -> str:
        return self._settings.settings.hub

    @property
    def hosts(self) -> str:
        return ", ".join(self._settings.settings.hub_hosts)

    @property
    def proxy(self) -> str:
        return self._settings.settings.proxy

    @property
    def limit(self) -> int | None:
        return self._settings.settings.download_limit

    @property
    def folder_words(self) -> str:
        """Where the model files lie."""
        folder = self._settings.settings.models_folder
        return folder or self.tr("In Strongroom’s own folder, beside your data.")

    @property
    def moving_words(self) -> str:
        """`Moving: 2.9 of 5.0 GB`."""
        progress = self.moving
        if progress is None:
            return ""
        if not progress.n_bytes:
            return self.tr("Moving {name}").format(name=progress.about) if progress.about else self.tr("Moving")
        return self.tr("Moving: {part}").format(part=figures.part(progress.n_done, progress.n_bytes))

    @property
    def moving_share(self) -> float | None:
        if self.moving is None or not self.moving.n_bytes:
            return None
        return self.moving.n_done / self.moving.n_bytes

    def limit_words(self, bytes_per_s: int | None) -> str:
        return self.tr("No limit") if bytes_per_s is None else figures.rate(bytes_per_s)

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case model_events.LibraryProgress(work="move"):
                self.moving = None if event.is_done else event
                if event.is_done:
                    self.move_problem = wording.words_for(event.error).line if event.error else ""
            case events.Trouble() if isinstance(event.error, NetworkRefused | NetworkFailed) and self._tried:
                self._refuse(event.error)
            case _:
                return
        self.changed.emit()

    def _refuse(self, error: NetworkRefused | NetworkFailed) -> None:
        is_address = error.reason == ("proxy" if self._tried == "proxy" else "not_https")
        if self._tried and is_address:
            self.problems[self._tried] = wording.words_for(error).happened
            self._tried = None
            self._settings.go_back()
