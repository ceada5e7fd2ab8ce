"""The Ask screen's part of the toolbar: conversation, matter, export, and the switch for the page viewer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.ask import AskModel
from desktop.views.file_dialogs import leaving_no_trace
from desktop.widgets.button import Button, IconButton
from desktop.widgets.chip import Chip
from desktop.widgets.text import Text

_LONGEST_NAME = 40


class AskToolbar(QWidget):
    """`viewer_toggled`: the page viewer is to be shown or hidden."""

    viewer_toggled = Signal()

    def __init__(self, theme: Theme, model: AskModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._title = Text(theme, "", "subtitle", elide=True)
        self._matter = Chip(theme, icon="folder")
        self._export = Button(theme, self.tr("Export"), icon="download", kind="ghost")
        self._export.set_hint(self.tr("Write this conversation with its sources to a file"))
        self._panel = IconButton(theme, "panel-right", self.tr("Show page"))
        self._panel.setCheckable(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._title)
        row.addWidget(self._matter)
        row.addStretch(1)
        row.addWidget(self._export)
        row.addWidget(self._panel)
        self._export.clicked.connect(self._choose_file)
        self._panel.clicked.connect(self.viewer_toggled)
        model.changed.connect(self.refresh)
        model.viewer.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is open."""
        model, viewer = self._model, self._model.viewer
        self._title.setText(model.title)
        self._matter.setVisible(model.matter is not None)
        name = model.matter.name if model.matter else ""
        self._matter.setText(name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…")
        self._export.explain("" if model.conversation else self.tr("There is nothing to export yet"))
        self._panel.set_name(self.tr("Hide page (Ctrl \\)") if viewer.is_open else self.tr("Show page (Ctrl \\)"))
        self._panel.setChecked(viewer.is_open)
        self._panel.explain("" if viewer.document else self.tr("Open a source first: click a number in an answer"))

    def _choose_file(self) -> None:
        suggested = "".join(character if character.isalnum() or character in " -_" else " " for character in self._model.title)
        start = str(Path.home() / f"{' '.join(suggested.split())[:80]}.md")
        title = self.tr("Export conversation")
        with leaving_no_trace():
            file, _ = QFileDialog.getSaveFileName(self.window(), title, start, self.tr("Markdown (*.md)"))
        if file:
            self._model.export(Path(file))
