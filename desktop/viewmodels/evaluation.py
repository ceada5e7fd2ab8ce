"""A run of a whole set on a local and a remote model: chosen, shown for approval, under way, ended. QtCore only.

It sends nothing: what a run would send is handed on by `prepared`, to be read and approved in the sheet for that.
"""

from __future__ import annotations

import uuid
from typing import Literal

from PySide6.QtCore import QObject, Signal

from desktop import wording
from desktop.viewmodels.compare_pane import key_of
from desktop.viewmodels.compare_setup import Candidate
from desktop.viewmodels.vote_sets import VoteSetsModel
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings import vote_results, votes
from desktop.wordings.words import Words
from engine import compare_events, compare_intents, events
from engine.compare_records import LocalChoice, PaneChoice
from engine.errors import StrongroomError
from engine.records import RequestId
from engine.vote_records import Evaluation, Scorer, SetKind, VoteSet

#: `waiting`: what it would send is being read. `stopping`: nothing more is sent; what is under way ends.
Stage = Literal["idle", "preparing", "waiting", "running", "stopping", "finished", "failed"]
_SUITED: dict[SetKind, Scorer] = {"classify": "labels", "extract": "fields"}


class EvaluationModel(QObject):
    """One run at a time. `prepared` carries the EvaluationPrepared to approve; `announced` words and whether they are urgent."""

    changed = Signal()
    prepared = Signal(object)
    announced = Signal(str, bool)

    def __init__(self, bridge: EngineBridge, sets: VoteSetsModel) -> None:
        super().__init__()
        self._bridge = bridge
        self._sets = sets
        self._compare = sets.compare
        self.stage: Stage = "idle"
        self.vote_set: VoteSet | None = None  # of the run
        self.local: PaneChoice | None = None
        self.remote: PaneChoice | None = None
        self.scorer: Scorer = "votes"
        self.hides = True
        self.n_done, self.n, self.n_failed = 0, 0, 0
        self.spent: int | None = 0
        self.evaluation: Evaluation | None = None
        self.problem: Words | None = None
        self._request = RequestId("")
        bridge.happened.connect(self._take)
        sets.changed.connect(self.changed)

    # ------------------------------------------------------------ choosing
    def begin(self) -> None:
        """Choose anew for the set that is managed; what was chosen before stays where it still is there."""
        setup = self._compare.setup
        remote = [each for provider in setup.providers for each in setup.remote(provider)]
        self.local = _still(self.local, setup.local)
        self.remote = _still(self.remote, remote)
        vote_set = self._sets.vote_set
        suited = _SUITED.get(vote_set.kind, "votes") if vote_set else "votes"
        self.scorer = suited if self._sets.n_expected else "votes"
        self.problem = None
        if not self.is_under_way:
            self.stage = "idle"
        self.changed.emit()

    def choose_local(self, choice: PaneChoice) -> None:
        self.local = choice
        self.changed.emit()

    def choose_remote(self, choice: PaneChoice) -> None:
        self.remote = choice
        self.changed.emit()

    def choose_scorer(self, scorer: Scorer) -> None:
        self.scorer = scorer
        self.changed.emit()

    def set_hides(self, hides: bool) -> None:
        self.hides = hides
        self.changed.emit()

    def name_of(self, choice: PaneChoice | None) -> str:
        """A model's name; empty for none."""
        found = self._compare.setup.candidate(choice)
        return found.name if found else self._compare.setup.name_of(key_of(choice)) if choice else ""

    @property
    def scorer_note(self) -> str:
        """What follows from judging this way with these prompts; empty if nothing more than its own sentence."""
        n, n_expected = len(self._sets.prompts), self._sets.n_expected
        if self.scorer == "votes" or not n:
            return ""
        if not n_expected and self.scorer == "exact":
            return self.tr("No prompt has an expected answer, so this shows how far both agree. That is not quality.")
        if n_expected and n_expected < n:
            text = self.tr("Only the {n} with an expected answer count.")
            return text.format(n=votes.prompts(n_expected))
        return ""

    @property
    def why_not_prepare(self) -> str:
        """Why nothing can be prepared now; empty if it can."""
        if self.is_under_way:
            return self.tr("A run is under way. Wait for its end, or stop it")
        if self._compare.matter is None:
            return self.tr("Open a matter first")
        if self._compare.matter.is_confidential:
            return self.tr("This matter is marked as confidential: nothing of it leaves this computer")
        if not self._sets.prompts:
            return self.tr("The set has no prompts in this matter yet")
        if self.local is None or self.remote is None:
            return self.tr("Choose a model on this computer and a remote one")
        remote = self._compare.setup.candidate(self.remote)
        if remote is None or remote.why_not:
            return remote.why_not if remote else self.tr("This model is not there any more")
        if self.scorer in ("labels", "fields") and not self._sets.n_expected:
            return self.tr("No prompt has an expected answer, which this way of judging needs")
        return ""

    # ------------------------------------------------------------ wishes
    def prepare(self) -> None:
        """Make ready what a run would send. Nothing is sent."""
        matter, vote_set = self._compare.matter, self._sets.vote_set
        if self.why_not_prepare or matter is None or vote_set is None or not isinstance(self.local, LocalChoice):
            return
        assert self.remote is not None
        self._request = RequestId(uuid.uuid4().hex)
        self.vote_set, self.stage, self.problem, self.evaluation = vote_set, "preparing", None, None
        self.n_done, self.n, self.n_failed, self.spent = 0, len(self._sets.prompts), 0, 0
        wish = compare_intents.PrepareEvaluation(
            self._request, matter.id, vote_set.id, self.local.model, self.remote, self.scorer, self.hides
        )
        self._bridge.submit(wish)
        self.changed.emit()

    def drop(self) -> None:
        """What was prepared is not wanted after all."""
        if self.stage in ("preparing", "waiting"):
            self._bridge.submit(compare_intents.StopEvaluation(self._request))
            self._request, self.stage = RequestId(""), "idle"
            self.changed.emit()

    def say_approved(self) -> None:
        """It was approved; the engine begins."""
        if self.stage == "waiting":
            self.stage = "running"
            self.changed.emit()

    def stop(self) -> None:
        """Send nothing more; what was answered counts."""
        if self.stage == "running":
            self.stage = "stopping"
            self._bridge.submit(compare_intents.StopEvaluation(self._request))
            self.changed.emit()

    def forget(self) -> None:
        """The end of the last run was seen."""
        if not self.is_under_way:
            self.stage = "idle"
            self.changed.emit()

    # ------------------------------------------------------------ how far
    @property
    def is_under_way(self) -> bool:
        return self.stage in ("preparing", "waiting", "running", "stopping")

    @property
    def share(self) -> float | None:
        """How much is done, 0 to 1; None before the first answers."""
        return self.n_done / self.n if self.n and self.n_done else None

    @property
    def title(self) -> str:
        name = self.vote_set.name if self.vote_set else ""
        match self.stage:
            case "stopping":
                return self.tr("Stopping {set}").format(set=name)
            case "finished":
                return self.tr("{set} has been run").format(set=name)
            case "failed":
                return self.tr("{set} was not run to its end").format(set=name)
        text = self.tr("Running {set} on {local} and {remote}")
        return text.format(set=name, local=self.name_of(self.local), remote=self.name_of(self.remote))

    @property
    def words(self) -> str:
        """How far it is, or how it ended."""
        if self.stage == "failed" and self.problem is not None:
            kept = self.tr("The {n} that were answered are kept.").format(n=votes.prompts(self.n_done)) if self.n_done else ""
            return " ".join(filter(None, (self.problem.happened, kept, self.problem.to_do)))
        if self.stage == "finished" and self.evaluation is not None:
            if self.waits_for_votes:
                text = self.tr("Both models were asked {n}. Now judge the pairs, without the models’ names.")
                return text.format(n=votes.prompts(self.n_done))
            return vote_results.verdict(self.evaluation, self.name_of(self.local), self.name_of(self.remote))
        return votes.progress(self.n_done, self.n, self.n_failed, self.spent)

    @property
    def waits_for_votes(self) -> bool:
        return self.stage == "finished" and self.scorer == "votes" and self.n_done > self.n_failed

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        if not self._request or getattr(event, "request", None) != self._request:
            return
        match event:
            case compare_events.EvaluationPrepared() if self.stage in ("preparing", "waiting"):
                is_first, self.stage = self.stage == "preparing", "waiting"
                if is_first:
                    self.changed.emit()  # first, so that the sheet before has gone when the next one takes the keyboard
                    self.prepared.emit(event)
            case compare_events.EvaluationProgress():
                self.n_done, self.n, self.n_failed, self.spent = event.n_done, event.n, event.n_failed, event.spent
                self.stage = "stopping" if self.stage == "stopping" else "running"
            case compare_events.EvaluationFinished():
                self.evaluation = event.evaluation
                self._end("finished")
            case compare_events.EvaluationFailed() if self.stage != "waiting":  # while it is read, that sheet says why
                self._fail(event.error)
        self.changed.emit()

    def _fail(self, error: StrongroomError) -> None:
        self.problem = wording.words_for(error)
        if self.stage == "preparing":
            self.stage = "idle"
        else:
            self._end("failed")

    def _end(self, stage: Literal["finished", "failed"]) -> None:
        self.stage = stage
        if self._compare.matter is not None:
            self._compare.votes.ask(self._compare.matter.id)
        self.announced.emit(f"{self.title}. {self.words}", stage == "failed")


def _still(choice: PaneChoice | None, there: list[Candidate]) -> PaneChoice | None:
    """The choice while it can still be made, else the first that can."""
    usable = [each.choice for each in there if not each.why_not]
    return choice if choice in usable else next(iter(usable), None)
