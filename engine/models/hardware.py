"""This computer as far as models care: processor, memory, graphics, disk and power, put together.

Looks when asked and keeps nothing. What cannot be read is None and named, with the reason. Starts no programs; the
speed of the memory is measured elsewhere, in memory_speed.
"""

from __future__ import annotations

import platform
from collections.abc import Collection
from pathlib import Path
from typing import Any

import psutil

from engine.model_records import Hardware
from engine.models import processor
from engine.models.backends import backends
from engine.models.disk import disk_encrypted, disk_free
from engine.models.graphics import gpus


def look(folder: Path, *, root: Path = Path("/"), of_llama: Collection[str] | None = None) -> Hardware:
    """What there is, in bytes where it is memory; `folder` is where data is kept.

    `root` is where the system shows itself as files, `of_llama` the backends that llama.cpp came with.
    """
    memory = psutil.virtual_memory()
    found, why_no_graphics = gpus(backends() if of_llama is None else of_llama, root=root)
    encrypted, why_no_encryption = disk_encrypted(folder, root)
    battery, why_no_power = _battery()
    name, extensions, free = processor.name(root), processor.vector_extensions(root), disk_free(folder)
    n_cores = psutil.cpu_count(logical=False)
    unread = {
        "processor": "" if name else "the system does not name it",
        "cores": "" if n_cores else "the system does not count them",
        "vector extensions": "" if extensions else "the system does not list them",
        "graphics": why_no_graphics,
        "disk": "" if free is not None else "the system does not say how much room is left",
        "encryption": why_no_encryption,
        "power": why_no_power,
    }
    return Hardware(
        processor=name,
        n_cores=n_cores,
        n_threads=psutil.cpu_count(),
        vector_extensions=extensions,
        memory_total=memory.total,
        memory_free=memory.available,
        bytes_per_s=None,
        gpus=tuple(found),
        disk_free=free,
        disk_encrypted=encrypted,
        on_mains=battery.power_plugged if battery else None,
        battery_percent=float(battery.percent) if battery else None,
        unread=tuple((what, why) for what, why in unread.items() if why),
    )


def system() -> str:
    """The operating system, its version and the kind of machine."""
    return f"{platform.system()} {platform.release()} {platform.machine()}"


def _battery() -> tuple[Any, str]:
    """The battery, None without one; and why it could not be asked for."""
    if not hasattr(psutil, "sensors_battery"):
        return None, "this system does not show its battery"
    try:
        return psutil.sensors_battery(), ""
    except (OSError, ValueError, RuntimeError) as problem:
        return None, f"the battery could not be read ({type(problem).__name__})"
