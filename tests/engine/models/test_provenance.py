"""Part checksums for any way of cutting the bytes, and sidecars that are whole, honest and never trusted blindly."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.models import durable, provenance
from engine.models.parts import PartHasher, damaged_parts, part_hashes
from engine.models.provenance import Provenance


@given(st.lists(st.binary(max_size=50), max_size=12), st.integers(1, 40))
def test_checksums_do_not_depend_on_how_the_bytes_arrive(chunks, part_bytes):
    whole = b"".join(chunks)
    hasher = PartHasher(part_bytes)
    completed = [checksum for chunk in chunks for checksum in hasher.feed(chunk)]
    cut = [hashlib.sha256(whole[at : at + part_bytes]).hexdigest() for at in range(0, len(whole), part_bytes)]
    assert hasher.whole == hashlib.sha256(whole).hexdigest()
    assert hasher.all_parts == cut
    assert completed == cut[: len(whole) // part_bytes]
    assert hasher.n_bytes == len(whole)


@given(st.binary(min_size=1, max_size=300), st.data())
def test_each_changed_part_is_named_and_no_other(content, data):
    part_bytes = data.draw(st.integers(1, 60))
    changed = bytearray(content)
    places = data.draw(st.sets(st.integers(0, len(content) - 1), max_size=5))
    for place in places:
        changed[place] ^= 0x40
    keep = data.draw(st.integers(0, len(content)))  # a file may have lost its end as well
    before, after = PartHasher(part_bytes), PartHasher(part_bytes)
    before.feed(content)
    after.feed(bytes(changed[:keep]))
    expected = {place // part_bytes for place in places if place < keep}
    if keep < len(content):
        expected |= set(range(keep // part_bytes, len(before.all_parts)))
    assert set(damaged_parts(before.all_parts, after.all_parts)) == expected


def test_a_files_checksums_and_a_reading_that_is_stopped(tmp_path: Path):
    file = tmp_path / "a.gguf"
    file.write_bytes(os.urandom(3_500_000))
    whole, parts = part_hashes(file, part_bytes=1_000_000)
    assert whole == hashlib.sha256(file.read_bytes()).hexdigest() and len(parts) == 4

    def stop(n_read: int) -> None:
        if n_read >= 2 << 20:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        part_hashes(file, stop)


def described(file: Path) -> Provenance:
    whole, parts = part_hashes(file)
    known = Provenance(
        "Model", whole, 0, 0, "huggingface.co", "owner/model-GGUF", "c" * 40, "model.gguf", "apache-2.0",
        part_sha256=tuple(parts), verified=datetime(2026, 11, 21, tzinfo=UTC), publisher_checksum=True,
        vision="mmproj-model.gguf", split=("model.gguf",), offer="model", size_key="Q4_K_M",
    )  # fmt: skip
    return known.stamped(file)


def test_what_is_written_is_read_again_and_notices_a_change(tmp_path: Path):
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF" + os.urandom(1000))
    assert provenance.read(file) is None
    known = described(file)
    provenance.write(file, known)
    assert provenance.read(file) == known
    assert known.is_of(file) and known.can_fetch_again
    assert sorted(each.name for each in tmp_path.iterdir()) == ["model.gguf", "model.gguf.strongroom.json"]
    os.utime(file, ns=(1, 1))
    assert not known.is_of(file)
    provenance.remove(file)
    provenance.remove(file)
    assert provenance.read(file) is None
    file.unlink()
    assert not known.is_of(file)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\x00", b"[1, 2", b'{"name": 3}', b'"' * 100])
def test_a_sidecar_that_is_none_is_passed_over(tmp_path: Path, content: bytes):
    file = tmp_path / "model.gguf"
    provenance.sidecar(file).write_bytes(content)
    assert provenance.read(file) is None


def test_a_sidecar_of_a_newer_version_or_a_folder_is_passed_over(tmp_path: Path):
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF")
    provenance.sidecar(file).write_bytes(msgspec.json.encode(msgspec.structs.asdict(Newer())))
    assert provenance.read(file) is None
    provenance.remove(file)
    provenance.sidecar(file).mkdir()
    assert provenance.read(file) is None


class Newer(msgspec.Struct):
    name: str = "Model"
    sha256: str = "a" * 64
    n_bytes: int = 4
    mtime_ns: int = 4
    format: int = 2


def test_a_write_that_fails_leaves_the_old_content_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "journal.json"
    durable.write_whole(file, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(durable.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        durable.write_whole(file, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["journal.json"]
    assert file.read_bytes() == b"old"


@pytest.mark.parametrize("with_links", [True, False])
def test_a_file_is_never_put_over_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_links: bool):
    if not with_links:

        def no_links(*_: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(durable.os, "link", no_links)
    new, taken, free = tmp_path / "part", tmp_path / "taken.gguf", tmp_path / "free.gguf"
    new.write_bytes(b"new")
    taken.write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        durable.put_in_place(new, taken)
    assert taken.read_bytes() == b"theirs"
    durable.put_in_place(new, free)
    assert free.read_bytes() == b"new" and not new.exists()
