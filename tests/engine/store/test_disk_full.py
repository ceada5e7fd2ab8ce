"""No room to write: real limits of the operating system in a child, and what every kind of "full" becomes."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlcipher3 import dbapi2 as sqlcipher

from engine.errors import DiskFull, NotFound, StoreDamaged, StoreInUse
from engine.store.foreign_errors import foreign_errors

CHECKOUT = Path(__file__).parents[3]

FILLING = """
import os, resource, sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from engine.errors import DiskFull
from engine.ledger_records import LedgerEvent
from engine.paths import Profile
from engine.store.keys import Stretching
from engine.store.store import Store
Stretching.today = classmethod(lambda _: Stretching(b"s" * 16, memory_kib=64, passes=1, lanes=1))
profile = Profile(Path(sys.argv[1]))
store = Store.open(profile, protection="passphrase", passphrase="p")
matter = store.matter(store.matters.create("Northwind").id)
kept, _ = matter.documents.add("kept.txt", "text/plain", b"kept" * 100_000)
conversation = matter.conversations.create("kept")
noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
entry = LedgerEvent("", noon, noon.date(), "local", "ask", "m")
many = [replace(entry, id=f"{number:032x}", stop_reason="x" * 900) for number in range(2600)]

resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
full = []
for action in (
    lambda: matter.documents.add("large.bin", "application/octet-stream", os.urandom(4_000_000)),
    lambda: matter.conversations.add_question(conversation.id, "x" * 4_000_000),
    lambda: store.ledger.record_all(many),
    lambda: store.settings.write(store.settings.read().model_copy(update={"model": "m" * 4_000_000})),
):
    try:
        action()
    except DiskFull as error:
        logs = [file.stat().st_size for file in (*profile.matters.glob("*-wal"), *profile.root.glob("*-wal"))]
        full.append(error.free > 0 and max(logs) < 100_000)
small = matter.conversations.add_question(conversation.id, "a small one still fits")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
large, _ = matter.documents.add("large.bin", "application/octet-stream", os.urandom(4_000_000))
assert store.ledger.count() == 0 and store.ledger.totals(noon.date(), noon.date()) == []
assert store.ledger.record(many[0]) and store.ledger.check(noon).is_sound
print(full, [document.name for document in matter.documents.list()], len(matter.conversations.messages(conversation.id)))
os._exit(0)
"""

FOUND = """
import sys
from pathlib import Path
from engine.paths import Profile
from engine.store.store import Store
store = Store.open(Profile(Path(sys.argv[1])), protection="passphrase", passphrase="p")
matter = store.matter(store.matters.list()[0].id)
print([(document.name, len(matter.documents.original(document.id))) for document in matter.documents.list()])
store.close()
"""


def said(program: str, folder: Path) -> str:
    command = [sys.executable, "-c", program, str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=CHECKOUT, timeout=60)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


@pytest.mark.skipif(os.name != "posix", reason="resource limits")
def test_no_room_is_said_nothing_is_lost_and_writing_goes_on_afterwards(tmp_path: Path) -> None:
    assert said(FILLING, tmp_path / "profile") == "[True, True, True, True] ['kept.txt', 'large.bin'] 1"
    assert said(FOUND, tmp_path / "profile") == "[('kept.txt', 400000), ('large.bin', 4000000)]"


# ---------------------------------------------------------------- what errors become
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_no_room_has_several_names(tmp_path: Path, number: int) -> None:
    with pytest.raises(DiskFull) as full, foreign_errors(tmp_path / "a.db"):
        raise OSError(number, "the name of a client")
    assert full.value.free > 0
    assert "client" not in str(full.value)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.EIO])
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, number: int) -> None:
    with pytest.raises(StoreDamaged) as damaged, foreign_errors(tmp_path / "a.db"):
        raise OSError(number, "text")
    assert (damaged.value.file, damaged.value.detail) == ("a.db", errno.errorcode[number])


def sqlite_error(code: int) -> sqlcipher.OperationalError:
    error = sqlcipher.OperationalError("the text that was being written")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlcipher.SQLITE_FULL, DiskFull),
        (sqlcipher.SQLITE_IOERR, StoreDamaged),  # with room left
        (sqlcipher.SQLITE_CORRUPT, StoreDamaged),
        (sqlcipher.SQLITE_NOTADB, StoreDamaged),
        (sqlcipher.SQLITE_CANTOPEN, StoreDamaged),
        (sqlcipher.SQLITE_READONLY, StoreDamaged),
        (sqlcipher.SQLITE_BUSY, StoreInUse),
    ],
)
def test_what_sqlite_says_becomes_one_of_ours_without_its_text(tmp_path: Path, code: int, kind: type[Exception]) -> None:
    wrapped = OperationalError("INSERT", {"text": "secret"}, sqlite_error(code))
    for error in (sqlite_error(code), wrapped):
        with pytest.raises(kind) as raised, foreign_errors(tmp_path / "a.db"):
            raise error
        assert "text" not in str(raised.value) and raised.value.__suppress_context__


@pytest.mark.parametrize("error", [sqlite_error(sqlcipher.SQLITE_ERROR), NotFound("matter", "m"), KeyError("k")])
def test_faults_of_our_own_and_errors_of_our_own_pass(error: Exception) -> None:
    with pytest.raises(type(error)) as raised, foreign_errors(None):
        raise error
    assert raised.value is error
