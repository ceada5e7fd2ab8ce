"""How many threads a model should compute with, given what other programs do.

llama.cpp's threads wait for each other many times for each token, so one thread that shares its core with a busy
program holds all the others up: a fixed number of threads halves the speed as soon as somebody else computes. Here the
program looks about once a second at what others use and leaves them those cores. It looks from outside, since the
sealed worker may not. Programs that run with lowered priority give way by themselves and are not counted.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

import psutil

LEAVE_AT = 0.4  # cores that others must use, beyond those left to them, before one more is left
RETURN_AT = 0.75  # cores that must be free, beyond those in use, before one more is used


@dataclass(frozen=True)
class CpuUse:
    """Seconds of processor time up to a moment: of the worker, and of everything with normal priority."""

    at: float
    everything: float
    worker: float

    def busy_others(self, later: CpuUse) -> float:
        """Cores that others kept busy from here to `later`, on average."""
        seconds = later.at - self.at
        if seconds <= 0:
            return 0.0
        return max(0.0, (later.everything - self.everything - (later.worker - self.worker)) / seconds)


def cpu_use(worker: psutil.Process) -> CpuUse:
    """Measure now. Raises psutil.Error when the worker is gone."""
    own, all_cores = worker.cpu_times(), psutil.cpu_times()
    everything = all_cores.user + all_cores.system + getattr(all_cores, "irq", 0.0) + getattr(all_cores, "softirq", 0.0)
    return CpuUse(time.monotonic(), everything, own.user + own.system)


def threads_for(n_most: int, n_now: int, busy_others: float) -> int:
    """Threads to use next; keeps `n_now` unless there is clearly less or clearly more room."""
    free = n_most - busy_others
    if free < n_now - LEAVE_AT:
        return max(1, min(n_now - 1, round(free)))
    if free >= n_now + RETURN_AT:
        return min(n_most, int(free + 1 - RETURN_AT))
    return n_now


def most_threads() -> int:
    """Physical cores that this process may use; more threads than these make llama.cpp slower."""
    physical = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else physical
    return max(1, min(physical, allowed))
