"""A clock that nobody sets and that stands still while the computer sleeps: a night's sleep in the middle of an answer took no
electricity for it.
"""

from __future__ import annotations

import ctypes
import sys
import time

NS_IN_TICK = 100


def awake_ns() -> int:
    """Nanoseconds since some moment, without those in which the computer slept."""
    if sys.platform == "win32":  # where Python's own clock goes on
        ticks = ctypes.c_uint64()
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(ticks))
        return ticks.value * NS_IN_TICK
    return time.monotonic_ns()  # on Linux and macOS it stands still
