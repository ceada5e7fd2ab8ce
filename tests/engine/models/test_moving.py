"""The library in another folder: nothing is lost on the way, nothing is brought twice, and the old folder goes last.

Kills at every step are in test_importing, with those of the other work.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import FileUnfit, FolderUnwritable, NoRoom
from engine.models import provenance
from engine.models.checksums import Checksums
from engine.models.library import Library
from engine.models.meter import Stopped
from engine.models.model_files import files_of, models_in
from engine.models.moving import finish, move_library, unfinished
from engine.models.verifying import verify
from engine.records import ModelId
from tests.engine.models.gguf_files import gguf
from tests.engine.models.model_folders import StopOnceThere, put, put_recorded, put_split, sha256_of


class Moving:
    """A library with a plain, a split, a seeing and a foreign file, and where it is to go."""

    def __init__(self, top: Path, new: Path | None = None) -> None:
        self.old, self.new, self.journal = top / "old", new or top / "new", top / "profile/move.json"
        put_recorded(
            self.old, "plain.gguf", gguf(weight_bytes=3 << 20), name="Plain", publisher_checksum=True, verified=datetime.now(UTC)
        )
        put_split(self.old)
        put_recorded(self.old, "seeing.gguf", vision="mmproj-seeing.gguf")
        put_recorded(self.old, "mmproj-seeing.gguf", gguf(weight_bytes=41_000), belongs_to="seeing.gguf")
        put(self.old, "notes.txt", b"the user's own")
        self.before = self.checksums(self.old)
        self.switched = 0

    def go(self, **more: object) -> None:
        move_library(self.old, self.new, self.journal, switch=self.switch, **more)  # type: ignore[arg-type]

    def switch(self) -> None:
        self.switched += 1

    @staticmethod
    def checksums(folder: Path) -> dict[str, str]:
        return {file.name: sha256_of(file) for file in sorted(folder.glob("*.gguf"))}


@pytest.fixture
def move(tmp_path: Path) -> Moving:
    return Moving(tmp_path)


@pytest.fixture(params=["a second name", "a copy"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "a copy":  # as between two disks, or on one that knows no second names
        monkeypatch.setattr("engine.models.moving.link", lambda source, target: False)
    return str(request.param)


@pytest.mark.usefixtures("way")
async def test_every_model_arrives_with_what_is_known_of_it(move: Moving) -> None:
    told: list[tuple[int, int]] = []
    move.go(progress=lambda *amounts: told.append(amounts))
    assert move.checksums(move.new) == move.before
    assert [each.name for each in move.old.iterdir()] == ["notes.txt"]
    assert move.switched == 1 and unfinished(move.journal) is None
    models = {model.id: model for model in await Library([move.new]).installed()}
    assert (models["plain"].is_verified, models["seeing"].sees, models["big"].problem) == (True, True, None)
    assert told[-1][0] == told[-1][1] == sum((move.new / name).stat().st_size for name in move.before)
    known = provenance.read(move.new / "plain.gguf")
    assert known is not None and known.is_of(move.new / "plain.gguf")


def test_between_two_disks(tmp_path: Path) -> None:
    shared = Path("/dev/shm")
    other = shared if shared.is_dir() and shared.stat().st_dev != tmp_path.stat().st_dev else tmp_path
    new = other / f"strongroom-{os.getpid()}"
    move = Moving(tmp_path, new)
    try:
        move.go()
        assert move.checksums(new) == move.before
    finally:
        for each in new.iterdir():
            each.unlink()
        new.rmdir()


@pytest.mark.usefixtures("way")
def test_nothing_of_the_old_folder_goes_before_the_switch(move: Moving) -> None:
    def refuse() -> None:
        assert move.checksums(move.old) == move.before == move.checksums(move.new)
        raise FolderUnwritable("settings")

    with pytest.raises(FolderUnwritable):
        move_library(move.old, move.new, move.journal, switch=refuse)
    assert move.checksums(move.old) == move.before
    assert not finish(move.journal, in_use=move.old)
    assert move.checksums(move.old) == move.before


def test_what_was_brought_before_a_stop_is_not_brought_again(move: Moving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.models.moving.link", lambda source, target: False)
    with pytest.raises(Stopped):
        move.go(stop=StopOnceThere(move.new / "big-00001-of-00003.gguf"))
    assert move.switched == 0 and move.checksums(move.old) == move.before
    kept = unfinished(move.journal)
    assert kept is not None and {each.name for each in kept.moved} == set(move.checksums(move.new)) != set()
    amounts: list[tuple[int, int]] = []
    move.go(progress=lambda *told: amounts.append(told))
    assert amounts[0][1] == sum(
        (move.new / name).stat().st_size for name in set(move.before) - {each.name for each in kept.moved}
    )
    assert move.checksums(move.new) == move.before


def test_other_files_of_the_same_names_stay_what_they_are(move: Moving) -> None:
    theirs = put(move.new, "Plain.gguf", gguf(weight_bytes=50_000))
    put(move.new, "mmproj-seeing.gguf", gguf(weight_bytes=60_000))
    checksum = sha256_of(theirs)
    move.go()
    assert sha256_of(theirs) == checksum
    assert sha256_of(move.new / "plain-2.gguf") == move.before["plain.gguf"]
    seeing = provenance.read(move.new / "seeing-2.gguf")
    assert seeing is not None and seeing.vision == "mmproj-seeing-2.gguf"
    assert sha256_of(move.new / "mmproj-seeing-2.gguf") == move.before["mmproj-seeing.gguf"]


def test_what_is_on_its_way_from_the_network_comes_along(move: Moving) -> None:
    put(move.old / ".downloads/1", "1.part", b"half")
    move.go()
    assert (move.new / ".downloads/1/1.part").read_bytes() == b"half"
    assert not (move.old / ".downloads").exists()


@pytest.mark.usefixtures("way")
async def test_a_damaged_file_goes_along_and_stays_damaged(move: Moving) -> None:
    plain = move.old / "plain.gguf"
    stamp = plain.stat().st_mtime_ns
    content = bytearray(plain.read_bytes())
    content[-1] ^= 1
    plain.write_bytes(content)
    os.utime(plain, ns=(stamp, stamp))
    memory = Checksums()
    assert not verify(ModelId("plain"), files_of(plain), memory).is_sound
    move.go(checksums=memory)
    models = {model.id: model for model in await Library([move.new], checksums=memory).installed()}
    assert (models["plain"].problem, (models["plain"].problem_facts or {})["reason"]) == ("model_damaged", "wrong_checksum")


def test_a_disk_that_does_not_give_back_what_was_written_is_not_moved_to(move: Moving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.models.moving.link", lambda source, target: False)
    monkeypatch.setattr("engine.models.moving.read_back", lambda file, meter: "0" * 64)
    with pytest.raises(FileUnfit, match="does not give back"):
        move.go()
    assert move.checksums(move.old) == move.before and move.switched == 0
    assert models_in(move.new) == []


def test_no_room_is_told_before_anything_is_moved(move: Moving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.models.moving.link", lambda source, target: False)
    monkeypatch.setattr("engine.models.disk_errors.free_bytes", lambda folder: 4096)
    with pytest.raises(NoRoom) as problem:
        move.go()
    assert problem.value.folder == str(move.new)
    assert move.checksums(move.old) == move.before and models_in(move.new) == []


def test_a_folder_that_cannot_be_written_to_is_refused(move: Moving) -> None:
    for new in (Path("/proc/models"), move.old / "plain.gguf"):
        with pytest.raises(FolderUnwritable):
            move_library(move.old, new, move.journal, switch=move.switch)
    assert move.checksums(move.old) == move.before and move.switched == 0


def test_moving_to_where_it_is_already_changes_nothing(move: Moving, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(move.old)
    for new in (move.old, tmp_path / "alias"):
        move_library(move.old, new, move.journal, switch=move.switch)
    assert move.checksums(move.old) == move.before and move.switched == 0 and not move.journal.exists()


def test_a_file_that_could_not_be_removed_is_tried_again_at_the_next_start(move: Moving, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where a model that is loaded cannot be deleted."""
    unlink = Path.unlink

    def held(self: Path, missing_ok: bool = False) -> None:
        if self == move.old / "plain.gguf":
            raise PermissionError(13, "in use")
        unlink(self, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", held)
        move.go()
    assert move.switched == 1 and set(move.checksums(move.old)) == {"plain.gguf"}
    assert finish(move.journal, in_use=move.new)
    assert move.checksums(move.old) == {} and not move.journal.exists()


def test_the_old_file_stays_where_the_new_one_has_gone(move: Moving) -> None:
    def lose_one() -> None:
        (move.new / "plain.gguf").unlink()

    move_library(move.old, move.new, move.journal, switch=lose_one)
    assert set(move.checksums(move.old)) == {"plain.gguf"}


@pytest.mark.parametrize("content", [b"", b"[]", b'{"old": 1}', b'{"old": "/", "new": "/", "format": 2}'])
def test_a_journal_that_cannot_be_read_removes_nothing(move: Moving, content: bytes) -> None:
    put(move.journal.parent, move.journal.name, content)
    assert not finish(move.journal, in_use=move.old)
    assert move.checksums(move.old) == move.before


def test_what_a_killed_import_left_is_cleared_away_at_the_start(move: Moving) -> None:
    put(move.old / ".importing-dead", "half.gguf")
    assert not finish(move.journal, in_use=move.old)
    assert not (move.old / ".importing-dead").exists() and move.checksums(move.old) == move.before
