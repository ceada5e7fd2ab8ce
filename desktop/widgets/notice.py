"""One line about something that just happened, with at most one thing to do about it.

It lies over the top of the page, where nothing is written or pressed, and goes by itself unless it is about a
failure.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

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
_MARGIN = 16


class Notice(Card):
    """Child of the area it lies over; hidden until `tell` is called."""

    def __init__(self, theme: Theme, over: QWidget, *, close_name: str) -> None:
        super().__init__(theme, parent=over)
        self._do: Callable[[], None] | None = None
        self._mark = Mark(theme, "info")
        self._words = Text(theme, "", wrap=True, align=Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._action = Button(theme, "", size="s")
        self._close = IconButton(theme, "x", close_name, size="s")
        row = QHBoxLayout(self)
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
        over.installEventFilter(self)
        self.hide()

    def tell(self, words: str, *, tone: ToneName = "neutral", action: str = "", do: Callable[[], None] | None = None) -> None:
        """Show a line; `action` is the verb of its button, `do` what it does. Failures stay until closed."""
        failure = tone in ("danger", "caution")
        self.set_tone(None if tone == "neutral" else tone)
        self._mark.show_icon(_ICONS[tone], "text2" if tone == "neutral" else f"{tone}_text")
        self._words.setText(words)
        self._words.set_color("text" if tone == "neutral" else f"{tone}_text")
        self._action.setVisible(bool(action))
        self._action.setText(action)
        self._do = do
        self._place()
        self.show()
        self.raise_()
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

    def _place(self) -> None:
        over = self.parentWidget()
        width = min(self.theme.px(560), over.width() - 2 * _MARGIN)
        height = max(self.theme.px(44), self.layout().heightForWidth(width))
        self.setGeometry((over.width() - width) // 2, _MARGIN, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False
