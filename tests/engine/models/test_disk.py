"""Whether the disk of a folder is encrypted, on made systems with all sorts of volumes; and its free room, on this one."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from engine.models.disk import disk_encrypted, disk_free
from tests.engine.models.made_system import MadeSystem

LUKS = "CRYPT-LUKS2-0a1b2c-luks-0a1b2c"


@pytest.fixture
def made(tmp_path: Path) -> MadeSystem:
    return MadeSystem(tmp_path / "root")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "not" / "there" / "yet"


def test_a_plain_partition_is_not_encrypted(made: MadeSystem, folder: Path) -> None:
    made.volume("sda1", "8:1")
    made.mounts(("8:1", "/", "ext4", "/dev/sda1"))
    assert disk_encrypted(folder, made.root) == (False, "")


def test_an_encrypted_volume_is(made: MadeSystem, folder: Path) -> None:
    made.volume("dm-0", "253:0", uuid=LUKS, made_of=("sda1",))
    made.mounts(("253:0", "/", "ext4", "/dev/mapper/root"))
    assert disk_encrypted(folder, made.root) == (True, "")


def test_a_logical_volume_is_encrypted_where_all_that_it_is_made_of_is(made: MadeSystem, folder: Path) -> None:
    made.volume("dm-0", "253:0", uuid=LUKS, made_of=("sda1",))
    made.volume("sda1", "8:1")
    made.volume("sdb1", "8:17")
    made.volume("dm-1", "253:1", uuid="LVM-abc", made_of=("dm-0",))
    made.volume("dm-2", "253:2", uuid="LVM-def", made_of=("dm-0", "sdb1"))
    for number, encrypted in (("253:1", True), ("253:2", False)):
        made.mounts((number, "/", "xfs", "/dev/mapper/volume"))
        assert disk_encrypted(folder, made.root) == (encrypted, "")


def test_the_mount_that_holds_the_folder_counts(made: MadeSystem, folder: Path, tmp_path: Path) -> None:
    made.volume("dm-0", "253:0", uuid=LUKS)
    made.volume("sda1", "8:1")
    made.mounts(("253:0", "/", "ext4", "/dev/mapper/root"), ("8:1", str(tmp_path), "ext4", "/dev/sda1"))
    assert disk_encrypted(folder, made.root) == (False, "")
    made.mounts(("8:1", str(tmp_path), "ext4", "/dev/sda1"), ("253:0", str(tmp_path), "ext4", "/dev/mapper/over"))
    assert disk_encrypted(folder, made.root) == (True, "")


def test_a_file_system_with_a_number_of_its_own_names_its_disk(made: MadeSystem, folder: Path) -> None:
    made.volume("dm-0", "253:0", uuid=LUKS)
    (made.root / "dev/mapper").mkdir(parents=True)
    (made.root / "dev/dm-0").touch()
    (made.root / "dev/mapper/root").symlink_to("../dm-0")
    made.mounts(("0:31", "/", "btrfs", "/dev/mapper/root"))
    assert disk_encrypted(folder, made.root) == (True, "")


@pytest.mark.parametrize(("kind", "source"), [("tmpfs", "tmpfs"), ("nfs4", "server:/home"), ("btrfs", "/dev/mapper/gone")])
def test_what_cannot_be_known_has_a_reason(made: MadeSystem, folder: Path, kind: str, source: str) -> None:
    made.mounts(("0:40", "/", kind, source))
    encrypted, why = disk_encrypted(folder, made.root)
    assert encrypted is None and kind in why


@pytest.mark.parametrize("mounts", [None, "", "20 1\nnonsense\n"])
def test_a_system_that_tells_no_mounts(made: MadeSystem, folder: Path, mounts: str | None) -> None:
    if mounts is not None:
        made.write("proc/self/mountinfo", mounts)
    encrypted, why = disk_encrypted(folder, made.root)
    assert encrypted is None and why


def test_volumes_in_a_circle_come_to_an_end(made: MadeSystem, folder: Path) -> None:
    made.volume("dm-0", "253:0", uuid="LVM-a", made_of=("dm-1",))
    made.volume("dm-1", "253:1", uuid="LVM-b", made_of=("dm-0",))
    made.mounts(("253:0", "/", "ext4", "/dev/mapper/a"))
    assert disk_encrypted(folder, made.root) == (False, "")


def test_room_is_told_for_a_folder_that_is_not_there_yet(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(psutil, "disk_usage", lambda place: asked.append(place) or SimpleNamespace(free=5))
    assert disk_free(folder) == 5 and asked == [str(folder.parents[2])]


def test_a_disk_that_fails_says_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(place: str) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(psutil, "disk_usage", fails)
    assert disk_free(folder) is None
