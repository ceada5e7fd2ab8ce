"""One process for each profile. The operating system frees the lock with its process, so a dead one is no obstacle."""

from __future__ import annotations

import os
from pathlib import Path

from filelock import FileLock, Timeout

from engine.errors import StoreInUse
from engine.store.foreign_errors import foreign_errors


class ProfileLock:
    """Held from construction until `release`. Raises StoreInUse with the process id of the holder."""

    def __init__(self, file: Path) -> None:
        self._lock = FileLock(file, timeout=0, mode=0o600, thread_local=False, on_acquired=_sign)
        with foreign_errors(file):
            try:
                self._lock.acquire()
            except Timeout:
                raise StoreInUse(_holder(file)) from None

    def release(self) -> None:
        self._lock.release()


def _sign(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, str(os.getpid()).encode("ascii"))


def _holder(file: Path) -> int | None:
    try:
        return int(file.read_text("ascii"))
    except (OSError, ValueError):
        return None  # Windows does not let others read a locked file
