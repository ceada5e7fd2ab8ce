"""The Compare screen: one prompt, two to four answers beside each other, the vote, and how the votes stand.

Puts the parts together and passes gestures between them. Sends nothing: the text that waits for approval is shown in a
sheet of its own, which the window opens on `consent_wanted`.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedLayout, QVBoxLayout, QWidget

from desktop import wording
from desktop.theme import Theme
from desktop.viewmodels.compare import CompareModel
from desktop.viewmodels.compare_pane import Pane
from desktop.views.compare_composer import PromptComposer
from desktop.views.compare_pane import PaneView
from desktop.views.compare_prompt import PromptCard
from desktop.views.compare_setup import SetupPane
from desktop.views.compare_strip import PaneStrip
from desktop.views.compare_tally import TallyCard
from desktop.views.compare_toolbar import CompareToolbar
from desktop.views.compare_votes import KEY_EQUAL, KEY_NONE, VoteRow
from desktop.widgets.announce import announce
from desktop.widgets.notice import Notice
from desktop.widgets.scroll_area import ScrollArea
from engine.errors import StrongroomError

translate = QCoreApplication.translate
_NO_KEYS = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier


class CompareView(QWidget):
    """A page: `toolbar` goes into the window's toolbar row.

    `consent_wanted` carries the newest Preview, `settings_wanted` the part of the settings to show. `new_set_wanted`,
    `manage_set_wanted` (with the VoteSet) and `work_wanted` lead to sheets about vote sets. `told` is a line for the window.
    """

    consent_wanted = Signal(object)
    settings_wanted = Signal(str)
    add_documents_wanted = Signal()
    new_set_wanted = Signal()
    manage_set_wanted = Signal(object)
    work_wanted = Signal()
    told = Signal(str)

    def __init__(self, theme: Theme, model: CompareModel) -> None:
        super().__init__()
        self._theme = theme
        self.model = model
        self._told: StrongroomError | None = None
        self.setAccessibleName(translate("CompareView", "Compare"))
        self.toolbar = CompareToolbar(theme, model)
        self.notice = Notice(theme, close_name=translate("CompareView", "Close"))
        self.notice.layout().setContentsMargins(0, 0, 0, 0)
        self.composer = PromptComposer(theme, model)
        self.prompt = PromptCard(theme, model)
        self.strip = PaneStrip(theme)
        self.votes = VoteRow(theme, model)
        self.tally = TallyCard(theme, model)
        self._lay_out()
        self._connect()
        self._open()

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        for part in (self.notice, self.composer, self.prompt):
            column.addWidget(part)
        column.addWidget(self.strip, 1)
        column.addWidget(self.votes)
        column.addWidget(self.tally)
        self._column = column
        self._scroll = ScrollArea(content)
        around = QStackedLayout(self)
        around.addWidget(self._scroll)

    def _connect(self) -> None:
        model, toolbar = self.model, self.toolbar
        model.opened.connect(self._open)
        model.changed.connect(self._refresh)
        model.pane_changed.connect(self._refresh_pane)
        model.announced.connect(lambda words, urgent: announce(self, words, urgent=urgent))
        model.told.connect(self.told)
        self.prompt.review_wanted.connect(self.review)
        self.composer.add_wanted.connect(self.add_documents_wanted)
        self.votes.set_wanted.connect(self._choose_set)
        toolbar.new_set_wanted.connect(self.new_set_wanted)
        toolbar.manage_set_wanted.connect(self.manage_set_wanted)
        toolbar.work_wanted.connect(self.work_wanted)

    def put_on_top(self, card: QWidget) -> None:
        """Show a card over the prompt, such as one of work that goes on."""
        self._column.insertWidget(1, card)

    # ------------------------------------------------------------ page protocol
    def focus_first(self) -> None:
        """Where a prompt is written, else what can be done next."""
        self._first.setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.verticalScrollBar().setValue(0)  # it is at the top

    @property
    def _first(self) -> QWidget:
        buttons = (self.prompt.review, self.prompt.next, self.prompt.stop, self.prompt.edit)
        first = next((one for one in buttons if one.isVisibleTo(self) and one.isEnabled()), None)
        return self.composer.text if self.model.run is None or first is None else first

    def stop(self) -> None:
        """Stop every answer."""
        self.model.stop()

    def review(self) -> None:
        """Show the text that waits for approval."""
        run = self.model.run
        if run is not None and run.preview is not None and run.unsent and not self.model.setup.is_confidential:
            self.consent_wanted.emit(run.preview)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model.ask_for_lists()
        self._refresh()

    # ------------------------------------------------------------ showing
    def _open(self) -> None:
        """Another comparison, or the next one is to be written."""
        run = self.model.run
        had_focus = self.isAncestorOf(self.focusWidget() or self.window())
        self.composer.setVisible(run is None)
        self.prompt.setVisible(run is not None)
        if run is None:
            self._show_setup()
        else:
            self.strip.show_panes([self._make_pane(place) for place in range(len(run.panes))])
        self._refresh()
        self._scroll.verticalScrollBar().setValue(0)
        if self.isVisible():
            self.model.ask_for_history()
        if had_focus and self.isVisible():
            self.focus_first()

    def _make_pane(self, place: int) -> PaneView:
        assert self.model.run is not None
        view = PaneView(self._theme, self.model, self.model.run, place)
        view.acted.connect(lambda action, view=view: self._act(view, action))
        return view

    def _show_setup(self) -> None:
        panes = []
        for place in range(self.model.setup.n_panes):
            pane = SetupPane(self._theme, self.model, place)
            pane.settings_wanted.connect(lambda: self.settings_wanted.emit("providers"))
            panes.append(pane)
        self.strip.show_panes(panes)

    def _refresh(self) -> None:
        if not self.isVisible():
            return  # what goes on behind another screen costs nothing here
        run, focused = self.model.run, QApplication.focusWidget()
        if run is None and len(self.strip.panes) != self.model.setup.n_panes:
            self._show_setup()
        for pane in self.strip.panes:
            pane.refresh()  # type: ignore[attr-defined]
        self.composer.refresh()
        self.prompt.refresh()
        self.votes.refresh()
        self.votes.fold(self.width() - 48)
        self.tally.refresh()
        self.strip.fit_heights()
        self._tell_refusal(run.refusal if run is not None else self.model.refusal)
        self._keep_focus(focused)

    def _keep_focus(self, focused: QWidget | None) -> None:
        """What had the focus may be gone or disabled now; Qt would give it to whatever stands beside it."""
        if focused is not None and self.isAncestorOf(focused) and not focused.hasFocus():
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refresh_pane(self, pane: Pane) -> None:
        run = self.model.run
        if not self.isVisible() or run is None:
            return
        focused = QApplication.focusWidget()
        for view in self.strip.panes:
            if isinstance(view, PaneView) and view.pane is pane:
                view.grow()
        self._keep_focus(focused)

    def _tell_refusal(self, why: StrongroomError | None) -> None:
        if why is self._told:
            return
        self._told = why
        if why is None:
            self.notice.hide()
            return
        words = wording.words_for(why)
        self.notice.tell(words.line, tone=words.tone)

    # ------------------------------------------------------------ gestures
    def _act(self, view: PaneView, action: str) -> None:
        if action == "stop":
            self.model.stop(view.pane)
        elif action == "try_again":
            self.model.try_again(view.pane)
            if view.pane.is_remote:
                self._scroll.verticalScrollBar().setValue(0)  # there it is reviewed before it is sent again
        elif action == "vote":
            self.model.vote_for(view.place)

    def _choose_set(self) -> None:
        if self.model.votes.sets:
            self.toolbar.sets.setFocus(Qt.FocusReason.OtherFocusReason)
            self.toolbar.sets.open_menu()
        else:
            self.new_set_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Votes by key, wherever the focus is in the page, but in a field."""
        if event.key() == Qt.Key.Key_Escape and self.model.run is not None:
            self.stop()
        elif (
            self.model.run is None or event.modifiers() not in _NO_KEYS or event.isAutoRepeat() or not self._vote_by(event.text())
        ):
            super().keyPressEvent(event)

    def _vote_by(self, key: str) -> bool:
        if key == KEY_EQUAL:
            self.model.vote("all_equal")
        elif key.upper() == KEY_NONE:
            self.model.vote("none_usable")
        elif key in ("1", "2", "3", "4"):
            self.model.vote_for(int(key) - 1)
        else:
            return False
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.votes.fold(self.width() - 48)
