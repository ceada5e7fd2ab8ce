"""Who holds a lock file: its holder writes its process id into it. Locks nothing itself; that is filelock's work."""

from __future__ import annotations

import os
from pathlib import Path


def sign(descriptor: int) -> None:
    """Write this process's id into a lock file that was just acquired."""
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, str(os.getpid()).encode("ascii"))


def holder(file: Path) -> int | None:
    """The process that holds a lock file; None where it does not say."""
    try:
        return int(file.read_text("ascii"))
    except (OSError, ValueError):
        return None  # Windows does not let others read a locked file
