"""One request on its way through the door: what it has moved, what ends it, and its line in the log.

Knows no sockets and no HTTP. The thread that reads an exchange asks `check` in short intervals; any other thread may
`stop` it. Its entry in the log is completed exactly once, by the thread that reads.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal, Protocol

from engine.errors import NetworkFailed, NetworkRefused
from engine.network_records import Connection, Purpose
from engine.policy import Origin

log = logging.getLogger(__name__)

MAX_HEAD = 512 * 1024  # bytes that may come before the answer's first byte of content


class ConnectionLog(Protocol):
    """Where connections are written down. Both may block; they are called on the thread that opens the connection."""

    def begin(self, connection: Connection) -> int:
        """Keep a connection that is about to be opened, or was refused, and give its id. Raises when it cannot be kept."""

    def end(self, connection: Connection) -> None:
        """Complete a connection that was begun."""


class Interrupted(Exception):
    """The user stopped what was running; not an error."""


class Interruption:
    """A way to stop a running request from any thread, whatever it is waiting for."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def interrupt(self) -> None:
        self._event.set()

    @property
    def is_set(self) -> bool:
        return self._event.is_set()


class Exchange:
    """A request and its answer. `overdue_at` is the moment, on the monotonic clock, by which its current part must be over."""

    def __init__(
        self,
        connection: Connection,
        origin: Origin,
        *,
        interruption: Interruption | None,
        overdue_at: float,
        ended: Callable[[Exchange], None],
    ) -> None:
        self.connection = connection
        self.origin = origin
        self.sent = 0
        self.received = 0
        self.status: int | None = None
        self.other_side_left = False
        self.overdue_at: float | None = overdue_at
        self._interruption = interruption
        self._ended = ended
        self._started = time.monotonic()
        self._turn = threading.Lock()
        self._stopped: Exception | None = None
        self._shut: Callable[[], None] | None = None
        self._finished = False

    @property
    def host(self) -> str:
        return self.connection.host

    @property
    def purpose(self) -> Purpose | None:
        return self.connection.purpose

    @property
    def is_sending(self) -> bool:
        """Whether it carries an approved text, and does not only ask for something."""
        return self.purpose == "compare" and self.connection.method not in ("GET", "HEAD")

    # ------------------------------------------------------------ while it runs
    def check(self) -> None:
        """Raise what ended this exchange: Interrupted, NetworkRefused once its purpose was closed, NetworkFailed."""
        if self._stopped is None and self._interruption is not None and self._interruption.is_set:
            self._stopped = Interrupted()
        if self._stopped is None and self.overdue_at is not None and time.monotonic() > self.overdue_at:
            self._stopped = NetworkFailed(self.host, "timed_out")
        if self._stopped is not None:
            raise self._stopped

    def uses(self, shut: Callable[[], None]) -> None:
        """From now on `shut` cuts the connection that this exchange runs on. Raises what `check` raises."""
        with self._turn:
            self._shut = shut
        self.check()

    def stop(self, why: Exception) -> None:
        """End it from another thread: no further byte passes, and who reads it is told `why`."""
        with self._turn:
            if self._stopped is None:
                self._stopped = why
            shut = self._shut
        if shut is not None:
            with suppress(OSError):
                shut()

    def passed_out(self, n_bytes: int) -> None:
        self.sent += n_bytes

    def passed_in(self, n_bytes: int) -> None:
        """Count what came. Raises NetworkFailed when a head has no end."""
        self.received += n_bytes
        self.other_side_left = n_bytes == 0
        if self.status is None and self.received > MAX_HEAD:
            raise NetworkFailed(self.host, "bad_answer", "the answer's headers have no end")

    @property
    def ended_by(self) -> Exception | None:
        """What it was ended with before it came to its own end, if anything."""
        return self._stopped

    # ------------------------------------------------------------ how it ends
    def finish(self, error: BaseException | None = None) -> None:
        """Complete the log's entry, the first time this is called. `error` is what ended the exchange, if anything."""
        with self._turn:
            if self._finished:
                return
            self._finished = True
        outcome, reason = _how_it_ended(error)
        self.connection = replace(
            self.connection,
            sent=self.sent,
            received=self.received,
            status=self.status,
            outcome=outcome,
            reason=reason,
            duration_s=time.monotonic() - self._started,
        )
        self._ended(self)


def _how_it_ended(error: BaseException | None) -> tuple[Literal["done", "failed"], str]:
    match error:
        case None:
            return "done", ""
        case Interrupted():
            return "done", "interrupted"
        case NetworkRefused() | NetworkFailed():
            return "failed", error.reason
    return "failed", "broken_off"


def new_connection(purpose: Purpose | None, about: str, method: str, origin: Origin, via: str = "") -> Connection:
    """The entry of a request that begins now; it gets its id from the log."""
    return Connection(
        id=0, time=datetime.now(UTC), purpose=purpose, about=about, method=method, host=origin[1], port=origin[2], via=via
    )
