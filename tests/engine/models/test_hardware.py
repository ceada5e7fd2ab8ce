"""What the computer says of itself, on this one and from another one's words."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from engine.models import hardware, processor
from tests.engine.models.made_system import MadeSystem

ARM = "processor\t: 0\nBogoMIPS\t: 48.00\nFeatures\t: fp asimd evtstrm aes asimdhp asimddp sve i8mm bf16\n\nprocessor\t: 1\n"
INTEL = "processor\t: 0\nmodel name\t: Test CPU @ 2.00GHz\nflags\t\t: fpu sse4_2 avx avx2 fma f16c avx512f avx512_vnni\n\n"


@pytest.fixture
def made(tmp_path: Path) -> MadeSystem:
    return MadeSystem(tmp_path / "root")


def test_this_computer_says_what_it_has(tmp_path: Path) -> None:
    seen = hardware.look(tmp_path / "not" / "there" / "yet")
    assert seen.memory_total == psutil.virtual_memory().total
    assert 0 < seen.memory_free <= seen.memory_total
    assert seen.disk_free and seen.processor and seen.n_threads
    assert seen.bytes_per_s is None  # measured elsewhere
    for what, value in (("disk", seen.disk_free), ("encryption", seen.disk_encrypted), ("processor", seen.processor)):
        assert (value is None) == (what in dict(seen.unread))


@pytest.mark.parametrize(
    ("said", "name", "extensions"),
    [
        (INTEL, "Test CPU @ 2.00GHz", ("sse4_2", "avx", "f16c", "fma", "avx2", "avx512f", "avx512_vnni")),
        (ARM, None, ("asimd", "asimddp", "asimdhp", "i8mm", "sve", "bf16")),
        ("", None, ()),
    ],
)
def test_processors(made: MadeSystem, said: str, name: str | None, extensions: tuple[str, ...]) -> None:
    made.write("proc/cpuinfo", said)
    assert processor.vector_extensions(made.root) == extensions
    assert processor.name(made.root) == name if name else processor.name(made.root)


def test_each_thing_that_could_not_be_read_is_named_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.processor", lambda: "")
    monkeypatch.setattr("platform.machine", lambda: "")
    monkeypatch.setattr(psutil, "cpu_count", lambda logical=True: None)
    monkeypatch.setattr(hardware, "disk_free", lambda folder: None)
    monkeypatch.delattr(psutil, "sensors_battery")
    seen = hardware.look(tmp_path, root=tmp_path / "nothing")
    expected = {"processor", "cores", "vector extensions", "graphics", "disk", "encryption", "power"}
    assert {what for what, why in seen.unread if why} == expected
    assert (seen.processor, seen.n_cores, seen.disk_free, seen.disk_encrypted, seen.on_mains) == (None, None, None, None, None)


@pytest.mark.parametrize(
    ("battery", "on_mains", "percent"),
    [(None, None, None), (SimpleNamespace(percent=62, power_plugged=False), False, 62.0)],
)
def test_power(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, battery: object, on_mains: bool | None, percent: float | None
) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery, raising=False)
    seen = hardware.look(tmp_path)
    assert (seen.on_mains, seen.battery_percent) == (on_mains, percent)
    assert "power" not in dict(seen.unread)


def test_a_battery_that_cannot_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise OSError("no such device")

    monkeypatch.setattr(psutil, "sensors_battery", fails, raising=False)
    assert "OSError" in dict(hardware.look(tmp_path).unread)["power"]


def test_graphics_and_encryption_come_from_the_system_that_is_looked_at(made: MadeSystem, tmp_path: Path) -> None:
    made.card(0, "0x8086", "0xa7a0", address="0000:00:02.0")
    made.volume("dm-0", "253:0", uuid="CRYPT-LUKS2-1-luks")
    made.mounts(("253:0", "/", "ext4", "/dev/mapper/root"))
    seen = hardware.look(tmp_path, root=made.root, of_llama=["cpu", "vulkan"])
    assert [(gpu.name, gpu.used) for gpu in seen.gpus] == [("Intel graphics", True)]
    assert seen.disk_encrypted is True
