"""End this process before it takes more memory than it was given. For the sealed workers.

The limit of the operating system on address space stays behind this as the hard stop, but meeting it is a crash like
any other inside a C library. The watch leaves with an exit code of its own, so that the program can say what happened.
"""

from __future__ import annotations

import os
import sys
import threading
import time

EXIT_CODE = 5  # the same as for a MemoryError in engine.worker_main
_EVERY_S = 0.02


def exit_beyond(limit: int | None) -> None:
    """Leave with EXIT_CODE when this process has used more than `limit` bytes of memory; None does not watch."""
    if limit is not None and sys.platform != "win32":
        threading.Thread(target=_watch, args=(limit,), name="memory-watch", daemon=True).start()


def peak_bytes() -> int:
    """The most memory that this process has held at once."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _watch(limit: int) -> None:
    while peak_bytes() <= limit:
        time.sleep(_EVERY_S)
    os._exit(EXIT_CODE)
