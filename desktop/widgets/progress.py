"""A four-pixel progress bar; where the length is unknown, moving dots instead of an invented share.

Words (what, how far, time left) belong beside it, in the view.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from desktop.theme import Theme, ToneName
from desktop.widgets.painting import Themed, painter_for

_HEIGHT = 4
_DOTS = 5
_PACE = 120  # milliseconds between two pictures of the dots
_FINE = 1000  # steps of the accessible value


def paint_bar(painter: QPainter, theme: Theme, rect: QRectF, share: float, tone: ToneName = "local") -> None:
    """A track with its filled share, 0 to 1; tables paint the same bar."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("track"))
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    filled = QRectF(rect.left(), rect.top(), max(rect.height(), rect.width() * min(1.0, max(0.0, share))), rect.height())
    if share > 0:
        painter.setBrush(theme.tone(tone).solid)
        painter.drawRoundedRect(filled, rect.height() / 2, rect.height() / 2)


class ProgressBar(Themed, QProgressBar):
    """How far something is: `set_share(0 to 1)`, or `set_share(None)` for moving dots."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share: float | None = 0.0
        self._tone: ToneName = "local"
        self._step = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_PACE)
        self._timer.timeout.connect(self._advance)
        self.setAccessibleName(name)
        self.setTextVisible(False)
        self.setRange(0, _FINE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.use_theme(theme)

    def set_share(self, share: float | None) -> None:
        """Show a share of 0 to 1, or that the length is not known."""
        self._share = share
        if share is None:
            self.setRange(0, 0)
        else:
            self.setRange(0, _FINE)
            self.setValue(round(share * _FINE))
        self._run_dots()
        self.update()

    def set_tone(self, tone: ToneName) -> None:
        """Fill it in the colour of a meaning; words beside it say the same."""
        self._tone = tone
        self.update()

    def restyle(self) -> None:
        super().restyle()
        self._run_dots()

    def _run_dots(self) -> None:
        if self._share is None and self.isVisible() and not self.theme.reduced_motion:
            self._timer.start()
        else:
            self._timer.stop()

    def _advance(self) -> None:
        self._step = (self._step + 1) % _DOTS
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run_dots()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def sizeHint(self) -> QSize:
        return QSize(72, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        if self._share is not None:
            paint_bar(painter, self.theme, QRectF(self.rect()), self._share, self._tone)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        for dot in range(_DOTS):
            lit = dot == self._step or self.theme.reduced_motion
            painter.setBrush(self.theme.color("primary" if lit else "track"))
            painter.drawEllipse(QRectF(dot * 3 * _HEIGHT, 0, _HEIGHT, _HEIGHT))
