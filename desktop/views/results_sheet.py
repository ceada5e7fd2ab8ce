"""What is known about a vote set: how its votes stand, its runs with what they show and do not, and a model as a judge."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QActionGroup, QKeyEvent
from PySide6.QtWidgets import QAbstractSlider, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels import tally as tally_words
from desktop.viewmodels.evaluation_result import Result
from desktop.viewmodels.judging import JudgingModel
from desktop.viewmodels.vote_sets import VoteSetsModel
from desktop.views.compare_tally import TallyChart
from desktop.views.judge_card import JudgeCard
from desktop.views.result_card import ResultCard
from desktop.widgets.announce import announce
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.sheet import Sheet
from desktop.widgets.text import Text
from desktop.wordings import vote_results, votes
from engine.vote_records import Evaluation

translate = QCoreApplication.translate
_PAGES = {
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
}
_SAID_BY_NOTES = ("left_bias",)  # with its figure


class ResultsSheet(Sheet):
    """`prompts_wanted`, `vote_wanted` are emitted after it closed; `export_wanted` while it is open. It deletes itself."""

    prompts_wanted = Signal()
    vote_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, theme: Theme, over: QWidget, model: VoteSetsModel, judging: JudgingModel) -> None:
        super().__init__(theme, over, "")
        self._model = model
        self._chosen: datetime | None = None  # when the run that is looked at was made; None: the newest
        self._shown: object = None
        self.votes = VotesCard(theme, model)
        self.runs = MenuButton(theme, "", icon="history", kind="secondary")
        self._place_of_result = QVBoxLayout()
        self.result: ResultCard | None = None
        self._none = Text(theme, "", color="text2", wrap=True)
        self.judge = JudgeCard(theme, judging)
        self._told = Text(theme, "", "smallm", wrap=True)
        self.prompts = Button(theme, translate("Results", "Prompts"), icon="list-checks", size="m")
        self.export = Button(theme, translate("Results", "Export"), icon="download", size="m")
        self.vote = Button(theme, translate("Results", "Judge pairs blind"), icon="eye-off", size="m")
        self.done = Button(theme, translate("Results", "Close"), size="m")
        for part in (self._told, self.votes, self.runs):
            self.body.addWidget(part)
        self.body.addLayout(self._place_of_result)
        self.body.addWidget(self._none)
        self.body.addWidget(self.judge)
        for button in (self.prompts, self.export):
            self.buttons.addWidget(button)
        self.buttons.addStretch()
        self.buttons.addWidget(self.vote)
        self.buttons.addWidget(self.done)
        self._connect()
        self._show()

    def _connect(self) -> None:
        self.runs.choices.aboutToShow.connect(self._fill_runs)
        self.prompts.clicked.connect(lambda: self._leave_for(self.prompts_wanted))
        self.vote.clicked.connect(lambda: self._leave_for(self.vote_wanted))
        self.export.clicked.connect(self.export_wanted)
        self.done.clicked.connect(self.close_sheet)
        self._model.changed.connect(self._show)
        self._model.compare.told.connect(self._tell)
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        """Look at the results as they are now, and open."""
        self._model.look()
        self.open_sheet(self.done)

    def _leave_for(self, wanted: object) -> None:
        self.close_sheet()
        wanted.emit()  # type: ignore[attr-defined]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys turn the results also while a button below them has the focus."""
        step = _PAGES.get(Qt.Key(event.key()))
        if step is not None:
            self._scroll.verticalScrollBar().triggerAction(step)
        super().keyPressEvent(event)

    def _tell(self, words: str) -> None:
        self._told.setText(words)
        self._told.show()
        announce(self, words)

    # ------------------------------------------------------------ showing
    def _show(self) -> None:
        model, vote_set = self._model, self._model.vote_set
        if vote_set is None:  # it was deleted elsewhere
            self.close_sheet()
            return
        title = translate("Results", "{name}: results").format(name=vote_set.name)
        self.title.setText(title)
        self.setAccessibleName(title)
        self._told.setVisible(bool(self._told.text()))
        self.votes.refresh()
        self._show_result()
        self.vote.setVisible(model.compare.votes.n_to_judge > 0)
        self.export.explain("" if model.compare.matter else translate("Results", "Open a matter first"))

    def _show_result(self) -> None:
        runs = self._model.evaluations
        found = next((each for each in runs if each.time == self._chosen), runs[0] if runs else None)
        self.runs.setVisible(len(runs) > 1)
        self._none.setVisible(found is None)
        text = translate("Results", "This set was not run as a whole yet. Run it from its prompts.")
        self._none.setText(text)
        if found == self._shown:
            return
        self._shown = found
        if self.result is not None:
            self._place_of_result.removeWidget(self.result)
            self.result.hide()
            self.result.deleteLater()
            self.result = None
        if found is not None:
            result = Result(found, self._model.compare.setup.name_of)
            self.result = ResultCard(self.theme, result)
            self._place_of_result.addWidget(self.result)
            words = translate("Results", "Newest run") if found == runs[0] else result.line
            self.runs.setText(words)
            self.runs.setAccessibleName(translate("Results", "Run that is shown: {run}").format(run=words))

    def _fill_runs(self) -> None:
        menu = self.runs.choices
        if menu.isVisible():
            return
        menu.clear()
        group = QActionGroup(menu)
        for each in self._model.evaluations:
            action = menu.addAction(Result(each, self._model.compare.setup.name_of).line.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(each == self._shown)
            action.triggered.connect(lambda _=False, each=each: self._choose(each))
            group.addAction(action)

    def _choose(self, found: Evaluation) -> None:
        self._chosen = found.time
        self._show_result()
        if self.result is not None:
            announce(self, self.result.result.verdict)


class VotesCard(Card):
    """How the votes of the set stand; nothing of it while names are hidden."""

    def __init__(self, theme: Theme, model: VoteSetsModel) -> None:
        super().__init__(theme)
        self._model = model
        self._title = Text(theme, "", "bodyb", wrap=True)
        self.chart = TallyChart(theme)
        self.words = Text(theme, "", "small", color="text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        for part in (self._title, self.chart, self.words):
            column.addWidget(part)

    def refresh(self) -> None:
        """Show what the votes say now."""
        compare = self._model.compare
        tally, name_of = compare.votes.tally, compare.setup.name_of
        n = votes.votes(compare.votes.n_votes)
        self._title.setText(translate("Results", "Votes: {votes}").format(votes=n))
        hidden = not compare.shows_tally
        has_shares = not hidden and tally is not None and bool(tally.shares)
        self.chart.setVisible(has_shares)
        if hidden:
            self.words.setText(translate("Results", "How they stand is hidden while names are hidden, so that you judge freely."))
        elif tally is None or not has_shares:
            self.words.setText(translate("Results", "Nobody has judged a pair in this set yet."))
        else:
            self.chart.show_rows(tally_words.rows_of(tally, name_of), tally_words.spoken(tally, name_of))
            limits = [vote_results.caveat(key) for key in tally.notes if key not in _SAID_BY_NOTES]
            self.words.setText(" ".join([tally_words.sentence(tally, name_of), *tally_words.notes(tally), *limits]))
