"""Files hang over the window: a drop zone that covers the page and says what letting go would do with them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.views.dropping import is_model
from desktop.widgets.drop_zone import DropZone

translate = QCoreApplication.translate
_MARGIN = 16


def release_words(n_files: int) -> str:
    """`Release to add 3 files`; empty for none."""
    if not n_files:
        return ""
    one, many = translate("DropCover", "Release to add 1 file"), translate("DropCover", "Release to add {n} files")
    return one if n_files == 1 else many.format(n=n_files)


def release_words_for(files: list[Path]) -> str:
    """The same for documents and models; models are named as such."""
    if not files or not all(is_model(file) for file in files):
        return release_words(len(files))
    one, many = translate("DropCover", "Release to add 1 model"), translate("DropCover", "Release to add {n} models")
    return one if len(files) == 1 else many.format(n=len(files))


class DropCover(DropZone):
    """Child of the area it covers; hidden while no files hang over it."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(theme, translate("DropCover", "Release to add files"), "", large=True, parent=over)
        self.hide()

    def show_files(self, files: list[Path]) -> None:
        """Cover the area while there are files."""
        self.setVisible(bool(files))
        if files:
            self.show_files_over(release_words_for(files))
            self.show_hint(_what_happens(files))
            self.setGeometry(self.parentWidget().rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN))
            self.raise_()


def _what_happens(files: list[Path]) -> str:
    n_models = sum(is_model(file) for file in files)
    documents = translate("DropCover", "They are copied and encrypted. The originals are not changed.")
    models = translate("DropCover", "Added to the models on this computer. The originals are not changed.")
    if n_models == len(files):
        return models
    return documents if not n_models else translate("DropCover", "GGUF files go to the models, the others to the documents.")
