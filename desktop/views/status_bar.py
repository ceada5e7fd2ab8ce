"""The status bar: lock state first, then model, memory and speed, at the right what the month has saved.

Each part opens the screen it belongs to.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.lock import LockModel
from desktop.viewmodels.window_model import WindowModel
from desktop.widgets.announce import announce
from desktop.widgets.card import Panel
from desktop.widgets.status_part import StatusPart

translate = QCoreApplication.translate


class StatusBar(Panel):
    """`wanted` carries the part of the settings to open: privacy or models. `ledger_wanted` asks for the ledger."""

    wanted = Signal(str)
    ledger_wanted = Signal()

    def __init__(self, theme: Theme, model: WindowModel, lock: LockModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, "sidebar", edge="top", parent=parent)
        self._model = model
        self._lock = lock
        self._spoken = ""
        self._lock_spoken = ""
        self.setAccessibleName(translate("StatusBar", "Status bar"))
        self.lock = StatusPart(theme, icon="lock", tinted=True)
        self.model_part = StatusPart(theme, strong=True)
        self.memory = StatusPart(theme, icon="memory-stick")
        self.speed = StatusPart(theme, icon="gauge")
        self.saved = StatusPart(theme, icon="receipt-text")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, 0, 0)
        row.setSpacing(0)
        for part, screen in (
            (self.lock, "privacy"),
            (self.model_part, "models"),
            (self.memory, "models"),
            (self.speed, "models"),
        ):
            row.addWidget(part)
            part.clicked.connect(lambda _=False, screen=screen: self.wanted.emit(screen))
        row.addStretch(1)
        row.addWidget(self.saved)
        self.saved.clicked.connect(self.ledger_wanted)
        model.status_changed.connect(self._show)
        lock.changed.connect(self._show_lock)
        self._show_lock()
        self._show()

    def _show_lock(self) -> None:
        words = self._lock.words
        self.lock.show_state(words.text, name=words.text, tone=words.tone, icon=words.icon)
        if words.text != self._lock_spoken and self._lock_spoken:
            announce(self, words.text)
        self._lock_spoken = words.text
        self._fit()

    def _show(self) -> None:
        words = self._model.model_words
        name = translate("StatusBar", "Model: {state}").format(state=words.text)
        self.model_part.show_state(words.text, name=name, tone=words.tone)
        if words.text != self._spoken and self._spoken:
            announce(self, name, urgent=words.tone == "danger")
        self._spoken = words.text
        memory = self._model.memory_words
        spoken = translate("StatusBar", "Memory in use: {amount}").format(amount=memory)
        self.memory.show_state(memory, name=spoken, share=self._model.memory_share)
        speed = self._model.speed_words
        self.speed.show_state(speed, name=translate("StatusBar", "Last measured speed: {speed}").format(speed=speed))
        saved, figure = self._model.saved_words
        self.saved.show_state(saved, name=f"{saved} {figure}".strip(), figure=figure)
        self._fit()

    def _fit(self) -> None:
        """Where the room is short, speed goes first, then memory, then savings; the lock state and the model stay."""
        room = self.width() - self.lock.sizeHint().width() - self.model_part.sizeHint().width()
        for part in (self.saved, self.memory, self.speed):
            room -= part.sizeHint().width()
            part.setVisible(bool(part.words) and room >= 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "speed"):
            self._fit()
