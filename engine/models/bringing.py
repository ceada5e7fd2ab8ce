"""Put a file's content under another name: as a clone, as a second name of the same file, or as a copy.

A clone shares the disk's blocks until one of the two is changed (btrfs, XFS, APFS); nothing can reach it from outside.
A second name (hard link) costs nothing either, but is the same file: where the other program changes it in place, it
changes here too. Model stores replace files instead of changing them, so a link is taken where cloning is refused, on
two conditions: the file is this user's, and nobody else may write to it. What is changed all the same is caught by the
size and time in the sidecar: the file is hashed again and found damaged before it is trusted. A removed source takes
nothing away, and this program never writes into a model file: it replaces them.

Every way ends with the checksum of what stands under the new name. The source is only read.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from engine.errors import FileUnfit, NoRoom
from engine.models.disk_errors import check_room, disk_errors
from engine.models.meter import Meter
from engine.models.model_files import open_regular, size_of
from engine.models.parts import READ_BYTES, PartHasher

How = Literal["cloned", "linked", "copied"]
EVERY_WAY: tuple[How, ...] = ("cloned", "linked", "copied")
_FICLONE = 0x40049409
_AT_FDCWD = -2  # macOS


@dataclass(frozen=True)
class Brought:
    """How the content came to its new name, and the checksums of what is there now."""

    how: How
    sha256: str
    part_sha256: tuple[str, ...]


def bring(source: Path, target: Path, meter: Meter, *, ways: tuple[How, ...] = EVERY_WAY) -> Brought:
    """Bring the content of `source` to `target`, which must not exist, by the first of `ways` that works here.

    Raises FileUnfit (the source cannot be read, changed meanwhile, or is too large for the disk's format), NoRoom,
    FolderUnwritable and Stopped; then there is no `target`.
    """
    with open_regular(source) as content, _or_nothing(target), writing_into(target.parent, source):
        before = os.fstat(content.fileno())
        how: How = "copied"
        if "cloned" in ways and clone(content, target):
            how = "cloned"
        elif "linked" in ways and link(source, target):
            how = "linked"
        hasher = _copied(content, source, target, meter) if how == "copied" else _hashed(target, meter)
        after = os.fstat(content.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or hasher.n_bytes != before.st_size:
            raise FileUnfit(source.name, "unreadable", "it changed while it was read")
        return Brought(how, hasher.whole, tuple(hasher.all_parts))


@contextlib.contextmanager
def writing_into(folder: Path, file: Path) -> Iterator[None]:
    """Turn what the system says of writing `file` into `folder` into NoRoom, FolderUnwritable or FileUnfit."""
    try:
        with disk_errors(folder, lambda: size_of(file), file.name):
            yield
    except NoRoom as full:
        full.kept = False  # nothing was fetched that could have been kept
        raise


def clone(content: BinaryIO, target: Path) -> bool:
    """Whether the file system shared the content's blocks with a new file; if not, there is none.

    Raises FileExistsError.
    """
    if sys.platform == "darwin":
        return _cloned_on_mac(content, target)
    if sys.platform != "linux":
        return False
    import fcntl

    with target.open("xb") as out:
        try:
            fcntl.ioctl(out.fileno(), _FICLONE, content.fileno())
            os.fsync(out.fileno())
        except OSError:
            target.unlink()
            return False
    return True


def link(source: Path, target: Path) -> bool:
    """Whether `target` became a second name of the file, which nobody but this user may write to; if not, there is none.

    Raises FileExistsError.
    """
    try:
        real = Path(os.path.realpath(source))
        status = real.stat()
        if not stat.S_ISREG(status.st_mode) or _others_may_write(status):
            return False
        os.link(real, target)
    except FileExistsError:
        raise
    except OSError:
        return False
    made = target.lstat()
    if (made.st_dev, made.st_ino) == (status.st_dev, status.st_ino):
        return True
    target.unlink()  # the name was given to another file between looking and linking
    return False


def read_back(file: Path, meter: Meter) -> str:
    """The checksum of what the disk gives back, as far as the system can be kept from answering from memory.

    Raises FileUnfit and Stopped.
    """
    with open_regular(file) as written:
        if sys.platform == "linux":
            os.posix_fadvise(written.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return _hash_all(written, file.name, meter).whole


def _others_may_write(status: os.stat_result) -> bool:
    if sys.platform == "win32":
        return False  # the mode says nothing there; a linked file keeps its access list
    is_open_to_group = bool(status.st_mode & stat.S_IWGRP) and status.st_gid != os.getegid()
    return status.st_uid != os.geteuid() or is_open_to_group or bool(status.st_mode & stat.S_IWOTH)


def _cloned_on_mac(content: BinaryIO, target: Path) -> bool:
    try:
        library = ctypes.CDLL(None, use_errno=True)
        result: int = library.fclonefileat(content.fileno(), _AT_FDCWD, os.fsencode(target), 0)
    except AttributeError:
        return False
    return result == 0


def _copied(content: BinaryIO, source: Path, target: Path, meter: Meter) -> PartHasher:
    check_room(target.parent, os.fstat(content.fileno()).st_size)
    hasher = PartHasher()
    with target.open("xb") as out:
        while piece := _read(content, source.name):
            out.write(piece)
            hasher.feed(piece)
            meter.add(len(piece))
        out.flush()
        os.fsync(out.fileno())
    return hasher


def _hashed(file: Path, meter: Meter) -> PartHasher:
    with open_regular(file) as content:
        return _hash_all(content, file.name, meter)


def _hash_all(content: BinaryIO, name: str, meter: Meter) -> PartHasher:
    hasher = PartHasher()
    while piece := _read(content, name):
        hasher.feed(piece)
        meter.add(len(piece))
    return hasher


def _read(content: BinaryIO, name: str) -> bytes:
    try:
        return content.read(READ_BYTES)
    except OSError as error:
        raise FileUnfit(name, "unreadable", os.strerror(error.errno or errno.EIO)) from None


@contextlib.contextmanager
def _or_nothing(target: Path) -> Iterator[None]:
    """Leave no half of a file behind; a file that was there before is not touched."""
    existed = os.path.lexists(target)
    try:
        yield
    except BaseException:
        if not existed:
            with contextlib.suppress(OSError):
                target.unlink(missing_ok=True)
        raise
