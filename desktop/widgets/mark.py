"""Small pictures that carry meaning beside words: an icon, an icon on a tinted tile, the program's sign."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.icons import paint_icon
from desktop.theme import Theme, ToneName
from desktop.tokens import resource
from desktop.widgets.painting import Themed, fill_round, painter_for


class Mark(Themed, QWidget):
    """An icon, `size` design pixels wide, in a token's colour. The words beside it say the same."""

    def __init__(self, theme: Theme, icon: str, *, size: int = 16, color: str = "text2", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._size = size
        self._color = color
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.use_theme(theme)

    def show_icon(self, icon: str, color: str) -> None:
        self._icon, self._color = icon, color
        self.update()

    def set_color(self, color: str) -> None:
        self.show_icon(self._icon, color)

    def sizeHint(self) -> QSize:
        side = self.theme.px(self._size)
        return QSize(side, side + self.contentsMargins().top())

    def paintEvent(self, _event: QPaintEvent) -> None:
        side = self.theme.px(self._size)
        above = self.contentsMargins().top()
        where = QRectF(0, above + (self.height() - above - side) // 2, side, side)
        paint_icon(painter_for(self), where, self._icon, self.theme.color(self._color))


class MarkTile(Themed, QWidget):
    """An icon on a tinted square of 44 design pixels, the head of an error card."""

    def __init__(self, theme: Theme, icon: str, tone: ToneName, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._tone: ToneName = tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.use_theme(theme)

    def show_icon(self, icon: str, tone: ToneName) -> None:
        self._icon, self._tone = icon, tone
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(44), self.theme.px(44))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        tone, rect = self.theme.tone(self._tone), QRectF(self.rect())
        fill_round(painter, rect, self.theme.radius("control_large"), tone.background)
        side = self.theme.px(22)
        where = QRectF((rect.width() - side) // 2, (rect.height() - side) // 2, side, side)
        paint_icon(painter, where, self._icon, tone.solid)


@cache
def _sign(ground: str, lines: str) -> QSvgRenderer:
    source = resource("icons/strongroom.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(source.replace("#0B5B4B", ground).replace("#FFFFFF", lines).encode()))


class Sign(Themed, QWidget):
    """The program's sign in the theme's colours, `size` design pixels wide."""

    def __init__(self, theme: Theme, *, size: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.use_theme(theme)

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(self._size), self.theme.px(self._size))

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = self.theme.color("primary").name(), self.theme.color("on_primary").name()
        _sign(*colors).render(painter_for(self), QRectF(self.rect()))
