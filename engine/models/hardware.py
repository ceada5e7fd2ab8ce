"""This computer as far as models care: processor, vector extensions, memory and room on the disk.

Measures when asked and keeps nothing. Starts no programs.
"""

from __future__ import annotations

import platform
from pathlib import Path

import psutil

# What llama.cpp has code paths for, in the spelling of /proc/cpuinfo; the first group is x86-64, the second aarch64.
_EXTENSIONS = (
    "sse4_2", "avx", "f16c", "fma", "avx2", "avx_vnni", "avx512f", "avx512bw", "avx512vbmi", "avx512_vnni", "avx512_bf16",
    "amx_int8", "amx_bf16",
    "asimd", "asimddp", "asimdhp", "i8mm", "sve", "sve2", "bf16", "sme",
)  # fmt: skip
_CPUINFO = Path("/proc/cpuinfo")


def look(folder: Path) -> dict[str, object]:
    """What there is, in bytes where it is memory; `folder` is where data is kept."""
    memory = psutil.virtual_memory()
    return {
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": processor(),
        "cores": psutil.cpu_count(logical=False),
        "threads": psutil.cpu_count(),
        "vector_extensions": vector_extensions(),
        "memory_total": memory.total,
        "memory_free": memory.available,
        "disk_free": disk_free(folder),
    }


def processor() -> str:
    """The processor's own name for itself, or at least its family."""
    for key in ("model name", "Hardware", "CPU part"):
        if name := _cpuinfo().get(key):
            return name
    return platform.processor() or platform.machine()


def vector_extensions() -> list[str]:
    """Those that make models faster; empty where the system does not say."""
    said = _cpuinfo()
    flags = set((said.get("flags") or said.get("Features") or "").split())
    return [name for name in _EXTENSIONS if name in flags]


def disk_free(folder: Path) -> int | None:
    """Bytes that can still be written where `folder` is, or will be; None if that cannot be told."""
    for place in (folder, *folder.parents):
        if place.exists():
            try:
                return int(psutil.disk_usage(str(place)).free)
            except OSError:
                return None
    return None


def _cpuinfo() -> dict[str, str]:
    """The first processor's entry; empty on systems without one."""
    try:
        first = _CPUINFO.read_text("utf-8", "replace").split("\n\n", 1)[0]
    except OSError:
        return {}
    pairs = (line.partition(":") for line in first.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}
