"""Transfers in real processes that are killed with SIGKILL wherever it hits: every file ends verified, nothing is lost.

What was fetched twice is counted where it was served.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.model_records import DownloadId
from engine.models import provenance
from engine.models.download_journal import DownloadFolder, Journal, JournalFile
from tests.loopback_hub import Fault, LoopbackHub, Request

CHECKOUT = Path(__file__).resolve().parents[2]
REPOSITORY, MIB = "acme/tiny-GGUF", 1 << 20
ON_THE_WAY = MIB // 2  # what the buffers of both sides and the piece that is being sent may hold


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Path]:
    """A library in memory where there is such a folder: what a kill leaves does not depend on the disk, waiting does."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else tmp_path) as name:
        yield Path(name) / "library"


class Child:
    """The warm process that forks a transfer for each line."""

    def __init__(self, library: Path, journal: Journal, hub: LoopbackHub) -> None:
        self.library = library
        command = [sys.executable, str(Path(__file__).with_name("download_child.py")), library, journal.id, hub.url, hub.cdn_url]
        environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)

    def begin(self, command: str = "run") -> int:
        """Fork a transfer; returns its process id."""
        self._tell(command)
        return int(self._line("pid")[0])

    def ended(self) -> int:
        """Wait for its end; a signal is negative. What it said is in `said`."""
        self.said: list[list[str]] = []
        self._line("over")
        self._tell("reap")
        return int(self._line("ended")[0])

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def _tell(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _line(self, wanted: str) -> list[str]:
        assert self._process.stdout
        while True:
            first, *rest = self._process.stdout.readline().split()
            if first == wanted:
                return rest
            self.said.append([first, *rest])


@contextmanager
def transfer_of(hub: LoopbackHub, library: Path, *paths: str, part_bytes: int) -> Iterator[tuple[Child, Journal]]:
    """A download that is planned and written down, and a process that can run it."""
    stands = hub.repositories[REPOSITORY]
    files = tuple(
        JournalFile(path, stands.files[path].n_bytes, stands.files[path].sha256, target=path, part_bytes=part_bytes)
        for path in paths
    )
    journal = Journal(DownloadId("tiny"), "Tiny", "tiny", "Q4", REPOSITORY, stands.revision, "apache-2.0", files)
    child = Child(library, journal, hub)
    try:
        yield child, journal
    finally:
        child.close()


def begin_anew(library: Path, journal: Journal) -> None:
    """An empty library with nothing but the journal."""
    shutil.rmtree(library, ignore_errors=True)
    folder = DownloadFolder(library, journal.id)
    folder.place.mkdir(parents=True)
    folder.write(journal)


def fetched_twice(requests: list[Request]) -> list[int]:
    """For each request after the first, how much of what had been served before it asked for again."""
    overlaps, reached = [], 0
    for request in requests:
        start = int(request.range.removeprefix("bytes=").rstrip("-")) if request.range else 0
        overlaps.append(reached - start)
        reached = start + request.n_sent
    return overlaps[1:]


def assert_arrived(library: Path, journal: Journal) -> None:
    left = sorted(each.name for each in library.iterdir() if each.name != ".downloads")
    assert left == sorted(name for file in journal.files for name in (file.path, file.path + provenance.SUFFIX))
    for file in journal.files:
        content = (library / file.path).read_bytes()
        known = provenance.read(library / file.path)
        assert hashlib.sha256(content).hexdigest() == file.sha256
        assert known is not None and known.is_of(library / file.path) and known.sha256 == file.sha256
        assert list(known.part_sha256) == provenance.part_hashes(library / file.path, part_bytes=file.part_bytes)[1]
    assert not DownloadFolder(library, journal.id).place.exists()


@pytest.mark.parametrize(("n_bytes", "part_bytes", "n_kills"), [(40 * MIB + 3, 8 * MIB, 15), (30 * MIB, MIB, 35)])
def test_killed_at_random_points(library: Path, n_bytes: int, part_bytes: int, n_kills: int):
    """Several files one after the other, each killed a few times, until there were enough kills in all."""
    path, n_done = "tiny.gguf", 0
    with LoopbackHub() as hub:
        hub.add(REPOSITORY, {path: (n_bytes, 5)})
        hub.fault(f"{REPOSITORY}/{path}", Fault(bytes_per_s=100 * MIB))
        hub._cdn._server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 64 << 10)  # its connections inherit this
        with transfer_of(hub, library, path, part_bytes=part_bytes) as (child, journal):
            while n_done < n_kills:
                n_before = len(hub.requests_for(f"{REPOSITORY}/{path}"))
                begin_anew(library, journal)
                while True:
                    process = child.begin()
                    # Mostly while bytes flow, else while the kept ones are read again or the file is put in its place.
                    time.sleep(random.uniform(0, 0.2))
                    if n_done < n_kills:
                        os.kill(process, signal.SIGKILL)
                    if child.ended() == 0:
                        break
                    n_done += 1
                assert child.said == [["done", path]]
                assert_arrived(library, journal)
                overlaps = fetched_twice(hub.requests_for(f"{REPOSITORY}/{path}")[n_before:])
                assert max(overlaps, default=0) <= part_bytes + ON_THE_WAY


def test_killed_at_each_step_of_the_way_into_the_library(library: Path):
    paths = ("tiny-00001-of-00002.gguf", "tiny-00002-of-00002.gguf")
    with LoopbackHub() as hub:
        hub.add(REPOSITORY, {path: (500_000, seed) for seed, path in enumerate(paths)})
        with transfer_of(hub, library, *paths, part_bytes=200_000) as (child, journal):
            for step in itertools.count(1):
                begin_anew(library, journal)
                child.begin(f"step {step}")
                if child.ended() == 0:
                    break
                arrived = [path for path in paths if (library / path).exists()]
                assert all(provenance.read(library / path) for path in arrived)  # never in the library without its origin
                folder = DownloadFolder(library, journal.id)
                if folder.read() is None:  # the first thing that goes in the end: what it described is in place
                    folder.remove()
                else:
                    child.begin()
                    assert child.ended() == 0 and child.said == [["done", *paths]]
                assert_arrived(library, journal)
    assert step > 30
