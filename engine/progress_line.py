"""The line on a terminal that says how far a verb is, and the words of an answer as they come. Knows no verb."""

from __future__ import annotations

from typing import Any

from engine import verbs
from engine.events import AnswerGrew
from engine.terminal import shown


class Progress:
    """Shows on standard error how far a verb is: a line that is written over on a terminal, nothing otherwise.

    `answer` is where the words of an answer go as they come; None where they are printed as a whole.
    """

    def __init__(self, stream: Any, answer: Any = None) -> None:
        self._stream = stream
        self._answer = answer
        self._shown = False
        self._listener: Any = None
        self.has_answered = False

    def listen(self, listener: Any) -> None:
        """Also hand every event to `listener`."""
        self._listener = listener

    def take(self, event: Any) -> None:
        """An event of the engine; called on the engine's thread."""
        if self._listener is not None:
            self._listener(event)
        if self._answer is not None and isinstance(event, AnswerGrew):
            text = event.text if self.has_answered else event.text.lstrip()
            self._answer.write(shown(text))
            self._answer.flush()
            self.has_answered = self.has_answered or bool(text)
        if line := verbs.progress_line(event):
            self.show(shown(line))

    def say(self, line: str) -> None:
        """A line that stays, on a terminal or not."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._shown = False
        self._stream.write(f"{shown(line)}\n")
        self._stream.flush()

    def show(self, line: str) -> None:
        if self._stream.isatty():
            self._stream.write(f"\r\x1b[K{line}")
            self._stream.flush()
            self._shown = True

    def end(self) -> None:
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._shown = False
        if self.has_answered:
            self._answer.write("\n")
