"""Surfaces: a card with a hairline, a plain panel in a token's colour, and the hairline itself."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from desktop.theme import Theme, ToneName
from desktop.widgets.painting import Themed, fill_round, painter_for


class Card(Themed, QFrame):
    """A rounded surface; with a tone it is tinted, `outline` names another colour for its edge. It brings no layout."""

    def __init__(
        self, theme: Theme, *, tone: ToneName | None = None, outline: str = "border", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.tone: ToneName | None = tone
        self._outline = outline
        self.use_theme(theme)

    def set_tone(self, tone: ToneName | None) -> None:
        if tone != self.tone:
            self.tone = tone
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        fill, outline = self.theme.color("surface"), self.theme.color(self._outline)
        if self.tone is not None:
            colors = self.theme.tone(self.tone)
            fill, outline = colors.background, colors.border
        if self.theme.high_contrast and self._outline == "border":
            outline = self.theme.color("border_strong")
        fill_round(painter_for(self), QRectF(self.rect()), self.theme.radius("card"), fill, outline)


class Panel(Themed, QWidget):
    """A flat area in a token's colour with an optional hairline on one edge."""

    def __init__(
        self,
        theme: Theme,
        color: str = "canvas",
        *,
        edge: Literal["", "left", "right", "top", "bottom"] = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._color = color
        self._edge = edge
        self.use_theme(theme)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        painter.fillRect(self.rect(), self.theme.color(self._color))
        width, height = self.width(), self.height()
        edges = {
            "left": (0, 0, 1, height),
            "right": (width - 1, 0, 1, height),
            "top": (0, 0, width, 1),
            "bottom": (0, height - 1, width, 1),
        }
        if self._edge:
            painter.fillRect(*edges[self._edge], self.theme.color("border"))


class Divider(Themed, QWidget):
    """A horizontal hairline."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.use_theme(theme)

    def sizeHint(self) -> QSize:
        return QSize(1, 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter_for(self).fillRect(self.rect(), self.theme.color("divider"))
