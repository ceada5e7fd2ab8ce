from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from engine.errors import DiskFull, StoreDamaged
from engine.store.database import Database, new_file, remove_files

KEY = bytes(range(32))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    new_file(tmp_path / "a.db")
    opened = Database(tmp_path / "a.db", KEY)
    with opened.write() as session:
        session.connection().exec_driver_sql("CREATE TABLE numbers (n INTEGER PRIMARY KEY)")
    yield opened
    opened.close()


def numbers(database: Database) -> list[int]:
    with database.read() as session:
        return list(session.connection().exec_driver_sql("SELECT n FROM numbers ORDER BY n").scalars())


def add(database: Database, *values: int) -> None:
    with database.write() as session:
        for value in values:
            session.connection().exec_driver_sql("INSERT INTO numbers VALUES (?)", (value,))


def test_connections_are_set_up_for_secrets(database: Database) -> None:
    wanted = {"journal_mode": "wal", "secure_delete": 1, "temp_store": 2, "foreign_keys": 1, "synchronous": 2, "auto_vacuum": 2}
    with database.outside_transactions() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    assert found == wanted


def test_the_file_is_not_a_readable_database(database: Database) -> None:
    add(database, 1)
    database.close()
    assert database.file is not None and b"SQLite" not in database.file.read_bytes()


def test_a_change_is_kept_whole_or_not_at_all(database: Database) -> None:
    add(database, 1)
    with pytest.raises(IntegrityError):
        add(database, 2, 1)
    assert numbers(database) == [1]


def test_new_tables_are_undone_with_the_rest(database: Database) -> None:
    with pytest.raises(KeyError), database.write() as session:
        session.connection().exec_driver_sql("CREATE TABLE others (n)")
        session.connection().exec_driver_sql("ALTER TABLE numbers ADD COLUMN word")
        raise KeyError
    with database.read() as session:
        tables = session.connection().exec_driver_sql("SELECT sql FROM sqlite_master").scalars().all()
    assert tables == ["CREATE TABLE numbers (n INTEGER PRIMARY KEY)"]


def test_what_a_reader_changes_is_dropped(database: Database) -> None:
    with database.read() as session:
        session.connection().exec_driver_sql("INSERT INTO numbers VALUES (7)")
    assert numbers(database) == []


def test_a_reader_sees_one_moment_while_a_writer_goes_on(database: Database) -> None:
    add(database, 1)
    with database.read() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM numbers").scalar() == 1
        add(database, 2)
        assert session.connection().exec_driver_sql("SELECT count(*) FROM numbers").scalar() == 1
    assert numbers(database) == [1, 2]


def test_the_log_is_emptied_only_when_no_reader_needs_it(database: Database) -> None:
    log = database.file.with_name("a.db-wal")  # type: ignore[union-attr]
    add(database, 1)
    assert log.stat().st_size > 0
    assert database.checkpoint()
    assert log.stat().st_size == 0


@pytest.mark.parametrize("in_memory", [False, True])
def test_threads_read_while_one_writes(tmp_path: Path, in_memory: bool) -> None:
    if not in_memory:
        new_file(tmp_path / "b.db")
    database = Database(None, None) if in_memory else Database(tmp_path / "b.db", KEY)
    with database.write() as session:
        session.connection().exec_driver_sql("CREATE TABLE numbers (n INTEGER PRIMARY KEY)")
    failures: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                seen = numbers(database)
                assert seen == list(range(len(seen))) and len(seen) % 2 == 0
        except BaseException as failure:
            failures.append(failure)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for n in range(0, 100, 2):
        add(database, n, n + 1)
    done.set()
    for reader in readers:
        reader.join()
    database.close()
    assert failures == []


def test_two_writers_wait_for_each_other(database: Database) -> None:
    threads = [threading.Thread(target=add, args=(database, *range(start, start + 20))) for start in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers(database)) == 60


# ---------------------------------------------------------------- what goes wrong
def test_a_wrong_key_is_an_error_without_a_word_on_stderr(database: Database, tmp_path: Path) -> None:
    add(database, 1)
    database.close()
    program = (
        "import sys; from pathlib import Path; from engine.store.database import Database\n"
        "from engine.errors import StoreDamaged\n"
        "try:\n with Database(Path(sys.argv[1]), b'?' * 32).read() as session: session.connection()\n"
        "except StoreDamaged as error: print(error.reason)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "a.db")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3])
    assert (ended.stdout, ended.stderr) == ("not_readable\n", "")


def test_a_flipped_byte_is_noticed(database: Database) -> None:
    add(database, *range(2000))
    database.close()
    assert database.file is not None
    content = bytearray(database.file.read_bytes())
    content[4096 * 3 + 50] ^= 1
    database.file.write_bytes(content)
    with pytest.raises(StoreDamaged) as noticed:
        numbers(database)
    assert noticed.value.file == "a.db"
    database.close()


def test_a_file_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    database = Database(tmp_path / "gone.db", KEY)
    with pytest.raises(StoreDamaged):
        numbers(database)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_loses_nothing_that_was_stored(database: Database) -> None:
    add(database, *range(500))
    with database.outside_transactions() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(DiskFull) as full:
        add(database, *range(1000, 60_000))
    assert full.value.free > 0
    assert numbers(database) == list(range(500))
    add(database, 501)
    assert numbers(database)[-1] == 501


def test_an_error_does_not_carry_what_was_being_written(database: Database) -> None:
    with pytest.raises(IntegrityError) as refused, database.write() as session:
        session.connection().exec_driver_sql("INSERT INTO numbers VALUES (?)", ("the secret clause",))
    assert "secret" not in str(refused.value)


def test_the_key_is_not_in_what_an_engine_says_of_itself(database: Database) -> None:
    assert KEY.hex() not in repr(database._engine) and KEY.hex() not in str(database._engine.url)


@pytest.mark.parametrize(("file", "key"), [(Path("x"), None), (None, KEY), (Path("x"), b"short")])
def test_a_file_needs_a_key(file: Path | None, key: bytes | None) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Database(file, key)


def test_files_are_removed_with_their_logs(tmp_path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"a.db{suffix}").touch()
    remove_files(tmp_path / "a.db")
    remove_files(tmp_path / "a.db")
    assert os.listdir(tmp_path) == []
