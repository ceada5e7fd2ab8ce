from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlmodel import SQLModel

from engine.errors import DiskFull, StoreDamaged
from engine.store import migrations
from engine.store.database import Database
from engine.store.main_schema import MAIN_SCHEMA
from engine.store.main_tables import MainTable
from engine.store.matter_schema import MATTER_SCHEMA
from engine.store.matter_tables import MatterTable
from engine.store.migrations import Schema, copy_of, create_database, open_database, version_of

KEY = bytes(range(32))


class Killed(BaseException):
    """The process ends here."""


def notes(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE notes (text TEXT)")


def marked(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE notes ADD COLUMN marked INTEGER DEFAULT 1")


def failing(connection: Connection) -> None:
    connection.exec_driver_sql("DELETE FROM notes")
    raise RuntimeError("a step with a mistake")


ONE, TWO = Schema((notes,)), Schema((notes, marked))


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    file = tmp_path / "a.db"
    database = create_database(file, KEY, ONE)
    with database.write() as session:
        session.connection().exec_driver_sql("INSERT INTO notes VALUES ('kept')")
    database.close()
    return file


def rows(database: Database) -> list[tuple]:
    with database.read() as session:
        return [tuple(row) for row in session.connection().exec_driver_sql("SELECT * FROM notes")]


def test_an_older_file_is_brought_up_to_date(old_file: Path) -> None:
    database = open_database(old_file, KEY, TWO)
    assert version_of(database) == 2
    assert rows(database) == [("kept", 1)]
    database.close()
    assert [file.name for file in old_file.parent.iterdir()] == ["a.db"]


def test_a_file_of_this_version_is_left_alone(old_file: Path) -> None:
    before = old_file.read_bytes()
    open_database(old_file, KEY, ONE).close()
    assert old_file.read_bytes() == before


def test_a_file_of_a_newer_version_is_refused_untouched(old_file: Path) -> None:
    open_database(old_file, KEY, TWO).close()
    before = old_file.read_bytes()
    with pytest.raises(StoreDamaged) as refused:
        open_database(old_file, KEY, ONE)
    assert (refused.value.file, refused.value.reason) == ("a.db", "newer_version")
    assert old_file.read_bytes() == before


@pytest.mark.parametrize("steps", [(notes, failing), (notes, marked, failing)])
def test_a_step_that_fails_leaves_the_old_file(old_file: Path, steps: tuple) -> None:
    with pytest.raises(StoreDamaged) as refused:
        open_database(old_file, KEY, Schema(steps))
    assert (refused.value.reason, refused.value.detail) == ("migration_failed", "from version 1: RuntimeError")
    assert [file.name for file in old_file.parent.iterdir()] == ["a.db"]
    database = open_database(old_file, KEY, ONE)
    assert rows(database) == [("kept",)]
    database.close()


def test_the_copy_is_encrypted_with_the_same_key(old_file: Path, tmp_path: Path) -> None:
    def look(connection: Connection) -> None:
        shutil.copy(copy_of(old_file), tmp_path / "seen.db")

    open_database(old_file, KEY, Schema((notes, look))).close()
    assert b"kept" not in (tmp_path / "seen.db").read_bytes()
    with pytest.raises(StoreDamaged):
        open_database(tmp_path / "seen.db", b"?" * 32, ONE)
    database = open_database(tmp_path / "seen.db", KEY, ONE)
    assert rows(database) == [("kept",)]
    database.close()


def test_a_copy_left_by_a_killed_migration_does_no_harm(old_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(migrations, "_run", killed)
        patched.setattr(migrations, "_put_back", lambda *_: None)
        with pytest.raises(Killed):
            open_database(old_file, KEY, TWO)
    assert copy_of(old_file).exists()
    database = open_database(old_file, KEY, TWO)
    assert rows(database) == [("kept", 1)]
    database.close()
    assert not copy_of(old_file).exists()


def test_no_room_for_the_copy_means_no_migration(old_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(migrations, "_settle", full)
        with pytest.raises(DiskFull):
            open_database(old_file, KEY, TWO)
    assert [file.name for file in old_file.parent.iterdir()] == ["a.db"]
    database = open_database(old_file, KEY, ONE)
    assert rows(database) == [("kept",)]
    database.close()


def test_a_file_is_created_once(old_file: Path) -> None:
    before = old_file.read_bytes()
    with pytest.raises(StoreDamaged):
        create_database(old_file, KEY, ONE)
    assert old_file.read_bytes() == before


def test_a_creation_that_fails_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        create_database(tmp_path / "b.db", KEY, Schema((notes, failing)))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("schema", "tables"), [(MAIN_SCHEMA, MainTable), (MATTER_SCHEMA, MatterTable)])
def test_the_steps_make_the_tables_that_the_code_expects(schema: Schema, tables: type[SQLModel]) -> None:
    database = create_database(None, None, schema)
    with database.read() as session:
        for table in tables.metadata.sorted_tables:
            found = session.connection().exec_driver_sql(f"PRAGMA table_info('{table.name}')").all()
            columns = {row.name: (row.pk > 0, not row.notnull) for row in found}
            assert columns == {column.name: (column.primary_key, bool(column.nullable)) for column in table.columns}, table.name
    database.close()
