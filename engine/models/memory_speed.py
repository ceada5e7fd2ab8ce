"""How fast this computer's processor reads its memory, measured in a third of a second.

Several threads look through a stretch of memory that is too large for any cache; numpy lets go of the interpreter's
lock while it does. The best of a few rounds counts, since another program can only make one slower. The stretch is
taken for the time it runs. Call it in a thread: it blocks until it knows.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil

ROUNDS, SECONDS = 3, 0.1  # seconds of each round
MOST_THREADS = 16  # no desktop's memory needs more of them to be read at its full speed
STRETCH = 256 * 1024 * 1024  # bytes for all threads together; the largest caches hold less
PIECE = 8 * 1024 * 1024  # bytes between two looks at the clock
LEAST_FREE = 4 * STRETCH  # bytes; with less, measuring would itself push something out


def memory_bytes_per_s(*, rounds: int = ROUNDS) -> float | None:
    """Bytes that all cores together read in a second; None where too little memory is free to find out."""
    if psutil.virtual_memory().available < LEAST_FREE:
        return None
    n_threads = min(psutil.cpu_count(logical=False) or os.cpu_count() or 1, MOST_THREADS)
    stretch = np.ones(STRETCH // 8, np.uint64)  # written to, else all of it would be the same page of zeros
    parts = np.array_split(stretch, n_threads)
    with ThreadPoolExecutor(n_threads, thread_name_prefix="memory-speed") as threads:
        return max(_round(threads, parts) for _ in range(rounds))


def _round(threads: ThreadPoolExecutor, parts: list[np.ndarray]) -> float:
    end = time.perf_counter() + SECONDS
    return sum(threads.map(lambda part: _read(part, end), parts))


def _read(part: np.ndarray, end: float) -> float:
    """Bytes a second that this thread reads until `end`, beginning anew where its part is at its end."""
    began, n_bytes, step = time.perf_counter(), 0, PIECE // part.itemsize
    while True:
        for start in range(0, len(part), step):
            n_bytes += part[start : start + step].nbytes
            part[start : start + step].max()
            if (now := time.perf_counter()) >= end:
                return n_bytes / max(now - began, 1e-9)
