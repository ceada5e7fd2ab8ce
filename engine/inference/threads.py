"""How many threads a model should compute with, given what other programs do.

llama.cpp's threads wait for each other many times for each token, so one thread that shares its core with a busy
program holds all the others up: a fixed number of threads halves the speed as soon as somebody else computes. Here the
program looks about once a second at what others use and leaves them those cores. It looks from outside, since the
sealed worker may not. Programs that run with lowered priority give way by themselves and are not counted.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import psutil

from engine.errors import StrongroomError

FIRST_LOOK_S, LOOK_EVERY_S = 0.3, 1.0  # how soon and how often the load of other programs is looked at
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
        return max(1, int(free + LEAVE_AT))
    if free >= n_now + RETURN_AT:
        return min(n_most, int(free + 1 - RETURN_AT))
    return n_now


def most_threads() -> int:
    """Physical cores that this process may use; more threads than these make llama.cpp slower."""
    physical = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else physical
    return max(1, min(physical, allowed))


class ThreadKeeper:
    """Looks after one worker's number of threads while it has something to compute. `n_fixed` None: adapt."""

    def __init__(self, n_fixed: int | None) -> None:
        self.n_most = n_fixed or most_threads()
        self.n_now = self.n_most
        self._adapts = n_fixed is None and self.n_most > 1
        self._watching: asyncio.Task[None] | None = None
        self._pid: int | None = None

    def watch(self, pid: int, is_busy: Callable[[], bool], send: Callable[[int], Awaitable[None]]) -> None:
        """Watch until `is_busy` says no; `send` tells the worker a new number. Does nothing while it watches already."""
        if not self._adapts or (self._pid == pid and self._watching is not None and not self._watching.done()):
            return
        if self._watching is not None:
            self._watching.cancel()  # that worker is gone
        self._pid = pid
        self._watching = asyncio.create_task(self._watch(pid, is_busy, send), name="thread keeper")

    async def close(self) -> None:
        """Stop watching."""
        if self._watching is not None:
            self._watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watching

    def worker_started(self) -> None:
        """A new worker begins with the most there may be."""
        self.n_now = self.n_most

    async def _watch(self, pid: int, is_busy: Callable[[], bool], send: Callable[[int], Awaitable[None]]) -> None:
        with contextlib.suppress(psutil.Error, StrongroomError):  # a worker that is gone needs no threads
            worker = psutil.Process(pid)
            before, wait = cpu_use(worker), FIRST_LOOK_S
            while is_busy():
                await asyncio.sleep(wait)
                now, wait = cpu_use(worker), LOOK_EVERY_S
                wanted = threads_for(self.n_most, self.n_now, before.busy_others(now))
                before = now
                if wanted != self.n_now:
                    self.n_now = wanted
                    await send(wanted)
