"""The text of one answer of a comparison: selectable, scrolled in its place, with its marks.

Draws blocks into the document that the Ask screen uses, in the smaller type of narrow columns. It loads nothing and
follows no link. Grows at most twenty times a second.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QRectF, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QBrush, QHelpEvent, QPainter, QPaintEvent, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QSizePolicy, QTextBrowser, QTextEdit, QToolTip, QWidget

from desktop.theme import Theme
from desktop.viewmodels.answer_blocks import Block, Run
from desktop.viewmodels.cited_blocks import CitedBlock
from desktop.viewmodels.compare_marks import NUMBERS
from desktop.views.answer_document import AnswerDocument, without_citations
from desktop.views.answer_formats import INDENT, AnswerFormats
from desktop.widgets.painting import KeyboardFocus, Themed, focus_ring, tooltip_of

EVERY_MS = 50
_REST = 3  # after an update the window gets at least three times as long for everything else
_CARET = 4  # design pixels
_NEAR_END = 24  # logical pixels from the end within which the view follows what is written
_FIXED = QTextBlockFormat.LineHeightTypes.FixedHeight.value


def _style(block: Block) -> str:
    if block.kind != "heading":
        return "body"
    return "subtitle" if block.level <= 2 else "bodyb"


class _Formats(AnswerFormats):
    """The formats of answers, in the type of narrow columns."""

    def _make_run(self, block: Block, run: Run, doubtful: bool) -> QTextCharFormat:
        shape = super()._make_run(block, run, doubtful)
        if not run.code:
            font = self._theme.font(_style(block))
            font.setItalic(run.italic)
            font.setStrikeOut(run.strike)
            if run.bold:
                font.setWeight(font.Weight.DemiBold)
            shape.setFont(font)
        return shape

    def paragraph(self, block: Block, before: Block | None) -> QTextBlockFormat:
        shape = super().paragraph(block, before)
        shape.setLineHeight(self._theme.line(_style(block)), _FIXED)
        return shape


class PaneDocument(AnswerDocument):
    """An answer's document in the smaller type."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(theme, parent)
        self._take_formats()

    def _take_formats(self) -> None:
        self._formats = _Formats(self._theme)
        self.setDefaultFont(self._theme.font("body"))
        self.setIndentWidth(self._theme.px(INDENT))

    def restyle(self) -> None:
        blocks = [each.cited for each in self._written]
        self.show(())
        self._take_formats()
        self.show(blocks)


class PaneText(KeyboardFocus, Themed, QTextBrowser):
    """`blocks` gives what is to be shown at the moment of the call, `sent_as` what stood for words that were put back."""

    def __init__(
        self,
        theme: Theme,
        blocks: Callable[[], tuple[CitedBlock, ...]],
        sent_as: Callable[[str], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._blocks = blocks
        self._sent_as = sent_as
        self._text = PaneDocument(theme, self)
        self._caret = ""
        self._copper = False
        self.setDocument(self._text)
        self.setReadOnly(True)
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        flags = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        self.viewport().setAutoFillBackground(False)
        self.setStyleSheet("QTextBrowser { background: transparent; border: none; }")
        self._timer = QTimer(self, interval=EVERY_MS, singleShot=True)
        self._timer.timeout.connect(self.show_now)
        self.use_theme(theme)

    # ------------------------------------------------------------ showing
    def show_soon(self) -> None:
        """Draw what has come, together with what else comes in the next moments."""
        if not self._timer.isActive():
            self._timer.start()

    def show_now(self) -> None:
        """Draw what has come; the view follows it from the end."""
        started = time.monotonic()
        self._timer.stop()
        bar = self.verticalScrollBar()
        follows, place = bar.value() >= bar.maximum() - _NEAR_END, bar.value()
        self._text.show(self._blocks())
        self.setExtraSelections(list(self._marks()))
        bar.setValue(bar.maximum() if follows and self._caret else place)
        self.viewport().update()
        self._timer.setInterval(max(EVERY_MS, round((time.monotonic() - started) * 1000 * _REST)))

    def show_caret(self, color: str) -> None:
        """Show where it is being written, in a token's colour; empty for no caret."""
        if color != self._caret:
            self._caret = color
            self.viewport().update()

    def use_copper(self, copper: bool) -> None:
        """Whether what was hidden had left this computer; takes effect with the next drawing."""
        self._copper = copper

    @property
    def shown_text(self) -> str:
        """What can be read now."""
        return self._text.plain_text()

    def _marks(self) -> Iterator[QTextEdit.ExtraSelection]:
        for stretch in self._text.stretches():
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(self._text)
            mark.cursor.setPosition(stretch.start)
            mark.cursor.setPosition(stretch.end, QTextCursor.MoveMode.KeepAnchor)
            mark.format = self._look(stretch.numbers)
            yield mark

    def _look(self, numbers: tuple[int, ...]) -> QTextCharFormat:
        """Colour never alone: what came back has dots under it, what differs a line, placeholders are bold."""
        shape, color = QTextCharFormat(), self.theme.color
        if NUMBERS["differs"] in numbers:
            shape.setBackground(QBrush(color("hover")))
            shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
            shape.setUnderlineColor(color("text2"))
        if NUMBERS["restored"] in numbers:
            shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
            shape.setUnderlineColor(color("outbound" if self._copper else "text3"))
        if NUMBERS["placeholder"] in numbers:
            shape.setBackground(QBrush(color("outbound_bg" if self._copper else "hover")))
            shape.setForeground(QBrush(color("outbound_text" if self._copper else "text2")))
        if NUMBERS["masked"] in numbers:
            shape.setBackground(QBrush(color("hover")))
            shape.setForeground(QBrush(color("text3")))
        return shape

    def hint_at(self, place: QPoint) -> str:
        """What is said of the words under the pointer; empty for most."""
        at = self.cursorForPosition(place).position()
        for stretch in self._text.stretches(NUMBERS["restored"]):
            if stretch.start <= at <= stretch.end:
                cursor = QTextCursor(self._text)
                cursor.setPosition(stretch.start)
                cursor.setPosition(stretch.end, QTextCursor.MoveMode.KeepAnchor)
                return self._sent_as(cursor.selectedText())
        return ""

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), tooltip_of(self.hint_at(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def restyle(self) -> None:
        if hasattr(self, "_text"):
            self._text.restyle()
            self.setExtraSelections(list(self._marks()) if hasattr(self, "theme") else [])
        super().restyle()

    # ------------------------------------------------------------ nothing is loaded, words only are copied
    def loadResource(self, _kind: int, _name: QUrl) -> None:
        """Nothing is ever loaded: what a model writes may name any file or host."""
        return None

    def createMimeDataFromSelection(self) -> QMimeData:
        mime = QMimeData()
        mime.setText(without_citations(self.textCursor().selectedText()))
        return mime

    # ------------------------------------------------------------ size and paint
    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(240), self.theme.px(140))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.theme.px(120), self.theme.px(96))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._caret and not self._text.isEmpty():
            cursor = QTextCursor(self._text)
            cursor.movePosition(QTextCursor.MoveOperation.End)
            place, height = self.cursorRect(cursor), self.theme.px(16)
            caret = QRectF(place.left() + 1, place.center().y() - height / 2, self.theme.px(_CARET), height)
            painter.fillRect(caret, self.theme.color(self._caret))
        if self.shows_focus:
            focus_ring(painter, QRectF(self.viewport().rect()), self.theme.radius("control"), self.theme.color("primary"))
