"""Exactly what is sent: the whole text, to be read, searched by eye, selected and copied; nothing is cut, nothing loads.

Knows a shown text and its marks; nothing of previews or approval.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QPaintEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QToolTip, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.shown_text import Marked, ShownText
from desktop.widgets.painting import KeyboardFocus, Themed, fill_round, focus_ring, painter_for, tooltip_of

_FIXED = QTextBlockFormat.LineHeightTypes.FixedHeight.value
_LONG = 6_000  # characters from which the height is not measured, since it is more than there is room for
_WRAP = QTextOption.WrapMode


class SentText(Themed, QWidget):
    """`selection_changed` with the selected places. It is as high as its text, at most `set_highest` pixels."""

    selection_changed = Signal()

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._shown = ShownText("")
        self._marks: Sequence[Marked] = ()
        self._style = "body"
        self._highest = 240
        self.text = _Reader(theme, self)
        self.text.setAccessibleName(name)
        around = QVBoxLayout(self)
        around.setContentsMargins(15, 12, 4, 12)
        around.addWidget(self.text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.text.selectionChanged.connect(self.selection_changed)
        self.text.focus_changed.connect(self.update)
        self.use_theme(theme)

    # ------------------------------------------------------------ showing
    def show_text(self, shown: ShownText, marks: Sequence[Marked], *, style: str = "body") -> None:
        """Show a text from its start; the same text keeps its place."""
        is_same = shown.text == self._shown.text and style == self._style
        place = self.text.verticalScrollBar().value() if is_same else 0
        self._shown, self._marks, self._style = shown, marks, style
        self._fill()
        self.text.verticalScrollBar().setValue(place)

    def set_highest(self, pixels: int) -> None:
        """How high it may become before it scrolls."""
        if pixels != self._highest:
            self._highest = pixels
            self._fit()

    @property
    def selected(self) -> tuple[int, int]:
        """The selected places of the shown text."""
        cursor = self.text.textCursor()
        return cursor.selectionStart(), cursor.selectionEnd()

    def go_to(self, start: int, end: int) -> None:
        """Select a stretch of the shown text and scroll to it."""
        cursor = QTextCursor(self.text.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.text.setTextCursor(cursor)
        self.text.ensureCursorVisible()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self) -> None:
        # Wrapping at words looks back over the whole word for each line, which takes seconds for one of 500 kB.
        anywhere = self._style == "mono" or self._shown.has_long_words
        self.text.setWordWrapMode(_WRAP.WrapAnywhere if anywhere else _WRAP.WrapAtWordBoundaryOrAnywhere)
        self.text.setFont(self.theme.font(self._style))
        self.text.marks = self._marks
        self.text.setPlainText(self._shown.text)
        cursor = QTextCursor(self.text.document())
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        block = QTextBlockFormat()
        block.setLineHeight(self.theme.line(self._style), _FIXED)
        cursor.mergeBlockFormat(block)
        for mark in self._marks:
            cursor.setPosition(mark.start)
            cursor.setPosition(mark.end, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(self._look(mark))
        cursor.endEditBlock()
        self._fit()

    def _look(self, mark: Marked) -> QTextCharFormat:
        tone = self.theme.tone(mark.tone)
        look = QTextCharFormat()
        look.setForeground(tone.text)
        look.setBackground(tone.background)
        look.setFontWeight(600)
        if mark.tone == "danger":
            look.setFontUnderline(True)
        return look

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "text"):
            self._fill()

    # ------------------------------------------------------------ height
    def _fit(self) -> None:
        margins = self.layout().contentsMargins()
        around = margins.top() + margins.bottom()
        least = self.theme.line(self._style) + around
        wanted = self._highest
        if len(self._shown.text) < _LONG:
            wanted = min(wanted, round(self.text.document().size().height()) + around)
        wanted = max(least, wanted)
        if wanted != self.height() or self.minimumHeight() != wanted:
            self.setFixedHeight(wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            QTimer.singleShot(0, self, self._fit)  # when the text has its new width

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        rect, radius = QRectF(self.rect()), self.theme.radius("card")
        outline = "border_strong" if self.theme.high_contrast else "border"
        fill_round(painter, rect, radius, self.theme.color("sunken"), self.theme.color(outline))
        if self.text.shows_focus:
            focus_ring(painter, rect, radius, self.theme.color("primary"))


class _Reader(KeyboardFocus, QTextEdit):
    """Plain text that can be selected by mouse and keyboard and is never changed here."""

    focus_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.marks: Sequence[Marked] = ()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setReadOnly(True)
        self.setAcceptDrops(False)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)

    def createMimeDataFromSelection(self) -> QMimeData:
        """Words only; Qt would add what they look like here."""
        copied = QMimeData()
        copied.setText(self.textCursor().selection().toPlainText())
        return copied

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.cursorForPosition(event.pos()).position()
            word = next((mark.word for mark in self.marks if mark.start <= place < mark.end and mark.word), "")
            QToolTip.showText(event.globalPos(), tooltip_of(word), self)
            return True
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()
