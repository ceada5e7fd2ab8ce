"""The text field of the composer: grows with its lines, takes words only, asks on Enter."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QFocusEvent, QKeyEvent, QPalette, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from desktop.theme import Theme
from desktop.widgets.painting import Themed

_FEWEST, _MOST = 2, 9  # lines


class ComposerText(Themed, QPlainTextEdit):
    """Files and links that are pasted come in as their names; files that are dropped are the window's business."""

    asked = Signal()
    focus_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabChangesFocus(True)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(3)
        self.setAccessibleName(self.tr("Question"))
        self.setAccessibleDescription(self.tr("Enter asks, Shift Enter starts a new line"))
        self.textChanged.connect(self._fit)
        self.use_theme(theme)

    def replace(self, text: str) -> None:
        """Show another text with the cursor behind it; it can be undone."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    # ------------------------------------------------------------ keys, paste, drop
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
        elif not event.isAutoRepeat():
            self.asked.emit()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() or source.hasUrls()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Insert plain words, whatever else the clipboard holds: files as their paths."""
        addresses = source.urls()
        if addresses and (all(url.isLocalFile() for url in addresses) or not source.hasFormat("text/plain")):
            self.insertPlainText("\n".join(url.toLocalFile() or url.toString() for url in addresses))
        else:
            self.insertPlainText(source.text())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragMoveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()

    # ------------------------------------------------------------ look and size
    def restyle(self) -> None:
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        palette.setColor(QPalette.ColorRole.PlaceholderText, self.theme.color("text3"))
        self.setPalette(palette)
        super().restyle()
        self._fit()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fit(self) -> None:
        lines = max(_FEWEST, min(_MOST, int(self.document().size().height())))  # a plain document measures in lines
        height = round(lines * self.fontMetrics().lineSpacing() + 2 * self.document().documentMargin()) + 1
        if height != self.height():
            self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(320), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.theme.px(120), self.height())
