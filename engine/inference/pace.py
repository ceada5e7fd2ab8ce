"""How many prompt tokens a step may hold, so that no step takes too long and none is wasteful.

Between two steps a running answer gets its next token and a Stop is obeyed, so a step's length in seconds is what
people feel; how many tokens that is depends on the model and the computer. Pure: it is told what steps took.
"""

from __future__ import annotations

ALONE_S = 1.0  # a step with prefill only: how long a Stop may go unheard
BESIDE_S = 0.15  # prefill beside running answers: how long these may stand still
SMALLEST = 64  # below this a token costs nearly twice as much: products of small matrices take another path in llama.cpp
UNKNOWN = 128  # tokens of the first step, while nothing has been measured


class Pace:
    """Learns the speed of prefill from steps that had some."""

    def __init__(self, n_ubatch: int) -> None:
        self._n_ubatch = n_ubatch
        self.tokens_per_s = 0.0

    def learn(self, n_prefill: int, seconds: float) -> None:
        """A step with `n_prefill` prompt tokens took so long. Short ones say too little and are not counted."""
        if n_prefill < SMALLEST or seconds <= 0:
            return
        measured = n_prefill / seconds
        self.tokens_per_s = measured if not self.tokens_per_s else 0.7 * self.tokens_per_s + 0.3 * measured

    @property
    def alone(self) -> int:
        """Tokens for a step in which nothing else waits."""
        return self._tokens_in(ALONE_S)

    @property
    def beside(self) -> int:
        """Tokens of prefill for a step in which answers are running."""
        return self._tokens_in(BESIDE_S)

    def _tokens_in(self, seconds: float) -> int:
        if not self.tokens_per_s:
            return min(UNKNOWN, self._n_ubatch)
        n_tokens = int(self.tokens_per_s * seconds) // SMALLEST * SMALLEST
        return max(SMALLEST, min(n_tokens, self._n_ubatch))
