"""Errors of SQLite and of the operating system, turned into ours in one place.

Message texts are dropped: they can hold values that were being written.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2 as sqlcipher

from engine.errors import DiskFull, StoreDamaged, StoreInUse, StrongroomError

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
DAMAGED = {
    sqlcipher.SQLITE_NOTADB,
    sqlcipher.SQLITE_CORRUPT,
    sqlcipher.SQLITE_CANTOPEN,
    sqlcipher.SQLITE_IOERR,
    sqlcipher.SQLITE_READONLY,
    sqlcipher.SQLITE_PERM,
}
IN_USE = {sqlcipher.SQLITE_BUSY, sqlcipher.SQLITE_LOCKED}
TRIAL_BYTES = 1 << 20


@contextmanager
def foreign_errors(file: Path | None) -> Iterator[None]:
    """Raise DiskFull, StoreDamaged or StoreInUse for what went wrong with `file` (None: a store in memory).

    What means a fault in Strongroom itself, such as wrong SQL, passes unchanged.
    """
    try:
        yield
    except StrongroomError:
        raise
    except (DBAPIError, sqlcipher.Error) as error:
        translated = _from_sqlite(error, file)
        if translated is None:
            raise
        raise translated from None
    except OSError as error:
        raise _from_system(error, file) from None


def _from_sqlite(error: BaseException, file: Path | None) -> StrongroomError | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)  # a primary code; this binding gives no extended ones
    if code == sqlcipher.SQLITE_FULL or (code == sqlcipher.SQLITE_IOERR and not _can_grow(file)):
        return DiskFull(free=_free(file))
    if code in DAMAGED:
        return StoreDamaged(_name(file), "not_readable", str(getattr(cause, "sqlite_errorname", "")))
    if code in IN_USE:
        return StoreInUse(None)
    return None


def _can_grow(file: Path | None) -> bool:
    """Whether a file as large as this one, or its log, could still be continued here.

    SQLite says "full" only when the disk is. A quota, a limit of the process or the largest size that a file system
    allows for a file is an I/O error to it, like a broken disk.
    """
    if file is None:
        return True
    sides = (file, file.with_name(file.name + "-wal"))
    try:
        with tempfile.TemporaryFile(dir=file.parent) as trial:
            trial.seek(max(side.stat().st_size for side in sides if side.exists()))
            trial.write(bytes(TRIAL_BYTES))
            trial.flush()
    except OSError as error:
        return error.errno not in NO_ROOM
    except ValueError:
        return True  # neither file is there
    return True


def _from_system(error: OSError, file: Path | None) -> StrongroomError:
    if error.errno in NO_ROOM:
        return DiskFull(free=_free(file))
    return StoreDamaged(_name(file), "not_readable", errno.errorcode.get(error.errno or 0, "OSError"))


def _free(file: Path | None) -> int:
    if file is None:
        return 0
    try:
        return shutil.disk_usage(file.parent).free
    except OSError:
        return 0


def _name(file: Path | None) -> str:
    return file.name if file is not None else "memory"
