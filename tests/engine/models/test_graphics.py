"""Graphics devices of made systems. NVIDIA's library is played by an object with its functions."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import pytest

from engine.models.graphics import gpus
from tests.engine.models.made_system import PCI_IDS, MadeSystem

GIB = 1 << 30


@pytest.fixture
def made(tmp_path: Path) -> MadeSystem:
    return MadeSystem(tmp_path)


def no_library(name: str) -> Any:
    raise OSError(f"{name}: cannot open shared object file")


class NvidiaLibrary:
    """Two cards; the second does not tell its memory."""

    is_open = False

    def nvmlInit_v2(self) -> int:
        self.is_open = True
        return 0

    def nvmlShutdown(self) -> int:
        self.is_open = False
        return 0

    def nvmlSystemGetDriverVersion(self, text: Any, length: int) -> int:
        text.value = b"580.95"
        return 0

    def nvmlDeviceGetCount_v2(self, count: Any) -> int:
        count._obj.value = 2
        return 0

    def nvmlDeviceGetHandleByIndex_v2(self, number: int, device: Any) -> int:
        device._obj.value = number + 1
        return 0

    def nvmlDeviceGetName(self, device: Any, text: Any, length: int) -> int:
        text.value = f"GeForce {device.value}".encode()
        return 0

    def nvmlDeviceGetMemoryInfo(self, device: Any, memory: Any) -> int:
        memory._obj.total, memory._obj.free = 24 * GIB, 20 * GIB
        return 0 if device.value == 1 else 3


def test_a_computer_without_graphics_has_none(made: MadeSystem) -> None:
    assert gpus(["cpu"], root=made.root) == ([], "")


def test_a_system_that_does_not_show_its_devices_says_so(tmp_path: Path) -> None:
    found, why = gpus(["cpu"], root=tmp_path)
    assert found == [] and why


def test_a_card_with_memory_of_its_own(made: MadeSystem) -> None:
    made.write("usr/share/misc/pci.ids", PCI_IDS)
    made.card(0, "0x1002", "0x1900", driver="amdgpu", mem_info_vram_total=f"{8 * GIB}", mem_info_vram_used=f"{GIB}")
    ((card,), _) = gpus(["cpu"], root=made.root)
    assert (card.name, card.driver, card.memory_total, card.memory_free) == ("Radeon 780M", "amdgpu", 8 * GIB, 7 * GIB)
    assert (card.used, card.shares_memory) == (False, None) and "processor only" in card.why_not


@pytest.mark.parametrize(("backends", "used"), [(["cpu"], False), (["cpu", "vulkan"], True), (["cpu", "cuda"], False)])
def test_graphics_in_the_processor_are_used_where_there_is_a_backend_for_them(
    made: MadeSystem, backends: list[str], used: bool
) -> None:
    made.card(1, "0x8086", "0xa7a0", driver="i915", address="0000:00:02.0")
    made.write("sys/module/i915/version", "1.6.0\n")
    ((card,), _) = gpus(backends, root=made.root)
    assert (card.name, card.driver, card.shares_memory) == ("Intel graphics", "i915 1.6.0", True)
    assert (card.used, bool(card.why_not)) == (used, not used)
    assert (card.memory_total, card.memory_free) == (None, None)


def test_cards_that_only_draw_are_no_graphics_devices(made: MadeSystem) -> None:
    made.card(0, "0x1af4", "0x1050", driver="virtio-pci")
    made.card(1, "0x1a03", "0x2000", driver="ast", address="0000:02:00.0")
    assert gpus(["cpu"], root=made.root) == ([], "")


def test_unreadable_files_are_unknown_values(made: MadeSystem) -> None:
    made.card(0, "0x1002", "nonsense", mem_info_vram_total="many", mem_info_vram_used="")
    made.card(1, "nonsense", "0x1", address="0000:03:00.0")
    ((card,), _) = gpus(["cpu"], root=made.root)
    assert (card.name, card.driver, card.memory_total, card.memory_free) == ("AMD graphics", None, None, None)


def test_nvidia_says_more_through_its_own_library(made: MadeSystem) -> None:
    made.card(0, "0x10de", "0x2684", driver="nvidia")
    made.card(1, "0x8086", "0xa7a0", address="0000:00:02.0")
    (made.root / "proc/driver/nvidia").mkdir(parents=True)
    library = NvidiaLibrary()
    found, _ = gpus(["cpu", "cuda"], root=made.root, load=lambda name: library)
    assert [(gpu.name, gpu.memory_free, gpu.used) for gpu in found] == [
        ("GeForce 1", 20 * GIB, True),
        ("GeForce 2", None, True),
        ("Intel graphics", None, False),
    ]
    assert found[0].driver == "nvidia 580.95" and not library.is_open


def test_without_the_library_a_card_of_nvidia_is_named_all_the_same(made: MadeSystem) -> None:
    made.write("usr/share/hwdata/pci.ids", PCI_IDS)
    made.card(0, "0x10de", "0x2684", driver="nouveau")
    (made.root / "proc/driver/nvidia").mkdir(parents=True)
    ((card,), _) = gpus(["cpu"], root=made.root, load=no_library)
    assert (card.name, card.driver, card.shares_memory) == ("GeForce RTX 4090", "nouveau", False)


@pytest.mark.parametrize("lacking", ["nvmlInit_v2", "nvmlDeviceGetCount_v2"])
def test_a_library_of_another_time_is_passed_over(made: MadeSystem, lacking: str) -> None:
    made.card(0, "0x10de", "0x2684")
    (made.root / "proc/driver/nvidia").mkdir(parents=True)

    class Older(NvidiaLibrary):
        def __getattribute__(self, name: str) -> Any:
            if name == lacking:
                raise AttributeError(name)
            return super().__getattribute__(name)

    ((card,), _) = gpus(["cpu"], root=made.root, load=lambda name: Older())
    assert card.name == "NVIDIA graphics"


def test_the_library_is_not_loaded_where_its_driver_is_not(made: MadeSystem) -> None:
    made.card(0, "0x10de", "0x2684", driver="nouveau")

    def load(name: str) -> ctypes.CDLL:
        raise AssertionError(f"{name} was loaded")

    assert len(gpus(["cpu"], root=made.root, load=load)[0]) == 1
