"""This computer in words, a row each: processor, memory, graphics, disk, encryption. What could not be read says so.

Pure. Nothing is rounded in its own favour, and no row is left out because its value is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop import figures
from engine.model_records import Gpu, Hardware

translate = QCoreApplication.translate
_MEDIUM_MODEL = 5_000_000_000  # bytes of a model of medium size, such as eight billion parameters in four bits
# What speeds a processor up most comes first; the engine names extensions as the processor does, such as avx512f.
_SHOWN_EXTENSIONS = (("avx512", "AVX-512"), ("avx2", "AVX2"), ("avx", "AVX"), ("sve", "SVE"), ("neon", "NEON"), ("asimd", "NEON"))


@dataclass(frozen=True)
class HardwareRow:
    """`value` stands at the right, `note` below; `is_unread` marks what could not be read."""

    key: str
    icon: str
    title: str
    value: str
    note: str
    is_unread: bool = False


def titles() -> list[HardwareRow]:
    """The rows before anything is known."""
    return [
        HardwareRow("processor", "cpu", translate("hardware", "Processor"), "", ""),
        HardwareRow("memory", "memory-stick", translate("hardware", "Memory"), "", ""),
        HardwareRow("graphics", "monitor", translate("hardware", "Graphics"), "", ""),
        HardwareRow("disk", "hard-drive", translate("hardware", "Disk"), "", ""),
        HardwareRow("encryption", "shield-check", translate("hardware", "Disk encryption"), "", ""),
    ]


def rows(hardware: Hardware) -> list[HardwareRow]:
    """The rows with what is known."""
    filled = [_processor(hardware), _memory(hardware), _graphics(hardware), _disk(hardware), _encryption(hardware)]
    return [
        HardwareRow(empty.key, empty.icon, empty.title, value, note, is_unread)
        for empty, (value, note, is_unread) in zip(titles(), filled, strict=True)
    ]


def _processor(hardware: Hardware) -> tuple[str, str, bool]:
    parts = []
    if hardware.n_cores:
        parts.append(figures.amount(hardware.n_cores, translate("hardware", "core"), translate("hardware", "cores")))
    found = [extension.casefold().replace("-", "") for extension in hardware.vector_extensions]
    known = [name for start, name in _SHOWN_EXTENSIONS if any(one.startswith(start) for one in found)]
    if known:
        parts.append(translate("hardware", "computes with {extension}").format(extension=known[0]))
    note = _sentence(parts)
    if hardware.on_mains is False:
        note = f"{note} {_battery(hardware)}".strip()
    if hardware.processor is None:
        return _not_read(), note or _why(hardware, "processor"), True
    return hardware.processor, note, False


def _battery(hardware: Hardware) -> str:
    if hardware.battery_percent is None:
        return translate("hardware", "On battery: models may run slower.")
    share = figures.share(hardware.battery_percent / 100)
    return translate("hardware", "On battery ({share}): models may run slower.").format(share=share)


def _memory(hardware: Hardware) -> tuple[str, str, bool]:
    free = translate("hardware", "{size} free now.").format(size=figures.gibibytes(hardware.memory_free))
    if hardware.bytes_per_s is None:
        speed = _why(hardware, "memory speed") or translate("hardware", "Its speed is not measured yet.")
    else:
        per_second = figures.size(round(hardware.bytes_per_s))
        speed = translate("hardware", "Speed measured: {size} a second").format(size=per_second)
    return figures.memory_size(hardware.memory_total), f"{free} {speed}", False


def _graphics(hardware: Hardware) -> tuple[str, str, bool]:
    if not hardware.gpus:
        why = _why(hardware, "graphics", "gpu")
        on_processor = translate("hardware", "Models will run on the processor.")
        if why:
            return _not_read(), f"{why} {on_processor}", True
        return translate("hardware", "None found"), on_processor, False
    best = max(hardware.gpus, key=lambda gpu: (gpu.used, gpu.memory_total or 0))
    others = len(hardware.gpus) - 1
    name = best.name if not others else translate("hardware", "{name} and {n} more").format(name=best.name, n=others)
    return name, _graphics_note(best), False


def _graphics_note(gpu: Gpu) -> str:
    parts = []
    if gpu.shares_memory:
        parts.append(translate("hardware", "Shares main memory."))
    elif gpu.memory_free is not None:
        parts.append(translate("hardware", "{size} of its own free.").format(size=figures.gibibytes(gpu.memory_free)))
    if gpu.used:
        parts.append(translate("hardware", "Used for models."))
    else:
        parts.append(translate("hardware", "Not used for models."))
    return " ".join(parts)


def _disk(hardware: Hardware) -> tuple[str, str, bool]:
    if hardware.disk_free is None:
        return _not_read(), _why(hardware, "disk"), True
    n_models = hardware.disk_free // _MEDIUM_MODEL
    if n_models >= 1:
        one, many = translate("hardware", "model"), translate("hardware", "models")
        note = translate("hardware", "Room for about {models} of medium size").format(models=figures.amount(n_models, one, many))
    else:
        note = translate("hardware", "Too little room for a model of medium size")
    return translate("hardware", "{size} free").format(size=figures.size(hardware.disk_free)), note, False


def _encryption(hardware: Hardware) -> tuple[str, str, bool]:
    own = translate("hardware", "Documents also get their own encrypted store")
    if hardware.disk_encrypted is None:
        return _not_read(), _why(hardware, "encryption") or own, True
    if hardware.disk_encrypted:
        return translate("hardware", "On"), own, False
    return translate("hardware", "Off"), translate("hardware", "Documents get their own encrypted store all the same"), False


def _not_read() -> str:
    return translate("hardware", "Could not be read")


def _why(hardware: Hardware, *names: str) -> str:
    """The engine's own reason for what could not be read, as a sentence; empty without one."""
    found = next((why for what, why in hardware.unread if any(name in what.replace("_", " ") for name in names)), "")
    return _sentence([found])


def _sentence(parts: list[str]) -> str:
    text = ", ".join(part for part in parts if part).strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}." if text else ""
