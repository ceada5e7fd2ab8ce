"""A status chip: an icon and a word on a tint. Shows, never acts. Tables paint the same chip by `paint_chip`."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.icons import paint_icon
from desktop.theme import Theme, ToneName
from desktop.widgets.painting import Themed, fill_round, painter_for

_PADDING = 8
_GAP = 5
STYLE = "smallm"


def chip_width(theme: Theme, text: str, icon: str) -> int:
    """How wide the chip will be, in logical pixels."""
    words = theme.metrics(STYLE).horizontalAdvance(text)
    return round(2 * _PADDING + words + (theme.px(14) + _GAP if icon else 0) + 1)


def paint_chip(painter: QPainter, theme: Theme, rect: QRectF, text: str, *, tone: ToneName, icon: str) -> None:
    """Draw a chip into `rect`; words that do not fit are elided."""
    colors = theme.tone(tone)
    outline = colors.solid if theme.high_contrast else None
    fill_round(painter, rect, rect.height() / 2, theme.color("surface") if outline else colors.background, outline)
    left = rect.left() + _PADDING
    if icon:
        side = theme.px(14)
        paint_icon(painter, QRectF(left, round(rect.center().y() - side / 2), side, side), icon, colors.text)
        left += side + _GAP
    painter.setFont(theme.font(STYLE))
    painter.setPen(colors.text)
    room = rect.right() - _PADDING - left + 2
    shown = theme.metrics(STYLE).elidedText(text, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QRectF(left, rect.top(), room, rect.height()), Qt.AlignmentFlag.AlignVCenter, shown)


class Chip(Themed, QLabel):
    """A status with its tone; the word and the icon always come along with the colour."""

    def __init__(
        self, theme: Theme, text: str = "", *, tone: ToneName = "neutral", icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.tone: ToneName = tone
        self.icon_name = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.use_theme(theme, STYLE)
        self.setText(text)

    def show_status(self, text: str, tone: ToneName, icon: str) -> None:
        """Show another status."""
        self.tone, self.icon_name = tone, icon
        self.setText(text)
        self.restyle()

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self.theme, self.text(), self.icon_name), self.theme.size("chip"))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), self.theme.px(64)), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_chip(painter_for(self), self.theme, QRectF(self.rect()), self.text(), tone=self.tone, icon=self.icon_name)
