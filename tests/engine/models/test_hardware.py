"""What the computer says of itself, on this one and from another one's words."""

from __future__ import annotations

import json
from pathlib import Path

import psutil
import pytest

from engine.models import hardware

ARM = "processor\t: 0\nBogoMIPS\t: 48.00\nFeatures\t: fp asimd evtstrm aes asimdhp asimddp sve i8mm bf16\n\nprocessor\t: 1\n"
INTEL = "processor\t: 0\nmodel name\t: Test CPU @ 2.00GHz\nflags\t\t: fpu sse4_2 avx avx2 fma f16c avx512f avx512_vnni\n\n"


def test_this_computer_is_described_in_plain_values(tmp_path: Path) -> None:
    seen = hardware.look(tmp_path / "not" / "there" / "yet")
    assert json.loads(json.dumps(seen)) == seen
    assert seen["memory_total"] == psutil.virtual_memory().total
    assert isinstance(seen["memory_free"], int) and 0 < seen["memory_free"] <= psutil.virtual_memory().total
    assert isinstance(seen["disk_free"], int) and seen["disk_free"] > 0
    assert seen["processor"]


@pytest.mark.parametrize(
    ("said", "name", "extensions"),
    [
        (INTEL, "Test CPU @ 2.00GHz", ["sse4_2", "avx", "f16c", "fma", "avx2", "avx512f", "avx512_vnni"]),
        (ARM, None, ["asimd", "asimddp", "asimdhp", "i8mm", "sve", "bf16"]),
        ("", None, []),
    ],
)
def test_processors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, name: str | None, extensions: list[str]) -> None:
    (tmp_path / "cpuinfo").write_text(said)
    monkeypatch.setattr(hardware, "_CPUINFO", tmp_path / "cpuinfo")
    assert hardware.vector_extensions() == extensions
    assert hardware.processor() == name if name else hardware.processor()


def test_a_system_without_cpuinfo_says_what_it_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "_CPUINFO", tmp_path / "missing")
    assert hardware.vector_extensions() == []
    assert hardware.processor()
