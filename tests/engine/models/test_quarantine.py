"""Whatever a kill or a power cut leaves of a quarantined file: what counts as there is a true beginning of the file."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.models import quarantine as quarantined
from engine.models.quarantine import Quarantine, discard, kept_bytes

PART = 16
CONTENT = bytes(range(256))


def opened(folder: Path) -> closing[Quarantine]:
    return closing(Quarantine(folder, 1, lambda: None, part_bytes=PART))


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 60), st.sampled_from(["kill", "pause"])), max_size=8))
def test_a_killed_file_is_gone_on_with_and_loses_less_than_a_part(pieces):
    with tempfile.TemporaryDirectory() as name:
        folder, reached, sure = Path(name), 0, 0
        for n_bytes, end in pieces:
            with opened(folder) as quarantine:
                assert sure <= quarantine.n_bytes <= reached and reached - quarantine.n_bytes < PART
                at = quarantine.n_bytes
                quarantine.append(CONTENT[at : at + n_bytes])
                reached = quarantine.n_bytes
                assert kept_bytes(folder, 1, part_bytes=PART) <= reached
                if end == "pause":
                    quarantine.keep()
                    sure = reached
                sure = max(sure, reached - reached % PART)
        with opened(folder) as quarantine:
            assert quarantine.n_bytes >= sure
            while quarantine.n_bytes < len(CONTENT):
                quarantine.append(CONTENT[quarantine.n_bytes : quarantine.n_bytes + 7])
            complete = quarantine.complete()
        assert complete.file.read_bytes() == CONTENT
        assert complete.sha256 == hashlib.sha256(CONTENT).hexdigest()
        assert len(complete.part_sha256) == complete.n_bytes / PART


@settings(max_examples=60)
@given(st.integers(0, 200), st.data())
def test_after_a_power_cut_only_true_bytes_count(n_bytes, data):
    """Files shorter, longer, with holes or with anything in them, each for itself: no order of writing is assumed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with opened(folder) as quarantine:
            quarantine.append(CONTENT[:n_bytes])
            if data.draw(st.booleans()):
                quarantine.keep()
        for file in sorted(folder.iterdir()):
            content = bytearray(file.read_bytes())
            for place in data.draw(st.lists(st.integers(0, max(0, len(content) - 1)), max_size=3)):
                content[place : place + 1] = b"\0"
            cut = data.draw(st.integers(0, len(content)))
            file.write_bytes(bytes(content[:cut]) + data.draw(st.binary(max_size=40)))
        with opened(folder) as quarantine:
            assert (folder / "1.part").read_bytes() == CONTENT[: quarantine.n_bytes]
            quarantine.append(CONTENT[quarantine.n_bytes :])
            assert quarantine.complete().sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_reading_again_can_be_stopped_and_a_restart_forgets(tmp_path: Path):
    with opened(tmp_path) as quarantine:
        quarantine.append(CONTENT)
        quarantine.restart()
        assert quarantine.n_bytes == 0 and (tmp_path / "1.part").stat().st_size == 0
        quarantine.append(CONTENT)
    calls = []

    def stop() -> None:
        calls.append(None)
        if len(calls) == 3:
            raise InterruptedError

    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    with pytest.raises(InterruptedError):
        Quarantine(tmp_path, 1, stop, part_bytes=PART)
    assert before == (len(os.listdir("/proc/self/fd")) if before else 0)
    assert kept_bytes(tmp_path, 1, part_bytes=PART) == len(CONTENT)
    discard(tmp_path, 1)
    discard(tmp_path, 1)
    assert list(tmp_path.iterdir()) == [] and kept_bytes(tmp_path, 1) == 0


def test_the_disk_is_handed_the_bytes_while_they_flow_and_its_faults_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    synced: list[int] = []

    def broken(descriptor: int) -> None:
        synced.append(descriptor)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(quarantined, "SYNC_BYTES", 32)
    with opened(tmp_path) as quarantine:
        monkeypatch.setattr(quarantined.os, "fsync", broken)
        quarantine.append(CONTENT[:40])
        with pytest.raises(OSError, match="Input/output"):
            quarantine.complete()
    assert synced
    shutil.rmtree(tmp_path)
