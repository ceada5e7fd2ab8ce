"""One line of the list of downloads: what is shown of it, and what belongs to its present run. Lives on the loop."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from engine.errors import NetworkRefused, StrongroomError, Unexpected
from engine.model_records import Download
from engine.models.download_journal import DownloadFolder, Journal
from engine.models.library_names import plain_name
from engine.models.line import Progress
from engine.models.pace import Pace
from engine.network import Interrupted, Interruption

log = logging.getLogger(__name__)


class Running:
    """A download that this process lists. `changed` is called on the loop whenever the thread comes to another phase."""

    def __init__(
        self, folder: DownloadFolder, journal: Journal, loop: asyncio.AbstractEventLoop, changed: Callable[[Running], None]
    ) -> None:
        self.folder, self.journal = folder, journal
        self.task: asyncio.Task[None] | None = None
        self.is_quiet = asyncio.Event()  # nothing is fetched; the disk may still be busy
        self.is_quiet.set()
        self.download = Download(
            id=folder.id,
            name=journal.name,
            model=journal.model,
            size_key=journal.size_key,
            file=journal.files[0].target or plain_name(journal.files[0].path),
            phase="paused",
            n_bytes=journal.n_bytes,
            n_done=0,
            is_repair=journal.is_repair,
        )
        self._loop, self._changed = loop, changed
        self.renew()

    def renew(self) -> None:
        """Get ready for another run."""
        self.interruption = Interruption()
        self.pace = Pace()
        self.progress = Progress(self._heard)
        self.progress.n_done, self.progress.n_bytes = self.download.n_done, self.journal.n_bytes

    @property
    def is_active(self) -> bool:
        """Whether it waits for its turn or is being fetched, and nobody has asked it to stop."""
        return self.download.phase not in ("paused", "failed", "done") and not self.interruption.is_set

    def standing(self) -> dict[str, Any]:
        """What is to be shown while the thread is at work, as it stands now."""
        now = self.progress
        self.pace.note(time.monotonic(), now.n_done)
        flows = now.phase == "downloading"
        return {
            "phase": now.phase,
            "n_bytes": now.n_bytes,
            "n_done": now.n_done,
            "hosts": now.hosts or self.download.hosts,
            "bytes_per_s": self.pace.bytes_per_s if flows else None,
            "seconds_left": self.pace.seconds_left(now.n_bytes) if flows else None,
        }

    def ended_by(self, end: BaseException) -> dict[str, Any]:
        """What is to be shown once the thread has ended without having everything. What came is kept.

        Where the lock was closed meanwhile, nothing failed.
        """
        was_stopped = isinstance(end, Interrupted | asyncio.CancelledError)
        error = end if isinstance(end, StrongroomError) else None
        if not was_stopped and error is None:
            log.error("fault in a download: %s", type(end).__name__)
            error = Unexpected("downloads", type(end).__name__)
        is_closed = isinstance(error, NetworkRefused) and error.reason == "offline"
        problem, facts = (error.kind, error.facts) if error else (None, None)
        return {**self.standing(), "phase": "paused" if was_stopped or is_closed else "failed", "bytes_per_s": None,
                "seconds_left": None, "problem": problem, "problem_facts": facts}  # fmt: skip

    def change(self, **changes: Any) -> bool:
        """Show something else of it; False if that is what is shown already."""
        before, self.download = self.download, replace(self.download, **changes)
        return self.download != before

    def _heard(self) -> None:
        """In the thread of the transfer."""
        self._loop.call_soon_threadsafe(self._changed, self)


def promised(lines: Iterable[Running]) -> int:
    """Bytes that those under way still need on the disk."""
    active = [each.download for each in lines if each.is_active]
    return sum((each.n_bytes or 0) - each.n_done for each in active)
