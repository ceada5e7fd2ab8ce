"""Wishes that need the lock to be open for downloads: asked about first, then sent, and repeated once it is open.

QtCore only. It opens nothing by itself: `open` is called when a person said so.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop.viewmodels.window_model import EngineBridge
from engine.errors import NetworkRefused, StrongroomError
from engine.events import Event, SettingsChanged
from engine.intents import Intent
from engine.model_events import NetworkChanged
from engine.model_intents import OpenNetwork
from engine.network_records import NetworkState


@dataclass(frozen=True)
class LockQuestion:
    """What a person must know before the lock is opened: which hosts may be reached, and what exactly is sent to them.

    `proxy` is the address of the one on the way there, '' for none.
    """

    hosts: tuple[str, ...]
    sends: str
    proxy: str = ""


class LockGate(QObject):
    """`asked` carries a LockQuestion: show it, then call `open` or `forget`. `sent` carries a wish that was handed in."""

    asked = Signal(object)
    sent = Signal(object)
    changed = Signal()

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.state = NetworkState()
        self._last: tuple[Intent, str] | None = None
        self._waits_for_lock: Intent | None = None
        bridge.happened.connect(self._take)

    @property
    def is_open(self) -> bool:
        """Whether models may be looked for and downloaded now."""
        return "models" in self.state.open_purposes

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that downloads may reach, whether the lock is open or not."""
        return dict(self.state.hosts).get("models", ())

    def wish(self, intent: Intent, sends: str) -> None:
        """Hand in a wish that needs the network, or ask first; `sends` says in a sentence what leaves for it."""
        self._last = (intent, sends)
        if self.is_open:
            self._send(intent)
        else:
            self._ask(sends)

    def _send(self, intent: Intent) -> None:
        self.sent.emit(intent)
        self._bridge.submit(intent)

    def was_refused(self, error: StrongroomError | None) -> bool:
        """Whether an answer means that the lock was closed for the last wish; if so, it is asked about."""
        closed = isinstance(error, NetworkRefused) and error.reason == "offline" and error.purpose in ("models", "")
        if not closed or self._last is None or self._waits_for_lock is not None:
            return False
        self._ask(self._last[1])
        return True

    def open(self) -> None:
        """Open the lock for downloads; the wish that asked for it is repeated when it is open."""
        self._waits_for_lock = self._last[0] if self._last else None
        self._bridge.submit(OpenNetwork("models"))

    def forget(self) -> None:
        """The lock stays closed, and the wish is dropped."""
        self._last = self._waits_for_lock = None

    def _ask(self, sends: str) -> None:
        self.asked.emit(LockQuestion(self.hosts, sends, self.state.proxy))

    def _take(self, event: Event) -> None:
        if isinstance(event, SettingsChanged) and "models" not in event.settings.open_purposes:
            self._waits_for_lock = None  # it could not be opened; what waited must not leave when it is, for something else
        if not isinstance(event, NetworkChanged):
            return
        self.state = event.state
        if self.is_open and self._waits_for_lock is not None:
            intent, self._waits_for_lock = self._waits_for_lock, None
            self._send(intent)
        self.changed.emit()
