"""The line of one download to the hub: asks with patience, pays the speed limit, can be interrupted, says how far it is.

Runs in the thread of its transfer. Knows nothing of where bytes are kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from engine.errors import HubRefused, NetworkFailed, NetworkRefused
from engine.models.download_journal import Journal, JournalFile
from engine.models.fetch import Body, Patience, Wanted, opened
from engine.models.rate_limit import RateLimit
from engine.network import Interrupted, Interruption, NetworkDoor

if TYPE_CHECKING:
    from engine.models.hub import Hub

CHUNK_BYTES = 1 << 20
LEAST_PROGRESS = 256 << 10  # less than that between two failures counts as none
LOOK_S = 0.02

RunningPhase = Literal["waiting", "connecting", "downloading", "retrying", "verifying", "paused"]


class Progress:
    """How far a transfer is: written by its thread, read by anybody. `changed` is called when the phase changes."""

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        self.phase: RunningPhase = "waiting"
        self.n_done = 0
        self.n_bytes: int | None = None
        self.hosts: tuple[str, ...] = ()
        self._changed = changed

    def say(self, phase: RunningPhase) -> None:
        if phase != self.phase:
            self.phase = phase
            self._changed()

    def meet(self, host: str) -> None:
        if host not in self.hosts:
            self.hosts = (*self.hosts, host)


class Line:
    def __init__(
        self,
        door: NetworkDoor,
        hub: Hub,
        limit: RateLimit,
        interruption: Interruption,
        progress: Progress,
        patience: Patience,
    ) -> None:
        self._door, self._hub, self._limit, self._patience = door, hub, limit, patience
        self._interruption = interruption
        self.progress = progress

    def look(self) -> None:
        """Raises Interrupted once somebody asked for it."""
        if self._interruption.is_set:
            raise Interrupted

    def wanted(self, journal: Journal, file: JournalFile) -> Wanted:
        url = self._hub.file_url(journal.repository, journal.revision, file.path)
        self.progress.meet(urlsplit(url).hostname or "")
        return Wanted(
            url=url,
            about=journal.about,
            file=file.target or file.path,
            revision=journal.revision,
            headers=self._hub.headers(journal.repository),
            n_bytes=file.n_bytes,
            sha256=file.sha256,
            etag=file.etag,
        )

    @contextmanager
    def opened(self, wanted: Wanted, start: int, end: int | None = None) -> Iterator[Body]:
        """One answer with the bytes from `start`; see `fetch.opened` for what it raises."""
        with opened(self._door, wanted, start, end, self._interruption) as body:
            self.progress.meet(body.host)
            yield body

    def chunks(self, body: Body) -> Iterator[bytes]:
        """The bytes of an answer as fast as the speed limit lets them pass. What was yielded is paid for afterwards."""
        for chunk in body.chunks(self._limit.chunk_bytes(CHUNK_BYTES)):
            yield chunk
            self._limit.pay(len(chunk), self.look)

    def patiently(self, attempt: Callable[[], None], reached: Callable[[], int]) -> None:
        """Do `attempt` until it succeeds, as often as there is hope. `reached` tells how many bytes are there."""
        n_failed, furthest = 0, reached()
        while True:
            try:
                return attempt()
            except (NetworkFailed, HubRefused) as error:
                self.look()  # a connection that was cut by the interruption is no failure
                if reached() >= furthest + LEAST_PROGRESS:
                    n_failed, furthest = 0, reached()
                n_failed += 1
                wait = self._patience.wait_s(error, n_failed)
                if wait is None:
                    raise
            self.progress.say("retrying")
            self._rest(wait)

    def _rest(self, seconds: float) -> None:
        """Wait for the next try; a lock that is closed meanwhile ends the transfer as it ends one that flows."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.look()
            if "models" not in self._door.state().open_purposes:
                raise NetworkRefused("models", self._hub.host, "offline")
            time.sleep(min(left, LOOK_S))
