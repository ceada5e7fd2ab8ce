"""The only crossing between Qt's thread and the engine's: intents go in, events come out as one Qt signal.

Events arrive in order. Words of an answer that come faster than a screen shows them are merged into one event,
about thirty times a second; nothing else is merged or delayed further.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.compare_events import PaneGrew, PaneProgress
from engine.errors import Unexpected
from engine.events import AnswerGrew, AnswerProgress, Event, MemoryMeasured, ReadingProgress, Trouble
from engine.intents import Intent

if TYPE_CHECKING:  # importing the engine takes longer than painting the window, so it is done behind it
    from engine.service import Service

EVERY_MS = 33


class Bridge(QObject):
    """Made on Qt's thread. `receive` may be called on any thread; `happened` is emitted on Qt's."""

    happened = Signal(object)
    _something_came = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._service: Service | None = None
        self._started = threading.Event()
        self._early: list[Intent] = []
        self._waiting: list[Event] = []
        self._lock = threading.Lock()
        self._timer = QTimer(self, interval=EVERY_MS, singleShot=True)
        self._timer.timeout.connect(self._deliver)
        self._something_came.connect(self._start_timer)

    def start_engine(self, make: Callable[[], Service]) -> None:
        """Import and start the engine behind the window. Wishes handed in meanwhile wait for it."""
        threading.Thread(target=self._start, args=(make,), name="start engine", daemon=True).start()

    def _start(self, make: Callable[[], Service]) -> None:
        try:
            service = make()
            service.start()
        except Exception as fault:  # without an engine the window must still say why nothing happens
            self.receive(Trouble(Unexpected("start of the engine", type(fault).__name__)))
            self._started.set()
            return
        with self._lock:
            self._service, early, self._early = service, self._early, []
            for intent in early:
                service.submit(intent)
        self._started.set()

    def submit(self, intent: Intent) -> None:
        """Hand a wish to the engine; returns at once."""
        with self._lock:
            if self._service is None:
                self._early.append(intent)
            else:
                self._service.submit(intent)

    def close_engine(self, longest_s: float) -> None:
        """Close the engine and wait until everything is kept; at most `longest_s` seconds for one that still starts."""
        if self._started.wait(longest_s) and self._service is not None:
            self._service.close()

    def receive(self, event: Event) -> None:
        """Take an event from the engine's thread."""
        with self._lock:
            self._waiting.append(event)
            is_first = len(self._waiting) == 1
        if is_first:
            self._something_came.emit()

    @Slot()
    def _start_timer(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            events, self._waiting = self._waiting, []
        for event in merged(events):
            self.happened.emit(event)


def merged(events: Iterable[Event]) -> list[Event]:
    """Join neighbouring pieces of one answer, and keep only the newest of neighbouring progress reports of a kind.

    Answers that are written side by side are each joined by themselves: what two panes say has no order between them.
    """
    result: list[Event] = []
    for event in events:
        last = result[-1] if result else None
        if isinstance(event, PaneGrew) and (place := _place_of_pane(result, event)) is not None:
            result[place] = PaneGrew(event.request, event.pane, result[place].text + event.text)  # type: ignore[attr-defined]
        elif isinstance(event, AnswerGrew) and isinstance(last, AnswerGrew) and last.request == event.request:
            result[-1] = AnswerGrew(event.request, last.text + event.text)
        elif _replaces(last, event):
            result[-1] = event
        else:
            result.append(event)
    return result


def _place_of_pane(events: list[Event], event: PaneGrew) -> int | None:
    """Where the words of this pane that came last stand, if nothing but words of panes came after them."""
    for place in range(len(events) - 1, -1, -1):
        before = events[place]
        if not isinstance(before, PaneGrew):
            return None
        if (before.request, before.pane) == (event.request, event.pane):
            return place
    return None


def _replaces(last: Event | None, event: Event) -> bool:
    match last, event:
        case (AnswerProgress(), AnswerProgress()):
            return last.request == event.request and last.stage == event.stage
        case (PaneProgress(), PaneProgress()):
            return (last.request, last.pane, last.stage) == (event.request, event.pane, event.stage)
        case (ReadingProgress(), ReadingProgress()):
            return last.matter == event.matter
        case (MemoryMeasured(), MemoryMeasured()):
            return True
    return False
