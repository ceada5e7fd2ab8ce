"""How fast bytes come and how long the rest will take: the mean over the last seconds. Pure; is told the time."""

from __future__ import annotations

from collections import deque

WINDOW_S = 8.0
LEAST_S = 1.0  # before that much has been seen, nothing is said


class Pace:
    """The last few seconds of a transfer."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, now: float, n_done: int) -> None:
        """At `now` (seconds) so many bytes were there. A step back, as when a server starts over, begins anew."""
        if self._seen and n_done < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, n_done))
        while len(self._seen) > 2 and self._seen[1][0] <= now - WINDOW_S:
            self._seen.popleft()

    def restart(self) -> None:
        self._seen.clear()

    @property
    def bytes_per_s(self) -> float | None:
        """None while too little was seen to say it."""
        if not self._seen:
            return None
        (began, first), (now, last) = self._seen[0], self._seen[-1]
        return (last - first) / (now - began) if now - began >= LEAST_S else None

    def seconds_left(self, n_bytes: int | None) -> float | None:
        """Until `n_bytes` are there, if it goes on like this; None while nothing can be said."""
        speed = self.bytes_per_s
        return max(0, n_bytes - self._seen[-1][1]) / speed if n_bytes is not None and speed else None
