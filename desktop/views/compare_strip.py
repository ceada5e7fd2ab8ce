"""The answers beside each other: all of them where there is room, two and a bar to scroll to the others where there is not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from desktop.theme import Theme

GAP = 16
_WIDE_WINDOW = 1120  # design width below which two answers are shown and the others scrolled to
_BESIDE = 2
_HEIGHT = 320  # design pixels that an answer keeps
_BAR = 14


class PaneStrip(QScrollArea):
    """Owns the panes it shows."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.panes: list[QWidget] = []
        self._content = QWidget()
        self._row = QHBoxLayout(self._content)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(self._content)
        self._content.setAutoFillBackground(False)
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._fit)
        theme.changed.connect(self._fit)

    def show_panes(self, panes: Sequence[QWidget]) -> None:
        """Show these from the left; those from before are gone."""
        for pane in self.panes:
            self._row.removeWidget(pane)
            pane.hide()
            pane.deleteLater()
        self.panes = list(panes)
        for pane in self.panes:
            self._row.addWidget(pane, 1)
            pane.installEventFilter(self)
            pane.show()
        self.horizontalScrollBar().setValue(0)
        self._fit()

    @property
    def n_beside(self) -> int:
        """How many are seen at once."""
        n = len(self.panes)
        return n if self.window().width() >= _WIDE_WINDOW * self._theme.scale else min(n, _BESIDE)

    def bring(self, place: int) -> None:
        """Scroll to a pane."""
        if 0 <= place < len(self.panes):
            self.ensureWidgetVisible(self.panes[place], 0, 0)

    def _fit(self) -> None:
        n, beside = len(self.panes), self.n_beside
        if n == 0:
            return
        width = (self.width() - (beside - 1) * GAP) // beside
        for pane in self.panes:
            pane.setFixedWidth(max(1, width))
        scrolls = beside < n
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(policy)
        self._row.setContentsMargins(0, 0, 0, 6 if scrolls else 0)
        highest = max(_least_height(pane, width) for pane in self.panes)
        self.setMinimumHeight(max(highest, self._theme.px(_HEIGHT)) + (_BAR + 6 if scrolls else 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A pane that comes to need more or less room is not cut off."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._soon.start()
        return super().eventFilter(watched, event)

    def fit_heights(self) -> None:
        """A pane came to need more or less room."""
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self._theme.px(_HEIGHT))


def _least_height(pane: QWidget, width: int) -> int:
    """What a pane needs at this width, sentences that wrap included: the height that Qt gives to what is scrolled."""
    return max(pane.layout().totalHeightForWidth(width), pane.sizeHint().height() if not pane.hasHeightForWidth() else 0)
