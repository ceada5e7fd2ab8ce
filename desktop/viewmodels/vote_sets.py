"""The chosen vote set as it is managed: its name, its prompts in the matter that is open, its results. QtCore only."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop import wording
from desktop.viewmodels.compare import CompareModel
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings import votes
from desktop.wordings.words import Words
from engine import compare_events, compare_intents, events
from engine.compare_records import VoteSetId
from engine.errors import CompareError, StoreError
from engine.intents import Intent
from engine.records import MatterId
from engine.vote_records import Evaluation, Prompt, SetKind, VoteSet

#: Files that can hold a table of prompts.
TABLES = (".csv", ".tsv", ".txt")


class VoteSetsModel(QObject):
    """`compare` says which set is chosen and which matter is open. `told` carries what came of filling the set."""

    changed = Signal()
    told = Signal(str)

    def __init__(self, bridge: EngineBridge, compare: CompareModel) -> None:
        super().__init__()
        self._bridge = bridge
        self.compare = compare
        self.prompts: tuple[Prompt, ...] = ()
        self.evaluations: tuple[Evaluation, ...] = ()  # newest first
        self.note = ""
        self.problem: Words | None = None
        self._shown: tuple[VoteSetId | None, MatterId | None] = (None, None)
        self._n_awaited = 0  # wishes to fill the set that were not answered yet
        bridge.happened.connect(self._take)
        compare.changed.connect(self._follow)

    # ------------------------------------------------------------ what there is
    @property
    def vote_set(self) -> VoteSet | None:
        return self.compare.votes.vote_set

    @property
    def summary(self) -> str:
        """How many votes and prompts the set has."""
        vote_set, matter = self.vote_set, self.compare.matter
        n_votes = vote_set.n_votes if vote_set else 0
        return votes.summary(n_votes, len(self.prompts), matter.name if matter else "")

    @property
    def n_expected(self) -> int:
        """Prompts whose right answer is known."""
        return sum(each.expected is not None for each in self.prompts)

    @property
    def is_filling(self) -> bool:
        return self._n_awaited > 0

    @property
    def why_not_fill(self) -> str:
        """Why no prompts can be taken in now; empty if they can."""
        if self.compare.matter is None:
            return self.tr("Open a matter first: prompts are kept in it")
        return self.tr("Prompts are being taken in") if self.is_filling else ""

    # ------------------------------------------------------------ sets
    def create(self, name: str, kind: SetKind) -> None:
        self._bridge.submit(compare_intents.CreateVoteSet(name.strip(), kind))

    def rename(self, name: str) -> None:
        if self.vote_set is not None:
            self._bridge.submit(compare_intents.RenameVoteSet(self.vote_set.id, name.strip()))

    def delete(self) -> None:
        """Delete the chosen set; to be called only after that was confirmed."""
        if self.vote_set is not None:
            self._bridge.submit(compare_intents.DeleteVoteSet(self.vote_set.id))

    def look(self) -> None:
        """Learn what the chosen set holds now."""
        self._follow()
        vote_set, matter = self._shown
        if vote_set is not None:
            self._bridge.submit(compare_intents.ShowEvaluations(vote_set))
        if vote_set is not None and matter is not None:
            self._bridge.submit(compare_intents.ListPrompts(matter, vote_set))

    # ------------------------------------------------------------ prompts
    def import_files(self, files: Iterable[Path]) -> None:
        """Put the prompts of files after those that the set has."""
        matter, vote_set = self.compare.matter, self.vote_set
        chosen = list(files)
        if matter is None or vote_set is None or not chosen or self.why_not_fill:
            return
        tables = [file for file in chosen if file.suffix.lower() in TABLES]
        if not tables:
            self.problem, self.note = None, self.tr("Prompts come from tables: choose a file that was saved as CSV.")
            self.changed.emit()
            return
        self._fill([compare_intents.ImportPrompts(matter.id, vote_set.id, file) for file in tables])

    def take_questions(self) -> None:
        """Put the questions that were asked in this matter after the prompts that the set has."""
        matter, vote_set = self.compare.matter, self.vote_set
        if matter is not None and vote_set is not None and not self.why_not_fill:
            self._fill([compare_intents.TakePrompts(matter.id, vote_set.id)])

    def _fill(self, intents: list[Intent]) -> None:
        self._n_awaited, self.note, self.problem = len(intents), "", None
        for intent in intents:
            self._bridge.submit(intent)
        self.changed.emit()

    def compare_prompt(self, prompt: Prompt) -> None:
        """Write this prompt where prompts are written, to be compared next."""
        self.compare.begin(prompt.text)

    def export(self, file: Path) -> None:
        """Write the comparisons and votes of the set to a file, by its ending."""
        self.compare.export(file)

    # ------------------------------------------------------------ happenings
    def _follow(self) -> None:
        """Another set, or another matter: what is known of the last one does not belong here."""
        now = (self.vote_set.id if self.vote_set else None, self.compare.matter.id if self.compare.matter else None)
        if now != self._shown:
            self._shown = now
            self.prompts, self.evaluations, self.note, self.problem, self._n_awaited = (), (), "", None, 0
        self.changed.emit()

    def _take(self, event: events.Event) -> None:
        match event:
            case compare_events.PromptsListed() if (event.set, event.matter) == self._shown:
                self._take_prompts(event)
            case compare_events.EvaluationsListed() if event.set == self._shown[0]:
                self.evaluations = tuple(sorted(event.evaluations, key=lambda each: each.time, reverse=True))
            case compare_events.EvaluationFinished() if event.evaluation.set == self._shown[0]:
                known = [each for each in self.evaluations if each != event.evaluation]
                self.evaluations = (event.evaluation, *known)
            case events.Trouble() if self.is_filling and isinstance(event.error, CompareError | StoreError):
                self._n_awaited -= 1
                self.problem = wording.words_for(event.error)
            case _:
                return
        self.changed.emit()

    def _take_prompts(self, event: compare_events.PromptsListed) -> None:
        if self.is_filling:
            self._n_awaited -= 1
            self.note = votes.filled(len(self.prompts), len(event.prompts), event.n_skipped)
            self.told.emit(self.note)
        self.prompts = event.prompts
