"""Files that are written whole or not at all, for one reader."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from engine.errors import DiskFull
from engine.work.export import FileBeside, write_file


def test_text_and_bytes_are_written_for_their_owner_alone(tmp_path: Path) -> None:
    for content, written in (("é\r\n", "é\r\n".encode()), (b"\x00\xff", b"\x00\xff"), ("", b"")):
        write_file(tmp_path / "out.csv", content)
        assert (tmp_path / "out.csv").read_bytes() == written
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["out.csv"]


def test_parts_take_the_place_of_the_older_file_at_the_end(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("older")
    with FileBeside(file) as beside:
        beside.write("one ")
        beside.write(b"two")
        assert file.read_text() == "older"
    assert file.read_text() == "one two" and os.listdir(tmp_path) == ["out.csv"]


def test_whatever_goes_wrong_the_older_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("older")
    with pytest.raises(KeyError), FileBeside(file) as beside:
        beside.write("half")
        raise KeyError
    assert file.read_text() == "older" and os.listdir(tmp_path) == ["out.csv"]


def test_a_link_beside_the_target_is_replaced_and_never_written_through(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("theirs")
    (tmp_path / "out.csv.part").symlink_to(tmp_path / "theirs")
    write_file(tmp_path / "out.csv", "mine")
    assert (tmp_path / "theirs").read_text() == "theirs" and (tmp_path / "out.csv").read_text() == "mine"


def test_a_full_disk_is_said_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "out.csv"
    file.write_text("older")

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(DiskFull):
        write_file(file, "new")
    assert file.read_text() == "older" and os.listdir(tmp_path) == ["out.csv"]
    with pytest.raises(FileNotFoundError):
        write_file(tmp_path / "no such folder" / "out.csv", "x")


def test_a_device_without_room_is_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = FileBeside(tmp_path / "out.csv")
    with open("/dev/full", "wb") as full:
        beside._opened = full
        with pytest.raises(DiskFull):
            beside.write(b"x" * 1_000_000)
        beside.drop()
    assert os.listdir(tmp_path) == []
