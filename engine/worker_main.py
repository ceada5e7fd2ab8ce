"""The start of every sealed worker: take the pipe, read which files may be read, seal, and only then load the worker.

The order is the point. Until the seal holds, nothing but Python's own library, msgspec and this program's few modules is
loaded, and nothing confidential has arrived. What went wrong is told by the exit code, since a broken worker has no other
voice that can be believed: 2 unknown kind, 3 another version of the wire, 4 the wire broke, 5 out of memory, 1 a fault.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

from engine import memory_watch, sandbox
from engine.wire import WIRE_VERSION, Channel, Sealed, Start, WireBroken

WORKERS = {
    "chat": "engine.inference.worker",
    "embedding": "engine.inference.embedding_worker",
    "extract": "engine.documents.extract_worker",
    "render": "engine.documents.render_worker",
    "inspect": "engine.models.inspect_worker",
}

FAULT, UNKNOWN_KIND, OTHER_VERSION, WIRE_BROKE, OUT_OF_MEMORY = 1, 2, 3, 4, 5


def run(kind: str, argv: list[str]) -> NoReturn:
    """Be a worker of this kind until the program closes the pipe. Never returns and runs no exit handlers."""
    code = UNKNOWN_KIND if argv or kind not in WORKERS else _ended_well_or_not(WORKERS[kind])
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _ended_well_or_not(module: str) -> int:
    try:
        return work(module)
    except BrokenPipeError:
        return 0  # the program is gone; there is nobody left to tell
    except WireBroken:
        return WIRE_BROKE
    except MemoryError:
        return OUT_OF_MEMORY
    except BaseException as fault:
        _tell_place_of(fault)
        return FAULT


def work(module: str) -> int:
    """Seal this process as the first message says, load `module` and be it; returns the exit code."""
    _die_with_the_program()
    read_from, write_to = _take_the_pipe()
    channel: Channel[Start] = Channel(read_from, write_to, Start)
    try:
        start = channel.receive()
    except WireBroken:
        return OTHER_VERSION  # the first message is the one both sides must agree on
    if start is None:
        return 0
    if start.version != WIRE_VERSION:
        return OTHER_VERSION
    limit = start.resident_limit
    status = None if limit is None else memory_watch.open_status()
    seal = sandbox.seal(
        readable=[Path(place) for place in start.readable],
        memory_limit=start.memory_limit,
        cpu_limit_s=start.cpu_limit_s,
        keep=(read_from, write_to) if status is None else (read_from, write_to, status),
    )
    channel.send(Sealed(version=WIRE_VERSION, seal=seal))
    if limit is not None:
        memory_watch.exit_beyond(limit, status, OUT_OF_MEMORY)
    worker: Any = importlib.import_module(module)
    code: int = worker.main(channel, start, seal)
    return code


def _take_the_pipe() -> tuple[int, int]:
    """Move the wire away from descriptors 0 and 1, so that no library's print or read can damage it."""
    read_from, write_to = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return read_from, write_to


def _die_with_the_program() -> None:
    """Be ended by the kernel when the program ends, even in the middle of a computation."""
    if sys.platform == "linux":
        from engine import linux

        signal_kill = 9
        linux.prctl(linux.PR_SET_PDEATHSIG, signal_kill)
    elif sys.platform != "win32":
        threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True, name="parent-watch").start()


def _leave_with(program: int) -> None:
    while os.getppid() == program:
        time.sleep(1)
    os._exit(0)


def _tell_place_of(fault: BaseException) -> None:
    """Say on standard error what kind of fault happened and where; its text might quote a document."""
    import traceback  # costs a tenth of a worker's start, and is needed by those that fail only

    print(f"worker: {type(fault).__name__}", file=sys.stderr)
    for frame in traceback.extract_tb(fault.__traceback__):
        print(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}", file=sys.stderr)
