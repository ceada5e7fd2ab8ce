"""The toolbar of the models screen: add a file, and what else can be done with the library as a whole."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from desktop.theme import Theme
from desktop.viewmodels.models import ModelsModel
from desktop.widgets.button import Button, IconButton
from desktop.widgets.text import Text

translate = QCoreApplication.translate


class ModelsToolbar(QWidget):
    """`chosen` carries the key of a menu entry."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, model: ModelsModel) -> None:
        super().__init__()
        self._theme = theme
        self._model = model
        self.add = Button(theme, translate("ModelsToolbar", "Add from a file"), icon="folder-open")
        self.more = IconButton(theme, "ellipsis", translate("ModelsToolbar", "More about models"))
        self.details = IconButton(theme, "panel-right", translate("ModelsToolbar", "Show details"))
        self.menu = QMenu(self)
        self._entry("find", "search", translate("ModelsToolbar", "Find models of other programs…"))
        self.menu.addSeparator()
        self._entry("import_bundle", "log-in", translate("ModelsToolbar", "Import from a USB stick…"))
        self.export = self._entry("export_all", "upload", translate("ModelsToolbar", "Export for a USB stick…"))
        self.move_models = self._entry("move", "hard-drive", translate("ModelsToolbar", "Move models to a folder…"))
        self.menu.addSeparator()
        self._entry("import_catalogue", "file-plus", translate("ModelsToolbar", "Import a newer catalogue…"))
        self._entry("token", "key-round", translate("ModelsToolbar", "Access token for models that ask for sign-in…"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(Text(theme, translate("ModelsToolbar", "Models"), "subtitle", elide=True))
        note = translate("ModelsToolbar", "Everything runs on this computer")
        row.addWidget(Text(theme, note, "small", color="text2", elide=True), 1)
        row.addWidget(self.add)
        row.addWidget(self.more)
        row.addWidget(self.details)
        row.setSpacing(8)
        self.more.clicked.connect(self._open_menu)
        self.show_models()

    def _entry(self, key: str, icon: str, words: str) -> QAction:
        action = QAction(words, self.menu)
        action.setData(icon)
        action.triggered.connect(lambda: self.chosen.emit(key))
        self.menu.addAction(action)
        return action

    def _open_menu(self) -> None:
        for action in self.menu.actions():
            if action.data():
                action.setIcon(self._theme.icon(str(action.data())))
        width = self.menu.sizeHint().width()
        self.menu.popup(self.more.mapToGlobal(QPoint(self.more.width() - width, self.more.height())))

    def show_models(self) -> None:
        has_models = bool(self._model.models)
        self.export.setEnabled(has_models)
        self.move_models.setEnabled(has_models and not self._model.library.is_running)
        self.details.setVisible(bool(self._model.subject.name))

    def show_details_open(self, shown: bool) -> None:
        self.details.set_name(translate("ModelsToolbar", "Hide details") if shown else translate("ModelsToolbar", "Show details"))
        self.details.setVisible(bool(self._model.subject.name))
