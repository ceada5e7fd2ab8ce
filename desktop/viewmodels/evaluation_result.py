"""A finished run, ready to show: its sentences, the four counts, the estimate on its axis, recall by label. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop import figures
from desktop.wordings import vote_results as words
from desktop.wordings import votes
from desktop.wordings.words import StatusWords
from engine.vote_records import Evaluation

translate = QCoreApplication.translate
_ENOUGH, _MARGIN = 0.95, 0.05  # of a ratio of qualities; of a difference of preferences
_WIDEST = 2.0  # what a ratio's axis shows at most


@dataclass(frozen=True)
class Axis:
    """From where to where, which values are written, and the one that decides, if one does."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    threshold: tuple[float, str] | None = None

    def place(self, value: float) -> float:
        """Where a value stands, 0 to 1; what lies beyond an end stands there."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


@dataclass(frozen=True)
class Estimate:
    """A value with its range on an axis."""

    value: float
    low: float
    high: float
    axis: Axis


class Result:
    """What is shown of an evaluation; `name_of` names models by their keys in votes."""

    def __init__(self, found: Evaluation, name_of: Callable[[str], str]) -> None:
        self.found = found
        self.local, self.remote = name_of(found.local), name_of(found.remote)

    # ------------------------------------------------------------ sentences
    @property
    def title(self) -> str:
        return translate("Result", "{local} and {remote}").format(local=self.local, remote=self.remote)

    @property
    def about(self) -> str:
        """`120 prompts, right label, 2 September at 14:02`."""
        n, when = votes.prompts(self.found.n), figures.day_and_time(self.found.time)
        if self.found.is_agreement:
            text = translate("Result", "{prompts} counted. The two answers were held against each other. Run {when}.")
            return text.format(prompts=n, when=when)
        how = votes.scorer(self.found.scorer)[0]
        text = translate("Result", "{prompts} counted. Judged: {how}. Run {when}.")
        return text.format(prompts=n, how=how[:1].lower() + how[1:], when=when)

    @property
    def chip(self) -> StatusWords:
        return words.verdict_chip(self.found)

    @property
    def verdict(self) -> str:
        return words.verdict(self.found, self.local, self.remote)

    @property
    def missing(self) -> str:
        return words.missing(self.found)

    @property
    def caveats(self) -> tuple[str, ...]:
        return tuple(words.caveat(key) for key in self.found.notes)

    @property
    def evidence(self) -> str:
        return words.evidence(self.found)

    @property
    def line(self) -> str:
        """The run in a line, for a menu of earlier ones."""
        when = figures.day_and_time(self.found.time)
        parts = (when[:1].upper() + when[1:], self.title, votes.prompts(self.found.n), self.chip.text)
        return ", ".join(parts)

    # ------------------------------------------------------------ figures
    @property
    def cells(self) -> tuple[tuple[str, int], ...]:
        return words.cells(self.found, self.local, self.remote)

    @property
    def estimate_title(self) -> str:
        return words.estimate_title(self.found)

    @property
    def estimate_words(self) -> str:
        return words.estimate(self.found)

    @property
    def estimate(self) -> Estimate | None:
        """None where there is no estimate or no range to draw."""
        found = self.found
        if found.estimate is None or found.interval is None:
            return None
        low, high = found.interval
        return Estimate(found.estimate, low, high, _axis(found, low, high))

    @property
    def spoken(self) -> str:
        """The chart in a sentence."""
        sentence = f"{self.estimate_title}: {self.estimate_words}."
        estimate = self.estimate
        if estimate is None or estimate.axis.threshold is None:
            return sentence
        return translate("Result", "{sentence} What decides is {mark}.").format(
            sentence=sentence, mark=estimate.axis.threshold[1]
        )

    @property
    def recall_title(self) -> str:
        return words.recall_title(self.found.scorer)

    @property
    def recall(self) -> tuple[tuple[str, str, str], ...]:
        """Label, share found by the local and by the remote model."""
        return tuple((label, votes.percent(local), votes.percent(remote)) for label, local, remote in self.found.recall)


def _axis(found: Evaluation, low: float, high: float) -> Axis:
    if found.is_agreement:
        return _from_zero(1.0)
    if words.is_ratio(found):
        top = min(_WIDEST, max(1.25, math.ceil(4 * high) / 4))
        return _from_zero(top, (_ENOUGH, votes.percent(_ENOUGH)))
    furthest = max(0.1, math.ceil(10 * max(abs(low), abs(high))) / 10)
    ticks = tuple((at, votes.points(at)) for at in (-furthest, -furthest / 2, 0.0, furthest / 2, furthest))
    return Axis(-furthest, furthest, ticks, (-_MARGIN, votes.points(-_MARGIN)) if found.test == "tango" else None)


def _from_zero(top: float, threshold: tuple[float, str] | None = None) -> Axis:
    step = 0.25 if top <= 1.25 else 0.5
    ticks = tuple((at * step, votes.percent(at * step)) for at in range(round(top / step) + 1))
    return Axis(0.0, top, ticks, threshold)
