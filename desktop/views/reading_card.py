"""What is being read: how many documents, which page, how long it takes, and how to pause or cancel."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.documents import DocumentsModel
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.mark import Mark
from desktop.widgets.progress import ProgressBar
from desktop.widgets.text import Text

translate = QCoreApplication.translate


class ReadingCard(Card):
    """Hidden while nothing is read."""

    def __init__(self, theme: Theme, model: DocumentsModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._model = model
        self._title = Text(theme, "", "bodyb", elide=True)
        self._page = Text(theme, "", "small", color="text2", elide=True)
        self._time = Text(theme, "", "small", color="text2")
        self._bar = ProgressBar(theme, translate("ReadingCard", "Reading documents"))
        self.pause = Button(theme, "", icon="pause")
        self.cancel = Button(theme, translate("ReadingCard", "Cancel"), kind="ghost")
        self.cancel.set_hint(translate("ReadingCard", "Documents not yet read can be read later"))
        self._lay_out(theme)
        self.pause.clicked.connect(model.pause_or_resume)
        self.cancel.clicked.connect(model.cancel)
        model.progress_changed.connect(self._show)
        self._show()

    def _lay_out(self, theme: Theme) -> None:
        words = QHBoxLayout()
        words.setSpacing(10)
        words.addWidget(self._title)
        words.addWidget(self._page, 1)
        words.addWidget(self._time)
        middle = QVBoxLayout()
        middle.setSpacing(8)
        middle.addLayout(words)
        middle.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 13, 12, 13)
        row.setSpacing(12)
        row.addWidget(Mark(theme, "file-scan", size=20, color="primary"), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(middle, 1)
        row.addSpacing(8)
        row.addWidget(self.pause)
        row.addWidget(self.cancel)

    def _show(self) -> None:
        progress = self._model.progress
        self.setVisible(progress is not None)
        if progress is None:
            return
        self._title.setText(self._model.progress_title)
        self._page.setText(self._model.progress_page)
        self._time.setText(self._model.progress_time)
        self._bar.set_share(self._model.progress_share)
        self.pause.setText(translate("ReadingCard", "Resume") if progress.paused else translate("ReadingCard", "Pause"))
        self.pause.set_icon("play" if progress.paused else "pause")
