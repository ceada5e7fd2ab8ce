"""What leads from the Compare screen to the work of a set: the sheet that says who would answer, the consent, the card.

What would be sent is shown in the sheet for that, which alone can approve it.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.viewmodels.lock import LockModel
from desktop.viewmodels.vote_sets import VoteSetsModel
from desktop.viewmodels.window_model import EngineBridge
from desktop.viewmodels.work_consent import WorkConsentModel
from desktop.viewmodels.work_places import WorkPlaces
from desktop.viewmodels.work_run import WorkRunModel
from desktop.views.compare import CompareView
from desktop.views.consent_sheet import ConsentSheet
from desktop.views.work_card import WorkCard
from desktop.views.work_consent import WorkConsentSheet
from desktop.views.work_sheet import WorkSheet
from engine.ledger_records import WorkloadId


class WorkGestures(QObject):
    """A child of the Compare screen. `move_wanted` carries the Advice on a workload; `export_wanted`: the answers of the set."""

    move_wanted = Signal(object)
    export_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        over: QWidget,
        view: CompareView,
        bridge: EngineBridge,
        lock: LockModel,
        sets: VoteSetsModel,
        places: WorkPlaces,
    ) -> None:
        super().__init__(view)
        self._theme, self._over, self._view, self._bridge, self._lock = theme, over, view, bridge, lock
        self.run = WorkRunModel(bridge, sets, places)
        self.run.setParent(self)
        self.card = WorkCard(theme, self.run)
        view.put_on_top(self.card)
        view.work_wanted.connect(self.show)
        self.card.export_wanted.connect(self._export)

    def show(self) -> None:
        """Say what the work of the chosen set would be; one that is under way is shown by its card."""
        if self.run.sets.vote_set is None or self.run.is_running:
            return
        sheet = WorkSheet(self._theme, self._over, self.run)
        sheet.review_wanted.connect(self._review)
        sheet.route_wanted.connect(self._show_route)
        sheet.ask()

    def _show_route(self) -> None:
        vote_set = self.run.sets.vote_set
        advice = self.run.places.advice_on(WorkloadId(vote_set.id)) if vote_set else None
        if advice is not None:
            self.move_wanted.emit(advice)

    def _export(self) -> None:
        """Another set may have been chosen since the work began."""
        if self.run.vote_set is not None:
            self._view.model.votes.choose(self.run.vote_set.id)
        self.run.forget()
        self.export_wanted.emit()

    # ------------------------------------------------------------ consent
    def _review(self) -> None:
        """One text is read at a time: where another one is, this waits as it was."""
        is_reading = any(not each.isHidden() for each in self._over.findChildren(ConsentSheet))
        prepared = None if is_reading else self.run.review()
        if prepared is None:
            self.run.drop()
            return
        model = WorkConsentModel(self._bridge, prepared)
        sheet = WorkConsentSheet(self._theme, self._over, model, self._lock)
        sheet.sent.connect(self.run.say_approved)
        sheet.without_wanted.connect(lambda: self._go_without(sheet))
        model.emptied.connect(lambda: self._look_again(sheet))
        sheet.closed.connect(lambda: self._leave(sheet))
        sheet.ask()

    def _go_without(self, sheet: WorkConsentSheet) -> None:
        """The sheet before comes back until it has begun: were it refused, it says why."""
        self._look_again(sheet)
        self.run.start_here()

    def _look_again(self, sheet: WorkConsentSheet) -> None:
        self.run.look_again()
        sheet.close_sheet()
        self.show()

    def _leave(self, sheet: WorkConsentSheet) -> None:
        if sheet.model.is_sending:  # it was approved, and the first answers are still to come
            self.run.say_approved()
        elif self.run.stage == "waiting":
            self.run.drop()
