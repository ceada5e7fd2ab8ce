"""Mend a damaged file: find the parts that are not what was recorded, fetch those alone, and put the result in its place.

The damaged file stays as it is until the mended copy is verified from beginning to end. Where the file system can, the
copy shares what is sound with it and takes no room. Runs in the thread of its transfer.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from engine.errors import ChecksumWrong, FileUnfit, NetworkFailed
from engine.models.disk_errors import check_room
from engine.models.download_journal import DownloadFolder, Journal, JournalFile
from engine.models.durable import write_at
from engine.models.line import Line
from engine.models.parts import damaged_parts, part_hashes, read_in_pieces
from engine.models.quarantine import Complete

_FICLONE = 0x40049409  # ioctl of Linux: let a file share all blocks of another


def mend(folder: DownloadFolder, journal: Journal, number: int, line: Line) -> Complete:
    """The file with every part as it was recorded: a mended copy in quarantine, or the file itself if it is sound.

    A copy that an earlier run left is gone on with. Raises NetworkError, ChecksumWrong, FileUnfit, NoRoom, OSError;
    Interrupted.
    """
    file, part = journal.files[number], folder.place / f"{number + 1}.part"
    target, n_bytes = folder.library / str(file.target), length_of(file)
    line.progress.say("verifying")
    has_copy = part.exists()
    if not has_copy and not target.exists():
        raise FileUnfit(target.name, "missing")  # it was removed since the repair was planned
    whole, found = _sums(part if has_copy else target, file, line)
    damaged = damaged_parts(file.known_parts, found)
    if not has_copy:
        if not damaged and target.stat().st_size == n_bytes:
            return Complete(target, whole, tuple(found), n_bytes)
        _copied(target, part, line.look)
    line.progress.n_done += n_bytes - sum(min(file.part_bytes, n_bytes - at * file.part_bytes) for at in damaged)
    with part.open("r+b", buffering=0) as out:
        out.truncate(n_bytes)
        for first, last in runs(damaged):
            _Mending(out.fileno(), journal, file, line).fetch(first, last)
        line.progress.say("verifying")
        os.fsync(out.fileno())
    whole, found = _sums(part, file, line)
    return Complete(part, whole, tuple(found), n_bytes)


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring numbers, in order, joined: first and last of each run."""
    first = last = None
    for number in numbers:
        if last is not None and number == last + 1:
            last = number
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = number
    if first is not None and last is not None:
        yield first, last


class _Mending:
    """Fetches the parts from `first` to `last`; each is checked before it is written."""

    def __init__(self, descriptor: int, journal: Journal, file: JournalFile, line: Line) -> None:
        self._descriptor, self._journal, self._file, self._line = descriptor, journal, file, line
        self._next = 0

    def fetch(self, first: int, last: int) -> None:
        self._next = first
        self._line.patiently(lambda: self._ask(last), lambda: self._next * self._file.part_bytes)

    def _ask(self, last: int) -> None:
        """One request for the parts from the next to the last; a part that is cut short is asked for again."""
        if self._next > last:
            return
        file, line = self._file, self._line
        line.progress.say("connecting")
        start, end = self._next * file.part_bytes, min((last + 1) * file.part_bytes, length_of(file))
        with line.opened(line.wanted(self._journal, file), start, end) as body:
            place, pending = body.start, bytearray()
            for chunk in line.chunks(body):
                line.progress.say("downloading")
                pending += chunk[max(0, start - place) :]  # a server without ranges begins at the beginning
                place += len(chunk)
                self._write_complete(pending, body.host)
                if self._next > last:
                    return
            raise NetworkFailed(host=body.host, reason="broken_off", detail=f"{end - place} bytes missing")

    def _write_complete(self, pending: bytearray, host: str) -> None:
        file = self._file
        n_bytes = length_of(file)
        while pending and self._next < len(file.known_parts):
            at = self._next * file.part_bytes
            size = min(file.part_bytes, n_bytes - at)
            if len(pending) < size:
                return
            part = bytes(pending[:size])
            if (found := hashlib.sha256(part).hexdigest()) != (expected := file.known_parts[self._next]):
                raise ChecksumWrong(file=file.path, host=host, expected=expected, found=found)
            write_at(self._descriptor, part, at)
            del pending[:size]
            self._next += 1
            self._line.progress.n_done += size


def length_of(file: JournalFile) -> int:
    """A repair knows the length, and all parts, from the records."""
    return file.n_bytes or 0


def _sums(part: Path, file: JournalFile, line: Line) -> tuple[str, list[str]]:
    return part_hashes(part, lambda _: line.look(), part_bytes=file.part_bytes)


def _copied(source: Path, part: Path, look: Callable[[], None]) -> None:
    """A copy of `source` at `part`, all of it or none."""
    partial = part.with_suffix(".copy")
    if not _cloned(source, partial):
        check_room(part.parent, source.stat().st_size)
        with partial.open("wb", buffering=0) as out:
            place = 0
            for piece in read_in_pieces(source, look):
                write_at(out.fileno(), piece, place)
                place += len(piece)
    os.replace(partial, part)


def _cloned(source: Path, target: Path) -> bool:
    """Copy without taking room, where the file system can (on Linux: btrfs, XFS, bcachefs, ZFS)."""
    if sys.platform != "linux":
        return False
    import fcntl

    with source.open("rb") as read, target.open("wb") as write, contextlib.suppress(OSError):
        fcntl.ioctl(write.fileno(), _FICLONE, read.fileno())
        return True
    return False
