"""One process for each profile. The operating system frees the lock with its process, so a dead one is no obstacle."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from engine.errors import StoreInUse
from engine.signed_lock import holder, sign
from engine.store.foreign_errors import foreign_errors


class ProfileLock:
    """Held from construction until `release`. Raises StoreInUse with the process id of the holder."""

    def __init__(self, file: Path) -> None:
        self._lock = FileLock(file, timeout=0, mode=0o600, thread_local=False, on_acquired=sign)
        with foreign_errors(file):
            try:
                self._lock.acquire()
            except Timeout:
                raise StoreInUse(holder(file)) from None

    def release(self) -> None:
        self._lock.release()
