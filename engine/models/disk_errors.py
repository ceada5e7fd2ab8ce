"""What a disk refuses, as errors that a user can meet; and whether it has room. Writes nothing."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import FileUnfit, FolderUnwritable, NoRoom

SPARE_BYTES = 64 << 20  # left free beside a download, for everything else that writes
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def disk_errors(folder: Path, missing: Callable[[], int | None], file: str) -> Iterator[None]:
    """Turn what the disk of `folder` refuses into NoRoom, FolderUnwritable or, where it takes no file so large, FileUnfit.

    `missing` tells how many bytes are still to be written.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL or getattr(error, "winerror", None) == 112:  # a full disk, as Windows puts it
            raise NoRoom(str(folder), needed=missing() or 0, free=free_bytes(folder) or 0, kept=True) from error
        if error.errno == errno.EFBIG:  # such as 4 GB on a stick that was formatted with FAT
            raise FileUnfit(file=file, reason="too_large", detail="file system") from error
        raise FolderUnwritable(str(folder)) from error


def check_room(folder: Path, needed: int, *, promised: int = 0, kept: bool = False) -> None:
    """Raise NoRoom unless `needed` bytes fit into `folder` beside those that others were promised.

    `kept`: something was fetched before and stays.
    """
    free = free_bytes(folder)
    if free is not None and needed and free - promised < needed + SPARE_BYTES:
        raise NoRoom(str(folder), needed=needed + SPARE_BYTES, free=max(0, free - promised), kept=kept)


def free_bytes(folder: Path) -> int | None:
    """None where the system does not say."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
