"""The line under an answer on its way: a bar or moving dots, what is being done, for how long, and Stop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels import answer_words
from desktop.viewmodels.exchange import Exchange
from desktop.widgets.button import Button
from desktop.widgets.progress import ProgressBar
from desktop.widgets.text import Text

_SHOW_TIME_AFTER_S = 3


class AnswerProgress(QWidget):
    """`words` says what is being done with the exchange at the moment of the call."""

    stopped = Signal()

    def __init__(self, theme: Theme, exchange: Exchange, words: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exchange = exchange
        self._words = words
        self._bar = ProgressBar(theme, self.tr("Progress of the answer"))
        self._bar.setFixedWidth(72)
        self._label = Text(theme, "", "small", color="text2", elide=True)
        self._stop = Button(theme, self.tr("Stop"), icon="square", size="s")
        self._stop.set_hint(self.tr("Stop writing. What is written is kept (Esc)"))
        self._stop.clicked.connect(self.stopped)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._bar)
        row.addWidget(self._label, 1)
        row.addWidget(self._stop)
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self.refresh)

    def refresh(self) -> None:
        """Show how far it is now."""
        progress = self._exchange.progress
        words = self._words()
        if progress.seconds >= _SHOW_TIME_AFTER_S:
            words = f"{words} · {answer_words.elapsed(progress.seconds)}"
        self._label.setText(words)
        self._bar.set_share(progress.share)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._tick.start()

    def hideEvent(self, event: object) -> None:
        super().hideEvent(event)  # type: ignore[arg-type]
        self._tick.stop()
