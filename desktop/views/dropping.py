"""Files dragged over the window, anywhere: says what letting go would do, and hands the files over."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget


def files_in(data: QMimeData) -> list[Path]:
    """Local files and folders of a drag; web addresses are none, they would have to be fetched."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class FileDrop(QObject):
    """Watches a window. `hovering` carries how many files hang over it, 0 when they left; `dropped` the paths."""

    hovering = Signal(int)
    dropped = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and not isinstance(event, QDragMoveEvent | QDragEnterEvent):
            files = files_in(event.mimeData())
            self.hovering.emit(0)
            if files:
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                self.dropped.emit(files)
            return True
        if isinstance(event, QDragEnterEvent | QDragMoveEvent):
            files = files_in(event.mimeData())
            if files:
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                self.hovering.emit(len(files))
            return True
        if event.type() == QEvent.Type.DragLeave:
            self.hovering.emit(0)
        return False
