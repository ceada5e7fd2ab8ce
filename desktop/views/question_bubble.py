"""A question at the right of the conversation, as wide as its words and no wider than most of the column."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from desktop.theme import Theme
from desktop.widgets.painting import Themed, fill_round, painter_for
from desktop.widgets.text import Text

_SIDE, _TOP = 14, 9
_SHARE = 0.88  # of the column


class QuestionBubble(Themed, QWidget):
    """Words as they were typed, line breaks included. The context menu copies them."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heights: dict[int, int] = {}
        self._words = Text(theme, text, wrap=True, parent=self)
        self.setAccessibleName(self.tr("Question: {text}").format(text=text))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.use_theme(theme)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:  # layouts ask for the same width again and again
            self._heights[width] = self._words.heightForWidth(self._words_width(width)) + 2 * _TOP
        return self._heights[width]

    def sizeHint(self) -> QSize:
        width = self.theme.size("reading_column")
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.theme.px(120), self.theme.line() + 2 * _TOP)

    def _words_width(self, width: int) -> int:
        metrics = self._words.fontMetrics()
        natural = max((metrics.horizontalAdvance(line) for line in self._words.text().split("\n")), default=0)
        return max(1, min(natural + 2, round(width * _SHARE) - 2 * _SIDE))

    def _bubble(self) -> QRectF:
        words = self._words_width(self.width())
        return QRectF(self.width() - words - 2 * _SIDE, 0, words + 2 * _SIDE, self.height())

    def resizeEvent(self, event: object) -> None:
        self._lay_out()
        super().resizeEvent(event)  # type: ignore[arg-type]

    def restyle(self) -> None:
        self._heights.clear()
        super().restyle()
        self._lay_out()

    def _lay_out(self) -> None:
        bubble = self._bubble()
        words = self._words_width(self.width())
        self._words.setGeometry(int(bubble.left()) + _SIDE, _TOP, words, self._words.heightForWidth(words))

    def paintEvent(self, _event: QPaintEvent) -> None:
        outline = self.theme.color("border_strong") if self.theme.high_contrast else None
        fill_round(painter_for(self), self._bubble(), self.theme.radius("card"), self.theme.color("hover"), outline)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self.theme.icon("copy"), self.tr("Copy question"))
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(self._words.text()))
        menu.popup(event.globalPos())
