"""The offline lock, ready to show: what is open, what runs through it, for how long. One for the whole window.

QtCore only. The engine decides and enforces; what is shown here is what it said last, and before it has said
anything the lock is closed, since then nothing can have been opened.
"""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings import lock
from desktop.wordings.words import StatusWords
from engine import events, model_events, model_intents
from engine.model_records import Download, DownloadId
from engine.network_records import NetworkState, Purpose

_FETCHING = ("connecting", "downloading", "retrying")


class LockModel(QObject):
    """`changed` follows every change of the lock and of what is downloaded."""

    changed = Signal()

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.network = NetworkState()
        self._fetching: set[DownloadId] = set()
        self._n_waiting = 0  # texts that are being read before they may be sent
        bridge.happened.connect(self._take)

    # ------------------------------------------------------------ wishes
    def open_for(self, purpose: Purpose) -> None:
        """Allow connections for a purpose; to be called only after the user agreed to the hosts that were shown."""
        if not self.is_open_for(purpose):
            self._bridge.submit(model_intents.OpenNetwork(purpose))

    def close(self) -> None:
        """Close the lock at once. Wished for even if it seems closed: what is shown may be a moment old."""
        self._bridge.submit(model_intents.CloseNetwork())

    def wait_for_send(self, waits: bool) -> None:
        """A text is shown for approval, or no longer; called once for each."""
        self._n_waiting = max(0, self._n_waiting + (1 if waits else -1))
        self.changed.emit()

    # ------------------------------------------------------------ ready to show
    def is_open_for(self, purpose: Purpose) -> bool:
        return purpose in self.network.open_purposes

    def hosts_for(self, purpose: Purpose) -> tuple[str, ...]:
        """The hosts that may be reached for a purpose once it is open."""
        return dict(self.network.hosts).get(purpose, ())

    @property
    def words(self) -> StatusWords:
        """As the status bar shows it."""
        return lock.state(self.network, len(self._fetching), waits_for_send=self._n_waiting > 0)

    @property
    def title(self) -> str:
        return lock.title(self.network)

    @property
    def sentence(self) -> str:
        return lock.sentence(self.network)

    def since(self, now: datetime | None = None) -> str:
        """`Closed for 3 h 12 min`."""
        return lock.since(self.network, now or datetime.now(UTC))

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case model_events.NetworkChanged():
                self.network = event.state
            case model_events.DownloadChanged():
                if not self._note(event.download):
                    return
            case model_events.DownloadRemoved() if event.download in self._fetching:
                self._fetching.discard(event.download)
            case _:
                return
        self.changed.emit()

    def _note(self, download: Download) -> bool:
        """Whether a download has begun or ceased to fetch; progress in between says nothing new about the lock."""
        fetches = download.phase in _FETCHING
        if fetches == (download.id in self._fetching):
            return False
        (self._fetching.add if fetches else self._fetching.discard)(download.id)
        return True
