"""One request while the worker answers it: its sequence, its sampler, its text and its times.

Knows neither the pipe nor the scheduler. Times are seconds of a monotonic clock that the caller reads.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.inference.choices import Choices
from engine.inference.protocol import End, Progress
from engine.inference.sampling import Sampler
from engine.inference.sequence import Sequence
from engine.inference.text_stream import TextStream
from engine.records import StopReason, Timings, Usage


@dataclass(eq=False)
class Answer:
    """`asked_at`: when the request arrived; the other times are None until they happened."""

    sequence: Sequence
    sampler: Sampler
    text: TextStream
    asked_at: float
    choices: Choices | None = None  # what the answer is made of, if it is not free
    began_at: float | None = None  # first step that computed something of it
    first_token_at: float | None = None
    latest_token_at: float | None = None

    @property
    def request(self) -> str:
        return self.sequence.request

    def progress(self) -> Progress:
        return Progress(self.request, min(self.sequence.n_computed, len(self.sequence.prompt)), len(self.sequence.prompt))

    def took_token(self, now: float) -> None:
        """A token was sampled."""
        if self.first_token_at is None:
            self.first_token_at = now
        self.latest_token_at = now

    def end(self, reason: StopReason, now: float) -> End:
        """The last word."""
        return End(self.request, reason, self._usage(), self._timings(now))

    def close(self) -> None:
        self.sampler.close()

    def _usage(self) -> Usage:
        sequence = self.sequence
        return Usage(len(sequence.prompt), sequence.n_cached, len(sequence.generated))

    def _timings(self, now: float) -> Timings:
        first, began = self.first_token_at, self.began_at
        if first is None or began is None or self.latest_token_at is None:
            return Timings(0.0, 0.0, 0.0, now - self.asked_at)
        n_prefilled = len(self.sequence.prompt) - self.sequence.n_cached
        return Timings(
            ttft_s=first - self.asked_at,
            prefill_tokens_per_s=_rate(n_prefilled, first - began),
            decode_tokens_per_s=_rate(len(self.sequence.generated) - 1, self.latest_token_at - first),
            total_s=now - self.asked_at,
        )


def _rate(n: int, seconds: float) -> float:
    return n / seconds if n > 0 and seconds > 0 else 0.0
