"""A question with its answer, stored or still being written, ready to show.

Values that change with the engine's events. Knows records and citations; no Qt, no bridge, no wording.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from desktop.viewmodels.citations import Citations, number_sources
from desktop.viewmodels.cited_blocks import CitedBlock, model_marks, place_citations
from desktop.viewmodels.growing_answer import GrowingAnswer
from engine.events import AnswerProgress
from engine.records import ConversationId, MatterId, Message, Reading, RequestId, Sentence

Stage = Literal["waiting", "searching", "reading", "writing", "checking"]


@dataclass
class Progress:
    """How far an answer is before and while it is written. `since` is a monotonic time in seconds."""

    stage: Stage = "waiting"
    n_read: int = 0
    n_to_read: int = 0
    reading: Reading | None = None
    since: float = field(default_factory=time.monotonic)

    def take(self, event: AnswerProgress) -> None:
        self.stage, self.n_read, self.n_to_read = event.stage, event.n_read, event.n_to_read
        self.reading = event.reading or self.reading

    @property
    def share(self) -> float | None:
        """The part of the passages that is read, 0 to 1; None where no length is known."""
        if self.stage != "reading" or self.n_to_read <= 0:
            return None
        return min(1.0, self.n_read / self.n_to_read)

    @property
    def seconds(self) -> int:
        return int(time.monotonic() - self.since)


class Exchange:
    """One question and what came of it. `request` is set while an answer is on its way."""

    def __init__(self, matter: MatterId, question: str, conversation: ConversationId | None = None) -> None:
        self.matter = matter
        self.conversation = conversation
        self.question = question
        self.question_message: Message | None = None
        self.request: RequestId | None = None
        self.progress = Progress()
        self.answer: Message | None = None
        self.problem: tuple[str, dict[str, object]] | None = None  # kind and facts of the error that ended it
        self._text = ""
        self._sentences: list[Sentence] = []
        self._growing = GrowingAnswer()
        self._placed: tuple[CitedBlock, ...] = ()
        self._placed_for: tuple[int, int] = (-1, -1)
        self._citations = Citations()

    # ------------------------------------------------------------ what there is
    @property
    def is_running(self) -> bool:
        return self.request is not None

    @property
    def text(self) -> str:
        """The raw answer so far, as the model wrote it."""
        return self._text

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(self._sentences)

    @property
    def citations(self) -> Citations:
        """The numbered sources of what has been checked so far."""
        self._place()
        return self._citations

    @property
    def blocks(self) -> tuple[CitedBlock, ...]:
        """The answer so far as blocks with citations; those that did not change are the same objects as before."""
        self._place()
        return self._placed

    def _place(self) -> None:
        now = (len(self._text), len(self._sentences))
        if now == self._placed_for:
            return
        self._citations = number_sources(self._sentences)
        hidden = model_marks(self._text, self._sentences)
        blocks = self._growing.show(self._text)
        self._placed = place_citations(blocks, self._sentences, self._citations, hidden, self._placed)
        self._placed_for = now

    # ------------------------------------------------------------ what happens to it
    def begin(self, request: RequestId) -> None:
        """An answer was asked for; what stood here before makes room for it."""
        self.request = request
        self.progress = Progress()
        self.answer, self.problem = None, None
        self._show("", ())

    def grow(self, text: str) -> None:
        self._text += text

    def check(self, sentence: Sentence) -> None:
        self._sentences.append(sentence)

    def end(self, answer: Message | None, problem: tuple[str, dict[str, object]] | None = None) -> None:
        """The last word: the answer as it was stored, if any of it was, and what went wrong, if something did."""
        self.request = None
        if answer is not None:
            self.answer = answer
            self._show(answer.text, answer.sentences)
            if answer.problem is not None:
                problem = problem or (answer.problem, answer.problem_facts or {})
        self.problem = problem

    def _show(self, text: str, sentences: Iterable[Sentence]) -> None:
        self._text = text
        self._sentences = list(sentences)
        self._placed_for = (-1, -1)


def exchanges_of(matter: MatterId, messages: Iterable[Message]) -> list[Exchange]:
    """A stored conversation as questions with their answers, in order."""
    exchanges: list[Exchange] = []
    for message in messages:
        if message.role == "user":
            exchange = Exchange(matter, message.text, message.conversation)
            exchange.question_message = message
            exchanges.append(exchange)
        elif exchanges:
            exchanges[-1].end(message)
    return exchanges
