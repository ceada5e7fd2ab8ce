"""The models of this computer and those that can be had: a list with filters, and the model that is looked at.

Everything here runs on this computer. What needs the network asks first, in a sheet that names hosts and what is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.model_rows import Key
from desktop.viewmodels.models import ModelsModel
from desktop.viewmodels.window_model import EngineBridge
from desktop.views.library_card import LibraryCard
from desktop.views.model_filters import ModelFilters
from desktop.views.model_gestures import ModelGestures
from desktop.views.model_list import ModelList
from desktop.views.model_panel import ModelPanel
from desktop.views.models_toolbar import ModelsToolbar
from desktop.views.search_hub import SearchHubRow
from desktop.widgets.announce import announce
from desktop.widgets.notice import Notice
from desktop.widgets.scroll_area import ScrollArea
from desktop.widgets.side_panel import SidePanelArea
from desktop.wordings.words import Words
from engine.model_records import DownloadId
from engine.records import ModelId

translate = QCoreApplication.translate


class ModelsView(SidePanelArea):
    """A page: `toolbar` goes into the window's toolbar row. `settings_wanted` carries the part of the settings to show.

    The model may be made before the view, so that it hears what the engine says while the view is not there yet.
    """

    settings_wanted = Signal(str)

    def __init__(
        self, bridge: EngineBridge, theme: Theme, model: ModelsModel | None = None, *, over: QWidget | None = None
    ) -> None:
        self.model = model or ModelsModel(bridge)
        content = QWidget()
        self.details = ModelPanel(theme, self.model)
        self._scroll = ScrollArea(content)
        super().__init__(theme, self._scroll, self.details, 352)
        self._sheets_over = over
        self.setAccessibleName(translate("ModelsView", "Models"))
        self.toolbar = ModelsToolbar(theme, self.model)
        self.notice = Notice(theme, close_name=translate("ModelsView", "Close"))
        self.notice.layout().setContentsMargins(0, 0, 0, 0)
        self.work = LibraryCard(theme, self.model.library)
        self.filters = ModelFilters(theme, self.model)
        self.list = ModelList(theme)
        self.search = SearchHubRow(theme, self.model)
        self.gestures = ModelGestures(theme, self, self._over, self.model)
        column = QVBoxLayout(content)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        for part in (self.notice, self.work, self.filters, self.list, self.search):
            column.addWidget(part)
        column.addStretch()
        self._connect()
        self._show_rows()

    def _over(self) -> QWidget:
        """What sheets lie over: the window without its status bar, where the lock state stays in view."""
        return self._sheets_over or self.window()

    def _connect(self) -> None:
        model, gestures, toolbar = self.model, self.gestures, self.toolbar
        model.rows_changed.connect(self._show_rows)
        model.detail_changed.connect(self._show_selection)
        model.ended.connect(lambda words, is_failure: announce(self, words, urgent=is_failure))
        model.library.failed.connect(self._tell_failure)
        model.library.told.connect(lambda words: self.notice.tell(words, tone="local"))
        self.list.chosen.connect(model.select)
        self.list.opened.connect(lambda _key: self.show_panel(True))
        self.list.acted.connect(self._act_on_row)
        self.list.key_pressed.connect(self._press_on_row)
        self.details.wanted.connect(self._act)
        self.details.close_wanted.connect(self._close_panel)
        toolbar.add.clicked.connect(gestures.add_from_file)
        toolbar.details.clicked.connect(self.toggle_viewer)
        toolbar.chosen.connect(self._act)
        self.panel_shown.connect(toolbar.show_details_open)

    # ------------------------------------------------------------ page protocol
    def focus_first(self) -> None:
        """The list, or the field that looks for models."""
        if not self.list.focus_first():
            self.filters.field.setFocus(Qt.FocusReason.TabFocusReason)

    def toggle_viewer(self) -> None:
        """Show or hide the details."""
        if self.is_panel_shown:
            self._close_panel()
        elif self.model.subject.name:
            self.show_panel(True)
        else:
            self.focus_first()

    def add_file(self, path: Path) -> None:
        """A model file was dropped on the window."""
        self.add_files([path])

    def add_files(self, paths: Sequence[Path]) -> None:
        self.gestures.add_files(paths)

    def show_model(self, model: ModelId) -> None:
        """Look at an installed model, whatever the filters say now."""
        self._show_key(("model", model))

    def show_offer(self, offer: str) -> None:
        """Look at a model of the catalogue."""
        self._show_key(("offer", offer))

    def _show_key(self, key: Key) -> None:
        self.filters.reset()
        self.model.select(key)
        self._show_rows()
        self.show_panel(True)
        row = self.list.row_of(key)
        if row is not None:
            self._scroll.ensureWidgetVisible(row)

    # ------------------------------------------------------------ showing
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_rows()

    def _show_rows(self) -> None:
        if not self.isVisible():
            return  # a download that goes on behind another screen costs nothing here
        self.list.show_sections(self.model.sections, self.model.selected)
        self.filters.show_counts()
        had_focus = self.search.ask.hasFocus()
        self.search.show_search()
        if had_focus and self.search.isHidden():
            self.focus_first()
        self.toolbar.show_models()

    def _show_selection(self) -> None:
        self.toolbar.show_models()
        if not self.model.subject.name:
            self._close_panel()
            return
        self.list.choose(self.model.selected)
        if not self.is_overlay:
            self.show_panel(True)

    def _tell_failure(self, words: Words) -> None:
        self.notice.tell(words.line, tone=words.tone)

    def place(self) -> None:
        super().place()
        if hasattr(self, "details"):
            self.details.show_close(self.is_overlay)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "filters"):
            self.filters.fold(self._scroll.width() - 48)

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "filters"):
            self.filters.fold(self._scroll.width() - 48)

    # ------------------------------------------------------------ gestures
    def _act_on_row(self, key: Key, act: str) -> None:
        self.model.select(key)
        self.list.choose(key)
        kind, name = key
        if act == "download" and kind == "offer":
            self.model.download_row(name)
        else:
            self._act(act)

    def _press_on_row(self, key: Key, code: int) -> None:
        kind, name = key
        self.model.select(key)
        if code in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.show_panel(True)
        elif code == Qt.Key.Key_Space and kind == "download":
            self.model.pause_or_resume(DownloadId(name))
        elif code == Qt.Key.Key_Space and self.model.subject.download is not None:
            self.model.pause_or_resume(self.model.subject.download.id)
        elif code == Qt.Key.Key_Delete:
            self._act("cancel" if kind == "download" else "remove")

    def _act(self, key: str) -> None:
        """What was pressed in a row, the panel or the menu."""
        subject, model, gestures = self.model.subject, self.model, self.gestures
        download, own = subject.download, subject.model
        match key:
            case "find" | "import_bundle" | "import_catalogue" | "move" | "token":
                getattr(gestures, key)()
            case "export":
                gestures.export(own.id if own is not None and subject.is_here else None)
            case "export_all":
                gestures.export()
            case "settings" | "privacy":
                self.settings_wanted.emit("models" if key == "settings" else key)
            case "look" if subject.found is not None:
                model.hub.look_at(subject.found.id)
            case "download" if subject.offer is not None and subject.size is not None:
                model.download(subject.offer, subject.size)
            case "header" if subject.offer is not None and subject.size is not None:
                model.read_header(subject.offer, subject.size)
            case "pause" | "resume" | "cancel" if download is not None:
                {"pause": lambda: model.pause(download.id), "resume": lambda: model.resume(download.id)}.get(
                    key, lambda: gestures.cancel(download)
                )()
            case _ if own is not None:
                self._act_on_model(key)

    def _act_on_model(self, key: str) -> None:
        own = self.model.subject.model
        assert own is not None
        match key:
            case "load":
                self.model.load(own.id)
            case "verify":
                self.model.library.verify(own.id)
            case "repair":
                self.model.repair(own)
            case "remove":
                self.gestures.remove(own)
            case "where":
                self.gestures.show_where(own)

    def _close_panel(self) -> None:
        had_focus = self.panel.isAncestorOf(self.focusWidget() or self)
        self.show_panel(False)
        if had_focus:
            self.list.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_panel_shown:
            self._close_panel()
        else:
            super().keyPressEvent(event)
