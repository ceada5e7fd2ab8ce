"""One encrypted database: connections, transactions, its file. Knows no table.

A file is opened with SQLCipher and a raw key only; the standard library's sqlite3 must never touch it, as it would
destroy the write-ahead log under live connections. Reads may come from several threads at once, each sees what was
committed when it began; writes are meant for one thread and wait for each other if they are not. A database in
memory has a single connection, so there everything waits for its turn.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import sqlalchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool, StaticPool
from sqlcipher3 import dbapi2 as sqlcipher

from engine.errors import DiskFull, StoreError
from engine.store.foreign_errors import foreign_errors

KEY_BYTES = 32
BUSY_TIMEOUT_MS = 10_000
PRAGMAS = (
    "foreign_keys=ON",
    "secure_delete=ON",
    "temp_store=MEMORY",
    "trusted_schema=OFF",
    f"busy_timeout={BUSY_TIMEOUT_MS}",
)
FILE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # a committed answer survives a power cut, not only a crash
    "journal_size_limit=16777216",
    "cache_size=-8000",  # KiB for each connection; pages in the cache are not decrypted again
)
SIDE_FILES = ("", "-wal", "-shm")


class Database:
    """The database in `file` under `key` (32 bytes); both None: one in memory that ends with this object.

    The file must exist, be it empty; see `new_file`. Raises StoreDamaged when it cannot be read with the key.
    """

    def __init__(self, file: Path | None, key: bytes | None) -> None:
        if (file is None) != (key is None) or (key is not None and len(key) != KEY_BYTES):
            raise ValueError("a file needs a key of 32 bytes, a database in memory has none")
        self.file = file
        self._turn = threading.RLock() if file is None else nullcontext()
        self._engine = _engine(file, key)
        self._writing = self._engine.execution_options(begin="BEGIN IMMEDIATE")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the database throughout; what it changes is dropped."""
        with foreign_errors(self.file), self._turn, Session(self._engine, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are all kept at the end, or none of them when anything is raised.

        Raises DiskFull; what was there before is then untouched.
        """
        try:
            with foreign_errors(self.file), self._turn, Session(self._writing) as session, session.begin():
                yield session
        except DiskFull:
            with suppress(StoreError):
                self.checkpoint()  # the log of what did not fit gives its room back
            raise

    @contextmanager
    def outside_transactions(self) -> Iterator[Connection]:
        """A connection on which each statement stands for itself, for what SQLite refuses within a transaction."""
        plain = self._engine.execution_options(begin="")
        with foreign_errors(self.file), self._turn, plain.connect() as connection:
            yield connection

    def checkpoint(self) -> bool:
        """Move the write-ahead log into the file and empty it; False when a reader still needed it."""
        if self.file is None:
            return True
        with self.outside_transactions() as connection:
            busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        return not busy

    def give_back_space(self) -> None:
        """Shorten the file by the pages that removed rows left behind."""
        if self.file is None:
            return
        with self.outside_transactions() as connection:
            # One step frees one page and gives an empty row; only a script is run to its end.
            connection.connection.cursor().executescript("PRAGMA incremental_vacuum")
        self.checkpoint()

    def close(self) -> None:
        """Close every connection; the last one empties the write-ahead log. Safe to call twice."""
        with self._turn:
            self._engine.dispose()


def new_file(file: Path) -> None:
    """Create an empty file that only this user can read. Raises FileExistsError."""
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def remove_files(file: Path) -> None:
    """Remove a closed database with its log. Files that are not there are removed already."""
    for suffix in SIDE_FILES:
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _engine(file: Path | None, key: bytes | None) -> Engine:
    if file is None:
        url = URL.create("sqlite")
        engine = sqlalchemy.create_engine(url, module=sqlcipher, creator=_connect_memory, poolclass=StaticPool)
    else:
        uri = file.absolute().as_uri() + "?mode=rw"  # never creates: a lost file must not come back empty
        url = URL.create("sqlite", database=str(file.absolute()))
        engine = sqlalchemy.create_engine(
            url,
            module=sqlcipher,
            creator=lambda: _connect(uri, key.hex() if key else ""),
            poolclass=QueuePool,
            pool_size=3,
            max_overflow=5,
            hide_parameters=True,  # an exception must not carry what was being written
        )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # The driver's own transactions leave out DDL; sent by hand, a failed migration is undone as a whole.
        if statement := connection.get_execution_options().get("begin", "BEGIN"):
            connection.exec_driver_sql(statement)

    return engine


def _connect(uri: str, key: str) -> sqlcipher.Connection:
    connection = sqlcipher.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
    try:
        connection.execute("PRAGMA cipher_log_level=NONE")  # else a wrong key writes lines to stderr
        connection.execute(f"PRAGMA key=\"x'{key}'\"")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # only here a wrong key shows
        if connection.execute("PRAGMA page_count").fetchone() == (0,):
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")  # heeded before WAL mode writes the first page, never later
        for pragma in PRAGMAS + FILE_PRAGMAS:
            connection.execute("PRAGMA " + pragma).fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_memory() -> sqlcipher.Connection:
    connection = sqlcipher.connect(":memory:", check_same_thread=False, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute("PRAGMA " + pragma).fetchall()
    return connection
