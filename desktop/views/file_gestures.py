"""Files dragged over the window: documents go to the matter that is open, GGUF files to the models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.viewmodels.window_model import WindowModel
from desktop.views.documents import DocumentsView
from desktop.views.drop_cover import DropCover
from desktop.views.dropping import FileDrop, is_model


class FileGestures(QObject):
    """`added` carries the screen where the files are seen. While `is_covered` says so, a sheet waits for an answer."""

    added = Signal(str)

    def __init__(self, theme: Theme, window: QWidget, over: QWidget, documents: DocumentsView, model: WindowModel) -> None:
        super().__init__(window)
        self._documents = documents
        self._model = model
        self.is_covered: Callable[[], bool] = lambda: False
        self.cover = DropCover(theme, over)
        self._drop = FileDrop(window)
        self._drop.hovering.connect(self._show)
        self._drop.dropped.connect(self._take)

    def _show(self, files: list[Path]) -> None:
        own_zone = self._documents.isVisible() and not any(is_model(file) for file in files)
        self._documents.show_files_over(len(files) if own_zone else 0)
        self.cover.show_files([] if own_zone else files)

    def _take(self, files: list[Path]) -> None:
        if self.is_covered():
            return
        documents = [file for file in files if not is_model(file)]
        self._model.add_models(file for file in files if is_model(file))
        if documents:
            self._documents.model.add(documents)
        self.added.emit("documents" if documents else "models")
