"""End this process before it takes more memory than it was given. For the sealed workers.

The limit of the operating system on address space stays behind this as the hard stop, but meeting it is a crash like
any other inside a C library. The watch leaves with an exit code of its own, so that the program can say what happened.
"""

from __future__ import annotations

import os
import sys
import threading
import time

_EVERY_S = 0.02
_STATUS_BYTES = 64 * 1024  # more than a kernel says of a process, even of one in hundreds of groups


def open_status() -> int | None:
    """A descriptor for `exit_beyond` to read this process's memory from after a seal; None where none is needed or had.

    Linux only. Its getrusage is no use here: a program that is started inherits the peak of the one that starts it, so
    a window that had once grown beyond a worker's limit would see each new worker end at once.
    """
    if sys.platform != "linux":
        return None
    try:
        return os.open("/proc/self/status", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None  # no /proc here: the limit on address space is left


def exit_beyond(limit: int, status: int | None, exit_code: int) -> None:
    """Leave with `exit_code` when this process has used more than `limit` bytes of memory at once.

    `status` is what `open_status` returned. Does nothing where memory cannot be measured: on Windows, and on Linux
    without /proc.
    """
    if status is not None or sys.platform == "darwin":
        threading.Thread(target=_watch, args=(limit, status, exit_code), name="memory-watch", daemon=True).start()


def peak_bytes(status: int | None) -> int:
    """The most memory that this process has held at once; 0 if the system does not say."""
    if sys.platform == "win32":
        return 0
    if status is not None:
        _, _, peak = os.pread(status, _STATUS_BYTES, 0).partition(b"\nVmHWM:")
        return int(peak.split(None, 1)[0]) * 1024 if peak else 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # in bytes on macOS, the only system that comes here


def _watch(limit: int, status: int | None, exit_code: int) -> None:
    while peak_bytes(status) <= limit:
        time.sleep(_EVERY_S)
    os._exit(exit_code)
