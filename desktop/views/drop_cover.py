"""Files hang over a screen other than Documents: a drop zone that covers the page and says what letting go would do."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.widgets.drop_zone import DropZone

translate = QCoreApplication.translate
_MARGIN = 16


def release_words(n_files: int) -> str:
    """`Release to add 3 files`; empty for none."""
    if not n_files:
        return ""
    one, many = translate("DropCover", "Release to add 1 file"), translate("DropCover", "Release to add {n} files")
    return one if n_files == 1 else many.format(n=n_files)


class DropCover(DropZone):
    """Child of the area it covers; hidden while no files hang over it."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        title = translate("DropCover", "Release to add files")
        hint = translate("DropCover", "They are copied and encrypted. The originals are not changed.")
        super().__init__(theme, title, hint, large=True, parent=over)
        self.hide()

    def show_files(self, n_files: int) -> None:
        """Cover the area while there are files."""
        self.setVisible(n_files > 0)
        if n_files:
            self.show_files_over(release_words(n_files))
            self.setGeometry(self.parentWidget().rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN))
            self.raise_()
