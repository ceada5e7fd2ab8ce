"""An answer on the screen: selectable text as tall as it needs to be, citations that answer to the pointer.

A read-only QTextBrowser that loads nothing and follows no link. It grows at most twenty times a second, and more
slowly when drawing takes long, so that the window always has time for the user.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QTextCharFormat, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QTextBrowser, QTextEdit, QToolTip, QWidget

from desktop.theme import Theme
from desktop.viewmodels import answer_words
from desktop.viewmodels.exchange import Exchange
from desktop.views.answer_document import AnswerDocument, without_citations
from desktop.widgets.painting import Themed, tooltip_of

EVERY_MS = 50
_REST = 3  # after an update the window gets at least three times as long for everything else
_CARET = 4  # design pixels


class AnswerBody(Themed, QTextBrowser):
    """`cited` carries the number of a citation that was clicked, `hovered` the one under the pointer (0 for none)."""

    cited = Signal(int)
    hovered = Signal(int)
    grew = Signal()

    def __init__(self, theme: Theme, exchange: Exchange, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exchange = exchange
        self._text = AnswerDocument(theme, self)
        self._hovered = 0
        self._pressed = 0
        self.setDocument(self._text)
        self.setReadOnly(True)
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        flags = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        self.setAccessibleName(self.tr("Answer"))
        self.viewport().setAutoFillBackground(False)
        self.setStyleSheet("QTextBrowser { background: transparent; border: none; }")
        self._timer = QTimer(self, interval=EVERY_MS, singleShot=True)
        self._timer.timeout.connect(self.show_now)
        self._text.documentLayout().documentSizeChanged.connect(self._fit)
        self.use_theme(theme, "answer")

    # ------------------------------------------------------------ showing
    def show_soon(self) -> None:
        """Draw what has come, together with what else comes in the next moments."""
        if not self._timer.isActive():
            self._timer.start()

    def show_now(self) -> None:
        """Draw what has come."""
        started = time.monotonic()
        self._timer.stop()
        self._text.show(self._exchange.blocks)
        self._mark_sentence()
        self.viewport().update()
        took = (time.monotonic() - started) * 1000
        self._timer.setInterval(max(EVERY_MS, round(took * _REST)))
        self.grew.emit()

    def select(self, number: int) -> None:
        """Fill the citation whose page is open; 0 fills none."""
        if number != self._text.citations.selected:
            self._text.citations.selected = number
            self.viewport().update()

    def point_out(self, number: int) -> None:
        """Underline what a source supports; 0 takes the line away."""
        if number != self._hovered:
            self._hovered = number
            self._mark_sentence()

    def place_of(self, number: int) -> QRectF | None:
        """Where a citation was drawn, in this widget; None before it was."""
        return self._text.citations.rect_of(number)

    def _mark_sentence(self) -> None:
        marks = []
        if self._hovered:
            shape = QTextCharFormat()
            shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
            shape.setUnderlineColor(self.theme.color("primary"))
            for stretch in self._text.stretches(self._hovered):
                if not stretch.supported:
                    continue  # it is underlined already
                mark = QTextEdit.ExtraSelection()
                mark.cursor = QTextCursor(self._text)
                mark.cursor.setPosition(stretch.start)
                mark.cursor.setPosition(stretch.end, QTextCursor.MoveMode.KeepAnchor)
                mark.format = shape
                marks.append(mark)
        if marks or self.extraSelections():
            self.setExtraSelections(marks)

    def restyle(self) -> None:
        if hasattr(self, "_text"):
            self._text.restyle()
        super().restyle()

    # ------------------------------------------------------------ no resources, no scrolling of its own
    def loadResource(self, _kind: int, _name: QUrl) -> None:
        """Nothing is ever loaded, see AnswerDocument."""
        return None

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the conversation scrolls, not the answer in it

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy words, without the places of citations."""
        mime = QMimeData()
        mime.setText(without_citations(self.textCursor().selectedText()))
        return mime

    # ------------------------------------------------------------ size
    def _fit(self) -> None:
        height = int(self._text.size().height() + 0.999)
        if height != self.height():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()  # another width is another height, which the document's signal may tell too early

    def sizeHint(self) -> QSize:
        return QSize(self.theme.size("reading_column"), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.height())

    # ------------------------------------------------------------ pointer
    def _number_at(self, place: QPointF) -> int:
        return self._text.citations.number_at(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self._number_at(event.position())
        if number != self._hovered:
            self.point_out(number)
            self.hovered.emit(number)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if number else Qt.CursorShape.IBeamCursor)
        super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self._number_at(event.position())
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        number = self._number_at(event.position())
        if number and number == self._pressed and not self.textCursor().hasSelection():
            self.cited.emit(number)
        super().mouseReleaseEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            return self._show_tooltip(event)
        if event.type() == QEvent.Type.Leave and self._hovered:
            self.point_out(0)
            self.hovered.emit(0)
        return super().viewportEvent(event)

    def _show_tooltip(self, event: QEvent) -> bool:
        source = self._exchange.citations.source(self._number_at(QPointF(event.pos())))  # type: ignore[attr-defined]
        if source is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPos(), tooltip_of(answer_words.spoken(source)), self)  # type: ignore[attr-defined]
        return True

    # ------------------------------------------------------------ the caret
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not (self._exchange.is_running and self._exchange.text):
            return
        cursor = QTextCursor(self._text)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        place = self.cursorRect(cursor)
        height = self.theme.px(18)
        painter = QPainter(self.viewport())
        caret = QRectF(place.left() + 1, place.center().y() - height / 2, self.theme.px(_CARET), height)
        painter.fillRect(caret, self.theme.color("primary"))
