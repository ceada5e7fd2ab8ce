"""Work on the model library that runs: what, how far, and a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.library_work import LibraryWork
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.mark import Mark
from desktop.widgets.progress import ProgressBar
from desktop.widgets.text import Text

translate = QCoreApplication.translate


class LibraryCard(Card):
    """Hidden while nothing runs."""

    def __init__(self, theme: Theme, work: LibraryWork, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._work = work
        self._title = Text(theme, "", "bodyb", elide=True)
        self._amount = Text(theme, "", "small", color="text2")
        self._bar = ProgressBar(theme, "")
        self.stop = Button(theme, translate("LibraryCard", "Stop"), kind="ghost")
        self.stop.set_hint(translate("LibraryCard", "What was complete stays. Nothing that you have is changed."))
        words = QHBoxLayout()
        words.setSpacing(10)
        words.addWidget(self._title, 1)
        words.addWidget(self._amount)
        middle = QVBoxLayout()
        middle.setSpacing(8)
        middle.addLayout(words)
        middle.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 13, 12, 13)
        row.setSpacing(12)
        row.addWidget(Mark(theme, "hard-drive", size=20, color="primary"), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(middle, 1)
        row.addWidget(self.stop)
        self.stop.clicked.connect(work.stop)
        work.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.setVisible(self._work.is_running)
        self._title.setText(self._work.title)
        self._amount.setText(self._work.amount)
        self._bar.setAccessibleName(self._work.title)
        self._bar.set_share(self._work.share)
