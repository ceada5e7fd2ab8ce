"""One answer of a comparison, waiting, on its way or finished. Values that change with the engine's events.

Knows records and marks; no Qt, no bridge, no wording.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from desktop.viewmodels.answer_blocks import Block
from desktop.viewmodels.compare_marks import Mark, placeholders
from desktop.viewmodels.growing_answer import GrowingAnswer
from engine.compare_events import PaneProgress, PaneStarted
from engine.compare_records import LocalChoice, PaneAnswer, PaneChoice, Receiver

#: `preparing`: the engine has not said yet what becomes of it. `unsent`: it waits for the person's approval.
Stage = Literal["preparing", "unsent", "loading", "waiting", "sending", "reading", "thinking", "writing", "ended"]


class Pane:
    """`number` is the engine's, which is not the place where it stands."""

    def __init__(self, number: int, choice: PaneChoice, name: str, host: str = "") -> None:
        self.number = number
        self.choice = choice
        self.name = name
        self.host = host
        self.stage: Stage = "preparing"
        self.n_read = 0
        self.n_to_read = 0
        self.receiver: Receiver | None = None
        self.answer: PaneAnswer | None = None
        self.was_sent = False  # at least once
        self._text = ""
        self._growing = GrowingAnswer()

    # ------------------------------------------------------------ what there is
    @property
    def is_remote(self) -> bool:
        """Whether it answers on another computer, whoever made the model and whoever owns that computer."""
        return not isinstance(self.choice, LocalChoice)

    @property
    def key(self) -> str:
        """The model's name in votes."""
        return key_of(self.choice)

    @property
    def is_running(self) -> bool:
        return self.stage not in ("preparing", "unsent", "ended")

    @property
    def has_ended(self) -> bool:
        return self.stage == "ended"

    @property
    def is_usable(self) -> bool:
        return self.answer is not None and self.has_ended and self.answer.is_usable

    @property
    def is_unfinished(self) -> bool:
        """It ended without a failure, and without an answer that can be judged."""
        return self.has_ended and self.problem is None and not self.is_usable

    @property
    def problem(self) -> tuple[str, dict[str, object]] | None:
        """Kind and facts of what ended it."""
        if self.answer is None or self.answer.problem is None or not self.has_ended:
            return None
        return self.answer.problem, self.answer.problem_facts or {}

    @property
    def text(self) -> str:
        """The raw answer so far."""
        return self._text

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self._growing.show(self._text)

    @property
    def share(self) -> float | None:
        """How much of the prompt is read, 0 to 1; None where no length is known."""
        if self.stage != "reading" or self.n_to_read <= 0:
            return None
        return min(1.0, self.n_read / self.n_to_read)

    def marks(self, *, with_names: bool) -> Iterator[Mark]:
        """Marks that belong to this answer alone; without names what would tell the model is masked."""
        yield from placeholders(self._text)
        if self.answer is None or not self.has_ended:
            return
        yield from (Mark(each.start, each.end, "restored") for each in self.answer.restored)
        if not with_names:
            yield from (Mark(start, end, "masked") for start, end in self.answer.masked)

    # ------------------------------------------------------------ what happens to it
    def wait_for_approval(self, receiver: Receiver) -> None:
        """What it would be asked waits to be read by the person; an answer from before no longer counts."""
        self.receiver = receiver
        self.host = receiver.host
        if not self.is_running:
            self._start_over("unsent")

    def start(self, event: PaneStarted) -> None:
        self._start_over(event.stage)
        self.was_sent = self.was_sent or bool(event.host)
        self.choice, self.name, self.host = event.choice, event.name, event.host

    def progress(self, event: PaneProgress) -> None:
        if self.is_running:
            self.stage, self.n_read, self.n_to_read = event.stage, event.n_read, event.n_to_read

    def grow(self, text: str) -> None:
        if self.is_running:
            self._text += text
            self.stage = "writing"

    def end(self, answer: PaneAnswer) -> None:
        """The last word, which holds all that came before."""
        self.stage = "ended"
        self.answer = answer
        self.name = answer.name or self.name
        self.host = answer.host or self.host
        self._text = answer.text

    def _start_over(self, stage: Stage) -> None:
        self.stage, self.answer, self._text = stage, None, ""
        self.n_read, self.n_to_read = 0, 0


def key_of(choice: PaneChoice) -> str:
    """A model's name in votes: `local:ID` or `PROVIDER/MODEL`."""
    return f"local:{choice.model}" if isinstance(choice, LocalChoice) else f"{choice.provider}/{choice.model}"
