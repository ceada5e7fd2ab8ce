"""How far long work on files is, and the wish to stop it. Work calls `add` with every piece; knows nothing of the work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

EVERY_S = 0.1  # progress is told at most this often

Progress = Callable[[int, int], None]  # bytes done, bytes altogether


class Stopped(Exception):
    """The user stopped the work. Not an error: what was complete stays, what was not is gone."""


def silently(n_done: int, n_bytes: int) -> None:
    """Progress that nobody looks at."""


class Meter:
    """Counts the bytes of one piece of work in the thread that does it."""

    def __init__(self, n_bytes: int, stop: threading.Event | None = None, progress: Progress = silently) -> None:
        self.n_bytes, self.n_done = n_bytes, 0
        self.stop, self._progress = stop, progress
        self._told = 0.0
        progress(0, n_bytes)

    def add(self, n_bytes: int) -> None:
        """Count bytes that were worked through. Raises Stopped."""
        self.n_done += n_bytes
        self.look()
        now = time.monotonic()
        if now - self._told >= EVERY_S:
            self._told = now
            self._progress(min(self.n_done, self.n_bytes), self.n_bytes)

    def look(self) -> None:
        """Raises Stopped if the work is to end."""
        if self.stop is not None and self.stop.is_set():
            raise Stopped

    def finish(self) -> None:
        self._progress(self.n_bytes, self.n_bytes)
