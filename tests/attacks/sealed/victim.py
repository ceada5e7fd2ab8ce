"""Stands for the window: the same user's process, with a secret in memory. Prints where, then waits; tells what reached it.

Not hardened, so that the seal alone has to protect it.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import sys

n_signals = 0


def count(number: int, frame: object) -> None:
    global n_signals
    n_signals += 1


def main() -> None:
    signal.signal(signal.SIGUSR1, count)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    libc.prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # where Yama runs, let siblings try, as a child of ours could
    canary, scratch = ctypes.create_string_buffer(b"canary", 16), ctypes.create_string_buffer(16)
    segment = libc.shmget(0, 4096, 0o1600)
    ctypes.memmove(libc.shmat(segment, None, 0), b"canary", 6)
    ours, theirs = socket.socketpair()
    told = {
        "victim": os.getpid(),
        "canary_at": ctypes.addressof(canary),
        "scratch_at": ctypes.addressof(scratch),
        "victim_socket": ours.fileno(),
        "segment": segment,
    }
    print(json.dumps(told), flush=True)
    sys.stdin.read()
    libc.shmctl(segment, 0, None)
    theirs.setblocking(False)
    try:
        borrowed = bool(theirs.recv(16))
    except BlockingIOError:
        borrowed = False
    print(json.dumps({"signals": n_signals, "overwritten": scratch.raw[:11] == b"overwritten", "borrowed": borrowed}))


main()
