"""One line about something that just happened, with at most one thing to do about it.

It takes its own room above the page, so that it covers nothing that is read, written or pressed, and goes by
itself unless it is about a failure.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme, ToneName
from desktop.widgets.announce import announce
from desktop.widgets.button import Button, IconButton
from desktop.widgets.card import Card
from desktop.widgets.mark import Mark
from desktop.widgets.text import Text

_STAYS_MS = 8_000
_ICONS: dict[ToneName, str] = {
    "local": "check",
    "caution": "triangle-alert",
    "danger": "circle-alert",
    "neutral": "info",
    "outbound": "arrow-up-right",
}


class Notice(QWidget):
    """Hidden until `tell` is called; then a card with room around it."""

    def __init__(self, theme: Theme, *, close_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._do: Callable[[], None] | None = None
        self._mark = Mark(theme, "info")
        self._words = Text(theme, "", wrap=True, align=Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._action = Button(theme, "", size="s")
        self._close = IconButton(theme, "x", close_name, size="s")
        self._card = Card(theme)
        around = QVBoxLayout(self)
        around.setContentsMargins(24, 12, 24, 0)
        around.addWidget(self._card)
        row = QHBoxLayout(self._card)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(10)
        row.addWidget(self._mark)
        row.addWidget(self._words, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_STAYS_MS)
        self._timer.timeout.connect(self.hide)
        self._action.clicked.connect(self._act)
        self._close.clicked.connect(self.hide)
        self.hide()

    def tell(self, words: str, *, tone: ToneName = "neutral", action: str = "", do: Callable[[], None] | None = None) -> None:
        """Show a line; `action` is the verb of its button, `do` what it does. Failures stay until closed."""
        failure = tone in ("danger", "caution")
        self._card.set_tone(None if tone == "neutral" else tone)
        self._mark.show_icon(_ICONS[tone], "text2" if tone == "neutral" else f"{tone}_text")
        self._words.setText(words)
        self._words.set_color("text" if tone == "neutral" else f"{tone}_text")
        self._action.setVisible(bool(action))
        self._action.setText(action)
        self._do = do
        self.show()
        announce(self, words, urgent=failure)
        if failure:
            self._timer.stop()
        else:
            self._timer.start()

    @property
    def words(self) -> str:
        """What it says now, empty while hidden."""
        return "" if self.isHidden() else self._words.text()

    def _act(self) -> None:
        self.hide()
        if self._do is not None:
            self._do()
