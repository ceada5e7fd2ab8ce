"""Files that are there whole or not at all, also after a power cut, and folders that really hold what was put there.

Knows nothing of what is written.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path


def write_whole(file: Path, content: bytes) -> None:
    """Put `content` into `file` so that a reader finds either the old content or the new. Raises OSError."""
    partial = file.with_name(f"{file.name}.new")  # always the same, so that what a kill leaves is written over
    try:
        with partial.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(partial, file)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def write_at(descriptor: int, content: bytes | memoryview, place: int) -> None:
    """Write all of it: a disk that is nearly full takes a piece first and refuses the rest with the next call. Raises OSError."""
    os.lseek(descriptor, place, os.SEEK_SET)
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_folder(folder: Path) -> None:
    """Make renames and removals in a folder survive a power cut. Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network drives refuse it; the rename itself has happened
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_place(file: Path, target: Path) -> None:
    """Give `file` the name `target` on the same disk, never over a file that is there. Raises FileExistsError, OSError."""
    if sys.platform == "win32":
        file.rename(target)  # refuses by itself if the target exists
        return
    try:
        os.link(file, target)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links, such as a USB stick
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        file.rename(target)
    else:
        file.unlink()
    sync_folder(target.parent)
