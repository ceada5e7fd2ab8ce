"""The offline lock with its switch: closing is immediate, opening asks first and names the hosts."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout

from desktop.theme import Theme
from desktop.viewmodels.privacy import PrivacyModel
from desktop.widgets.card import Card
from desktop.widgets.mark import Mark
from desktop.widgets.switch import Switch
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_AGAIN_MS = 20_000
_WORDS = 300  # design pixels that the sentence keeps beside the switch


class LockCard(Card):
    """Green while the lock is closed, neutral while it is open; copper is for text that leaves, which this is not."""

    def __init__(self, theme: Theme, model: PrivacyModel) -> None:
        super().__init__(theme, tone="local")
        self._model = model
        self._mark = Mark(theme, "lock", size=24, color="local_text")
        self._title = Text(theme, "", "subtitle", wrap=True)
        self._sentence = Text(theme, "", wrap=True)
        self._since = Text(theme, "", "small")
        self.switch = Switch(theme, translate("Privacy", "Offline lock"))
        self._lay_out()
        self._timer = QTimer(self, interval=_AGAIN_MS)
        self._timer.timeout.connect(self._show_since)
        self.switch.clicked.connect(self._switch)
        model.changed.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._sentence)
        self._state = QBoxLayout(_BESIDE)
        self._state.setSpacing(12)
        self._state.addWidget(self._since, 0, _MIDDLE)
        self._state.addWidget(self.switch, 0, _MIDDLE)
        self._line = QBoxLayout(_BESIDE)
        self._line.setSpacing(12)
        self._line.addLayout(words, 1)
        self._line.addLayout(self._state)
        row = QBoxLayout(_BESIDE, self)
        row.setContentsMargins(20, 16, 16, 16)
        row.setSpacing(16)
        row.addWidget(self._mark, 0, _MIDDLE)
        row.addLayout(self._line, 1)

    # ------------------------------------------------------------ showing
    def _show(self) -> None:
        lock = self._model.lock
        closed = lock.network.is_closed
        color = "local_text" if closed else "text"
        self.set_tone("local" if closed else None)
        self._mark.show_icon("lock" if closed else "lock-open", color)
        self._title.setText(lock.title)
        self._sentence.setText(lock.sentence)
        for text in (self._title, self._sentence, self._since):
            text.set_color(color)
        self.switch.setChecked(closed)
        self.switch.setToolTip(
            translate("Privacy", "Open the lock for downloads") if closed else translate("Privacy", "Close the lock at once")
        )
        self.setAccessibleName(f"{lock.title}. {lock.sentence}")
        self._show_since()

    def _show_since(self) -> None:
        self._since.setText(self._model.lock.since())

    def _switch(self) -> None:
        wants_closed = self.switch.isChecked()
        self.switch.setChecked(self._model.lock.network.is_closed)  # it moves when the engine says that it happened
        if wants_closed:
            self._model.close_lock()
        else:
            self._model.ask_to_open()

    # ------------------------------------------------------------ size and time
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_since()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        state = self._since.sizeHint().width() + self.switch.sizeHint().width()
        beside = self.theme.px(_WORDS) + state + 100 <= self.width()
        if (self._line.direction() == _BESIDE) != beside:
            self._line.setDirection(_BESIDE if beside else _BELOW)
