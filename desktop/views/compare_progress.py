"""The bar that shows that an answer is on its way; its moving dots have the colour of the place where the answer is made."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent

from desktop.widgets.painting import painter_for
from desktop.widgets.progress import ProgressBar

DOTS = 5  # as the bar for local work has


class PaneBar(ProgressBar):
    """Copper where the answer comes from another computer."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._share is not None or self._tone == "local":
            super().paintEvent(event)
            return
        painter = painter_for(self)
        painter.setPen(Qt.PenStyle.NoPen)
        side = self.height()
        for dot in range(DOTS):
            lit = dot == self._step or self.theme.reduced_motion
            painter.setBrush(self.theme.tone(self._tone).solid if lit else self.theme.color("track"))
            painter.drawEllipse(QRectF(dot * 3 * side, 0, side, side))
