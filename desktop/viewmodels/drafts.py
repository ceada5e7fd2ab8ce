"""What is being written and not yet asked, kept for each conversation, and handed to the engine after a pause.

QtCore only. A draft is given up when its question is stored and not before.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from desktop.viewmodels.window_model import EngineBridge
from engine.intents import KeepDraft
from engine.records import ConversationId, MatterId

PAUSE_MS = 500
Place = tuple[MatterId, ConversationId | None]


class Drafts(QObject):
    """Drafts by place; a place is a matter and a conversation, None being the next one."""

    def __init__(self, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._texts: dict[Place, str] = {}
        self._unsaved: dict[Place, str] = {}
        self._timer = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._timer.timeout.connect(self.flush)
        if (application := QCoreApplication.instance()) is not None:
            application.aboutToQuit.connect(self.flush)  # the engine is closed after Qt's loop, so it still hears this

    def text(self, place: Place) -> str:
        return self._texts.get(place, "")

    def learn(self, place: Place, stored: str) -> None:
        """Take a stored draft, unless something was written here since the start."""
        self._texts.setdefault(place, stored)

    def write(self, place: Place, text: str) -> None:
        """Note what is written now; the engine hears of it after a pause."""
        if text != self._texts.get(place, ""):
            self._texts[place] = text
            self._unsaved[place] = text
            self._timer.start()

    def show_empty(self, place: Place) -> None:
        """The text is on its way as a question: no longer a draft to show, but kept in the store until that is certain."""
        self.flush()
        self._texts[place] = ""

    def drop(self, place: Place) -> None:
        """The question is stored: its draft has done its work."""
        self._unsaved[place] = self._texts.get(place, "")
        self.flush()

    def flush(self) -> None:
        """Hand over what the engine has not heard yet."""
        self._timer.stop()
        unsaved, self._unsaved = self._unsaved, {}
        for (matter, conversation), text in unsaved.items():
            self._bridge.submit(KeepDraft(matter, conversation, text))
