"""An answer that is not asked for yet: which model shall give it, and what that means for the text."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout

from desktop.theme import Theme
from desktop.viewmodels.compare import CompareModel
from desktop.viewmodels.compare_setup import Candidate
from desktop.widgets.button import Button
from desktop.widgets.card import Card, Divider
from desktop.widgets.chip import Chip
from desktop.widgets.mark import Mark
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.text import Text

translate = QCoreApplication.translate


class ModelChooser(MenuButton):
    """`chosen` carries a PaneChoice. Models of this computer come first; those of others name where the text would go."""

    chosen = Signal(object)
    settings_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, kind="secondary")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._filled: object = None

    def show_choice(self, pane: int, candidate: Candidate | None) -> None:
        """Show what is chosen for a pane."""
        text = candidate.name if candidate else translate("ModelChooser", "Choose a model")
        self.setText(text)
        is_remote = candidate is not None and candidate.is_remote
        self._icon_color = "outbound_text" if is_remote else "primary"
        self.set_icon("" if candidate is None else "arrow-up-right" if is_remote else "lock")
        place = translate("ModelChooser", "Model for answer {n}: {model}").format(n=pane + 1, model=text)
        self.setAccessibleName(place)
        self.set_hint(place)

    def fill(self, model: CompareModel, chosen: Candidate | None) -> None:
        """Offer every model there is, but never change a menu that is open."""
        setup = model.setup
        state = (chosen, tuple(setup.candidates), tuple(setup.providers))
        if state == self._filled or self.choices.isVisible():
            return
        self._filled = state
        menu = self.choices
        menu.clear()
        group = QActionGroup(menu)
        self._title(menu, translate("ModelChooser", "On this computer"))
        for candidate in setup.local:
            self._entry(menu, group, candidate, chosen)
        if not setup.local:
            menu.addAction(translate("ModelChooser", "No model is on this computer")).setEnabled(False)
        menu.addSeparator()
        self._title(menu, translate("ModelChooser", "On another computer, after your approval"))
        for provider in setup.providers:
            inside = menu.addMenu(self.theme.icon("arrow-up-right", "outbound_text"), provider.name.replace("&", "&&"))
            self._title(inside, provider.host)
            for candidate in setup.remote(provider):
                self._entry(inside, group, candidate, chosen)
        more = menu.addAction(self.theme.icon("key-round"), translate("ModelChooser", "Add a provider or an API key…"))
        more.triggered.connect(self.settings_wanted)

    def _title(self, menu: QMenu, words: str) -> None:
        menu.addAction(words.replace("&", "&&")).setEnabled(False)

    def _entry(self, menu: QMenu, group: QActionGroup, candidate: Candidate, chosen: Candidate | None) -> QAction:
        action = menu.addAction(candidate.name.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(chosen is not None and candidate.choice == chosen.choice)
        action.setEnabled(not candidate.why_not)
        action.setToolTip(candidate.why_not)
        menu.setToolTipsVisible(True)
        action.triggered.connect(lambda _=False, choice=candidate.choice: self.chosen.emit(choice))
        group.addAction(action)
        return action


class SetupPane(Card):
    """`settings_wanted`: a provider or a key is to be added."""

    settings_wanted = Signal()

    def __init__(self, theme: Theme, model: CompareModel, place: int) -> None:
        super().__init__(theme)
        self._model = model
        self.place = place
        self.chooser = ModelChooser(theme)
        self._chip = Chip(theme)
        self._mark = Mark(theme, "key-round", size=24)
        self._title = Text(theme, "", "bodyb", wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        self._words = Text(theme, "", color="text2", wrap=True)
        self._hint = Text(theme, "", color="text2", wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        self.settings = Button(theme, translate("SetupPane", "Open settings"), icon="settings")
        self._lay_out()
        self.chooser.chosen.connect(lambda choice: model.choose(self.place, choice))
        self.chooser.settings_wanted.connect(self.settings_wanted)
        self.settings.clicked.connect(self.settings_wanted)
        self.refresh()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(11, 8, 11, 8)
        head.setSpacing(8)
        head.addWidget(self.chooser, 1)
        head.addWidget(self._chip)
        column.addLayout(head)
        column.addWidget(Divider(self.theme))
        body = QVBoxLayout()
        body.setContentsMargins(15, 14, 15, 14)
        body.setSpacing(10)
        self._above = body
        body.addStretch(0)
        body.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        body.addWidget(self._title)
        body.addWidget(self._words)
        body.addWidget(self._hint)
        body.addWidget(self.settings, 0, Qt.AlignmentFlag.AlignHCenter)
        body.addStretch(1)
        column.addLayout(body, 1)

    def refresh(self) -> None:
        """Show which model is chosen for this place."""
        setup = self._model.setup
        candidate = setup.panes[self.place] if self.place < setup.n_panes else None
        self.chooser.show_choice(self.place, candidate)
        self.chooser.fill(self._model, candidate)
        self._chip.setVisible(candidate is not None)
        needs_key = candidate is None and setup.knows_models and not setup.can_ask_remote and not setup.is_confidential
        for part in (self._mark, self._title, self._hint, self.settings):
            part.setVisible(needs_key)
        self._words.setVisible(not needs_key)
        self._above.setStretch(0, 1 if needs_key else 0)
        if candidate is None:
            self._show_empty(needs_key=needs_key)
        elif candidate.is_remote:
            self._chip.show_status(candidate.host, "outbound", "")
            words = translate("SetupPane", "Waits for your approval. You see exactly what would be sent before anything leaves.")
            self._words.setText(candidate.why_not + "." if candidate.why_not else words)
        else:
            self._chip.show_status(translate("SetupPane", "Stays here"), "local", "")
            self._words.setText(translate("SetupPane", "Answers on this computer as soon as you choose Compare."))

    def _show_empty(self, *, needs_key: bool) -> None:
        if not self._model.setup.knows_models:
            words = translate("SetupPane", "Looking at the models of this computer.")
        elif self._model.setup.is_confidential:
            words = translate("SetupPane", "This matter is marked as confidential. Compare models of this computer.")
        elif needs_key:
            self._title.setText(translate("SetupPane", "Add an API key to compare"))
            self._hint.setText(
                translate("SetupPane", "Or compare two models of this computer. Nothing is sent without your approval.")
            )
            return
        else:
            words = translate("SetupPane", "Choose which model gives this answer.")
        self._words.setText(words)
