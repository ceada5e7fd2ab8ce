"""The graphics devices of this computer and whether this build of llama.cpp could compute on them.

Linux: what the kernel shows under /sys, and NVIDIA's own library where its driver is loaded. macOS: the chip itself.
Windows: the registry. Written for macOS and Windows from their documentation. Starts no programs, opens no device.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from engine.model_records import Gpu

#: Backends of llama.cpp that compute on devices of a maker.
_BACKENDS = {"nvidia": {"cuda", "vulkan"}, "amd": {"hip", "vulkan"}, "intel": {"sycl", "vulkan"}, "apple": {"metal", "vulkan"}}
_MAKERS = {0x10DE: "nvidia", 0x1002: "amd", 0x8086: "intel"}
_NAMES = {"nvidia": "NVIDIA", "amd": "AMD", "intel": "Intel", "apple": "Apple"}
_DEVICE_NAMES = ("usr/share/hwdata/pci.ids", "usr/share/misc/pci.ids")  # where distributions keep the list of PCI devices
_NVIDIA_LIBRARY = "nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1"
_TEXT_BYTES = 96
_WINDOWS_DISPLAYS = r"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"


def gpus(backends: Collection[str], *, root: Path = Path("/"), load: Callable[[str], Any] = ctypes.CDLL) -> tuple[list[Gpu], str]:
    """The devices, and why none could be looked for ('' if they could). `backends` are those that llama.cpp came with."""
    if sys.platform == "darwin":
        return _apple(backends), ""
    if sys.platform == "win32":
        return _of_windows(backends, load)
    cards = root / "sys/class/drm"
    if not (root / "sys/class").is_dir():
        return [], "this system does not show its devices"
    with_drivers = list(_of_sysfs(cards, root, backends))
    by_library = _of_nvidia(backends, load) if (root / "proc/driver/nvidia").is_dir() else []
    others = [gpu for maker, gpu in with_drivers if maker != "nvidia" or not by_library]
    return [*by_library, *others], ""


def _gpu(maker: str, name: str, backends: Collection[str], *, driver: str | None, **memory: Any) -> Gpu:
    computing = sorted(_BACKENDS.get(maker, set()) & set(backends))
    why_not = "" if computing else "this build of llama.cpp computes on the processor only"
    return Gpu(
        name=name,
        driver=driver,
        memory_total=memory.get("total"),
        memory_free=memory.get("free"),
        shares_memory=memory.get("shares"),
        used=bool(computing),
        why_not=why_not,
    )


# ---------------------------------------------------------------- Linux
def _of_sysfs(cards: Path, root: Path, backends: Collection[str]) -> Iterator[tuple[str, Gpu]]:
    """Cards of makers that llama.cpp knows; those of virtual machines and servers only draw."""
    for card in sorted(cards.glob("card[0-9]*")):
        device = card / "device"
        vendor, model = _hexadecimal(device / "vendor"), _hexadecimal(device / "device")
        maker = _MAKERS.get(vendor or 0)
        if "-" in card.name or maker is None:  # card0-DP-1 is a connector of card0
            continue
        total, used = _number(device / "mem_info_vram_total"), _number(device / "mem_info_vram_used")
        yield (
            maker,
            _gpu(
                maker,
                _device_name(root, vendor or 0, model or 0) or f"{_NAMES[maker]} graphics",
                backends,
                driver=_driver(device, root),
                total=total,
                free=total - used if total is not None and used is not None else None,
                shares=_shares_memory(maker, device),
            ),
        )


def _driver(device: Path, root: Path) -> str | None:
    """Name and version; drivers that belong to the kernel have the version of the kernel."""
    try:
        name = (device / "driver").readlink().name
    except OSError:
        return None
    version = _line(root / "sys/module" / name / "version")
    return f"{name} {version}" if version else name


def _shares_memory(maker: str, device: Path) -> bool | None:
    """Intel's graphics inside a processor are always the third device of bus 0. AMD's cannot be told from cards here."""
    if maker == "nvidia":
        return False
    try:
        address = device.resolve().name
    except OSError:
        return None
    return address == "0000:00:02.0" if maker == "intel" and ":" in address else None


def _device_name(root: Path, vendor: int, device: int) -> str | None:
    """The name in the distribution's list of devices, if it has one."""
    of_vendor, of_device = f"{vendor:04x}  ", f"\t{device:04x}  "
    for place in _DEVICE_NAMES:
        try:
            with (root / place).open(encoding="utf-8", errors="replace") as names:
                return _name_in(names, of_vendor, of_device)
        except OSError:
            continue
    return None


def _name_in(names: Iterator[str], of_vendor: str, of_device: str) -> str | None:
    is_here = False
    for line in names:
        if is_here and line.startswith(of_device):
            name = line[len(of_device) :].strip()
            _, _, sold_as = name.partition("[")
            return sold_as.rstrip("]") or name
        if not line.startswith(("\t", "#", "\n")):
            is_here = line.startswith(of_vendor)
    return None


# ---------------------------------------------------------------- NVIDIA, on Linux and Windows
class _NvidiaMemory(ctypes.Structure):
    _fields_ = [("total", ctypes.c_uint64), ("free", ctypes.c_uint64), ("used", ctypes.c_uint64)]


def _of_nvidia(backends: Collection[str], load: Callable[[str], Any]) -> list[Gpu]:
    """What NVIDIA's management library says; nothing where it is missing or refuses."""
    try:
        library = load(_NVIDIA_LIBRARY)
        if library.nvmlInit_v2():
            return []
    except (OSError, AttributeError):
        return []
    try:
        return _nvidia_devices(library, backends)
    except AttributeError:
        return []
    finally:
        library.nvmlShutdown()


def _nvidia_devices(library: Any, backends: Collection[str]) -> list[Gpu]:
    version, n_devices = ctypes.create_string_buffer(_TEXT_BYTES), ctypes.c_uint()
    library.nvmlSystemGetDriverVersion(version, _TEXT_BYTES)
    found: list[Gpu] = []
    if library.nvmlDeviceGetCount_v2(ctypes.byref(n_devices)):
        return found
    for number in range(min(n_devices.value, 64)):
        device, name, memory = ctypes.c_void_p(), ctypes.create_string_buffer(_TEXT_BYTES), _NvidiaMemory()
        if library.nvmlDeviceGetHandleByIndex_v2(number, ctypes.byref(device)):
            continue
        library.nvmlDeviceGetName(device, name, _TEXT_BYTES)
        knows_memory = not library.nvmlDeviceGetMemoryInfo(device, ctypes.byref(memory))
        found.append(
            _gpu(
                "nvidia",
                name.value.decode("utf-8", "replace") or "NVIDIA graphics",
                backends,
                driver=f"nvidia {version.value.decode('utf-8', 'replace')}".strip(),
                total=memory.total if knows_memory else None,
                free=memory.free if knows_memory else None,
                shares=False,
            )
        )
    return found


# ---------------------------------------------------------------- macOS and Windows
def _apple(backends: Collection[str]) -> list[Gpu]:
    """Apple's chips have their graphics inside; of the cards in older Macs nothing is said without starting a program."""
    if platform.machine() != "arm64":
        return []
    return [_gpu("apple", "Apple graphics, in the processor", backends, driver=None, shares=True)]


def _of_windows(backends: Collection[str], load: Callable[[str], Any]) -> tuple[list[Gpu], str]:
    by_library = _of_nvidia(backends, load)
    try:
        listed = list(_of_registry(backends))
    except (OSError, ImportError):
        return by_library, "" if by_library else "the registry does not list display adapters"
    return [*by_library, *(gpu for maker, gpu in listed if maker != "nvidia" or not by_library)], ""


def _of_registry(backends: Collection[str]) -> Iterator[tuple[str, Gpu]]:
    import winreg

    registry: Any = winreg  # its functions are declared on Windows only
    with registry.OpenKey(registry.HKEY_LOCAL_MACHINE, _WINDOWS_DISPLAYS) as displays:
        for number in range(registry.QueryInfoKey(displays)[0]):
            name = registry.EnumKey(displays, number)
            if name.isdigit() and (found := _registered(registry, displays, name, backends)):
                yield found


def _registered(registry: Any, displays: Any, name: str, backends: Collection[str]) -> tuple[str, Gpu] | None:
    with registry.OpenKey(displays, name) as adapter:

        def value(key: str) -> Any:
            try:
                return registry.QueryValueEx(adapter, key)[0]
            except OSError:
                return None

        described, total = str(value("DriverDesc") or ""), value("HardwareInformation.qwMemorySize")
        maker = next((maker for maker, word in _NAMES.items() if word.casefold() in described.casefold()), None)
        if maker is None and "radeon" in described.casefold():
            maker = "amd"
        if maker is None:
            return None
        driver = value("DriverVersion")
        return maker, _gpu(maker, described, backends, driver=driver, total=total if isinstance(total, int) else None)


# ---------------------------------------------------------------- small files
def _line(file: Path) -> str | None:
    try:
        return file.read_text("utf-8", "replace").strip() or None
    except OSError:
        return None


def _number(file: Path) -> int | None:
    line = _line(file)
    return int(line) if line and line.isdigit() else None


def _hexadecimal(file: Path) -> int | None:
    try:
        return int(_line(file) or "", 16)
    except ValueError:
        return None
