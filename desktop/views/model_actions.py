"""What can be done with the model that is looked at: one filled button at most, the rest beside it and in a menu."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QBoxLayout, QMenu, QWidget

from desktop.theme import Theme
from desktop.viewmodels import model_rows
from desktop.viewmodels.model_detail import Subject
from desktop.widgets.button import Button, IconButton

translate = QCoreApplication.translate


class ModelActions(QWidget):
    """`wanted` carries the key of what was chosen."""

    wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.download = Button(theme, translate("ModelActions", "Download"), icon="download", kind="primary", size="m")
        self.load = Button(theme, translate("ModelActions", "Load"), kind="primary", size="m")
        self.pause = Button(theme, translate("ModelActions", "Pause"), icon="pause")
        self.resume = Button(theme, translate("ModelActions", "Continue"), icon="play")
        self.cancel = Button(theme, translate("ModelActions", "Cancel"), kind="ghost")
        self.verify = Button(theme, translate("ModelActions", "Check the file"), icon="badge-check")
        self.more = IconButton(theme, "ellipsis", translate("ModelActions", "More"))
        self.menu = QMenu(self)
        self.where = self._entry(translate("ModelActions", "Show where the file is"), "folder-open", "where")
        self.export = self._entry(translate("ModelActions", "Export for a USB stick…"), "upload", "export")
        self.remove = self._entry(translate("ModelActions", "Remove…"), "trash-2", "remove")
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        for key in ("download", "load", "resume", "pause", "cancel", "verify"):
            button = getattr(self, key)
            button.clicked.connect(lambda _=False, key=key: self.wanted.emit(key))
            self._row.addWidget(button)
        self._row.addStretch()
        self._row.addWidget(self.more)
        self.more.clicked.connect(self._open_menu)

    def _entry(self, words: str, icon: str, key: str) -> QAction:
        action = QAction(words, self.menu)
        action.setData(icon)
        action.triggered.connect(lambda: self.wanted.emit(key))
        self.menu.addAction(action)
        return action

    def take_focus(self) -> None:
        """Give the focus to the first thing that can be done, never to what ends or removes something.

        Where there is nothing to do now it waits here: the next Enter or Space must not press something else.
        """
        harmless = (self.download, self.load, self.resume, self.pause, self.verify, self.more)
        first = next((one for one in harmless if one.isVisibleTo(self) and one.isEnabled()), self)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_menu(self) -> None:
        for action in self.menu.actions():
            action.setIcon(self._theme.icon(str(action.data())))
        height = self.menu.sizeHint().height()
        self.menu.popup(self.more.mapToGlobal(QPoint(0, -height)))

    def show_subject(self, subject: Subject, *, is_loaded: bool, is_busy: bool) -> None:
        """Show what can be done; `is_busy`: other work on the library runs."""
        download, model = subject.download, subject.model
        here = subject.is_here and model is not None
        self.pause.setVisible(
            download is not None and model_rows.is_running(download) and download.phase not in ("verifying", "measuring")
        )
        self.resume.setVisible(download is not None and download.phase in ("paused", "failed"))
        self.cancel.setVisible(download is not None and download.phase not in ("verifying", "measuring", "done"))
        self.download.setVisible(download is None and not here and subject.size is not None)
        if subject.size is not None:
            amount = model_rows.amount(subject.size)
            self.download.setText(translate("ModelActions", "Download, {size}").format(size=amount))
            never = subject.size.fit.verdict == "does_not_fit"
            self.download.explain(translate("ModelActions", "It needs more memory than this computer can give") if never else "")
        usable = here and model is not None and model.purpose == "chat" and model.problem is None and download is None
        self.load.setVisible(usable and not is_loaded)
        if model is not None:
            never = model.fit.verdict == "does_not_fit"
            self.load.explain(translate("ModelActions", "It needs more memory than this computer can give") if never else "")
        self.verify.setVisible(here and download is None)
        self.verify.explain(translate("ModelActions", "Other work on your models is running") if is_busy else "")
        self.more.setVisible(here and download is None)
        self.remove.setVisible(model is not None and not model_rows.comes_with_program(model))
        self.setVisible(download is not None or here or subject.size is not None)
