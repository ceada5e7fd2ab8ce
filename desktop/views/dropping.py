"""Files dragged over the window, anywhere: says what letting go would do, and hands the files over."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget


def files_in(data: QMimeData) -> list[Path]:
    """Local files and folders of a drag; web addresses are none, they would have to be fetched."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def is_model(file: Path) -> bool:
    """Whether a file goes to the models rather than to the documents."""
    return file.suffix.lower() == ".gguf"


class FileDrop(QObject):
    """Watches a window. `hovering` carries the paths that hang over it, none when they left; `dropped` those let go."""

    hovering = Signal(object)
    dropped = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and not isinstance(event, QDragMoveEvent | QDragEnterEvent):
            files = files_in(event.mimeData())
            self.hovering.emit([])
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
                self.hovering.emit(files)
            return True
        if event.type() == QEvent.Type.DragLeave:
            self.hovering.emit([])
        return False
