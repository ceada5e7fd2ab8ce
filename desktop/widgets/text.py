"""A label in a step of the type scale: exact line height, elided or wrapped, never read as markup.

A QLabel underneath, so that screen readers find it; painting and measuring are its own, because QLabel
has no line height and misjudges wrapped text.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.theme import Theme
from desktop.widgets.painting import Themed, painter_for, tooltip_of

_WIDTHS_KEPT = 4  # layouts of one text that are kept
_ELIDED_MINIMUM = 24  # logical pixels that an elided label may shrink to


class Text(Themed, QLabel):
    """Plain text. `wrap` breaks lines; otherwise one line, which `elide` may shorten and then explain in a tooltip."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        style: str = "body",
        *,
        color: str = "text",
        wrap: bool = False,
        elide: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._color = color
        self._wrap = wrap
        self._elide = elide
        self._align = align
        self._wrapped: dict[int, QTextLayout] = {}  # layouts ask for the height again and again
        # A fixed height would be that of the size hint, not of the width the text is given.
        vertical = QSizePolicy.Policy.Preferred if wrap else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, vertical)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.use_theme(theme, style)
        self.setText(text)

    def setText(self, text: str) -> None:
        if text == self.text():
            return
        super().setText(text)
        self._wrapped.clear()
        self.updateGeometry()
        self.update()

    def set_color(self, color: str) -> None:
        """Use another colour token."""
        if color != self._color:
            self._color = color
            self.update()

    def restyle(self) -> None:
        self._wrapped.clear()
        super().restyle()

    # ------------------------------------------------------------ measuring
    def _line(self) -> int:
        return self.theme.line(self.type_style)

    def hasHeightForWidth(self) -> bool:
        return self._wrap

    def heightForWidth(self, width: int) -> int:
        return self._line() * max(1, self._laid_out(width).lineCount()) + self._above_and_below() if self._wrap else -1

    def sizeHint(self) -> QSize:
        widest = max((self.fontMetrics().horizontalAdvance(line) for line in self.text().split("\n")), default=0)
        width = widest + 1 + self._margins()
        if self._wrap:
            width = min(width, self.theme.px(360))
            return QSize(width, self.heightForWidth(width))
        return QSize(width, self._line() + self._above_and_below())

    def minimumSizeHint(self) -> QSize:
        if self._wrap:
            longest = max((self.fontMetrics().horizontalAdvance(word) for word in self.text().split()), default=0)
            return QSize(min(longest + 1, self.theme.px(160)), self._line() + self._above_and_below())
        hint = self.sizeHint()
        return QSize(min(_ELIDED_MINIMUM, hint.width()), hint.height()) if self._elide else hint

    def _margins(self) -> int:
        margins = self.contentsMargins()
        return margins.left() + margins.right()

    def _above_and_below(self) -> int:
        margins = self.contentsMargins()
        return margins.top() + margins.bottom()

    def _laid_out(self, width: int) -> QTextLayout:
        if width not in self._wrapped:
            if len(self._wrapped) >= _WIDTHS_KEPT:
                self._wrapped.clear()
            self._wrapped[width] = self._lay_out(width)
        return self._wrapped[width]

    def _lay_out(self, width: int) -> QTextLayout:
        layout = QTextLayout(self.text().replace("\n", "\u2028"), self.font())
        option = QTextOption(self._align)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width - self._margins()))
            height = self._line()
            line.setPosition(QPointF(0, layout.lineCount() * height - height + (height - line.height()) / 2))
        layout.endLayout()
        return layout

    # ------------------------------------------------------------ painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        painter.setFont(self.font())
        painter.setPen(self.theme.color(self._color if self.isEnabled() else "text_disabled"))
        inside = QRectF(self.contentsRect())
        if self._wrap:
            layout = self._laid_out(self.width())
            centred = bool(self._align & Qt.AlignmentFlag.AlignVCenter)
            spare = max(0.0, inside.height() - layout.lineCount() * self._line()) if centred else 0.0
            layout.draw(painter, QPointF(inside.left(), inside.top() + spare / 2))
            return
        text = self.text()
        if self._elide:
            shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(inside.width()) + 1)
            self.setToolTip(tooltip_of(text) if shown != text else "")
            text = shown
        painter.drawText(inside, int(self._align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), text)
