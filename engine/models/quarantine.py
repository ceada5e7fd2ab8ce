"""The bytes of a file while it is being fetched: kept under another name until all of them are verified.

`N.part` holds the bytes, `N.sums` the checksum of each complete part, appended as it came from the network, and `N.tail`
the checksum of a part that a pause cut short. After a kill or a power cut nothing is taken on trust: what is on the
disk counts as far as it agrees with those checksums, and the rest is cut off. So no order of writing can make a wrong
byte look right, and waiting for the disk is needed only to bound what a power cut costs. Knows nothing of networks.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from engine.models.durable import write_at, write_whole
from engine.models.parts import PART_BYTES, READ_BYTES, PartHasher

SUM_BYTES = 32
WRITE_BYTES = 1 << 20  # gathered before it is written
SYNC_BYTES = 64 << 20  # handed to the disk in the background after so many bytes: what a power cut costs at most, about


@dataclass(frozen=True)
class Complete:
    """A file of which every byte came: what they are. Whether they are the right ones is for others to judge."""

    file: Path
    sha256: str
    part_sha256: tuple[str, ...]
    n_bytes: int


class Quarantine:
    """One file in the making, opened where it was left off. Not for several threads at a time.

    `look` is called for each piece that is read again and may raise to end that; everything may raise OSError.
    """

    def __init__(self, folder: Path, number: int, look: Callable[[], None], *, part_bytes: int = PART_BYTES) -> None:
        self.file = folder / f"{number}.part"
        self._sums_file, self._tail_file = folder / f"{number}.sums", folder / f"{number}.tail"
        self._part_bytes = part_bytes
        self._descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0))
        self._gathered: list[bytes] = []
        self._writing: Future[None] | None = None
        self._syncing: Future[None] | None = None
        self._synced_at = 0
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="keep download")  # one writes, one waits for the disk
        try:
            self._hasher = self._verified(look)
            self._n_bytes = self._hasher.n_bytes
            self._cut()
        except BaseException:
            self.close()
            raise

    @property
    def n_bytes(self) -> int:
        """How much is there; what comes next belongs after it."""
        return self._n_bytes

    def append(self, chunk: bytes) -> None:
        """Add what came next. It is written and hashed while more comes; what that meets is raised then.

        Little is on its way at any time, and nothing when a part is complete: so a kill costs a part at most.
        """
        self._gathered.append(chunk)
        part = self._n_bytes // self._part_bytes
        self._n_bytes += len(chunk)
        if self._n_bytes // self._part_bytes != part:
            self._written()
        elif sum(map(len, self._gathered)) >= WRITE_BYTES:
            self._hand_on()
        if self._n_bytes - self._synced_at >= SYNC_BYTES and (self._syncing is None or self._syncing.done()):
            self._settle()
            self._synced_at = self._n_bytes
            self._syncing = self._threads.submit(self._sync)

    def restart(self) -> None:
        """Throw away what is there."""
        self._settle()
        self._hasher = PartHasher(self._part_bytes)
        self._n_bytes = self._synced_at = 0
        self._cut()

    def keep(self) -> None:
        """Make what is there survive anything, the incomplete last part included."""
        self._settle()
        if begun := self._hasher.begun:
            write_whole(self._tail_file, f"{self.n_bytes} {begun}".encode())
        self._sync()

    def complete(self) -> Complete:
        """Call it complete: all of it is on the disk when this returns."""
        self._settle()
        self._sync()
        return Complete(self.file, self._hasher.whole, tuple(self._hasher.all_parts), self.n_bytes)

    def close(self) -> None:
        """Let go of the files; they stay."""
        self._threads.shutdown(wait=True)
        for descriptor in (self._descriptor, getattr(self, "_sums", -1)):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    # ------------------------------------------------------------ what was kept
    def _verified(self, look: Callable[[], None]) -> PartHasher:
        """Read again what is there, as far as it agrees with the checksums that were noted when it came."""
        self._sums = os.open(self._sums_file, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0))
        noted = self._sums_file.read_bytes()
        hasher = PartHasher(self._part_bytes)
        for at in range(0, len(noted) - SUM_BYTES + 1, SUM_BYTES):
            further = self._read_on(hasher, self._part_bytes, look)
            if further is None or further.parts[-1] != noted[at : at + SUM_BYTES].hex():
                return hasher
            hasher = further
        n_tail, checksum = self._tail()
        further = self._read_on(hasher, n_tail - hasher.n_bytes, look)
        return further if further is not None and further.begun == checksum else hasher

    def _read_on(self, hasher: PartHasher, n_bytes: int, look: Callable[[], None]) -> PartHasher | None:
        """A hasher that has taken in `n_bytes` more, at most one part; None if so many are not there."""
        if not 0 < n_bytes <= self._part_bytes:
            return None
        further = hasher.copy()
        while n_bytes:
            look()
            os.lseek(self._descriptor, further.n_bytes, os.SEEK_SET)
            if not (piece := os.read(self._descriptor, min(n_bytes, READ_BYTES))):
                return None
            further.feed(piece)
            n_bytes -= len(piece)
        return further

    def _tail(self) -> tuple[int, str]:
        try:
            n_bytes, checksum = self._tail_file.read_text("ascii").split()
            return int(n_bytes), checksum
        except (OSError, ValueError):
            return 0, ""

    def _cut(self) -> None:
        os.ftruncate(self._descriptor, self._n_bytes)
        os.ftruncate(self._sums, self._sums_end())

    # ------------------------------------------------------------ the disk
    def _sums_end(self, *, before: int = 0) -> int:
        return (len(self._hasher.parts) - before) * SUM_BYTES

    def _hand_on(self) -> None:
        """Let what was gathered be written and hashed, once what was handed on before is."""
        self._await_writing()
        chunks, self._gathered = self._gathered, []
        if chunks:
            self._writing = self._threads.submit(self._write, chunks)

    def _write(self, chunks: list[bytes]) -> None:
        """In a thread of ours."""
        chunk = b"".join(chunks)
        write_at(self._descriptor, chunk, self._hasher.n_bytes)
        if completed := self._hasher.feed(chunk):
            write_at(self._sums, b"".join(map(bytes.fromhex, completed)), self._sums_end(before=len(completed)))

    def _written(self) -> None:
        """Wait until everything that came is written and hashed; raises what that met."""
        self._hand_on()
        self._await_writing()

    def _await_writing(self) -> None:
        if self._writing is not None:
            running, self._writing = self._writing, None
            try:
                running.result()
            except OSError:  # what was not written did not come
                self._n_bytes, self._gathered = self._hasher.n_bytes, []
                raise

    def _sync(self) -> None:
        os.fsync(self._descriptor)
        os.fsync(self._sums)

    def _settle(self) -> None:
        """Wait for everything that was handed to the disk; raises what it met."""
        self._written()
        if self._syncing is not None:
            running, self._syncing = self._syncing, None
            running.result()


def kept_bytes(folder: Path, number: int, *, part_bytes: int = PART_BYTES) -> int:
    """About how much of a file is in quarantine, without reading it again."""
    try:
        here = (folder / f"{number}.part").stat().st_size
        complete = (folder / f"{number}.sums").stat().st_size // SUM_BYTES * part_bytes
    except OSError:
        return 0
    with contextlib.suppress(OSError, ValueError):
        complete = max(complete, int((folder / f"{number}.tail").read_text("ascii").split()[0]))
    return min(here, complete)


def discard(folder: Path, number: int) -> None:
    """Remove what is in quarantine of a file. Raises OSError."""
    for ending in ("sums", "tail", "part"):
        (folder / f"{number}.{ending}").unlink(missing_ok=True)
