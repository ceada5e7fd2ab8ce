"""The vote set that judgements count in: which sets there are, their tally, and the prompts that are still to be compared.

QtCore only. Knows nothing of answers.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop.viewmodels.window_model import EngineBridge
from engine import compare_events, compare_intents, events
from engine.compare_records import Comparison, ComparisonId, VoteSetId
from engine.records import MatterId
from engine.vote_records import Prompt, Tally, VoteSet


class CompareVotes(QObject):
    """`vote_set` is the chosen set, None where votes would count in none."""

    changed = Signal()

    def __init__(self, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.sets: tuple[VoteSet, ...] = ()
        self.tally: Tally | None = None
        self._chosen: VoteSetId | None = None
        self._matter: MatterId | None = None
        self._prompts: tuple[Prompt, ...] = ()
        self._compared: set[int] = set()
        self._pairs: tuple[ComparisonId, ...] = ()  # comparisons of the set whose answers can be judged, oldest first
        self._judged: set[ComparisonId] = set()
        self._last_used: VoteSetId | None = None  # by the newest comparison of the matter
        self._was_chosen = False  # since the program started

    @property
    def vote_set(self) -> VoteSet | None:
        return next((each for each in self.sets if each.id == self._chosen), None)

    @property
    def n_votes(self) -> int:
        """Votes of the chosen set."""
        if self.tally is not None:
            return self.tally.n_votes
        return self.vote_set.n_votes if self.vote_set is not None else 0

    def ask(self, matter: MatterId | None) -> None:
        """Learn which sets there are; their prompts are those of this matter."""
        self._matter = matter
        self._bridge.submit(compare_intents.ListVoteSets(matter))
        self._ask_prompts()

    def choose(self, chosen: VoteSetId | None) -> None:
        """Let votes count in this set from now on."""
        self._was_chosen = True
        if chosen == self._chosen:
            return
        self._chosen, self.tally = chosen, None
        self._prompts, self._compared, self._pairs = (), set(), ()
        if chosen is not None:
            self._bridge.submit(compare_intents.ShowTally(chosen))
        self._ask_prompts()
        self.changed.emit()

    def _ask_prompts(self) -> None:
        if self._chosen is not None and self._matter is not None:
            self._bridge.submit(compare_intents.ListPrompts(self._matter, self._chosen))
            self._bridge.submit(compare_intents.ListComparisons(self._matter))

    # ------------------------------------------------------------ prompts
    @property
    def next_prompt(self) -> Prompt | None:
        """The first prompt of the set that was not compared yet."""
        return next((each for each in self._prompts if each.number not in self._compared), None)

    def number_of(self, text: str) -> int | None:
        """The number of the set's prompt with exactly this text."""
        return next((each.number for each in self._prompts if each.text.strip() == text.strip()), None)

    def note_compared(self, prompt: int | None) -> None:
        if prompt is not None:
            self._compared.add(prompt)

    # ------------------------------------------------------------ pairs that wait for a judgement
    def next_to_judge(self, after: ComparisonId | None) -> ComparisonId | None:
        """The first comparison behind this one that nobody judged, else the first at all; None where none waits."""
        place = self._pairs.index(after) + 1 if after in self._pairs else 0
        in_turn = (*self._pairs[place:], *self._pairs[:place])
        return next((each for each in in_turn if each != after and each not in self._judged), None)

    @property
    def n_pairs(self) -> int:
        return len(self._pairs)

    @property
    def n_to_judge(self) -> int:
        return sum(each not in self._judged for each in self._pairs)

    def is_to_judge(self, comparison: ComparisonId | None) -> bool:
        return comparison in self._pairs and comparison not in self._judged

    def is_judged(self, comparison: ComparisonId | None) -> bool:
        return comparison in self._judged

    def note_judged(self, comparison: ComparisonId | None) -> None:
        if comparison is not None:
            self._judged.add(comparison)

    # ------------------------------------------------------------ happenings
    def take(self, event: events.Event) -> None:
        match event:
            case compare_events.VoteSetsListed():
                self._take_sets(event)
            case compare_events.Tallied() if event.tally.set == self._chosen:
                self.tally = event.tally
                self.note_judged(event.comparison)
            case compare_events.PromptsListed() if event.set == self._chosen and event.matter == self._matter:
                self._prompts = event.prompts
            case compare_events.ComparisonsListed() if event.matter == self._matter:
                self._judged |= set(event.judged)
                self._last_used = event.comparisons[0].vote_set if event.comparisons else None
                self._take_comparisons([each for each in event.comparisons if each.vote_set == self._chosen])
            case _:
                return
        self._go_on_with_the_last()
        self.changed.emit()

    def _go_on_with_the_last(self) -> None:
        """After a start votes count where they did before, until another set is chosen."""
        if not self._was_chosen and self._last_used in {each.id for each in self.sets}:
            self.choose(self._last_used)

    def _take_comparisons(self, ours: list[Comparison]) -> None:
        self._compared |= {each.prompt for each in ours if each.prompt is not None}
        whole = [each for each in ours if len(each.answers) > 1 and all(answer.is_usable for answer in each.answers)]
        self._pairs = tuple(each.id for each in sorted(whole, key=lambda each: each.created))

    def _take_sets(self, event: compare_events.VoteSetsListed) -> None:
        self.sets = event.sets
        if event.created is not None:
            self.choose(event.created)
        elif self._chosen is not None and self.vote_set is None:
            self.choose(None)
