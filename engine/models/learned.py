"""What earlier loads on this computer teach about the next: more memory than predicted, failures, real speeds. Pure.

Memory is learned in one direction. A load that took less than predicted may have had less to do: a short conversation
touches a part of its buffers only. A load that took more, or failed, makes advice more careful. A measured speed takes
the place of an estimate. Knows no store and no models beside what it is handed.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.model_records import ModelLoad
from engine.records import MemorySum

MOST_CORRECTION = 1.25  # of what is predicted; beyond it the prediction is wrong, not the computer special
LEAST_OF_KIND = 2  # loads of other models of an architecture from which something is concluded
NEWEST = 5  # measured speeds that count; a laptop on battery is not what it was on mains
STEP_OF_TOKENS = 64  # the worker's steps are multiples of it, and about a second long
SIMILAR = 1.5  # contexts within this factor of each other are compared directly


@dataclass(frozen=True)
class Learned:
    """The part of what was measured that concerns one model file.

    `missing`: bytes by which predictions for this file fell short, with the context each was for. `ratio`: how much
    more than predicted models of this architecture took. `failures`: context and free bytes of loads that failed.
    `bytes_per_s`: how fast other models, of any architecture, were seen to read their weights.
    """

    missing: tuple[tuple[int, int], ...] = ()
    ratio: float = 1.0
    failures: tuple[tuple[int, int | None], ...] = ()
    tokens_per_s: float | None = None
    prompt_tokens_per_s: float | None = None
    bytes_per_s: float | None = None

    @property
    def tokens_in_a_step(self) -> int | None:
        """How many prompt tokens the worker computes in one go at the measured speed: those of a second, rounded up."""
        if self.prompt_tokens_per_s is None:
            return None
        return math.ceil(self.prompt_tokens_per_s / STEP_OF_TOKENS) * STEP_OF_TOKENS

    def corrected(self, needed: MemorySum | None, n_ctx: int) -> MemorySum | None:
        """A prediction with what was learned added; never less than the prediction."""
        if needed is None:
            return None
        similar = [short for at, short in self.missing if max(at, n_ctx) <= SIMILAR * min(at, n_ctx)]
        extra = max(similar) if similar else round(needed.total * (self.ratio - 1))
        return replace(needed, learned=max(0, min(extra, round(needed.total * (MOST_CORRECTION - 1)))))

    def has_failed(self, n_ctx: int, free: int) -> bool:
        """Whether a load with no more context and no less free memory than this failed for lack of memory."""
        return any(failed_at <= n_ctx and (free_then is None or free <= free_then) for failed_at, free_then in self.failures)


NOTHING_LEARNED = Learned()


def learn(loads: Sequence[ModelLoad], *, sha256: str | None, architecture: str) -> Learned:
    """What `loads`, in any order, say about the file with this checksum (None: not known yet) of this architecture."""
    newest_first = sorted(loads, key=lambda load: load.time, reverse=True)
    of_file = [load for load in newest_first if sha256 is not None and load.sha256 == sha256]
    of_kind = [load for load in newest_first if load.architecture == architecture and load.sha256 != sha256]
    return Learned(
        missing=tuple(
            (load.n_ctx, load.measured - load.predicted)
            for load in of_file
            if load.measured is not None and load.predicted is not None
        ),
        ratio=_ratio(of_kind),
        failures=_failures(of_file),
        tokens_per_s=_median([load.tokens_per_s for load in of_file if load.tokens_per_s]),
        prompt_tokens_per_s=_median([load.prompt_tokens_per_s for load in of_file if load.prompt_tokens_per_s]),
        bytes_per_s=_median([load.tokens_per_s * load.weights for load in newest_first if load.tokens_per_s]),
    )


def _failures(of_file: Sequence[ModelLoad]) -> tuple[tuple[int, int | None], ...]:
    """Failed loads, but none that a later success with as much context and as little free memory contradicts."""
    failures = []
    for at, load in enumerate(of_file):
        if load.measured is None and not any(_contradicts(later, load) for later in of_file[:at]):
            failures.append((load.n_ctx, load.free))
    return tuple(failures)


def _contradicts(later: ModelLoad, failed: ModelLoad) -> bool:
    if later.measured is None or later.n_ctx < failed.n_ctx:
        return False
    return failed.free is None or (later.free is not None and later.free <= failed.free)


def _ratio(of_kind: Sequence[ModelLoad]) -> float:
    ratios = [load.measured / load.predicted for load in of_kind if load.measured and load.predicted]
    if len(ratios) < LEAST_OF_KIND:
        return 1.0
    return min(max(statistics.median(ratios), 1.0), MOST_CORRECTION)


def _median(newest_first: Sequence[float]) -> float | None:
    return statistics.median(newest_first[:NEWEST]) if newest_first else None
