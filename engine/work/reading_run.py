"""One stretch of reading in a matter: what waits, how far it is, how long it may still take. Pure state, no I/O."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field

from engine.events import ReadingProgress
from engine.records import Document, MatterId


@dataclass(frozen=True)
class ToRead:
    """A document whose copy is in the store, waiting to be read. The password is never stored."""

    document: Document
    password: str | None = field(default=None, repr=False)


@dataclass
class ReadingRun:
    """One stretch of reading in a matter, from the first waiting document until none is left."""

    matter: MatterId
    waiting: deque[ToRead] = field(default_factory=deque)
    n_done: int = 0
    n_total: int = 0
    page: int = 0
    n_pages: int = 0
    started: float = field(default_factory=time.monotonic)
    bytes_done: int = 0
    bytes_total: int = 0
    going: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    current: ToRead | None = None
    has_turn: bool = False
    cancelled: bool = False

    def progress(self) -> ReadingProgress:
        """How far this run is; the time left follows from the bytes read so far, once there are some."""
        passed = time.monotonic() - self.started
        left = passed * (self.bytes_total - self.bytes_done) / self.bytes_done if self.bytes_done and passed > 2 else None
        return ReadingProgress(
            self.matter, self.n_done, self.n_total, self.page, self.n_pages, paused=not self.going.is_set(), seconds_left=left
        )
