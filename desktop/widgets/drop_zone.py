"""Where files may be dropped: a dashed outline with words, green while files hang over it.

Takes no drops itself, the window does, everywhere; it only shows what letting go would do.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.widgets.mark import Mark
from desktop.widgets.painting import Themed, fill_round, painter_for
from desktop.widgets.text import Text


class DropZone(Themed, QFrame):
    """`large` is the empty state: icon on top, heading, room for a button added by the view to `body`."""

    def __init__(self, theme: Theme, title: str, hint: str, *, large: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title_text = title
        self._over = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding if large else QSizePolicy.Policy.Fixed)
        centre = Qt.AlignmentFlag.AlignHCenter
        align = centre if large else Qt.AlignmentFlag.AlignLeft
        self._mark = Mark(theme, "upload", size=32 if large else 20, color="text2")
        self._title = Text(theme, title, "heading" if large else "bodyb", wrap=large, align=align)
        self._hint = Text(theme, hint, "body" if large else "small", color="text2", wrap=True, align=align)
        self.body = QVBoxLayout()
        self.body.setSpacing(8 if large else 2)
        self.body.addWidget(self._title)
        self.body.addWidget(self._hint)
        row: QBoxLayout = QVBoxLayout(self) if large else QHBoxLayout(self)
        row.setContentsMargins(24, 16, 24, 16)
        row.setSpacing(16)
        if large:
            row.addStretch()
        row.addWidget(self._mark, 0, centre if large else Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(self.body, 0 if large else 1)
        if large:
            row.addStretch()
        self.use_theme(theme)

    def show_files_over(self, words: str) -> None:
        """Words while files hang over the window; empty when they are gone."""
        self._over = bool(words)
        self._title.setText(words or self._title_text)
        self._title.set_color("local_text" if self._over else "text")
        self._mark.set_color("primary" if self._over else "text2")
        self.update()

    def show_hint(self, hint: str) -> None:
        """Say something else below the title."""
        self._hint.setText(hint)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        rect = QRectF(self.rect())
        radius = self.theme.radius("card")
        fill_round(painter, rect, radius, self.theme.color("local_bg" if self._over else "sunken"))
        pen = QPen(self.theme.color("primary" if self._over else "border_strong"), 2 if self._over else 1)
        if not self._over:
            pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
