"""What to ask when the store cannot be opened by itself. QtCore only; a passphrase is passed on, never kept."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop import wording
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings.words import Words
from engine import events, intents
from engine.errors import StoreLocked, StrongroomError

translate = QCoreApplication.translate
SHORTEST = 10  # characters of a new passphrase; argon2id slows guessing, length makes it hopeless

Question = Literal["none", "choose", "passphrase", "retry"]


class UnlockModel(QObject):
    """`question` says what to show: choose a protection, enter the passphrase, or try again after a remedy."""

    changed = Signal()
    opened = Signal()

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._last: Literal["keyring", "passphrase", "memory"] = "keyring"
        self.question: Question = "none"
        self.words: Words | None = None
        self.is_new = False
        self.is_busy = False
        self.was_refused = False
        bridge.happened.connect(self._take)

    def _take(self, event: events.Event) -> None:
        match event:
            case events.StoreNeedsKey():
                self.is_busy = False
                self.is_new = event.is_new
                self.words = wording.words_for(event.error)
                self.question = _question(event.error, is_new=event.is_new)
                self.was_refused = isinstance(event.error, StoreLocked) and event.error.reason == "wrong_passphrase"
                self.changed.emit()
            case events.StoreOpened():
                self.question, self.words, self.is_busy = "none", None, False
                self.opened.emit()
                self.changed.emit()

    def why_not(self, passphrase: str, again: str) -> str:
        """Why these cannot be the new passphrase yet; empty when they can."""
        if len(passphrase) < SHORTEST:
            return translate("unlock", "Use at least {n} characters. Several words are easy to remember.").format(n=SHORTEST)
        return "" if passphrase == again else translate("unlock", "The two entries differ.")

    def use_passphrase(self, passphrase: str) -> None:
        """Open with a passphrase, or protect a new store with it."""
        self._submit("passphrase", passphrase)

    def use_memory(self) -> None:
        """Work without storing anything."""
        self._submit("memory")

    def try_again(self) -> None:
        """After the keyring was unlocked, a file restored, or the other window closed."""
        self._submit("keyring" if self._last == "passphrase" else self._last)

    def _submit(self, protection: Literal["keyring", "passphrase", "memory"], passphrase: str = "") -> None:
        self._last = protection
        self.is_busy = True
        self.changed.emit()
        self._bridge.submit(intents.UnlockStore(protection, passphrase))


def _question(error: StrongroomError, *, is_new: bool) -> Question:
    if not isinstance(error, StoreLocked):
        return "retry"
    if error.reason in ("needs_passphrase", "wrong_passphrase"):
        return "passphrase"
    return "choose" if is_new else "retry"
