"""The Ask screen: conversation and composer at the left, the page of a source at the right or over them.

Puts the parts together and passes gestures between them. Decides nothing about answers; the model does.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels import answer_words
from desktop.viewmodels.ask import AskModel
from desktop.viewmodels.exchange import Exchange
from desktop.viewmodels.lock_gate import LockQuestion
from desktop.viewmodels.model_failure import ModelFailure
from desktop.viewmodels.window_model import EngineBridge
from desktop.views.ask_empty import AskEmpty
from desktop.views.ask_toolbar import AskToolbar
from desktop.views.composer import Composer
from desktop.views.conversation import Conversation
from desktop.views.exchange_view import SIDE, ExchangeView
from desktop.views.model_failure import ModelFailureView
from desktop.views.open_lock import ask_to_open
from desktop.views.page_viewer import PageViewer
from desktop.widgets.announce import announce
from desktop.widgets.scroll_area import ScrollArea

_WIDE_WINDOW = 1280  # below it the viewer lies over the conversation
_GUTTER = 24
_OVERLAY = 568


class AskView(QWidget):
    """One of the window's pages. `toolbar` is shown over it by the window; documents are added by the window, too.

    `models_wanted`: the chosen model cannot answer, and another one is looked for.
    """

    add_documents_wanted = Signal()
    models_wanted = Signal()

    def __init__(self, bridge: EngineBridge, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.model = AskModel(bridge)
        self.toolbar: QWidget = AskToolbar(theme, self.model)
        self.conversation = Conversation(theme, self._make_exchange)
        self.empty = AskEmpty(theme, self.model)
        self._failure = ModelFailure(bridge)
        self.failure = ModelFailureView(theme, self._failure, self.model)
        self._reads_anyway = False
        self.composer = Composer(theme, self.model)
        self.viewer = PageViewer(theme, self.model.viewer, self)
        self._cited: tuple[Exchange, int] | None = None
        self._left = QWidget()
        self._lay_out()
        self._connect()
        self._show_place()
        self._place_viewer()

    # ------------------------------------------------------------ building
    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(ScrollArea(_centred(self.empty)))
        self._stack.addWidget(self.conversation)
        self._stack.addWidget(ScrollArea(_centred(self.failure)))
        column = QVBoxLayout(self._left)
        column.setContentsMargins(0, 0, 0, 16)
        column.setSpacing(8)
        column.addWidget(self._stack, 1)
        self._composer_row = QHBoxLayout()
        self._composer_row.setContentsMargins(_GUTTER, 0, _GUTTER, 0)
        self._composer_row.addStretch(1)
        self._composer_row.addWidget(self.composer, 1000)
        self._composer_row.addStretch(1)
        column.addLayout(self._composer_row)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self._left, 1000)
        self._left.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._restyle()

    def _connect(self) -> None:
        model = self.model
        model.opened.connect(self._open)
        model.exchange_added.connect(self._add)
        model.exchange_removed.connect(self.conversation.remove)
        model.answer_changed.connect(self._refresh_answer)
        model.announced.connect(lambda words: announce(self, words))
        model.viewer.changed.connect(self._place_viewer)
        self.toolbar.viewer_toggled.connect(self.toggle_viewer)  # type: ignore[attr-defined]
        self.composer.attach_wanted.connect(self.add_documents_wanted)
        self.empty.add_wanted.connect(self.add_documents_wanted)
        self._failure.changed.connect(self._show_place)
        self._failure.gate.asked.connect(self._ask_for_lock)
        self.failure.models_wanted.connect(self.models_wanted)
        self.failure.reading_wanted.connect(self._read_anyway)
        self._theme.changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.composer.setMaximumWidth(self._theme.size("reading_column") + 2 * SIDE)
        self._place_viewer()

    def _make_exchange(self, exchange: Exchange) -> ExchangeView:
        view = ExchangeView(self._theme, self.model, exchange)
        view.cited.connect(self._open_source)
        view.acted.connect(self._act)
        if self._cited is not None and self._cited[0] is exchange:
            view.select(self._cited[1])
        return view

    # ------------------------------------------------------------ what the window calls
    def focus_first(self) -> None:
        self.focus_composer()

    def focus_composer(self) -> None:
        """Go to where questions are written; while the model has failed, to what can be done about it."""
        if self.composer.isHidden():
            self.failure.focus_first()
            return
        self.composer.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def new_conversation(self) -> None:
        self.model.new_conversation()
        self.focus_composer()

    def stop(self) -> None:
        """Stop the answer that is being written; without one, close a page that lies over the conversation."""
        if self.model.running is not None:
            self.model.stop()
        elif self.viewer.isVisible() and not self._has_room:
            self.model.viewer.close()

    def open_citation(self, number: int) -> None:
        """Open source `number` of the answer whose source was opened last, else of the last answer."""
        exchange = self._cited[0] if self._cited and self._cited[0] in self.model.exchanges else None
        last = next((each for each in reversed(self.model.exchanges) if each.citations.sources), None)
        exchange = exchange if exchange is not None and exchange.citations.source(number) else last
        if exchange is not None:
            self._open_source(exchange, number)

    def toggle_viewer(self) -> None:
        viewer = self.model.viewer
        if viewer.is_open:
            viewer.close()
            self.focus_composer()
        else:
            viewer.show_again()

    def copy_with_sources(self) -> None:
        """Copy the answer whose source was opened last, else the last one."""
        answered = [each for each in self.model.exchanges if each.text]
        if not answered:
            return
        chosen = self._cited[0] if self._cited is not None and self._cited[0] in answered else answered[-1]
        self._act(chosen, "copy")

    # ------------------------------------------------------------ exchanges
    def _open(self) -> None:
        self._cited = None
        self.conversation.show_exchanges(self.model.exchanges)
        self._show_place()

    def _add(self, exchange: Exchange) -> None:
        self._show_place()
        self.conversation.add(exchange)

    def _show_place(self) -> None:
        """The failure of the model comes first, unless somebody would rather read."""
        self._reads_anyway = self._reads_anyway and self._failure.is_shown
        failed = self._failure.is_shown and not self._reads_anyway
        self._stack.setCurrentIndex(2 if failed else 1 if self.model.exchanges else 0)
        had_focus = self.composer.isAncestorOf(self.focusWidget() or self)
        self.composer.setVisible(not failed)
        if failed and had_focus:
            self.failure.focus_first()

    def _read_anyway(self) -> None:
        self._reads_anyway = True
        self._show_place()
        self.focus_composer()

    def _ask_for_lock(self, question: LockQuestion) -> None:
        ask_to_open(self._theme, getattr(self.window(), "area", self.window()), self._failure.gate, question)

    def _refresh_answer(self, exchange: Exchange) -> None:
        view = self.conversation.view_of(exchange)
        if view is not None:
            view.refresh()
        if self._cited is not None and self._cited[0] is exchange and exchange.citations.source(self._cited[1]) is None:
            self._select(None)
        if exchange.problem is not None:
            announce(self, self.tr("The answer could not be finished"), urgent=True)

    def _act(self, exchange: Exchange, action: str) -> None:
        if action == "stop":
            self.model.stop()
        elif action in ("again", "try_again"):
            self.model.ask_again(exchange)
        elif action == "choose_model":
            self.composer.open_models()
        elif action == "copy":
            QGuiApplication.clipboard().setText(answer_words.with_sources(exchange, self.model.scope.by_id))
            announce(self, self.tr("Copied with sources"))

    # ------------------------------------------------------------ sources
    def _open_source(self, exchange: Exchange, number: int) -> None:
        opened = self.model.open_citation(exchange, number)
        self._select((exchange, number) if exchange.citations.source(number) else None)
        view = self.conversation.view_of(exchange)
        if view is not None:
            place = view.place_of(number)
            if place is not None:
                self.conversation.show_part(view, place.top(), place.height())
            source = exchange.citations.source(number)
            if source is not None:
                announce(self, answer_words.spoken(source, self.model.scope.record(source.evidence.document) if opened else None))

    def _select(self, cited: tuple[Exchange, int] | None) -> None:
        if self._cited is not None:
            before = self.conversation.view_of(self._cited[0])
            if before is not None:
                before.select(0)
        self._cited = cited
        now = self.conversation.view_of(cited[0]) if cited else None
        if cited is not None and now is not None:
            now.select(cited[1])

    # ------------------------------------------------------------ the viewer's place
    @property
    def _has_room(self) -> bool:
        return self.window().width() >= _WIDE_WINDOW

    def _place_viewer(self) -> None:
        shown, docked = self.model.viewer.is_open, self._has_room
        inside = self._row.indexOf(self.viewer) >= 0
        if docked and not inside:
            self._row.addWidget(self.viewer, 1)
            self.viewer.setMinimumWidth(self._theme.size("page_viewer_min"))
        elif not docked and inside:
            self._row.removeWidget(self.viewer)
        column = self._theme.size("reading_column") + 2 * SIDE + 2 * _GUTTER
        self._left.setMaximumWidth(column if docked and shown else 16_777_215)
        if not docked:
            width = min(self._theme.px(_OVERLAY), max(self.width() - _GUTTER, 0))
            self.viewer.setMinimumWidth(0)
            self.viewer.setGeometry(self.width() - width, 0, width, self.height())
            self.viewer.raise_()
        self.viewer.setVisible(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_viewer()


def _centred(part: QWidget) -> QWidget:
    around = QWidget()
    row = QHBoxLayout(around)
    row.setContentsMargins(_GUTTER, 0, _GUTTER, 0)
    row.addStretch(1)
    row.addWidget(part, 1000)
    row.addStretch(1)
    return around
