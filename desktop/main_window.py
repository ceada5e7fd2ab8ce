"""The window: sidebar, toolbar, pages, status bar, and the gestures that belong to none of them alone.

It decides nothing: view-models hold the state, pages draw it. A page is a widget with a `toolbar` for the
toolbar row and `focus_first()`. Sheets cover everything but the status bar, where the lock state stays in view.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.documents import DocumentsModel
from desktop.viewmodels.jump import JumpTarget
from desktop.viewmodels.lock import LockModel
from desktop.viewmodels.matter_rows import MatterRow
from desktop.viewmodels.settings import SettingsModel
from desktop.viewmodels.unlock import UnlockModel
from desktop.viewmodels.window_model import EngineBridge, WindowModel
from desktop.views import shortcuts
from desktop.views.ask import AskView
from desktop.views.documents import DocumentsView
from desktop.views.drop_cover import DropCover
from desktop.views.dropping import FileDrop
from desktop.views.help import HelpSheet
from desktop.views.jump_sheet import JumpSheet
from desktop.views.matter_gestures import MatterGestures
from desktop.views.regions import focus_region
from desktop.views.settings import SettingsView
from desktop.views.sidebar import Sidebar
from desktop.views.status_bar import StatusBar
from desktop.views.unlock import UnlockSheet
from desktop.widgets.card import Panel
from desktop.widgets.notice import Notice
from desktop.widgets.sheet import Sheet
from desktop.wordings.words import Words
from engine import events
from engine.records import DocumentId
from engine.settings import Settings

translate = QCoreApplication.translate
_SMALLEST = QSize(1024, 640)
_DESIGNED = QSize(1440, 900)
_SIDEBAR_COLLAPSES = 1120  # design width of the window
_ALWAYS = ("larger", "smaller", "as_designed")  # keys that also work over a sheet


class MainWindow(QWidget):
    """Built once for the life of the program, before the engine has started."""

    def __init__(self, bridge: EngineBridge, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.model = WindowModel(bridge)
        self.lock = LockModel(bridge)
        self._unlock_model = UnlockModel(bridge)
        self.ask = AskView(bridge, theme)
        self.documents = DocumentsView(DocumentsModel(bridge), theme)
        self._settings_model = SettingsModel(bridge)
        self._settings: SettingsView | None = None
        self.pages: dict[str, QWidget] = {"ask": self.ask, "documents": self.documents}
        self.screen_name = "ask"
        self.area = Panel(theme, "canvas")  # everything but the status bar
        self.sidebar = Sidebar(theme, self.model)
        self.toolbars = Panel(theme, "canvas", edge="bottom")
        self.page_area = QWidget()
        self.status_bar = StatusBar(theme, self.model, self.lock)
        self._toolbar_stack = QStackedLayout()
        self._page_stack = QStackedLayout()
        self.notice = Notice(theme, close_name=translate("MainWindow", "Close"))
        self._lay_out()
        self.drop_cover = DropCover(theme, self.page_area)
        self.unlock = UnlockSheet(theme, self.area, self._unlock_model)
        self.matters = MatterGestures(theme, self.area, self.model)
        self._connect()
        self._install_keys()
        self.setWindowTitle("Strongroom")  # never a matter's name: task bars and screen shares show titles
        self.setMinimumSize(_SMALLEST)
        self.resize(_DESIGNED.boundedTo(self.screen().availableSize()).expandedTo(_SMALLEST))
        self.show_screen("ask", focus=False)

    # ------------------------------------------------------------ building
    def _lay_out(self) -> None:
        for page in self.pages.values():
            self._stack(page)
        page_column = QVBoxLayout(self.page_area)
        page_column.setContentsMargins(0, 0, 0, 0)
        page_column.setSpacing(0)
        page_column.addWidget(self.notice)
        page_column.addLayout(self._page_stack, 1)
        toolbar_row = QHBoxLayout(self.toolbars)
        toolbar_row.setContentsMargins(24, 0, 16, 1)
        toolbar_row.addLayout(self._toolbar_stack)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.toolbars)
        right.addWidget(self.page_area, 1)
        row = QHBoxLayout(self.area)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.area, 1)
        column.addWidget(self.status_bar)
        self._fit()

    def _stack(self, page: QWidget) -> None:
        self._page_stack.addWidget(page)
        self._toolbar_stack.addWidget(page.toolbar)  # type: ignore[attr-defined]

    @property
    def settings(self) -> SettingsView:
        """Built when it is first looked at: the window is on the screen sooner without it."""
        if self._settings is None:
            self._settings = SettingsView(self._settings_model, self.theme)
            self.pages["settings"] = self._settings
            self._stack(self._settings)
        return self._settings

    def _connect(self) -> None:
        model, sidebar = self.model, self.sidebar
        self.theme.changed.connect(self._fit)
        model.settings_changed.connect(self._use_settings)
        model.troubled.connect(self._tell_trouble)
        model.told.connect(self._tell_event)
        sidebar.screen_wanted.connect(self.show_screen)
        sidebar.help_wanted.connect(self.open_help)
        sidebar.jump_wanted.connect(self.open_jump)
        sidebar.new_matter_wanted.connect(self.matters.create)
        sidebar.rename_wanted.connect(self.matters.rename)
        sidebar.delete_wanted.connect(self.matters.delete)
        sidebar.opened.connect(self._open_row)
        self.status_bar.wanted.connect(self._show_settings_part)
        self.documents.ask_about.connect(self._ask_about)
        self.documents.remove_wanted.connect(self.matters.remove_document)
        self.matters.document_removal_confirmed.connect(lambda document: self.documents.model.remove(document.id))
        self.ask.add_documents_wanted.connect(self._add_documents)
        self.unlock.quit_wanted.connect(self.close)
        drop = FileDrop(self)
        drop.hovering.connect(self._show_files_over)
        drop.dropped.connect(self._take_files)

    def _install_keys(self) -> None:
        actions: dict[str, Callable[[], None]] = {
            "jump": self.open_jump,
            "ask": lambda: self.show_screen("ask"),
            "documents": lambda: self.show_screen("documents"),
            "settings": lambda: self.show_screen("settings"),
            "help": self.open_help,
            "new_conversation": self.new_conversation,
            "new_matter": self.matters.create,
            "compose": self.compose,
            "copy": self._copy_answer,
            "add_documents": self._add_documents,
            "next_region": lambda: focus_region(self._regions(), 1),
            "previous_region": lambda: focus_region(self._regions(), -1),
            "viewer": self._toggle_viewer,
            "larger": lambda: self.model.change_text_size(self.model.settings.text_size + 10),
            "smaller": lambda: self.model.change_text_size(self.model.settings.text_size - 10),
            "as_designed": lambda: self.model.change_text_size(100),
            **{f"source_{n}": partial(self._open_source, n) for n in range(1, 10)},
        }
        shortcuts.install(self, actions, lambda name: name in _ALWAYS or not self._has_sheet())

    # ------------------------------------------------------------ screens
    def show_screen(self, name: str, *, focus: bool = True) -> None:
        """Show ask, documents or settings."""
        self.screen_name = name
        page = self.settings if name == "settings" else self.pages[name]
        self._page_stack.setCurrentWidget(page)
        self._toolbar_stack.setCurrentWidget(page.toolbar)  # type: ignore[attr-defined]
        self.sidebar.show_screen(name)
        if focus:
            page.focus_first()  # type: ignore[attr-defined]

    def _show_settings_part(self, part: str) -> None:
        self.settings.show_part(part)
        self.show_screen("settings")

    def new_conversation(self) -> None:
        """Leave the conversation and write a new one."""
        self.model.leave_conversation()
        self.ask.new_conversation()
        self.compose()

    def compose(self) -> None:
        """Go to where questions are written."""
        self.show_screen("ask", focus=False)
        self.ask.focus_composer()

    def _open_source(self, n: int) -> None:
        if self.screen_name == "ask":
            self.ask.open_citation(n)

    def _copy_answer(self) -> None:
        if self.screen_name == "ask":
            self.ask.copy_with_sources()

    def _toggle_viewer(self) -> None:
        if self.screen_name != "settings":
            self.pages[self.screen_name].toggle_viewer()  # type: ignore[attr-defined]

    def _add_documents(self) -> None:
        self.show_screen("documents")
        self.documents.add_documents()

    def _ask_about(self, documents: tuple[DocumentId, ...]) -> None:
        self.new_conversation()
        self.ask.model.choose_documents(None, included=True)
        for document in documents:
            self.ask.model.choose_documents(document, included=True)

    def _open_row(self, row: MatterRow) -> None:
        if row.kind == "conversation":
            self.model.open_conversation(row.matter, row.key)  # type: ignore[arg-type]
            self.show_screen("ask", focus=False)
            return
        self.model.open_matter(row.matter)
        if self.screen_name == "settings":
            self.show_screen("ask", focus=False)

    # ------------------------------------------------------------ sheets
    def open_jump(self) -> None:
        """Search or jump to a matter, conversation, document or screen."""
        sheet = JumpSheet(self.theme, self.area, self.model)
        sheet.chosen.connect(self._jump)
        sheet.ask()

    def open_help(self) -> None:
        """Show the keyboard map."""
        sheet = HelpSheet(self.theme, self.area)
        sheet.open_sheet(sheet.cross)

    def _has_sheet(self) -> bool:
        return any(not sheet.isHidden() for sheet in self.area.findChildren(Sheet))

    def _jump(self, target: JumpTarget) -> None:
        if target.kind == "screen":
            self.open_help() if target.key == "help" else self.show_screen(target.key)
        elif target.kind == "document":
            self.show_screen("documents")
            self.documents.show_document(target.key)
        elif target.kind == "matter":
            self.model.open_matter(target.key)  # type: ignore[arg-type]
        elif self.model.matter is not None:
            self.model.open_conversation(self.model.matter.id, target.key)  # type: ignore[arg-type]
            self.show_screen("ask")

    # ------------------------------------------------------------ what the engine says
    def _use_settings(self, settings: Settings) -> None:
        self.theme.choose(settings.theme, text_size=settings.text_size, reduced_motion=settings.reduced_motion)

    def _tell_trouble(self, words: Words) -> None:
        leads_to_settings = "choose_model" in words.actions or "settings" in words.actions
        verb = translate("MainWindow", "Open settings") if leads_to_settings else ""
        self.notice.tell(words.line, tone=words.tone, action=verb, do=partial(self._show_settings_part, "models"))

    def _tell_event(self, event: object) -> None:
        if isinstance(event, events.ConversationExported):
            words = translate("MainWindow", "Exported to {file}. The file is not encrypted.")
            self.notice.tell(words.format(file=event.file.name), tone="local")

    # ------------------------------------------------------------ files over the window
    def _show_files_over(self, n_files: int) -> None:
        here = self.screen_name == "documents"
        self.documents.show_files_over(n_files if here else 0)
        self.drop_cover.show_files(0 if here else n_files)

    def _take_files(self, files: list[Path]) -> None:
        if self._has_sheet():
            return
        self.documents.model.add(files)
        self.show_screen("documents")

    # ------------------------------------------------------------ size and keys
    def _regions(self) -> list[QWidget]:
        panels: dict[str, QWidget] = {"ask": self.ask.viewer, "documents": self.documents.panel}
        panel = panels.get(self.screen_name)
        return [self.sidebar, self.toolbars, self.page_area, *([panel] if panel else []), self.status_bar]

    def _fit(self) -> None:
        self.toolbars.setFixedHeight(self.theme.size("toolbar"))
        self.sidebar.set_narrow(self.width() < _SIDEBAR_COLLAPSES * self.theme.scale)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.screen_name == "ask":
            self.ask.stop()
        else:
            super().keyPressEvent(event)
