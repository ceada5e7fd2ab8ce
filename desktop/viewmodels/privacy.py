"""The Privacy page, ready to show: the lock, the network log, the allowed hosts, the token for gated models.

QtCore only. A token passes through on its way to the keyring and is not kept here.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Signal

from desktop import figures
from desktop.viewmodels.connection_table import ConnectionTable
from desktop.viewmodels.lock import LockModel
from desktop.viewmodels.lock_gate import LockGate, LockQuestion
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings import connections
from engine import events, model_events, model_intents
from engine.network_records import Purpose

PERIODS: tuple[int | None, ...] = (7, 30, None)  # days; None is everything that is kept
_NAMED = 4  # hosts that are named one by one in a row


class PrivacyModel(QObject):
    """`changed`: anything but the rows of the log, which tell of themselves."""

    changed = Signal()
    asked = Signal(object)  # a LockQuestion, before anything is opened

    def __init__(self, bridge: EngineBridge, lock: LockModel) -> None:
        super().__init__()
        self._bridge = bridge
        self.lock = lock
        self.gate = LockGate(bridge)
        self.log = ConnectionTable()
        self.days: int | None = PERIODS[0]
        self.has_listed = False
        self.token_is_kept: bool | None = None
        self._sent_for_compare = 0
        self._hub = ""
        lock.changed.connect(self.changed)
        bridge.happened.connect(self._take)

    # ------------------------------------------------------------ wishes
    def look(self) -> None:
        """Ask for the log of the chosen period."""
        self._bridge.submit(model_intents.ListConnections(self.days))

    def choose_period(self, days: int | None) -> None:
        self.days = days
        self.look()
        self.changed.emit()

    def close_lock(self) -> None:
        """At once; nobody is asked."""
        self.lock.close()

    def ask_to_open(self) -> None:
        """Say what opening means; the lock stays closed until that was agreed to."""
        sends = self.tr(
            "What you type into the search for models, and the names of the model files that you choose. "
            "Nothing about your documents."
        )
        self.gate.forget()
        self.asked.emit(LockQuestion(self.lock.hosts_for("models"), sends, self.lock.network.proxy))

    def export(self, file: Path) -> None:
        """Write the log of the chosen period as CSV."""
        self._bridge.submit(model_intents.ExportConnections(file, self.days))

    def keep_token(self, token: str) -> None:
        """Hand a token to the system's keyring."""
        if token.strip():
            self._bridge.submit(model_intents.KeepHubToken(token.strip()))

    def forget_token(self) -> None:
        self._bridge.submit(model_intents.ForgetHubToken())

    # ------------------------------------------------------------ ready to show
    @property
    def left_words(self) -> str:
        """How much text left in the period; empty until the log was read."""
        return connections.left(self._sent_for_compare, self.days) if self.has_listed else ""

    @property
    def hosts_words(self) -> str:
        """Which hosts may be reached: named where they are few, the hub's own name and their number where not."""
        lines = [self._hosts_line(purpose, hosts) for purpose, hosts in self.lock.network.hosts if hosts]
        if not lines:
            return self.tr("None. Every connection is blocked.")
        return "\n".join([*lines, self.tr("Everything else is blocked.")])

    def _hosts_line(self, purpose: Purpose, hosts: tuple[str, ...]) -> str:
        name = connections.purpose_name(purpose)
        if len(hosts) <= _NAMED:
            return self.tr("{purpose}: {hosts}.").format(purpose=name, hosts=", ".join(hosts))
        words = self.tr("{purpose}: {host} and {n} hosts that it sends files from.")
        first = self._hub if self._hub in hosts else hosts[0]
        return words.format(purpose=name, host=first, n=figures.number(len(hosts) - 1))

    @property
    def hosts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Every host that may be reached, by the name of the purpose."""
        return tuple((connections.purpose_name(purpose), hosts) for purpose, hosts in self.lock.network.hosts if hosts)

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case events.SettingsChanged():
                self._hub = urlsplit(event.settings.hub).hostname or ""
            case model_events.ConnectionsListed() if event.days == self.days:
                self.log.fill(event.connections)
                self._sent_for_compare = event.sent_for_compare
                self.has_listed = True
            case model_events.ConnectionLogged() if self.has_listed:
                self.log.put(event.connection)
                if event.connection.purpose == "compare" and event.connection.outcome != "open":
                    self.look()  # the sum of what left is the engine's to make
            case model_events.HubTokenChanged():
                self.token_is_kept = event.is_kept
            case _:
                return
        self.changed.emit()
