"""One answer of a comparison on its way: what came of it, what is shown of it, and its one last word.

Pure but for the events that it publishes, from PaneStarted to exactly one PaneEnded. Local and remote models are heard
here in one way. What came back is kept as it came; what is shown has the hidden details in their places again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from engine.compare_events import PaneEnded, PaneGrew, PaneProgress, PaneStarted
from engine.compare_records import (
    HiddenDetail,
    LocalChoice,
    PaneAnswer,
    PaneChoice,
    PaneStopReason,
    PaneTimings,
    PromptMessage,
    Receiver,
)
from engine.errors import StrongroomError
from engine.evaluation.masking import masked_spans
from engine.events import Event
from engine.hiding.restoring import Restoring
from engine.hiding.table import Table
from engine.ledger_records import COMPARE, Use, WorkloadId
from engine.provider_records import FREE, Cost, Provider, TokenCounts
from engine.records import RequestId, Timings, Usage
from engine.work.comparison_prompt import prompt_sha256

LONG = 4_000  # characters; about 10 ms

Publish = Callable[[Event], None]


def nobody_listens(_: Event) -> None:
    """For a pane without a screen."""


@dataclass(frozen=True)
class PaneTask:
    """What one pane is to do. A remote one has its approved request (`receiver`) and the provider that it goes to.

    `table` puts the hidden details back; None where nothing was hidden. `workload` is the vote set that the cost is counted
    for, '' for none; `use` what the answer is for. `pair` is the same for all panes of a comparison. `names` are those of all
    models, which an answer may tell; without any, nothing of it is masked. `why_not` keeps a remote pane from being sent.
    """

    request: RequestId
    pane: int
    choice: PaneChoice
    name: str
    messages: tuple[PromptMessage, ...] = field(repr=False)
    max_tokens: int
    temperature: float = 0.0
    table: Table | None = field(default=None, repr=False)
    receiver: Receiver | None = field(default=None, repr=False)
    provider: Provider | None = None
    workload: str = ""
    n_hidden: int = 0
    names: tuple[str, ...] = ()
    why_not: StrongroomError | None = None
    use: Use = "test"
    pair: str = ""

    @property
    def counted_for(self) -> WorkloadId:
        """Where it stands in the books."""
        return WorkloadId(self.workload) if self.workload else COMPARE

    @property
    def is_local(self) -> bool:
        return isinstance(self.choice, LocalChoice)

    @property
    def host(self) -> str:
        return "" if self.receiver is None else self.receiver.host


class Writing:
    """An answer on its way. Without a last word it counts as stopped."""

    def __init__(self, task: PaneTask, publish: Publish = nobody_listens) -> None:
        self._task, self._publish = task, publish
        self._restoring = None if task.table is None else Restoring(_told(task))
        self._began = time.perf_counter()
        self._first: float | None = None
        self._sent_back: list[str] = []
        self._shown: list[str] = []
        self._reasoning: list[str] = []
        self._n_thought = 0  # characters
        self._masked: tuple[tuple[int, int], ...] | None = None
        self._stop_reason: PaneStopReason | None = None
        self._tokens: TokenCounts | None = None
        self._timings: PaneTimings | None = None
        self._cost: Cost | None = FREE if task.is_local else None
        self._answered_by = ""
        self._error: StrongroomError | None = None

    def start(self) -> None:
        task = self._task
        stage: Literal["loading", "sending"] = "loading" if task.is_local else "sending"
        self._publish(PaneStarted(task.request, task.pane, task.choice, task.name, task.host, stage))

    # ------------------------------------------------------------ what is heard
    def read(self, n_read: int, n_to_read: int) -> None:
        """The model has read so many tokens of the prompt."""
        self._progress("reading", n_read, n_to_read)

    def think(self, text: str) -> None:
        """More of what a model says to itself, which is not its answer."""
        self._first = self._first or time.perf_counter()
        self._reasoning.append(text)
        self._n_thought += len(text)
        self._progress("thinking", self._n_thought)

    def grow(self, text: str) -> None:
        """More of the answer."""
        if not self._sent_back:
            self._first = self._first or time.perf_counter()
            self._progress("writing")
        self._sent_back.append(text)
        self._show(text if self._restoring is None else self._restoring.feed(text))

    def stopped(self, reason: PaneStopReason) -> None:
        """Why the model wrote no more."""
        self._stop_reason = reason

    def measured(self, usage: Usage, timings: Timings) -> None:
        """What a local model says of its work."""
        self._tokens = TokenCounts(usage.prompt_tokens, usage.generated_tokens, usage.cached_tokens)
        rate = timings.decode_tokens_per_s or None
        self._timings = PaneTimings(timings.ttft_s if self._sent_back else None, timings.total_s, rate)

    def charged(
        self,
        tokens: TokenCounts | None,
        cost: Cost,
        answered_by: str,
        timings: PaneTimings,
        stop_reason: PaneStopReason | None,
    ) -> None:
        """What is known of a remote answer when its connection has ended."""
        self._tokens, self._cost, self._answered_by, self._timings = tokens, cost, answered_by, timings
        self._stop_reason = self._stop_reason or stop_reason

    def failed(self, error: StrongroomError) -> None:
        """What ended it."""
        self._error = error

    # ------------------------------------------------------------ the last word
    def finish(self) -> None:
        """No more comes: show what was held back."""
        if self._restoring is not None:
            self._show(self._restoring.finish())

    @property
    def is_long(self) -> bool:
        """Whether looking through it takes so long that it is done aside."""
        return sum(map(len, self._shown)) > LONG

    def look_for_names(self) -> None:
        """Find where the answer tells who wrote it; after `finish`."""
        self._masked = masked_spans("".join(self._shown), self._task.names) if self._task.names else ()

    def end(self) -> PaneAnswer:
        """Publish the last word. To be called once."""
        if self._masked is None:
            self.finish()
            self.look_for_names()
        answer = self._answer()
        self._publish(PaneEnded(self._task.request, answer))
        return answer

    def _answer(self) -> PaneAnswer:
        task, error, text = self._task, self._error, "".join(self._shown)
        is_stopped = self._stop_reason is None and error is None
        return PaneAnswer(
            pane=task.pane,
            choice=task.choice,
            name=task.name,
            host=task.host,
            text=text,
            sent_back="".join(self._sent_back),
            restored=() if self._restoring is None else self._restoring.places,
            masked=self._masked or (),
            reasoning=self._thoughts(),
            answered_by=self._answered_by,
            stop_reason="cancelled" if is_stopped else self._stop_reason,
            tokens=self._tokens,
            timings=self._timings or self._timed(),
            cost=self._cost,
            problem=None if error is None else error.kind,
            problem_facts=None if error is None else error.facts,
            prompt_sha256=prompt_sha256(task.messages),
        )

    def _thoughts(self) -> str:
        thoughts = "".join(self._reasoning)
        if self._task.table is None:
            return thoughts
        restoring = Restoring(_told(self._task))
        return restoring.feed(thoughts) + restoring.finish()

    def _timed(self) -> PaneTimings:
        first = None if self._first is None else self._first - self._began
        return PaneTimings(first, time.perf_counter() - self._began, None)

    def _progress(self, stage: Literal["reading", "thinking", "writing"], n_read: int = 0, n_to_read: int = 0) -> None:
        self._publish(PaneProgress(self._task.request, self._task.pane, stage, n_read, n_to_read))

    def _show(self, text: str) -> None:
        if text:
            self._shown.append(text)
            self._publish(PaneGrew(self._task.request, self._task.pane, text))


def _told(task: PaneTask) -> tuple[HiddenDetail, ...]:
    """The details whose placeholders the model was told. It knows of no others: one that it writes all the same is made up,
    and must not become somebody who stands elsewhere in the matter.
    """
    told = "\n".join(each.text for each in task.messages)
    return () if task.table is None else tuple(each for each in task.table.details if each.placeholder in told)
