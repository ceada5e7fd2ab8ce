"""Seal a process: no network, no file beyond those named, nothing written, nothing run, bounded memory and time.

Called first thing in a worker, before any foreign library is loaded and before anything confidential has arrived. What
comes back says what the operating system really enforces; it is measured after the fact (engine/seal_proof.py), never
assumed. Linux: Landlock for files, then seccomp for everything else. macOS: the profile of engine/seatbelt.py is put on
when the worker is started, here it is only measured. Windows: nothing is enforced yet, and the seal says so. Knows
nothing of what a worker is for.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import sysconfig
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from engine import seal_proof
from engine.records import Seal

_PROGRAM = Path(__file__).resolve().parent.parent
_SECONDS_TO_END_WELL = 5  # between the signal that the time is up and the one that cannot be caught

# What the C library, OpenMP and ggml read to find libraries and to learn how many processors and how much memory there is.
_SYSTEM_FILES = (
    "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo",
    "/dev/null", "/dev/urandom", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu", "/sys/devices/system/node",
)  # fmt: skip


def seal(
    *, readable: Sequence[Path] = (), memory_limit: int | None = None, cpu_limit_s: int | None = None, keep: Sequence[int] = ()
) -> Seal:
    """Close this process off for good and say what the operating system now enforces.

    `readable`: files and folders that may be read besides Python's own. `memory_limit`: bytes of address space.
    `cpu_limit_s`: seconds of processor time, after which the process is ended by SIGXCPU. `keep`: open file
    descriptors to keep besides 0, 1 and 2. Never raises: what could not be done is in the seal's `detail`.
    """
    allowed = [*own_files(), *readable]
    notes: list[str] = []
    _close_all_but(keep)
    _attempt("limits", lambda: _limit(memory_limit, cpu_limit_s), notes)
    if sys.platform == "linux":
        _seal_on_linux(allowed, notes)
    return _measured(allowed, notes)


def harden_this_process() -> bool:
    """Keep other programs of the same user out of this process's memory, and its memory out of core dumps.

    For the window and the command line, which hold keys and documents but need network and files. False where the
    system has no such switch.
    """
    if sys.platform != "linux":
        return False
    from engine import linux

    _no_core_dumps()
    try:
        linux.prctl(linux.PR_SET_DUMPABLE, 0)
    except OSError:
        return False
    return True


def expected_seal() -> Seal:
    """What this system can enforce on a worker, from what the kernel says of itself; nothing is sealed or tried."""
    if sys.platform == "darwin":
        from engine import seatbelt

        level = "enforced" if seatbelt.is_available() else "not_enforced"
        return Seal(network=level, files=level, detail="sandbox-exec")
    if sys.platform != "linux":
        return Seal(network="not_enforced", files="not_enforced", detail=f"no sealing on {sys.platform} yet")
    from engine import landlock, seccomp

    version, has_filter = landlock.version(), seccomp.is_known_processor()
    return Seal(
        network="enforced" if has_filter else "not_enforced",
        files="enforced" if version else "not_enforced",
        detail=f"Landlock {version or 'missing'}, seccomp {'filter' if has_filter else 'unknown processor'}",
    )


def own_files() -> list[Path]:
    """What every worker may read: Python, its libraries and this program's own code, but no folder that holds data."""
    roots = {Path(place) for place in sys.path if place and Path(place).is_absolute()}
    roots |= {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    # A profile may lie inside the folder that the program was unpacked to, so that folder is not opened as a whole.
    roots.discard(_PROGRAM)
    roots |= {_PROGRAM / "engine", _PROGRAM / "resources", Path(sys.base_prefix) / "lib"}
    if bundle := getattr(sys, "_MEIPASS", None):
        roots.add(Path(bundle))
    return [*sorted(roots), *map(Path, _SYSTEM_FILES)]


def _seal_on_linux(allowed: Sequence[Path], notes: list[str]) -> None:
    from engine import landlock, linux, seccomp

    read_files_of_any_owner = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH; Landlock still says which
    _attempt("dumpable", lambda: linux.prctl(linux.PR_SET_DUMPABLE, 0), notes)
    if _has_other_threads():
        notes.append("Landlock: threads were running already")
    else:
        _attempt("Landlock", lambda: landlock.restrict(allowed), notes)
    _attempt("capabilities", lambda: linux.drop_capabilities(keep=read_files_of_any_owner), notes)
    _attempt("seccomp", seccomp.install, notes)


def _has_other_threads() -> bool:
    try:
        return len(os.listdir("/proc/self/task")) > 1
    except OSError:
        return threading.active_count() > 1  # no /proc here; at least those that Python knows


def _attempt(layer: str, act: Callable[[], object], notes: list[str]) -> None:
    """Put one layer on; the others are put on whatever becomes of it."""
    try:
        result = act()
    except (OSError, KeyError, ValueError) as problem:
        notes.append(f"{layer}: {problem}")
        return
    if layer in ("Landlock", "seccomp"):
        notes.append(f"{layer} {result}")


def _measured(allowed: Sequence[Path], notes: list[str]) -> Seal:
    # Landlock covers the one thread that asks; with others running, the proof below would look through the wrong eyes.
    is_partial = any(note.startswith("Landlock: threads") for note in notes)
    network = seal_proof.network_holes(sockets_themselves=sys.platform == "linux")
    files = seal_proof.file_holes(allowed)
    notes += [f"open: {hole}" for hole in (*network, *files)]
    return Seal(
        network="not_enforced" if network else "enforced",
        files="not_enforced" if files or is_partial else "enforced",
        detail=", ".join(notes),
    )


def _close_all_but(keep: Sequence[int]) -> None:
    try:
        last = os.sysconf("SC_OPEN_MAX")
    except (AttributeError, ValueError, OSError):
        last = 4096
    edges = [2, *sorted(set(keep) - {0, 1, 2}), max(last, 4096)]
    for before, after in itertools.pairwise(edges):
        os.closerange(before + 1, after)


def _limit(memory_limit: int | None, cpu_limit_s: int | None) -> None:
    if sys.platform == "win32":
        raise OSError("this system has no limits for a process that limits itself")
    import resource

    _no_core_dumps()
    # Nothing of any size can be written, wherever a hole might be found. The number of processes is not limited here:
    # that limit counts everything the user runs; new processes are refused by seccomp instead.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if cpu_limit_s is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_limit_s, cpu_limit_s + _SECONDS_TO_END_WELL))
    if memory_limit is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory_limit, memory_limit))


def _no_core_dumps() -> None:
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
