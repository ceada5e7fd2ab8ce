"""Letting a model on this computer judge the pairs of a set: which may, whether it is at work, how that ended. QtCore only."""

from __future__ import annotations

import uuid

from PySide6.QtCore import QObject, Signal

from desktop import wording
from desktop.viewmodels.compare_setup import Candidate
from desktop.viewmodels.vote_sets import VoteSetsModel
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings import votes
from desktop.wordings.words import Words
from engine import compare_events, compare_intents, events
from engine.compare_records import LocalChoice
from engine.records import ModelId, RequestId


class JudgingModel(QObject):
    """`announced` carries words and whether they are urgent."""

    changed = Signal()
    announced = Signal(str, bool)

    def __init__(self, bridge: EngineBridge, sets: VoteSetsModel) -> None:
        super().__init__()
        self._bridge = bridge
        self._sets = sets
        self._judge: ModelId | None = None
        self._request = RequestId("")
        self.n_done, self.n = 0, 0
        self.problem: Words | None = None
        self.note = ""
        bridge.happened.connect(self._take)
        sets.changed.connect(self.changed)

    # ------------------------------------------------------------ who
    @property
    def candidates(self) -> list[Candidate]:
        """Models of this computer; those that were compared in the set say why they may not judge."""
        compared = {share.model for share in self._sets.compare.votes.tally.shares} if self._sets.compare.votes.tally else set()
        compared |= {each.local for each in self._sets.evaluations}
        found = []
        for each in self._sets.compare.setup.local:
            assert isinstance(each.choice, LocalChoice)
            is_contestant = f"local:{each.choice.model}" in compared
            why_not = self.tr("It is one of those that were compared") if is_contestant else ""
            found.append(Candidate(each.choice, each.name, why_not=why_not))
        return found

    @property
    def judge(self) -> Candidate | None:
        """Who would judge: the chosen model, or the first that may."""
        may = [each for each in self.candidates if not each.why_not]
        return next((each for each in may if each.choice == LocalChoice(self._judge or ModelId(""))), next(iter(may), None))

    def choose(self, judge: ModelId) -> None:
        self._judge = judge
        self.changed.emit()

    @property
    def why_not_judge(self) -> str:
        """Why no model can judge now; empty if one can."""
        if self.is_at_work:
            return self.tr("A model is judging")
        if self._sets.compare.matter is None:
            return self.tr("Open a matter first")
        if not self._sets.compare.votes.n_pairs:
            return self.tr("There is no pair of answers in this set to judge yet")
        if self.judge is None:
            return self.tr("There is no other chat model on this computer. Add one that was not compared")
        return ""

    # ------------------------------------------------------------ at work
    @property
    def is_at_work(self) -> bool:
        return bool(self._request)

    @property
    def share(self) -> float | None:
        return self.n_done / self.n if self.n and self.n_done else None

    @property
    def words(self) -> str:
        """How far it is."""
        if not self.n:
            return self.tr("Judging")
        return self.tr("Judging, {n} of {all}").format(n=self.n_done, all=votes.pairs(self.n))

    def start(self) -> None:
        """Let the chosen model judge."""
        vote_set, matter, judge = self._sets.vote_set, self._sets.compare.matter, self.judge
        if self.why_not_judge or vote_set is None or matter is None or judge is None:
            return
        assert isinstance(judge.choice, LocalChoice)
        self._request = RequestId(uuid.uuid4().hex)
        self.n_done, self.n, self.problem, self.note = 0, 0, None, ""
        self._bridge.submit(compare_intents.JudgeSet(self._request, matter.id, vote_set.id, judge.choice.model))
        self.changed.emit()

    def stop(self) -> None:
        """Judge no further pair."""
        if self.is_at_work:
            self._bridge.submit(compare_intents.StopEvaluation(self._request))

    def _take(self, event: events.Event) -> None:
        if not self.is_at_work:
            return
        ours = getattr(event, "request", None) == self._request
        match event:
            case compare_events.EvaluationProgress() if ours:
                self.n_done, self.n = event.n_done, event.n
            case compare_events.EvaluationFailed() if ours:
                self.problem = wording.words_for(event.error)
                self._end(self.problem.line, is_failure=True)
            case compare_events.EvaluationFinished() if ours:
                self.note = self.tr("Judging has ended. What the model said stands as a run of its own.")
                self._end(self.note, is_failure=False)
            case _:
                return
        self.changed.emit()

    def _end(self, words: str, *, is_failure: bool) -> None:
        self._request = RequestId("")
        self._sets.look()
        self.announced.emit(words, is_failure)
