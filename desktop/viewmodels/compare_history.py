"""Comparisons of the open matter that were made earlier, ready to be listed and opened again. QtCore only."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop import figures
from desktop.viewmodels.window_model import EngineBridge
from engine import compare_events, compare_intents, events
from engine.compare_records import Comparison, ComparisonId
from engine.records import MatterId

MOST = 30  # that are listed; an export has all of them
_LONGEST = 56  # characters of a prompt


@dataclass(frozen=True)
class Earlier:
    """A comparison as a line of a list."""

    id: ComparisonId
    words: str
    when: str


class CompareHistory(QObject):
    """`changed` when another comparison was kept, or those of another matter are known."""

    changed = Signal()

    def __init__(self, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._matter: MatterId | None = None
        self._kept: dict[ComparisonId, Comparison] = {}
        bridge.happened.connect(self._take)

    def ask(self, matter: MatterId | None) -> None:
        """Learn what was compared in this matter; what is kept from then on is told anyhow."""
        if matter == self._matter:
            return
        self._matter, self._kept = matter, {}
        self.changed.emit()
        if matter is not None:
            self._bridge.submit(compare_intents.ListComparisons(matter))

    def open(self, comparison: ComparisonId) -> None:
        """Show one of them again; nothing is asked of any model."""
        if self._matter is not None:
            self._bridge.submit(compare_intents.OpenComparison(self._matter, comparison))

    def delete(self, comparison: ComparisonId) -> None:
        """Remove one with its answers; to be called only after a question."""
        if self._matter is not None:
            self._bridge.submit(compare_intents.DeleteComparison(self._matter, comparison))

    @property
    def entries(self) -> list[Earlier]:
        """The newest first."""
        newest = sorted(self._kept.values(), key=lambda each: each.created, reverse=True)[:MOST]
        return [Earlier(each.id, _shortened(each.question), figures.day_and_time(each.created)) for each in newest]

    def _take(self, event: events.Event) -> None:
        match event:
            case compare_events.ComparisonsListed() if event.matter == self._matter:
                self._kept = {each.id: each for each in event.comparisons}
            case compare_events.ComparisonKept() if event.comparison.matter == self._matter:
                if event.comparison.id in self._kept:
                    return  # the list shows nothing of its answers
                self._kept[event.comparison.id] = event.comparison
            case _:
                return
        self.changed.emit()


def _shortened(question: str) -> str:
    words = " ".join(question.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"
