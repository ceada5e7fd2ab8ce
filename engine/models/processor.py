"""The processor: its name for itself, and those of its vector extensions that make models faster.

Linux says both in a file, macOS through a function of its C library, Windows the name in its registry.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from pathlib import Path
from typing import Any

# What llama.cpp has code paths for, in the spelling of /proc/cpuinfo; the first group is x86-64, the second aarch64.
_EXTENSIONS = (
    "sse4_2", "avx", "f16c", "fma", "avx2", "avx_vnni", "avx512f", "avx512bw", "avx512vbmi", "avx512_vnni", "avx512_bf16",
    "amx_int8", "amx_bf16",
    "asimd", "asimddp", "asimdhp", "i8mm", "sve", "sve2", "bf16", "sme",
)  # fmt: skip
#: The same on Apple's processors, by the names of their features.
_APPLE_FEATURES = {
    "AdvSIMD": "asimd",
    "FEAT_DotProd": "asimddp",
    "FEAT_FP16": "asimdhp",
    "FEAT_I8MM": "i8mm",
    "FEAT_BF16": "bf16",
}
_WINDOWS_PROCESSOR = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"


def name(root: Path = Path("/")) -> str | None:
    """What the processor calls itself, or at least its family; None if nothing is known."""
    if sys.platform == "darwin" and (said := _sysctl("machdep.cpu.brand_string")):
        return said.decode("utf-8", "replace")
    if sys.platform == "win32" and (registered := _registered_name()):
        return registered
    for key in ("model name", "Hardware", "CPU part"):
        if said_of := _cpuinfo(root).get(key):
            return said_of
    return platform.processor() or platform.machine() or None


def vector_extensions(root: Path = Path("/")) -> tuple[str, ...]:
    """Those that make models faster; empty where the system does not say."""
    if sys.platform == "darwin" and platform.machine() == "arm64":
        return tuple(ours for theirs, ours in _APPLE_FEATURES.items() if any(_sysctl(f"hw.optional.arm.{theirs}") or b""))
    said = _cpuinfo(root)
    flags = set((said.get("flags") or said.get("Features") or "").split())
    return tuple(name for name in _EXTENSIONS if name in flags)


def _cpuinfo(root: Path) -> dict[str, str]:
    """The first processor's entry; empty on systems without one."""
    try:
        first = (root / "proc/cpuinfo").read_text("utf-8", "replace").split("\n\n", 1)[0]
    except OSError:
        return {}
    pairs = (line.partition(":") for line in first.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}


def _sysctl(key: str) -> bytes | None:
    """A value of macOS's kernel as it stands in memory, without closing zeros; None if it has none of this name."""
    library = ctypes.CDLL(None)
    size = ctypes.c_size_t()
    if library.sysctlbyname(key.encode(), None, ctypes.byref(size), None, ctypes.c_size_t(0)):
        return None
    value = ctypes.create_string_buffer(size.value)
    if library.sysctlbyname(key.encode(), value, ctypes.byref(size), None, ctypes.c_size_t(0)):
        return None
    return value.raw[: size.value].rstrip(b"\0")


def _registered_name() -> str | None:
    try:
        import winreg

        registry: Any = winreg  # its functions are declared on Windows only
        with registry.OpenKey(registry.HKEY_LOCAL_MACHINE, _WINDOWS_PROCESSOR) as key:
            return str(registry.QueryValueEx(key, "ProcessorNameString")[0]).strip() or None
    except (OSError, ImportError):
        return None
