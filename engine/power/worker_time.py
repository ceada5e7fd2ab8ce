"""The processor time that the workers which answer have used, as the system counts it for processes.

The workers are this program's children and are known by what they were started with. What a worker used that has ended
meanwhile is not known any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import psutil

MICROSECONDS = 1_000_000
MARK = ("--worker", "chat")  # how worker_main's processes for answers are started


def own_children() -> list[Any]:
    """What this process has started, and what that has: on Windows a launcher may stand between. Raises psutil.Error."""
    return list(psutil.Process().children(recursive=True))


class WorkerTime:
    """Counts from one look to the next. `children` lists processes like those of psutil."""

    def __init__(self, children: Callable[[], Iterable[Any]] = own_children) -> None:
        self._children = children
        self._is_worker: dict[Any, bool] = {}
        self._last: dict[Any, int] | None = None

    def used(self) -> int | None:
        """Microseconds of processor time of all workers since the last look; None: not known.

        A worker that was not there then has used all of its time since.
        """
        before, self._last = self._last, self._times()
        if before is None or not self._last or before.keys() - self._last.keys():
            return None
        return sum(now - before.get(worker, 0) for worker, now in self._last.items())

    def _times(self) -> dict[Any, int] | None:
        try:
            children = list(self._children())
        except (psutil.Error, OSError):
            return None
        self._is_worker = {each: self._is_worker.get(each) or _is_worker(each) for each in children}
        times = {each: _time(each) for each, is_worker in self._is_worker.items() if is_worker}
        return {worker: time for worker, time in times.items() if time is not None}


def _is_worker(process: Any) -> bool:
    try:
        command = process.cmdline()
    except (psutil.Error, OSError):
        return False
    return any(tuple(command[at : at + 2]) == MARK for at in range(len(command)))


def _time(process: Any) -> int | None:
    try:
        times = process.cpu_times()
    except (psutil.Error, OSError):
        return None
    return round((times.user + times.system) * MICROSECONDS)
