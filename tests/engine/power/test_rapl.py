"""The processor's counter, from files such as Linux shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.power.rapl import FOLDER, ProcessorEnergy

SECOND = 10**9


def domain(folder: Path, name: str, of: str, counter: int, reach: int = 262_143_328_850) -> Path:
    made = folder / name
    made.mkdir(parents=True, exist_ok=True)
    (made / "name").write_text(f"{of}\n")
    (made / "energy_uj").write_text(f"{counter}\n")
    (made / "max_energy_range_uj").write_text(f"{reach}\n")
    return made


def test_whole_processors_count_and_their_parts_do_not_again(tmp_path: Path):
    for number, of in enumerate(("package-0", "package-1", "psys")):
        domain(tmp_path, f"intel-rapl:{number}", of, 1_000)
        domain(tmp_path, f"intel-rapl:{number}:0", "core", 1_000)
    (tmp_path / "intel-rapl").mkdir()
    domain(tmp_path, "intel-rapl-mmio:0", "package-0", 1_000)
    energy = ProcessorEnergy(tmp_path)
    assert energy.used(0) is None, "there was nothing to compare the first look with"
    for file in tmp_path.glob("*/energy_uj"):
        file.write_text("1500000\n")
    assert energy.used(SECOND) == 2 * 1_499_000
    assert energy.used(SECOND) == 0


def test_a_counter_that_went_round_goes_on_from_nothing(tmp_path: Path):
    domain(tmp_path, "intel-rapl:0", "package-0", 65_000_000_000, reach=65_532_610_987)
    energy = ProcessorEnergy(tmp_path)
    energy.used(0)
    domain(tmp_path, "intel-rapl:0", "package-0", 400_000_000, reach=65_532_610_987)
    assert energy.used(60 * SECOND) == 932_610_987
    assert energy.used(132 * SECOND) is None, "in that time it could have gone round again"


def test_a_counter_that_began_anew_did_not_go_round(tmp_path: Path):
    domain(tmp_path, "intel-rapl:0", "package-0", 65_000_000_000)
    energy = ProcessorEnergy(tmp_path)
    energy.used(0)
    domain(tmp_path, "intel-rapl:0", "package-0", 1_000_000)
    assert energy.used(60 * SECOND) is None, "197 kJ in a minute are three kilowatts"
    domain(tmp_path, "intel-rapl:0", "package-0", 1_100_000)
    assert energy.used(0) == 100_000, "a step of the counter between two looks at once"


def test_a_counter_that_only_root_may_read_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    counter = domain(tmp_path, "intel-rapl:0", "package-0", 1_000) / "energy_uj"
    energy = ProcessorEnergy(tmp_path)
    energy.used(0)
    read = Path.read_text

    def refused(file: Path, *known: object, **more: object) -> str:
        if file == counter:  # also where the tests are run by root, to whom nothing is refused
            raise PermissionError(13, "Permission denied")
        return read(file, *known, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_text", refused)
        assert energy.used(SECOND) is None
    assert energy.used(SECOND) is None, "what passed while it could not be read is not known"
    assert energy.used(SECOND) == 0


@pytest.mark.parametrize("file", ["name", "energy_uj", "max_energy_range_uj"])
def test_files_of_nonsense_are_no_counter(tmp_path: Path, file: str):
    made = domain(tmp_path, "intel-rapl:0", "package-0", 1_000)
    (made / file).write_bytes(b"\xff\x00\n")
    energy = ProcessorEnergy(tmp_path)
    assert [energy.used(SECOND), energy.used(SECOND)] == [None, None]


def test_a_system_without_counters(tmp_path: Path):
    energy = ProcessorEnergy(tmp_path / "nowhere")
    assert [energy.used(SECOND), energy.used(SECOND)] == [None, None]
    assert str(FOLDER) == "/sys/class/powercap"
