"""The work of a set by its route: prepared, shown, approved where something would be sent, under way, ended. QtCore only.

It sends nothing by itself: what would be sent is approved in the sheet for that. Without an approval only work that needs
no sending can begin.
"""

from __future__ import annotations

import uuid
from typing import Literal

from PySide6.QtCore import QObject, Signal

from desktop import wording
from desktop.viewmodels.vote_sets import VoteSetsModel
from desktop.viewmodels.window_model import EngineBridge
from desktop.viewmodels.work_places import WorkPlaces
from desktop.wordings import routes, votes, work_run
from desktop.wordings.words import Words
from engine import compare_events, compare_intents, events, ledger_intents
from engine.errors import StrongroomError
from engine.ledger_events import LedgerRefused, WorkFinished, WorkPrepared
from engine.ledger_records import WorkloadId
from engine.records import RequestId
from engine.vote_records import VoteSet

#: `ready`: what would be done is shown. `waiting`: what would be sent is being read. `beginning`: the wish is on its way.
Stage = Literal["idle", "preparing", "ready", "waiting", "beginning", "running", "stopping", "finished", "failed"]


class WorkRunModel(QObject):
    """One run at a time. `announced` carries words and whether they are urgent; `begun` when the first answer is on its way."""

    changed = Signal()
    begun = Signal()
    announced = Signal(str, bool)

    def __init__(self, bridge: EngineBridge, sets: VoteSetsModel, places: WorkPlaces) -> None:
        super().__init__()
        self._bridge = bridge
        self.sets = sets
        self.places = places
        self.stage: Stage = "idle"
        self.vote_set: VoteSet | None = None  # of the run
        self.prepared: WorkPrepared | None = None
        self.finished: WorkFinished | None = None
        self.problem: Words | None = None
        self.hides = True
        self.n_done, self.n, self.n_failed = 0, 0, 0
        self.spent: int | None = 0
        self.sends = False  # what would be sent was approved
        self._request = RequestId("")
        bridge.happened.connect(self._take)
        sets.changed.connect(self.changed)
        places.changed.connect(self.changed)

    # ------------------------------------------------------------ wishes
    def begin(self) -> None:
        """Make the work of the chosen set ready to be shown; nothing is asked of anybody yet."""
        self.places.ask()
        if not self.is_under_way:
            self.vote_set = self.sets.vote_set
            self.prepare()

    def prepare(self) -> None:
        """Make it ready, or ready anew."""
        matter = self.sets.compare.matter
        if self.is_running or matter is None or self.vote_set is None:
            self.changed.emit()
            return
        if self.stage == "preparing":
            self._bridge.submit(compare_intents.StopEvaluation(self._request))
        self._request = RequestId(uuid.uuid4().hex)
        self.stage, self.prepared, self.finished, self.problem = "preparing", None, None, None
        workload = WorkloadId(self.vote_set.id)
        self._bridge.submit(ledger_intents.PrepareWork(self._request, matter.id, workload, self.hides))
        self.changed.emit()

    def set_hides(self, hides: bool) -> None:
        """Whether names and numbers are hidden in what would be sent; that makes other texts of it."""
        if hides != self.hides:
            self.hides = hides
            self.prepare()

    def start_here(self) -> None:
        """Begin with nothing sent: all of it is answered here, or only samples are left out."""
        if self.prepared is None or not self.can_start_here:
            return
        self.stage, self.sends, self.problem = "beginning", False, None
        self._bridge.submit(ledger_intents.RunWork(self._request))
        self.changed.emit()

    def review(self) -> WorkPrepared | None:
        """What would be sent is going to be read; None where nothing would be."""
        if self.stage != "ready" or self.prepared is None or not self.prepared.receivers:
            return None
        self.stage = "waiting"
        self.changed.emit()
        return self.prepared

    def say_approved(self) -> None:
        """What would be sent was approved; the engine begins."""
        if self.stage == "waiting":
            self.stage, self.sends = "running", True
            self.changed.emit()

    def drop(self) -> None:
        """What was prepared is not wanted after all."""
        if self.stage in ("preparing", "ready", "waiting"):
            self._bridge.submit(compare_intents.StopEvaluation(self._request))
            self._request, self.stage, self.prepared = RequestId(""), "idle", None
            self.changed.emit()

    def look_again(self) -> None:
        """What was being read is not going to be sent: the work is looked at again as it was prepared last."""
        if self.stage == "waiting":
            self.stage = "ready"
            self.changed.emit()

    def stop(self) -> None:
        """Ask nobody anything more; what was answered is kept."""
        if self.stage == "running":
            self.stage = "stopping"
            self._bridge.submit(compare_intents.StopEvaluation(self._request))
            self.changed.emit()

    def forget(self) -> None:
        """The end of the last run was seen."""
        if not self.is_under_way:
            self.stage = "idle"
            self.changed.emit()

    # ------------------------------------------------------------ ready to show
    @property
    def is_running(self) -> bool:
        return self.stage in ("beginning", "running", "stopping")

    @property
    def is_under_way(self) -> bool:
        return self.is_running or self.stage in ("preparing", "ready", "waiting")

    @property
    def can_start_here(self) -> bool:
        """Whether it can begin with nothing sent."""
        found = self.prepared
        if self.stage != "ready" or found is None:
            return False
        return not found.receivers or work_run.only_samples(found)

    @property
    def why_not(self) -> str:
        """Why nothing can be prepared; empty if it can."""
        if self.sets.compare.matter is None:
            return self.tr("Open a matter first")
        if self.vote_set is None:
            return self.tr("Choose a vote set first")
        return ""

    @property
    def names(self) -> routes.Names:
        advice = self.places.advice_on(WorkloadId(self.vote_set.id)) if self.vote_set else None
        if advice is None:
            return routes.Names()
        route = advice.workload.route
        provider = self.places.provider(route.remote)
        host = provider.host if provider else ""
        return routes.Names(self.places.local_name(route.local), self.places.remote_name(route.remote), host)

    @property
    def route_words(self) -> str:
        """Where the workload runs; '' while that is not known."""
        advice = self.places.advice_on(WorkloadId(self.vote_set.id)) if self.vote_set else None
        return routes.summary(advice.workload.route, self.names) if advice else ""

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        return work_run.rows(self.prepared, self.names) if self.prepared else ()

    @property
    def about(self) -> str:
        return work_run.about(self.prepared, len(self.sets.prompts)) if self.prepared else ""

    @property
    def share(self) -> float | None:
        """How much is done, 0 to 1; None before the first answers."""
        return self.n_done / self.n if self.n and self.n_done else None

    @property
    def n_answered(self) -> int:
        """How many of those that are done have an answer that can be used."""
        return self.n_done - self.n_failed

    @property
    def title(self) -> str:
        name = self.vote_set.name if self.vote_set else ""
        text = {
            "stopping": self.tr("Stopping the work of {set}"),
            "finished": self.tr("The work of {set} is done"),
            "failed": self.tr("The work of {set} did not come to its end"),
        }.get(self.stage, self.tr("Doing the work of {set}"))
        if self.stage == "finished" and self.n_done < self.n:
            text = self.tr("The work of {set} was stopped")
        return text.format(set=name)

    @property
    def words(self) -> str:
        """How far it is, or how it ended."""
        if self.stage == "failed" and self.problem is not None:
            text = self.tr("The {n} that were answered are kept.")
            kept = text.format(n=votes.prompts(self.n_answered)) if self.n_answered else ""
            return " ".join(filter(None, (self.problem.happened, kept, self.problem.to_do)))
        if self.stage == "finished" and self.finished is not None:
            return work_run.finished(self.finished)
        return work_run.progress(self.n_done, self.n, self.n_failed, self.spent, sends=self.sends)

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        if not self._request or getattr(event, "request", None) != self._request:
            return
        match event:
            case WorkPrepared():
                self.prepared, self.n = event, work_run.n_prompts(event)
                if self.stage == "preparing":
                    self.stage = "ready"
            case compare_events.EvaluationProgress():
                self._follow(event)
            case WorkFinished():
                self.finished, self.n_failed, self.spent = event, event.n_failed, event.spent
                self.n_done = event.n_done + event.n_failed  # the end counts them apart
                self._end("finished")
            case LedgerRefused():
                self._refused(event.error)
            case compare_events.EvaluationFailed() if self.stage != "waiting":  # while it is read, that sheet says why
                self._refused(event.error)
        self.changed.emit()

    def _follow(self, event: compare_events.EvaluationProgress) -> None:
        is_first = self.stage in ("beginning", "waiting")
        self.sends = self.sends or self.stage == "waiting"
        self.n_done, self.n, self.n_failed, self.spent = event.n_done, event.n, event.n_failed, event.spent
        self.stage = "stopping" if self.stage == "stopping" else "running"
        if is_first:
            self.begun.emit()

    def _refused(self, error: StrongroomError) -> None:
        """What had not begun can be tried again; what had ends with what is there."""
        self.problem = wording.words_for(error)
        if self.stage in ("running", "stopping"):
            self._end("failed")
        elif self.stage == "beginning":
            self.stage = "ready"
        else:
            self.stage = "idle"

    def _end(self, stage: Literal["finished", "failed"]) -> None:
        self.stage = stage
        matter = self.sets.compare.matter
        if matter is not None:
            self.sets.compare.votes.ask(matter.id)
        self.announced.emit(f"{self.title}. {self.words}", stage == "failed")
