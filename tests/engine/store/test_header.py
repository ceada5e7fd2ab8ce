from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.store.header import Header, PassphraseLock, read_header, write_header

LOCK = PassphraseLock.model_construct(salt=b"\xff" * 16, memory_kib=64, passes=1, lanes=1, wrapped_key=b"\x00" * 60)
HEADER = Header.model_construct(store="0" * 32, protection="passphrase", complete=True, check=b"\x80" * 16, passphrase=LOCK)


def test_a_header_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_header(tmp_path / "store.json", HEADER)
    assert read_header(tmp_path / "store.json") == HEADER
    assert os.listdir(tmp_path) == ["store.json"]


def test_no_file_is_no_header(tmp_path: Path) -> None:
    assert read_header(tmp_path / "store.json") is None


def test_a_half_written_header_never_replaces_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "store.json"
    write_header(file, HEADER)
    before = file.read_bytes()

    def broken(_: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", broken)
        with pytest.raises(OSError, match="Input/output"):
            write_header(file, HEADER.model_copy(update={"complete": False}))
    assert file.read_bytes() == before
    write_header(file, HEADER.model_copy(update={"complete": False}))
    assert read_header(file) == HEADER.model_copy(update={"complete": False})
