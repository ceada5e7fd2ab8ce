"""Requests whose cost is not known, until the user enters what the invoice says. QtCore only."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop import wording
from desktop.viewmodels import costs_entry as entry
from desktop.viewmodels.window_model import EngineBridge
from engine import events, ledger_intents
from engine import ledger_events as happened
from engine.ledger_records import OpenCall

_DEAREST = 1_000_000  # dollars for a request
_NANO, _PLACES = 1_000_000_000, 9


class OpenCallsModel(QObject):
    """Requests whose cost is not known. `changed`: the list, or a problem with an amount."""

    changed = Signal()

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.calls: tuple[OpenCall, ...] = ()
        self.has_listed = False
        self.problems: dict[str, str] = {}  # by the id of the request
        self._resolving = ""
        bridge.happened.connect(self._take)

    def look(self) -> None:
        self._bridge.submit(ledger_intents.ListOpenCalls())

    def resolve(self, call: OpenCall, typed: str) -> None:
        """Enter what the invoice says, in dollars."""
        read = entry.number(typed.strip().removeprefix("$"), most=_DEAREST, places=_PLACES)
        if read.value is None:
            self.problems = {**self.problems, call.id: read.problem}
        else:
            self.problems = {key: words for key, words in self.problems.items() if key != call.id}
            self._resolving = call.id
            self._bridge.submit(ledger_intents.ResolveCall(call.id, int(read.value * _NANO)))
        self.changed.emit()

    def _take(self, event: events.Event) -> None:
        match event:
            case happened.OpenCallsListed():
                self.calls, self.has_listed, self._resolving = event.calls, True, ""
            case happened.LedgerRefused(wish="ResolveCall") if self._resolving:
                words = wording.words_for(event.error)
                self.problems = {**self.problems, self._resolving: f"{words.happened} {words.to_do}"}
                self._resolving = ""
            case _:
                return
        self.changed.emit()
