"""What leads from the Compare screen to vote sets: making, naming and deleting them, their prompts, runs and results.

Opens the sheets one after the other and passes gestures between them. What a run would send is shown in the sheet for
that, which alone can approve it.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.theme import Theme
from desktop.viewmodels.batch_consent import BatchConsentModel
from desktop.viewmodels.evaluation import EvaluationModel
from desktop.viewmodels.judging import JudgingModel
from desktop.viewmodels.lock import LockModel
from desktop.viewmodels.vote_sets import VoteSetsModel
from desktop.viewmodels.window_model import EngineBridge
from desktop.views.compare import CompareView
from desktop.views.consent_sheet import ConsentSheet, ask_consent
from desktop.views.file_dialogs import leaving_no_trace
from desktop.views.name_sheet import NameSheet
from desktop.views.prompts_sheet import PromptsSheet
from desktop.views.results_sheet import ResultsSheet
from desktop.views.run_card import RunCard
from desktop.views.run_set_sheet import RunSetSheet
from desktop.views.vote_set_sheet import VoteSetSheet, deletion_sheet
from engine.compare_events import EvaluationPrepared

translate = QCoreApplication.translate


class VoteGestures(QObject):
    """Made with the Compare screen, whose child it is. Sheets lie over `over`; `lock` is told of a text that waits for Send."""

    def __init__(self, theme: Theme, over: QWidget, view: CompareView, bridge: EngineBridge, lock: LockModel) -> None:
        super().__init__(view)
        self._theme, self._over, self._view, self._bridge, self._lock = theme, over, view, bridge, lock
        self.sets = VoteSetsModel(bridge, view.model)
        self.run = EvaluationModel(bridge, self.sets)
        self.judging = JudgingModel(bridge, self.sets)
        self.card = RunCard(theme, self.run)
        view.put_on_top(self.card)
        for model in (self.sets, self.run, self.judging):
            model.setParent(self)
        view.new_set_wanted.connect(self.create)
        view.manage_set_wanted.connect(lambda _vote_set: self.show_prompts())
        self.run.prepared.connect(self._ask_consent)
        self.card.result_wanted.connect(self._show_result_of_run)
        self.card.vote_wanted.connect(self._vote_on_run)
        self._votes_soon = False  # as soon as the pairs of the set are known
        view.model.votes.changed.connect(self._vote_now)

    # ------------------------------------------------------------ sets
    def create(self) -> None:
        """Ask for the name and the kind of work of a new set."""
        taken = frozenset(each.name for each in self._view.model.votes.sets)
        sheet = VoteSetSheet(self._theme, self._over, taken)
        sheet.wanted.connect(self.sets.create)
        sheet.ask()

    def rename(self) -> None:
        """Ask for another name of the chosen set."""
        vote_set = self.sets.vote_set
        if vote_set is None:
            return
        title = translate("VoteGestures", "Rename vote set")
        sheet = NameSheet(self._theme, self._over, title, translate("VoteGestures", "Rename"), name=vote_set.name)
        sheet.named.connect(self.sets.rename)
        sheet.ask()

    def delete(self) -> None:
        """Say what goes with the chosen set, and delete it when that is confirmed."""
        vote_set = self.sets.vote_set
        if vote_set is not None:
            sheet = deletion_sheet(self._theme, self._over, vote_set)
            sheet.confirmed.connect(self.sets.delete)
            sheet.ask()

    # ------------------------------------------------------------ prompts and results
    def show_prompts(self) -> None:
        """Show the prompts of the chosen set."""
        if self.sets.vote_set is None:
            return
        sheet = PromptsSheet(self._theme, self._over, self.sets)
        sheet.run_wanted.connect(self.choose_run)
        sheet.results_wanted.connect(self.show_results)
        sheet.rename_wanted.connect(self.rename)
        sheet.delete_wanted.connect(self.delete)
        sheet.ask()

    def show_results(self) -> None:
        """Show what is known about the chosen set."""
        if self.sets.vote_set is None:
            return
        sheet = ResultsSheet(self._theme, self._over, self.sets, self.judging)
        sheet.prompts_wanted.connect(self.show_prompts)
        sheet.vote_wanted.connect(self.vote_on_next)
        sheet.export_wanted.connect(self.export)
        sheet.ask()

    def vote_on_next(self) -> None:
        """Show the next pair that nobody judged, without names."""
        self._view.model.set_blind(True)
        self._view.model.next()

    def export(self) -> None:
        """Write the comparisons and votes of the chosen set to a file."""
        name = self.sets.vote_set.name if self.sets.vote_set else ""
        plain = "".join(character if character.isalnum() or character in " -_" else " " for character in name)
        start = str(Path.home() / f"{' '.join(plain.split())[:80] or 'Votes'}.csv")
        kinds = translate("VoteGestures", "Table (*.csv);;JSON (*.json);;Markdown (*.md)")
        with leaving_no_trace():
            title = translate("VoteGestures", "Export comparisons and votes")
            file, _ = QFileDialog.getSaveFileName(self._view.window(), title, start, kinds)
        if file:
            self.sets.export(Path(file))

    # ------------------------------------------------------------ runs
    def choose_run(self) -> None:
        """Ask which models shall answer the set, and how answers are judged."""
        sheet = RunSetSheet(self._theme, self._over, self.run, self.sets)
        sheet.settings_wanted.connect(lambda: self._view.settings_wanted.emit("providers"))
        sheet.ask()

    def _ask_consent(self, prepared: EvaluationPrepared) -> None:
        model = BatchConsentModel(self._bridge, prepared)
        sheet = ask_consent(self._theme, self._over, model, self._lock)
        if sheet.model is not model:  # another text is being read: one at a time
            model.deleteLater()
            self.run.drop()
            return
        sheet.sent.connect(self.run.say_approved)
        sheet.closed.connect(lambda: self._leave_consent(sheet))

    def _leave_consent(self, sheet: ConsentSheet) -> None:
        if sheet.model.is_sending:  # it was approved, and the first answers are still to come
            self.run.say_approved()
        else:
            self.run.drop()

    def _show_result_of_run(self) -> None:
        self._leave_card()
        self.show_results()

    def _vote_on_run(self) -> None:
        self._leave_card()
        self._votes_soon = True
        self._vote_now()

    def _leave_card(self) -> None:
        """Another set may have been chosen since the run began."""
        if self.run.vote_set is not None:
            self._view.model.votes.choose(self.run.vote_set.id)
        self.run.forget()

    def _vote_now(self) -> None:
        if self._votes_soon and self._view.model.votes.n_to_judge:
            self._votes_soon = False
            self.vote_on_next()
