"""Errors of SQLite and of the operating system, turned into ours in one place.

Message texts are dropped: they can hold values that were being written.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2 as sqlcipher

from engine.errors import DiskFull, StoreDamaged, StoreInUse, StrongroomError

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# SQLite says "full" for ENOSPC only. A quota or a limit on file sizes comes as a failed write, or as a failed
# growing of the shared-memory file.
IOERR_WRITE, IOERR_SHMSIZE = sqlcipher.SQLITE_IOERR | 3 << 8, sqlcipher.SQLITE_IOERR | 19 << 8  # the binding names neither
NO_ROOM_SQLITE = {sqlcipher.SQLITE_FULL, IOERR_WRITE, IOERR_SHMSIZE}
DAMAGED = {
    sqlcipher.SQLITE_NOTADB,
    sqlcipher.SQLITE_CORRUPT,
    sqlcipher.SQLITE_CANTOPEN,
    sqlcipher.SQLITE_IOERR,
    sqlcipher.SQLITE_READONLY,
    sqlcipher.SQLITE_PERM,
}
IN_USE = {sqlcipher.SQLITE_BUSY, sqlcipher.SQLITE_LOCKED}
PRIMARY = 0xFF  # an extended result code carries its primary code in the lowest byte


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
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:  # SQLCipher's binding leaves it out for a few kinds
        code = sqlcipher.SQLITE_NOTADB if "not a database" in str(cause) else -1
    name = str(getattr(cause, "sqlite_errorname", None) or "")
    if code in NO_ROOM_SQLITE or code & PRIMARY == sqlcipher.SQLITE_FULL:
        return DiskFull(free=_free(file))
    if code & PRIMARY in DAMAGED:
        return StoreDamaged(_name(file), "not_readable", name)
    if code & PRIMARY in IN_USE:
        return StoreInUse(None)
    return None


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
