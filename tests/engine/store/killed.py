"""Play one action on a store again and again, killed one step later each time, and look at what is left.

    killed.py ACTION FOLDER

A step is a file operation of Python's, a commit, or a statement that stands for itself. The process of the action
ends as by kill -9, so no handler, no rollback and no clean-up of ours runs. Prints one JSON line for each kill with
what a fresh process then found; the last line is of the run that was not killed. Not a test itself: test_killed.py
judges the lines.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from engine import secrets
from engine.errors import StrongroomError
from engine.paths import Profile
from engine.store import database, matters, store
from engine.store.keys import Stretching
from engine.store.migrations import Schema
from engine.store.remote_calls import RemoteCall
from engine.store.store import Store
from engine.vote_records import Prompt

KILLED = 137
OLD, NEW = "old passphrase", "new passphrase"
FILE_EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.chmod", "os.truncate"}


class Clock:
    """Counts steps and ends the process at the chosen one, before it is taken."""

    def __init__(self, profile: Profile, kill_at: int) -> None:
        self.steps, self.kill_at, self.root = 0, kill_at, str(profile.root)

    def start(self) -> None:
        sys.addaudithook(self._heard)
        event.listen(Engine, "commit", lambda _: self.tick())
        event.listen(Engine, "before_cursor_execute", self._executing)

    def tick(self) -> None:
        self.steps += 1
        if self.steps == self.kill_at:
            os._exit(KILLED)

    def _executing(self, _: object, __: object, statement: str, *more: object) -> None:
        if statement.startswith(("PRAGMA wal", "VACUUM")):  # within a transaction all statements fall together
            self.tick()

    def _heard(self, name: str, arguments: tuple[Any, ...]) -> None:
        if name in FILE_EVENTS and str(arguments[0]).startswith(self.root):
            self.tick()


def fake_keyring(folder: Path, clock: Clock | None) -> None:
    """A keyring outside of the profile that can be killed around each call."""

    def tick() -> None:
        if clock is not None:
            clock.tick()

    def read(name: str) -> bytes | None:
        entry = folder / name
        return entry.read_bytes() if entry.exists() else None

    def write(name: str, secret: bytes) -> None:
        tick()
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(secret)
        tick()

    def delete(name: str) -> None:
        tick()
        (folder / name).unlink(missing_ok=True)

    secrets.read_secret, secrets.write_secret, secrets.delete_secret = read, write, delete


def opened(profile: Profile, passphrase: str = OLD) -> Store:
    kind = "keyring" if profile.root.name == "keyring" else "passphrase"
    return Store.open(profile, protection=kind, passphrase=passphrase)  # type: ignore[arg-type]


def with_matter(profile: Profile) -> None:
    opening = opened(profile)
    matter = opening.matter(opening.matters.create("kept").id)
    document, _ = matter.documents.add("a.txt", "text/plain", b"kept bytes")
    matter.documents.set_status(document.id, "ready")
    opening.close()


def create(profile: Profile) -> None:
    opened(profile).close()


def create_matter(profile: Profile) -> None:
    opening = opened(profile)
    opening.matters.create("new")
    opening.close()


def delete_matter(profile: Profile) -> None:
    opening = opened(profile)
    opening.matters.delete(opening.matters.list()[0].id)
    opening.close()


def change_passphrase(profile: Profile) -> None:
    opening = opened(profile)
    opening.change_passphrase(OLD, NEW)
    opening.close()


def with_vote_set(profile: Profile) -> None:
    opening = opened(profile)
    vote_set = opening.votes.create("set", "other").id
    for name in ("one", "two"):
        matter = opening.matter(opening.matters.create(name).id)
        matter.prompts.replace(vote_set, [Prompt(1, "a prompt")])
    opening.close()


def delete_vote_set(profile: Profile) -> None:
    opening = opened(profile)
    opening.votes.delete(opening.votes.sets()[0].id)
    opening.close()


CALL = RemoteCall("a" * 32, datetime(2026, 11, 22, tzinfo=UTC), "", "openai", "gpt-4o", "h", "cd" * 32, reserved_nano=7)


def with_call(profile: Profile) -> None:
    opening = opened(profile)
    opening.remote_calls.reserve(CALL)
    opening.close()


def settle_call(profile: Profile) -> None:
    opening = opened(profile)
    opening.remote_calls.settle(replace(CALL, status="settled", cost_nano=5, cost_source="computed"))
    opening.close()


def migrate(profile: Profile) -> None:
    opening = opened(profile)
    opening.matter(opening.matters.list()[0].id)
    opening.close()


def one_more_step(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE later (n)")
    connection.exec_driver_sql("INSERT INTO later VALUES (1)")


def newer_version() -> None:
    store.MAIN_SCHEMA = Schema((*store.MAIN_SCHEMA.steps, one_more_step))
    matters.MATTER_SCHEMA = Schema((*matters.MATTER_SCHEMA.steps, one_more_step))


ACTIONS: dict[str, tuple[Callable[[Profile], None] | None, Callable[[Profile], None]]] = {
    "create": (None, create),
    "create_matter": (with_matter, create_matter),
    "delete_matter": (with_matter, delete_matter),
    "change_passphrase": (with_matter, change_passphrase),
    "delete_vote_set": (with_vote_set, delete_vote_set),
    "settle_call": (with_call, settle_call),
    "migrate": (with_matter, migrate),
}


def look(profile: Profile) -> dict[str, Any]:
    """What a process finds that starts after the kill."""
    found: dict[str, Any] = {"state": Store.state(profile)}
    try:
        opening, found["passphrase"] = opened(profile), OLD
    except StrongroomError as error:
        found["refused"] = str(error)
        opening, found["passphrase"] = opened(profile, NEW), NEW
    found["matters"] = {}
    for matter in opening.matters.list():
        documents = opening.matter(matter.id).documents
        found["matters"][matter.name] = [documents.original(each.id).decode() for each in documents.list()]
    found["sets"] = [each.name for each in opening.votes.sets()]
    found["prompts"] = [sum(opening.matter(matter.id).prompts.counts().values()) for matter in opening.matters.list()]
    opening.remote_calls.give_up_old(datetime.now(UTC))
    found["books"] = [each.cost for each in opening.ledger.events(CALL.time.date(), datetime.now(UTC).date())]
    found["sound"] = opening.ledger.check(datetime.now(UTC)).is_sound
    found["ids"] = [matter.id for matter in opening.matters.list()]
    opening.settings.write(opening.settings.read())
    opening.close()
    found["files"] = sorted(str(file.relative_to(profile.root)) for file in profile.root.rglob("*") if file.is_file())
    return found


def in_a_process(work: Callable[[], Any]) -> tuple[int, Any]:
    """Run `work` in a forked process; its exit code and what it returned."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        os.close(reading)
        code = 1
        try:
            os.write(writing, json.dumps(work()).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), json.loads(said) if said else None


def wait_for_no_disk() -> None:
    """A kill is no power cut: what was written stays, so waiting for the disk would only cost time here."""
    os.fsync = lambda _: None  # type: ignore[assignment]
    database.FILE_PRAGMAS = tuple(each.replace("FULL", "OFF") for each in database.FILE_PRAGMAS)


def main(action: str, folder: Path, kind: str) -> None:
    wait_for_no_disk()
    Stretching.today = classmethod(lambda _: Stretching(b"s" * 16, memory_kib=64, passes=1, lanes=1))  # type: ignore
    prepare, act = ACTIONS[action]
    start, keys, start_keys = folder / "start", folder / "keys", folder / "start keys"
    start.mkdir()
    start_keys.mkdir()
    profile = Profile(folder / kind)
    fake_keyring(keys, None)
    if prepare is not None:
        in_a_process(lambda: prepare(profile))
        shutil.copytree(profile.root, start, dirs_exist_ok=True)
        shutil.copytree(keys, start_keys, dirs_exist_ok=True) if keys.exists() else None
    if action == "migrate":
        newer_version()

    def once(kill_at: int) -> int:
        clock = Clock(profile, kill_at)
        fake_keyring(keys, clock)
        clock.start()
        act(profile)
        return clock.steps

    code, kill_at = KILLED, 0
    while code == KILLED:
        kill_at += 1
        for used, fresh in ((profile.root, start), (keys, start_keys)):
            shutil.rmtree(used, ignore_errors=True)
            shutil.copytree(fresh, used)
        code, _ = in_a_process(lambda kill_at=kill_at: once(kill_at))
        looked, found = in_a_process(lambda: look(profile))
        print(json.dumps({"killed_at": kill_at, "code": code, "looked": looked, "found": found}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
