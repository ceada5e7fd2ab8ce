"""What an answer is made of on its way: how far the prompt is read, more text, and the one last word.

Values only; errors are the other possible last word and are raised.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.records import StopReason, Timings, Usage


@dataclass(frozen=True)
class Reading:
    """The model has read `n_read` of the prompt's `n_to_read` tokens."""

    n_read: int
    n_to_read: int


@dataclass(frozen=True)
class Grew:
    """More of the answer; `text` continues what came before."""

    text: str


@dataclass(frozen=True)
class Ended:
    """Last word of an answer."""

    stop_reason: StopReason
    usage: Usage
    timings: Timings

    @staticmethod
    def without_a_word() -> Ended:
        """Cancelled before the model began."""
        return Ended("cancelled", Usage(0, 0, 0), Timings(0.0, 0.0, 0.0, 0.0))


Piece = Reading | Grew | Ended
