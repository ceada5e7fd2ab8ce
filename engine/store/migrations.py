"""Bring a database to the schema of this version: copy first, all steps in one transaction, the copy back on failure.

A schema is a list of numbered functions; number n turns version n - 1 into n and is never changed once released.
Which tables there are is in main_schema and matter_schema.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from engine.errors import StoreDamaged, StrongroomError
from engine.store.database import Database, new_file, remove_files
from engine.store.foreign_errors import foreign_errors

Step = Callable[[Connection], None]


@dataclass(frozen=True)
class Schema:
    """The steps from nothing to the newest version, in order."""

    steps: tuple[Step, ...]

    @property
    def newest(self) -> int:
        return len(self.steps)


def create_database(file: Path | None, key: bytes | None, schema: Schema) -> Database:
    """A new database with all its tables, in `file` or in memory (None). Raises FileExistsError, DiskFull."""
    if file is not None:
        with foreign_errors(file):
            new_file(file)
    database = Database(file, key)
    try:
        _run(database, schema, 0)
        database.checkpoint()
    except BaseException:
        database.close()
        if file is not None:
            remove_files(file)
        raise
    return database


def open_database(file: Path, key: bytes, schema: Schema) -> Database:
    """An existing database, migrated if it is of an older version.

    Raises StoreDamaged: not_readable, newer_version, or migration_failed, then the file is as it was.
    """
    if not file.is_file():
        raise StoreDamaged(file.name, "not_readable", "missing")
    database = Database(file, key)
    try:
        version = version_of(database)
        if version == 0:
            raise StoreDamaged(file.name, "not_readable", "empty")
        if version > schema.newest:
            raise StoreDamaged(file.name, "newer_version", f"version {version}")
        if version < schema.newest:
            _migrate(database, file, schema, version)
        copy_of(file).unlink(missing_ok=True)
    except BaseException:
        database.close()
        raise
    return database


def version_of(database: Database) -> int:
    """The version of the schema that the database has; 0 for an empty one."""
    with database.read() as session:
        return int(session.connection().exec_driver_sql("PRAGMA user_version").scalar_one())


def copy_of(file: Path) -> Path:
    """Where the copy lies while a migration runs; it is encrypted with the same key."""
    return file.with_name(file.name + ".before-migration")


def _migrate(database: Database, file: Path, schema: Schema, version: int) -> None:
    copy = copy_of(file)
    _copy(database, copy)
    try:
        _run(database, schema, version)
    except BaseException as error:
        database.close()
        with foreign_errors(file):
            _put_back(copy, file)
        if isinstance(error, StrongroomError) or not isinstance(error, Exception):
            raise
        raise StoreDamaged(file.name, "migration_failed", f"from version {version}: {type(error).__name__}") from error


def _run(database: Database, schema: Schema, version: int) -> None:
    with database.write() as session:
        connection = session.connection()
        for step in schema.steps[version:]:
            step(connection)
        connection.exec_driver_sql(f"PRAGMA user_version={schema.newest}")


def _copy(database: Database, copy: Path) -> None:
    partial = copy.with_name(copy.name + ".part")
    with foreign_errors(copy):
        partial.unlink(missing_ok=True)
        new_file(partial)
        try:
            with database.outside_transactions() as connection:
                connection.exec_driver_sql("VACUUM INTO ?", (str(partial),))
            _settle(partial)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        os.replace(partial, copy)


def _put_back(copy: Path, file: Path) -> None:
    remove_log(file)
    os.replace(copy, file)


def remove_log(file: Path) -> None:
    """Remove the write-ahead log of a closed database whose transactions shall not count."""
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _settle(file: Path) -> None:
    descriptor = os.open(file, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
