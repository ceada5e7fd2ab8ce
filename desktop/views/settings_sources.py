"""Settings, where models come from and where they lie: the hub, the proxy, the limit, the folder of the library."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.sources import LIMITS, SourcesModel
from desktop.views.file_dialogs import leaving_no_trace
from desktop.widgets.button import Button
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.progress import ProgressBar
from desktop.widgets.saved_field import SavedField
from desktop.widgets.segmented import Choice, Segmented
from desktop.widgets.setting_row import SettingCard, SettingRow
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_LEFT_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class SourceSettings(QWidget):
    """Nothing here opens a connection; it says where one may go once the lock is open."""

    def __init__(self, model: SourcesModel, theme: Theme) -> None:
        super().__init__()
        self._model = model
        hub, hosts, proxy = (
            translate("Settings", "Address of the hub"),
            translate("Settings", "Further hosts of the hub"),
            translate("Settings", "Proxy"),
        )
        use = translate("Settings", "Use")
        self.hub = SavedField(theme, hub, use, placeholder="https://huggingface.co")
        self.hosts = SavedField(theme, hosts, use, placeholder="files.example.org")
        self.proxy = _ProxySetting(theme, proxy, model)
        self.limit = MenuButton(theme, "", kind="secondary")
        self.library = _LibrarySetting(theme, model)
        hub_note = translate("Settings", "Where models are looked for and downloaded from. Your organisation may run its own.")
        hosts_note = translate("Settings", "Hosts that this hub sends files from. They are added to the allowed hosts.")
        proxy_note = translate("Settings", "System uses the proxy that this computer is set to.")
        limit_title = translate("Settings", "Download speed")
        limit_note = translate("Settings", "The most that all downloads take together, so that others can work meanwhile.")
        self._library_row = SettingRow(theme, "hard-drive", translate("Settings", "Model library"), "", self.library)
        rows = [
            self._library_row,
            SettingRow(theme, "gauge", limit_title, limit_note, self.limit),
            SettingRow(theme, "building-2", hub, hub_note, self.hub),
            SettingRow(theme, "link", hosts, hosts_note, self.hosts),
            SettingRow(theme, "corner-down-left", proxy, proxy_note, self.proxy),
        ]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(SettingCard(theme, rows))
        self._fill_limits()
        self.hub.saved.connect(model.use_hub)
        self.hosts.saved.connect(model.use_hosts)
        model.changed.connect(self._show)
        self._show()

    def _fill_limits(self) -> None:
        group = QActionGroup(self.limit.choices)
        for value in LIMITS:
            action = QAction(self._model.limit_words(value), group)
            action.triggered.connect(lambda _=False, value=value: self._model.limit_to(value))
            self.limit.choices.addAction(action)

    def _show(self) -> None:
        model = self._model
        self.hub.show_value(model.hub, model.problems.get("hub", ""))
        self.hosts.show_value(model.hosts)
        self.proxy.refresh()
        words = model.limit_words(model.limit)
        self.limit.setText(words)
        self.limit.setAccessibleName(f"{translate('Settings', 'Download speed')}: {words}")
        self._library_row.set_note(model.folder_words)
        self.library.refresh()


class _ProxySetting(QWidget):
    """System, none, or an address; the field appears for an address and counts once it is confirmed."""

    def __init__(self, theme: Theme, name: str, model: SourcesModel) -> None:
        super().__init__()
        self._model = model
        self._types_address = False
        choices = [
            Choice("system", translate("Settings", "System")),
            Choice("none", translate("Settings", "None")),
            Choice("address", translate("Settings", "Address")),
        ]
        self.choice = Segmented(theme, name, choices)
        self.address = SavedField(
            theme, translate("Settings", "Address of the proxy"), translate("Settings", "Use"), placeholder="http://proxy:8080"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.choice)
        column.addWidget(self.address)
        self.choice.chosen.connect(self._choose)
        self.address.saved.connect(model.use_proxy)

    def _choose(self, key: str) -> None:
        self._types_address = key == "address"
        if key != "address":
            self._model.use_proxy(key)
        self.refresh()

    def refresh(self) -> None:
        proxy = self._model.proxy
        is_address = proxy not in ("system", "none")
        key = "address" if is_address or self._types_address else proxy
        self.choice.choose(key)
        self.address.setVisible(key == "address")
        self.address.show_value(proxy if is_address else "", self._model.problems.get("proxy", ""))


class _LibrarySetting(QWidget):
    """Move the library; while it moves, how far that is and a way to stop."""

    def __init__(self, theme: Theme, model: SourcesModel) -> None:
        super().__init__()
        self._model = model
        self.move_button = Button(theme, translate("Settings", "Move"), icon="folder-open")
        self.move_button.setAccessibleName(translate("Settings", "Move the model library to another folder"))
        self.stop = Button(theme, translate("Settings", "Stop"), kind="ghost")
        self._words = Text(theme, "", "small", color="text2", wrap=True, align=_LEFT_MIDDLE)
        self._bar = ProgressBar(theme, translate("Settings", "Moving the model library"))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._words, 1)
        line.addWidget(self.stop)
        line.addWidget(self.move_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self._bar)
        self.move_button.clicked.connect(self._choose_folder)
        self.stop.clicked.connect(model.stop_moving)
        self.refresh()

    def refresh(self) -> None:
        moves = self._model.moving is not None
        words = self._model.moving_words or self._model.move_problem
        self._words.setText(words)
        self._words.set_color("text2" if moves else "danger_text")
        self._words.setVisible(bool(words))
        self.move_button.setVisible(not moves)
        self.stop.setVisible(moves)
        self._bar.setVisible(moves)
        if moves:
            self._bar.set_share(self._model.moving_share)

    def _choose_folder(self) -> None:
        with leaving_no_trace():
            folder = QFileDialog.getExistingDirectory(self, translate("Settings", "Move the model library to"))
        if folder:
            self._model.move_library(Path(folder))
