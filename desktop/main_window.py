"""The window: sidebar, toolbar, pages, status bar, the first start, and the gestures that belong to none of them alone.

It decides nothing: view-models hold the state, pages draw it. Sheets cover everything but the status bar, where the
lock state stays in view.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.compare import CompareModel
from desktop.viewmodels.consent import ConsentModel
from desktop.viewmodels.costs_pages import CostsPages
from desktop.viewmodels.documents import DocumentsModel
from desktop.viewmodels.first_run import FirstRunModel
from desktop.viewmodels.jump import JumpTarget
from desktop.viewmodels.ledger import LedgerModel
from desktop.viewmodels.lock import LockModel
from desktop.viewmodels.matter_rows import MatterRow
from desktop.viewmodels.models import ModelsModel
from desktop.viewmodels.privacy import PrivacyModel
from desktop.viewmodels.providers import ProvidersModel
from desktop.viewmodels.settings import SettingsModel
from desktop.viewmodels.sources import SourcesModel
from desktop.viewmodels.unlock import UnlockModel
from desktop.viewmodels.window_model import EngineBridge, WindowModel
from desktop.views import shortcuts
from desktop.views.ask import AskView
from desktop.views.compare import CompareView
from desktop.views.consent_sheet import ConsentSheet
from desktop.views.documents import DocumentsView
from desktop.views.file_gestures import FileGestures
from desktop.views.first_run_place import FirstRunPlace
from desktop.views.help import HelpSheet
from desktop.views.jump_sheet import JumpSheet
from desktop.views.ledger import LedgerView
from desktop.views.ledger_explained import ExplainedSheet
from desktop.views.ledger_gestures import LedgerGestures
from desktop.views.matter_gestures import MatterGestures
from desktop.views.models import ModelsView
from desktop.views.page_stack import PageStack
from desktop.views.regions import focus_region
from desktop.views.settings import SettingsView
from desktop.views.sidebar import Sidebar
from desktop.views.status_bar import StatusBar
from desktop.views.unlock import UnlockSheet
from desktop.views.vote_gestures import VoteGestures
from desktop.views.work_gestures import WorkGestures
from desktop.widgets.card import Panel
from desktop.widgets.notice import Notice
from desktop.widgets.sheet import Sheet
from desktop.wordings.words import Words
from engine import events, model_events
from engine.compare_records import Preview, VoteSetId
from engine.records import DocumentId
from engine.settings import Settings

translate = QCoreApplication.translate
_SMALLEST = QSize(1024, 640)
_DESIGNED = QSize(1440, 900)
_SIDEBAR_COLLAPSES = 1120  # design width of the window
_SCREENS = ("ask", "documents", "compare", "ledger", "models", "settings")
_ALWAYS = ("larger", "smaller", "as_designed", "close_lock")  # keys that also work over a sheet and at the first start


class MainWindow(QWidget):
    """Built once for the life of the program, before the engine has started."""

    def __init__(self, bridge: EngineBridge, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.model = WindowModel(bridge)
        self.lock = LockModel(bridge)
        self.area = Panel(theme, "canvas")  # everything but the status bar
        self.shell = QWidget()  # everything of it but the first start
        self.stack = PageStack(theme)
        self.ask = AskView(bridge, theme)
        self.documents = DocumentsView(DocumentsModel(bridge), theme)
        self._add_pages(bridge)
        self.sidebar = Sidebar(theme, self.model)
        self.status_bar = StatusBar(theme, self.model, self.lock)
        self.first_run = FirstRunPlace(theme, FirstRunModel(bridge), self.area, self.shell)
        self._lay_out()
        self.files = FileGestures(theme, self, self.area, self.documents, self.model)
        self.unlock = UnlockSheet(theme, self.area, UnlockModel(bridge))
        self.matters = MatterGestures(theme, self.area, self.model)
        self._connect()
        self._install_keys()
        self.setWindowTitle("Strongroom")  # never a matter's name: task bars and screen shares show titles
        self.setMinimumSize(_SMALLEST)
        self.resize(_DESIGNED.boundedTo(self.screen().availableSize()).expandedTo(_SMALLEST))
        self.show_screen("ask", focus=False)

    # ------------------------------------------------------------ building
    def _add_pages(self, bridge: EngineBridge) -> None:
        settings, privacy = SettingsModel(bridge), PrivacyModel(bridge, self.lock)
        sources = SourcesModel(bridge, settings)
        self.stack.add("ask", self.ask)
        self.stack.add("documents", self.documents)
        compare, models = CompareModel(bridge), ModelsModel(bridge)
        self.stack.add_later("compare", lambda: self._make_compare(bridge, compare))
        self._add_ledger(bridge, LedgerModel(bridge))
        self.stack.add_later("models", lambda: self._make_models(bridge, models))
        providers = ProvidersModel(bridge)
        costs = CostsPages(bridge, settings, providers)
        self.stack.add_later(
            "settings", lambda: SettingsView(settings, privacy, providers, sources, costs, self.theme, self.area)
        )

    def _add_ledger(self, bridge: EngineBridge, model: LedgerModel) -> None:
        """What it tells is told on whatever screen is shown."""
        self.ledger_sheets = LedgerGestures(self.theme, self.area, bridge, model)
        self.ledger_sheets.screen_wanted.connect(self.show_screen)
        self.stack.add_later("ledger", lambda: LedgerView(self.theme, model))
        model.told.connect(lambda words: self.notice.tell(words, tone="local"))
        verb, show = translate("MainWindow", "Open the ledger"), partial(self.show_screen, "ledger")
        model.warned.connect(lambda words: self.notice.tell(words, tone="caution", action=verb, do=show))
        model.settings_wanted.connect(self._show_settings_part)
        model.vote_wanted.connect(self._vote_on)
        model.explain_wanted.connect(partial(self._explain_ledger, model))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self.shell)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addWidget(self.stack, 1)
        inside = QVBoxLayout(self.area)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.shell)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.area, 1)
        column.addWidget(self.status_bar)
        self._fit()

    @property
    def settings(self) -> SettingsView:
        """Made when it is first looked at."""
        return self.stack.page("settings")  # type: ignore[return-value]

    @property
    def compare(self) -> CompareView:
        """Made when it is first looked at."""
        return self.stack.page("compare")  # type: ignore[return-value]

    @property
    def ledger(self) -> LedgerView:
        """Made when it is first looked at."""
        return self.stack.page("ledger")  # type: ignore[return-value]

    @property
    def models(self) -> ModelsView:
        """Made when it is first looked at."""
        return self.stack.page("models")  # type: ignore[return-value]

    @property
    def screen_name(self) -> str:
        return self.stack.shown

    @property
    def notice(self) -> Notice:
        """Where a line about what just happened is seen now."""
        return self.first_run.notice or self.stack.notice

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
        sidebar.confidential_wanted.connect(self.matters.mark_confidential)
        sidebar.opened.connect(self._open_row)
        self.status_bar.wanted.connect(self._show_settings_part)
        self.status_bar.ledger_wanted.connect(partial(self._leave_for, "ledger"))
        self.first_run.left.connect(self.show_screen)
        self.documents.ask_about.connect(self._ask_about)
        self.documents.remove_wanted.connect(self.matters.remove_document)
        self.matters.document_removal_confirmed.connect(lambda document: self.documents.model.remove(document.id))
        self.ask.add_documents_wanted.connect(self._add_documents)
        self.ask.models_wanted.connect(lambda: self.show_screen("models"))
        self.unlock.quit_wanted.connect(self.close)
        self.files.is_covered = self._has_sheet
        self.files.added.connect(self._leave_for)

    def _install_keys(self) -> None:
        actions: dict[str, Callable[[], None]] = {
            "jump": self.open_jump,
            **{screen: partial(self.show_screen, screen) for screen in _SCREENS},
            "help": self.open_help,
            "new_conversation": self.new_conversation,
            "new_matter": self.matters.create,
            "compose": self.compose,
            "copy": self._copy_answer,
            "add_documents": self._add_documents,
            "close_lock": self.lock.close,
            "next_region": lambda: focus_region(self._regions(), 1),
            "previous_region": lambda: focus_region(self._regions(), -1),
            "viewer": self._toggle_viewer,
            "larger": lambda: self.model.change_text_size(self.model.settings.text_size + 10),
            "smaller": lambda: self.model.change_text_size(self.model.settings.text_size - 10),
            "as_designed": lambda: self.model.change_text_size(100),
            **{f"source_{n}": partial(self._open_source, n) for n in range(1, 10)},
        }
        shortcuts.install(self, actions, self._may_use)

    def _may_use(self, key: str) -> bool:
        """Whether a key works now: few do over a sheet or before there is a shell to use them in."""
        if self._has_sheet():
            return key in _ALWAYS
        return self.first_run.notice is None or key in (*_ALWAYS, "help", "next_region", "previous_region")

    # ------------------------------------------------------------ screens
    def show_screen(self, name: str, *, focus: bool = True) -> None:
        """Show ask, documents, compare, ledger, models or settings."""
        self.stack.show_page(name, focus=focus)
        self.sidebar.show_screen(name)

    def _make_compare(self, bridge: EngineBridge, model: CompareModel) -> CompareView:
        view = CompareView(self.theme, model)
        view.consent_wanted.connect(partial(self._ask_consent, bridge))
        view.settings_wanted.connect(self._show_settings_part)
        view.add_documents_wanted.connect(self._add_documents)
        view.told.connect(lambda words: self.notice.tell(words, tone="local"))
        votes = VoteGestures(self.theme, self.area, view, bridge, self.lock)
        work = WorkGestures(self.theme, self.area, view, bridge, self.lock, votes.sets, self.ledger_sheets.places)
        work.move_wanted.connect(self.ledger_sheets.show_move)
        work.export_wanted.connect(votes.export)
        return view

    def _vote_on(self, workload: str) -> None:
        """Go where votes are cast, with the set of a workload chosen; '' leaves the one that is."""
        self.show_screen("compare")
        if workload:
            self.compare.model.votes.choose(VoteSetId(workload))

    def _explain_ledger(self, model: LedgerModel) -> None:
        """Open the figures of the month that is shown."""
        if model.page is not None:
            sheet = ExplainedSheet(self.theme, self.area, model.page)
            sheet.setting_wanted.connect(self._show_settings_part)
            sheet.ask()

    def _ask_consent(self, bridge: EngineBridge, preview: Preview) -> None:
        """Show what would leave this computer; only this sheet can send it."""
        sheet = ConsentSheet(self.theme, self.area, ConsentModel(bridge, preview), self.lock)
        sheet.sent.connect(self.compare.focus_first)  # the button that led to it is gone
        sheet.ask()

    def _make_models(self, bridge: EngineBridge, model: ModelsModel) -> ModelsView:
        view = ModelsView(bridge, self.theme, model, over=self.area)
        view.settings_wanted.connect(self._show_settings_part)
        return view

    def _leave_for(self, screen: str) -> None:
        """Something was begun that leads to a screen; the first start is over with it."""
        self.first_run.leave()
        self.show_screen(screen)

    def _show_settings_part(self, part: str) -> None:
        self.settings.show_part(part)
        self._leave_for("settings")

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
        if (toggle := getattr(self.stack.page(self.screen_name), "toggle_viewer", None)) is not None:
            toggle()

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
        if self.screen_name not in ("ask", "documents", "compare"):
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
        elif target.kind == "settings":
            self._show_settings_part(target.key)
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
        part = "privacy" if {"open_lock", "privacy", "token"} & set(words.actions) else "models"
        leads_to_settings = part == "privacy" or {"choose_model", "settings"} & set(words.actions)
        verb = translate("MainWindow", "Open settings") if leads_to_settings else ""
        self.notice.tell(words.line, tone=words.tone, action=verb, do=partial(self._show_settings_part, part))

    def _tell_event(self, event: object) -> None:
        if isinstance(event, events.ConversationExported | model_events.ConnectionsExported):
            words = translate("MainWindow", "Exported to {file}. The file is not encrypted.")
            self.notice.tell(words.format(file=event.file.name), tone="local")

    # ------------------------------------------------------------ size and keys
    def _regions(self) -> list[QWidget]:
        if self.first_run.view is not None:
            return [self.first_run.view, self.status_bar]
        page = self.stack.page(self.screen_name)
        panel = getattr(page, "viewer", None) or getattr(page, "panel", None)
        return [self.sidebar, self.stack.toolbars, self.stack.page_area, *([panel] if panel else []), self.status_bar]

    def _fit(self) -> None:
        self.sidebar.set_narrow(self.width() < _SIDEBAR_COLLAPSES * self.theme.scale)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.screen_name == "ask":
            self.ask.stop()
        elif event.key() == Qt.Key.Key_Escape and self.screen_name == "compare":
            self.compare.stop()
        else:
            super().keyPressEvent(event)
