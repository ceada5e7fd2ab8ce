"""What a loaded model takes of this computer, put together from what the worker says and what the system says of it.

Measured is the memory that the system holds for the worker, mapped files included, at its fullest so far: buffers have
room for the longest conversation, and only long ones fill them. Weights that were copied out of the file into another
order count once: the mapped pages of the file stay until somebody needs the room, and nobody reads them again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import psutil

from engine.inference.protocol import Ready


@dataclass(frozen=True)
class LoadReport:
    """`measured`: bytes that the model has taken with its program; `weights`: those of its file among them.

    Speeds are the newest ones, None until something was computed that says something.
    """

    architecture: str
    n_ctx: int
    measured: int
    weights: int
    tokens_per_s: float | None = None
    prompt_tokens_per_s: float | None = None

    @classmethod
    def at_start(cls, ready: Ready, used: int) -> LoadReport:
        """The report on a worker that has just become ready, with `used` bytes in use; 0: the system does not say."""
        return cls(ready.architecture, ready.n_ctx, used or ready.memory, ready.weights)

    def after(self, used: int, tokens_per_s: float | None, prompt_tokens_per_s: float | None) -> LoadReport:
        """The report once a request has been computed, with `used` bytes in use."""
        return replace(
            self,
            measured=max(self.measured, used),
            tokens_per_s=tokens_per_s or self.tokens_per_s,
            prompt_tokens_per_s=prompt_tokens_per_s or self.prompt_tokens_per_s,
        )


def in_use(pid: int, ready: Ready) -> int:
    """Bytes that a worker uses now, without the weights that stand there twice; 0 where the system does not say."""
    try:
        return max(int(psutil.Process(pid).memory_info().rss) - ready.copied, 0)
    except psutil.Error:
        return 0
