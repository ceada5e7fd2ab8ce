"""Run a whole set: which two models, how answers are judged, what is hidden. Nothing is sent from here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.compare_setup import Candidate
from desktop.viewmodels.evaluation import EvaluationModel
from desktop.viewmodels.vote_sets import VoteSetsModel
from desktop.views.option_list import OptionList
from desktop.views.told import Told
from desktop.widgets.button import Button
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.progress import ProgressBar
from desktop.widgets.sheet import Sheet
from desktop.widgets.switch import Switch
from desktop.widgets.text import Text
from desktop.wordings import votes
from engine.compare_records import PaneChoice

translate = QCoreApplication.translate
_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


class RunSetSheet(Sheet):
    """It closes when what would be sent is prepared; closed before, that is dropped. `settings_wanted`: a key is to be added."""

    settings_wanted = Signal()

    def __init__(self, theme: Theme, over: QWidget, model: EvaluationModel, sets: VoteSetsModel) -> None:
        name = sets.vote_set.name if sets.vote_set else ""
        super().__init__(theme, over, translate("RunSet", "Run {name}").format(name=name), width=640)
        self._model = model
        self._sets = sets
        self._setup = sets.compare.setup
        self._problem = Told(theme, "caution", "triangle-alert")
        self.local = MenuButton(theme, "", icon="lock", icon_color="primary", kind="secondary")
        self.remote = MenuButton(theme, "", icon="arrow-up-right", icon_color="outbound", kind="secondary")
        self.settings = Button(theme, translate("RunSet", "Add an API key"), icon="key-round", size="s")
        how = translate("RunSet", "How answers are judged")
        self.scorers = OptionList(theme, how, [(each, *votes.scorer(each)) for each in votes.SCORERS])
        self._note = Text(theme, "", "small", color="caution_text", wrap=True)
        hides = translate("RunSet", "Hide names, numbers and other details before sending")
        self.hides = Switch(theme, hides)
        self._bar = ProgressBar(theme, translate("RunSet", "Getting the requests ready"))
        self._pair = QBoxLayout(_BESIDE)
        self.cancel = Button(theme, translate("RunSet", "Cancel"), size="m")
        self.go = Button(theme, translate("RunSet", "Review what is sent"), kind="primary", size="m")
        self._lay_out(how, hides)
        self._connect()
        self._show()

    def _lay_out(self, how: str, hides: str) -> None:
        theme, body = self.theme, self.body
        n = votes.prompts(len(self._sets.prompts))
        about = translate(
            "RunSet", "Both models get {prompts}, the same words each. You read everything before anything is sent."
        )
        body.addWidget(Text(theme, about.format(prompts=n), color="text2", wrap=True))
        body.addWidget(self._problem)
        self._pair.setSpacing(16)
        for title, button in (
            (translate("RunSet", "On this computer"), self.local),
            (translate("RunSet", "On another computer"), self.remote),
        ):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(Text(theme, title, "smallb", color="text2"))
            column.addWidget(button)
            self._pair.addLayout(column, 1)
        body.addLayout(self._pair)
        body.addWidget(self.settings)
        body.addWidget(Text(theme, how, "smallb", color="text2"))
        body.addWidget(self.scorers)
        body.addWidget(self._note)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.hides)
        row.addWidget(Text(theme, hides, wrap=True), 1)
        body.addLayout(row)
        body.addWidget(self._bar)
        self.buttons.addStretch()
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.go)

    def _connect(self) -> None:
        model = self._model
        self.local.choices.aboutToShow.connect(self._fill_local)
        self.remote.choices.aboutToShow.connect(self._fill_remote)
        self.settings.clicked.connect(self._leave_for_settings)
        self.scorers.chosen.connect(model.choose_scorer)
        self.hides.toggled.connect(model.set_hides)
        self.cancel.clicked.connect(self.close_sheet)
        self.go.clicked.connect(model.prepare)
        model.changed.connect(self._show)
        self.closed.connect(self._drop)
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        self._model.begin()
        self.open_sheet(self.local)

    def _drop(self) -> None:
        if self._model.stage == "preparing":
            self._model.drop()

    def _leave_for_settings(self) -> None:
        self.close_sheet()
        self.settings_wanted.emit()

    # ------------------------------------------------------------ showing
    def _show(self) -> None:
        model = self._model
        if model.stage == "waiting":  # what would be sent is shown elsewhere
            self.close_sheet()
            return
        is_preparing = model.stage == "preparing"
        self._problem.say(f"{model.problem.happened} {model.problem.to_do}" if model.problem else "")
        self._show_choice(self.local, translate("RunSet", "On this computer"), model.local)
        self._show_choice(self.remote, translate("RunSet", "On another computer"), model.remote)
        self.local.explain("" if self._setup.local else translate("RunSet", "No chat model is on this computer yet"))
        has_remote = any(each.models for each in self._setup.providers)
        self.remote.explain("" if has_remote else translate("RunSet", "No other company is set up yet"))
        self.settings.setVisible(not self._setup.can_ask_remote and not self._setup.is_confidential)
        self.scorers.choose(model.scorer)
        self._note.setText(model.scorer_note)
        self._note.setVisible(bool(model.scorer_note))
        if self.hides.isChecked() != model.hides:
            self.hides.setChecked(model.hides)
        self._bar.setVisible(is_preparing)
        self._bar.set_share(None if is_preparing else 0.0)
        self.go.setText(translate("RunSet", "Getting ready") if is_preparing else translate("RunSet", "Review what is sent"))
        had_focus = self.go.hasFocus()
        self.go.explain(model.why_not_prepare)
        if had_focus and not self.go.isEnabled():
            self.cancel.setFocus()

    def _show_choice(self, button: MenuButton, title: str, choice: PaneChoice | None) -> None:
        name = self._model.name_of(choice) or translate("RunSet", "Choose a model")
        button.setText(name)
        button.setAccessibleName(f"{title}: {name}")

    def _fill_local(self) -> None:
        menu = self.local.choices
        if not menu.isVisible():
            menu.clear()
            _fill(menu, self._setup.local, self._model.local, self._model.choose_local)

    def _fill_remote(self) -> None:
        menu = self.remote.choices
        if menu.isVisible():
            return
        menu.clear()
        for provider in self._setup.providers:
            menu.addAction(f"{provider.name}, {provider.host}".replace("&", "&&")).setEnabled(False)
            _fill(menu, self._setup.remote(provider), self._model.remote, self._model.choose_remote)

    def _place(self) -> None:
        width = min(self.theme.px(640), self.parentWidget().width() - 48) - 64
        needed = self.local.sizeHint().width() + self.remote.sizeHint().width()
        self._pair.setDirection(_BESIDE if needed <= width else _BELOW)
        super()._place()


def _fill(menu: QMenu, there: Sequence[Candidate], chosen: PaneChoice | None, choose: Callable[[PaneChoice], None]) -> None:
    """Put models into a menu; one that cannot be chosen says why."""
    group = QActionGroup(menu)
    for each in there:
        words = f"{each.name}: {each.why_not}" if each.why_not else each.name
        action = QAction(words.replace("&", "&&"), menu)
        action.setCheckable(True)
        action.setChecked(each.choice == chosen)
        action.setEnabled(not each.why_not)
        action.triggered.connect(lambda _=False, choice=each.choice: choose(choice))
        group.addAction(action)
        menu.addAction(action)
