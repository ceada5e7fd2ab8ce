"""A sentence goes through every part of the store, in a process that is then killed, and is looked for on the disk.

The search covers the profile with its live logs, the temporary folder and the home of the process, before the kill,
after it, and after the store was opened again. The control is the same sentence in the same kind of database without
a key: there it is found, in the file and in its log.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from engine.paths import Profile
from engine.store.store import Store

CHECKOUT = Path(__file__).parents[2]
CANARY = "Der Kanarienvogel singt um Mitternacht"
WORD = "Kanarienvogel"
PASSPHRASE = "niemals auf der Platte"
FORMS = [form for text in (CANARY, WORD, WORD.lower(), PASSPHRASE) for form in (text.encode(), text.encode("utf-16-le"))]

WRITER = f"""
import sys, time
from datetime import UTC, datetime
from pathlib import Path
import numpy as np
from engine.documents.passages import cut
from engine.paths import Profile
from engine.records import Evidence, Message, MessageId, Page, Sentence
from engine.settings import Settings
from engine.store.store import Store

CANARY = {CANARY!r}
store = Store.open(Profile(Path(sys.argv[1])), protection="passphrase", passphrase={PASSPHRASE!r})
store.settings.write(Settings(model=CANARY))
matter = store.matter(store.matters.create(CANARY).id)
document, _ = matter.documents.add(CANARY + ".txt", "text/plain", (CANARY.encode() + b" ") * 100_000, "/home/" + CANARY)
gone, _ = matter.documents.add("gone.txt", "text/plain", b"gone " + CANARY.encode())
for each in (document, gone):
    pages = [Page(each.id, number, (CANARY + ". ") * 60, "text", CANARY) for number in range(1, 40)]
    matter.documents.put_pages(each.id, pages)
    ids = matter.passages.put(each.id, cut(pages))
    matter.passages.put_vectors(ids, np.ones((len(ids), 384), dtype=np.float32))
matter.documents.set_status(document.id, "failed", "document_unreadable", {{"name": CANARY}})
conversation = matter.conversations.create(CANARY)
matter.conversations.add_question(conversation.id, CANARY + "?")
evidence = Evidence(document.id, CANARY, 1, 0, 38, CANARY, "exact", 100.0)
answer = Message(
    MessageId("m"), conversation.id, "assistant", CANARY, datetime.now(UTC), (Sentence(0, 38, CANARY, (evidence,)),), CANARY
)
matter.conversations.put_answer(answer)
matter.conversations.set_draft(None, CANARY)
assert matter.passages.search_words(CANARY)
matter.documents.remove(gone.id)  # rewrites the full-text index and shortens the file
matter.conversations.set_draft(conversation.id, CANARY * 1000)
print("written", flush=True)
time.sleep(60)
"""


def found_in(folders: Iterable[Path]) -> list[str]:
    """Files below `folders` that hold the canary in any form; the program that wrote it is not among them."""
    hits = []
    for folder in folders:
        for file in folder.rglob("*"):
            if file.is_file() and any(form in file.read_bytes() for form in FORMS):
                hits.append(str(file.relative_to(folder)))
    return hits


def deleted_but_open(process: int) -> list[str]:
    """Open files of a process that have no name any more and hold the canary: temporary files of a database."""
    hits = []
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        target = os.readlink(descriptor)
        if target.endswith("(deleted)") and any(form in descriptor.read_bytes() for form in FORMS):
            hits.append(target)
    return hits


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    made = {name: tmp_path / name for name in ("profile", "temp", "home", "cwd")}
    for folder in made.values():
        folder.mkdir()
    return made


def start(program: str, folders: dict[str, Path], *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "HOME": str(folders["home"]), "PYTHONPATH": str(CHECKOUT)}
    environment |= {name: str(folders["temp"]) for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR")}
    environment |= {"XDG_CACHE_HOME": str(folders["home"] / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=folders["cwd"])


def written(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None and process.stdout.readline() == "written\n"


def logs(profile: Path) -> list[int]:
    return [file.stat().st_size for file in profile.rglob("*-wal")]


def test_nothing_is_on_the_disk_in_clear(folders: dict[str, Path]) -> None:
    process = start(WRITER, folders, str(folders["profile"]))
    try:
        written(process)
        assert any(logs(folders["profile"])), "the log is live and holds what was written last"
        assert found_in(folders.values()) == []
        if sys.platform == "linux":
            assert deleted_but_open(process.pid) == []
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=10)
    assert any(logs(folders["profile"])), "the log is still there after the kill"
    assert found_in(folders.values()) == []

    store = Store.open(Profile(folders["profile"]), protection="passphrase", passphrase=PASSPHRASE)
    matter = store.matter(store.matters.list()[0].id)
    (conversation,) = matter.conversations.list()
    assert conversation.draft == CANARY * 1000, "the last thing that was written before the kill is there"
    assert matter.conversations.messages(conversation.id)[1].text == CANARY
    store.close()
    assert found_in(folders.values()) == []


CONTROL = f"""
import sys, time
from sqlcipher3 import dbapi2 as sqlcipher
connection = sqlcipher.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode=WAL")
connection.execute("CREATE TABLE texts (text)")
connection.execute("INSERT INTO texts VALUES (?)", ({CANARY!r},))
print("written", flush=True)
time.sleep(60)
"""


def test_the_search_finds_what_is_in_clear(folders: dict[str, Path]) -> None:
    process = start(CONTROL, folders, str(folders["profile"] / "plain.db"))
    written(process)
    assert found_in(folders.values()) == ["plain.db-wal"]
    process.kill()
    process.communicate(timeout=10)
    connection = sqlcipher.connect(folders["profile"] / "plain.db")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert found_in(folders.values()) == ["plain.db"]


def test_names_of_files_tell_nothing(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store.open(Profile(folders["profile"]), protection="passphrase", passphrase=PASSPHRASE)
    store.matter(store.matters.create(WORD).id).documents.add(f"{WORD}.pdf", "application/pdf", b"bytes")
    store.close()
    names = [file.name for file in folders["profile"].rglob("*")]
    assert names and not any(WORD.lower() in name.lower() for name in names)


def test_a_store_in_memory_writes_nothing(folders: dict[str, Path]) -> None:
    in_memory = WRITER.replace('protection="passphrase"', 'protection="memory"')
    assert in_memory != WRITER
    process = start(in_memory, folders, str(folders["profile"]))
    try:
        written(process)
        assert [file for folder in folders.values() for file in folder.rglob("*")] == []
        if sys.platform == "linux":
            assert deleted_but_open(process.pid) == []
    finally:
        process.kill()
        process.communicate(timeout=10)
