"""One speed limit for all downloads together: a bucket that fills with time and is emptied by bytes.

Knows nothing of connections; whoever brings bytes pays for them, and waits while the bucket is empty.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

BURST_S = 0.25  # what a bucket holds at most, in seconds of its rate
LOOK_S = 0.02  # how long a pause can go unnoticed by somebody who waits


class RateLimit:
    """`limit` tells the bytes a second that are allowed now, None for no limit; it may change at any time."""

    def __init__(
        self,
        limit: Callable[[], int | None],
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limit, self._now, self._sleep = limit, now, sleep
        self._lock = threading.Lock()
        self._debt = 0.0  # bytes that came and are not paid for yet; below 0 is credit
        self._settled = now()

    def chunk_bytes(self, largest: int) -> int:
        """How much to take at a time, so that a slow limit does not become a standstill and a rush."""
        limit = self._limit()
        return largest if limit is None else max(4096, min(largest, limit // 8))

    def pay(self, n_bytes: int, look: Callable[[], None] = lambda: None) -> None:
        """Wait until `n_bytes` that came are within the limit. `look` is called while waiting and may raise to end it."""
        with self._lock:
            self._settle()
            self._debt += n_bytes
        while (wait := self._wait()) > 0:
            look()
            self._sleep(max(0.001, min(wait, LOOK_S)))

    def _wait(self) -> float:
        """Seconds until everything is paid for, at the limit of this moment."""
        with self._lock:
            limit = self._settle()
            return self._debt / limit if limit and self._debt >= 1 else 0.0

    def _settle(self) -> int | None:
        now, limit = self._now(), self._limit()
        if limit is None:
            self._debt = 0.0
        else:
            self._debt = max(self._debt - (now - self._settled) * limit, -BURST_S * limit)
        self._settled = now
        return limit
