"""A part of the status bar: a mark, words, perhaps a small bar. Each part is a button that opens its screen."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.icons import paint_icon
from desktop.theme import Theme, ToneName
from desktop.widgets.painting import KeyboardFocus, Themed, focus_ring, is_hovered, painter_for

_EDGE = 14
_GAP = 8
_BAR = 56
_DOT = 7
_BEFORE_FIGURE = 5
_SPEAKING = ("caution", "danger", "outbound")  # tones that colour their words; the others have a mark only


class StatusPart(KeyboardFocus, Themed, QPushButton):
    """Shows an icon or a state dot, an optional share (0 to 1), and words. `tinted` fills it, `strong` words stand out.

    A `figure` stands after the words and stands out, such as what was saved.
    """

    def __init__(
        self, theme: Theme, *, icon: str = "", tinted: bool = False, strong: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._strong = strong
        self._icon = icon
        self._tinted = tinted
        self._words = ""
        self._figure = ""
        self._tone: ToneName = "local" if tinted else "neutral"
        self._share: float | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.use_theme(theme, "smallb" if tinted else "smallm" if strong else "small")

    def show_state(
        self, words: str, *, name: str, tone: ToneName | None = None, share: float | None = None, icon: str = "", figure: str = ""
    ) -> None:
        """`name` is read out and shown as tooltip; a part with an icon may change it."""
        if tone is not None:
            self._tone = tone
        self._icon = icon or self._icon
        if (words, figure, share, name) == (self._words, self._figure, self._share, self.accessibleName()) and tone is None:
            return
        self._words, self._figure, self._share = words, figure, share
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.updateGeometry()
        self.update()

    @property
    def words(self) -> str:
        return self._words

    def sizeHint(self) -> QSize:
        mark = self.theme.px(14) if self._icon else _DOT
        bar = _BAR + _GAP if self._share is not None else 0
        words = self.fontMetrics().horizontalAdvance(self._words)
        figure = self._figure_width() + _BEFORE_FIGURE if self._figure else 0
        return QSize(2 * _EDGE + mark + _GAP + bar + words + figure + 2, self.theme.size("status_bar"))

    def _figure_width(self) -> int:
        return round(self.theme.metrics("smallb").horizontalAdvance(self._figure) + 1)

    def minimumSizeHint(self) -> QSize:
        if self._tinted:  # the lock state is never shortened
            return self.sizeHint()
        return QSize(min(self.sizeHint().width(), self.theme.px(48)), self.theme.size("status_bar"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        rect, tone = QRectF(self.rect()), self.theme.tone(self._tone)
        if self._tinted:
            painter.fillRect(rect, tone.background)
        elif is_hovered(self):
            painter.fillRect(rect, self.theme.color("hover"))
        left = self._paint_mark(painter, rect)
        if self._share is not None:
            left = self._paint_share(painter, left, rect.center().y())
        painter.setFont(self.font())
        painter.setPen(
            tone.text if self._tinted or self._tone in _SPEAKING else self.theme.color("text" if self._strong else "text2")
        )
        room = rect.right() - 4 - left - (self._figure_width() + _BEFORE_FIGURE if self._figure else 0)
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, max(0, round(room)))
        painter.drawText(QRectF(left, 0, room, rect.height()), int(Qt.AlignmentFlag.AlignVCenter), shown)
        if self._figure:
            left += self.fontMetrics().horizontalAdvance(shown) + _BEFORE_FIGURE
            painter.setFont(self.theme.font("smallb"))
            painter.setPen(self.theme.color("text"))
            rest = QRectF(left, 0, rect.right() - left, rect.height())
            painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter), self._figure)
        if self.shows_focus:
            focus_ring(painter, rect, 4, self.theme.color("primary"))

    def _paint_mark(self, painter: QPainter, rect: QRectF) -> float:
        tone = self.theme.tone(self._tone)
        if self._icon:
            side = self.theme.px(14)
            where = QRectF(_EDGE, round(rect.center().y() - side / 2), side, side)
            paint_icon(painter, where, self._icon, tone.text)
            return _EDGE + side + _GAP
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tone.solid)
        painter.drawEllipse(QRectF(_EDGE, rect.center().y() - _DOT / 2, _DOT, _DOT))
        return _EDGE + _DOT + _GAP

    def _paint_share(self, painter: QPainter, left: float, middle: float) -> float:
        # Grey on purpose: memory in use is neither local nor leaving.
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("track"))
        painter.drawRoundedRect(QRectF(left, middle - 3, _BAR, 6), 3, 3)
        painter.setBrush(self.theme.color("text3"))
        painter.drawRoundedRect(QRectF(left, middle - 3, max(6.0, _BAR * min(1.0, self._share or 0.0)), 6), 3, 3)
        return left + _BAR + _GAP
