"""The library, with real files and the real sealed inspect worker."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import FileUnfit, FolderUnwritable, ModelDamaged, ModelMissing
from engine.models import provenance
from engine.models.checksums import Checksums
from engine.models.headers import Told, read_headers
from engine.models.inspection import inspect
from engine.models.library import EMBEDDING_MODEL, STARTER_MODEL, Library
from engine.models.model_files import ModelFiles, files_of
from engine.models.removing import can_be_removed, depends_on, remove
from engine.models.verifying import verify
from engine.records import Model, ModelId
from engine.sealed_process import SealedProcess
from tests.engine.models.gguf_files import TEXT, gguf, value
from tests.engine.models.model_folders import put, put_recorded, put_split, sha256_of


async def listed(*folders: Path) -> dict[str, Model]:
    return {model.id: model for model in await Library(folders).installed()}


async def test_the_models_that_come_with_the_program_are_listed_and_verified(starter_model: Path, embedding_model: Path) -> None:
    models = await listed(starter_model.parent)
    starter, embedding = models[STARTER_MODEL.id], models[EMBEDDING_MODEL.id]
    assert (starter.name, starter.licence, starter.purpose) == ("SmolLM2 135M (starter)", "Apache-2.0", "chat")
    assert (starter.sha256, starter.n_bytes) == (STARTER_MODEL.sha256, STARTER_MODEL.n_bytes)
    assert (starter.quantisation, starter.n_parameters, starter.context_length) == ("Q4_1", 134_515_008, 8192)
    assert (embedding.sha256, embedding.n_bytes) == (EMBEDDING_MODEL.sha256, EMBEDDING_MODEL.n_bytes)
    assert embedding.purpose == "embedding"
    assert starter.problem is None and embedding.problem is None
    assert starter.fit.needed_bytes and starter.fit.free_bytes > 0
    assert "trying" in starter.note


async def test_damaged_files_are_listed_with_the_reason_and_the_others_go_on(tmp_path: Path, starter_model: Path) -> None:
    (tmp_path / "sound.gguf").write_bytes(gguf())
    (tmp_path / "picture.gguf").write_bytes(b"\x89PNG" + bytes(1000))
    (tmp_path / "cut.gguf").write_bytes(gguf()[:300])
    (tmp_path / "empty.gguf").touch()
    changed = bytearray(starter_model.read_bytes())
    changed[-1] ^= 1
    (tmp_path / STARTER_MODEL.file).write_bytes(changed)
    (tmp_path / "notes.txt").write_text("not a model")
    (tmp_path / "folder.gguf").mkdir()
    os.mkfifo(tmp_path / "pipe.gguf")
    library = Library([tmp_path])
    models = {model.id: model for model in await library.installed()}
    reasons = {model_id: (model.problem_facts or {}).get("reason") for model_id, model in models.items()}
    assert reasons == {
        "sound": None,
        "picture": "not_a_gguf",
        "cut": "truncated",
        "empty": "truncated",
        STARTER_MODEL.id: "wrong_checksum",
    }
    assert (models["sound"].name, models["sound"].licence, models["sound"].purpose) == ("Tiny", "mit", "chat")
    assert models["cut"].fit.verdict == "unknown"
    with pytest.raises(ModelDamaged):
        library.chat_file(None)
    assert library.chat_file("sound") == (tmp_path / "sound.gguf", "sound")


async def test_a_file_that_ends_the_worker_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here it is killed in the middle of the second file, as by the limit of its memory or time."""
    for name in "abc":
        (tmp_path / f"{name}.gguf").write_bytes(gguf())
    receive = SealedProcess.receive

    async def receive_or_die(self: SealedProcess[object, object]) -> object:  # type: ignore[type-var]
        answer = await receive(self)
        n_answers.append(answer)
        if len(n_answers) == 2:
            self.kill()
            return await receive(self)
        return answer

    n_answers: list[object] = []
    monkeypatch.setattr(SealedProcess, "receive", receive_or_die)
    told = await inspect([tmp_path / f"{name}.gguf" for name in "abc"])
    assert [type(told[tmp_path / f"{name}.gguf"]).__name__ for name in "abc"] == ["ModelFacts", "ModelDamaged", "ModelFacts"]


async def test_files_are_read_again_only_when_they_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one.gguf").write_bytes(gguf())
    (tmp_path / "two.gguf").write_bytes(gguf())
    asked: list[int] = []

    async def counted(models: list[ModelFiles]) -> dict[Path, Told]:
        asked.append(len(models))
        return await read_headers(models)

    monkeypatch.setattr("engine.models.library.read_headers", counted)
    library = Library([tmp_path])
    before = await library.installed()
    await library.installed()
    (tmp_path / "one.gguf").write_bytes(gguf(weight_bytes=41_000))
    after = await library.installed()
    os.unlink(tmp_path / "two.gguf")
    assert asked == [2, 0, 1]
    assert [model.sha256 for model in before] != [model.sha256 for model in after]
    assert [model.id for model in await library.installed()] == ["one"]


async def test_the_same_name_in_two_folders_is_two_models(tmp_path: Path) -> None:
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "tiny.gguf").write_bytes(gguf())
    models = await listed(tmp_path / "first", tmp_path / "missing", tmp_path / "second")
    assert {model_id: Path(model.file).parent.name for model_id, model in models.items()} == {"tiny": "first", "tiny-2": "second"}


def test_a_model_is_found_by_id_or_path_and_is_otherwise_missing(tmp_path: Path, starter_model: Path) -> None:
    library = Library([starter_model.parent])
    assert library.chat_file(None) == (starter_model, STARTER_MODEL.id)
    assert library.chat_file(STARTER_MODEL.id) == (starter_model, STARTER_MODEL.id)
    elsewhere = tmp_path / "other.gguf"
    elsewhere.write_bytes(gguf())
    assert library.chat_file(str(elsewhere)) == (elsewhere, "other")
    for wanted in ("nothing", str(tmp_path / "gone.gguf"), str(tmp_path), "/etc/passwd"):
        with pytest.raises(ModelMissing):
            library.chat_file(wanted)
    with pytest.raises(ModelMissing):
        Library([tmp_path / "nowhere"]).chat_file(None)


async def test_a_model_in_a_folder_only_its_owner_may_enter_is_read(tmp_path: Path) -> None:
    private = tmp_path / "with space and ünïcode"
    private.mkdir(mode=0o700)
    shutil.copy2(__file__, private / "readme.md")
    (private / "tiny model.gguf").write_bytes(gguf())
    assert (await listed(private))["tiny model"].problem is None


# ---------------------------------------------------------------- what is remembered
def forbid_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.models.checksums._hashed", lambda file, look: pytest.fail(f"{file.name} was hashed again"))


async def test_a_checksum_is_computed_once_in_the_life_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = tmp_path / "profile/library.json"
    secret = put(tmp_path / "Smith v Jones", "tiny.gguf")
    put_recorded(tmp_path / "Smith v Jones", "recorded.gguf", verified=datetime.now(UTC))
    folder = [secret.parent]
    before = await Library(folder, checksums=Checksums(memory)).installed()
    forbid_hashing(monkeypatch)
    after = await Library(folder, checksums=Checksums(memory)).installed()
    assert [model.sha256 for model in before] == [model.sha256 for model in after] != [None, None]
    assert b"Smith" not in memory.read_bytes() and b"tiny" not in memory.read_bytes()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"format": 2, "checksums": {}}', b'{"format":1,"checksums":{"a":"b"}}', b"\xff", b"[" * 99_999]
)
async def test_a_spoilt_memory_costs_time_only(tmp_path: Path, content: bytes) -> None:
    memory = put(tmp_path / "profile", "library.json", content)
    file = put(tmp_path / "models", "tiny.gguf")
    (model,) = await Library([file.parent], checksums=Checksums(memory)).installed()
    assert model.sha256 == sha256_of(file)
    assert Checksums(memory).known(file) == model.sha256


async def test_a_changed_file_is_not_trusted_until_it_was_read_again(tmp_path: Path) -> None:
    file = put_recorded(tmp_path, "tiny.gguf", verified=datetime.now(UTC), publisher_checksum=True, repository="o/r")
    library = Library([tmp_path])
    (sound,) = await library.installed()
    file.write_bytes(file.read_bytes()[:-1] + b"\1")
    (unread,) = await library.installed(at_once=True)
    assert (sound.is_verified, unread.is_verified, unread.sha256, unread.problem) == (True, False, None, None)
    with pytest.raises(ModelDamaged, match="wrong_checksum"):
        await library.sound_file("tiny")
    with pytest.raises(ModelDamaged):
        library.chat_file("tiny")
    (read,) = await library.installed()
    assert (read.is_verified, read.problem, read.sha256) == (False, "model_damaged", sha256_of(file))


async def test_a_file_that_was_only_touched_stays_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = put_recorded(tmp_path, "tiny.gguf", verified=datetime.now(UTC), publisher_checksum=True)
    os.utime(file, ns=(1, 1))
    assert await Library([tmp_path]).sound_file("tiny") == (file, "tiny")
    forbid_hashing(monkeypatch)
    (model,) = await Library([tmp_path]).installed()
    assert model.is_verified is True


async def test_a_file_that_was_found_damaged_stays_so_though_its_stamp_is_the_same(tmp_path: Path) -> None:
    """As when a disk forgets: the content changes, size and time do not."""
    file = put_recorded(tmp_path, "tiny.gguf", verified=datetime.now(UTC), publisher_checksum=True)
    stamp = file.stat().st_mtime_ns
    file.write_bytes(file.read_bytes()[:-1] + b"\1")
    os.utime(file, ns=(stamp, stamp))
    memory = Checksums(tmp_path / "library.json")
    check = verify(ModelId("tiny"), files_of(file), memory)
    assert not check.is_sound
    (model,) = await Library([tmp_path], checksums=Checksums(tmp_path / "library.json")).installed()
    assert (model.problem, model.is_verified) == ("model_damaged", False)


async def test_looking_again_can_be_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "tiny.gguf")
    begun, ended = threading.Event(), threading.Event()

    def endless(file: Path, look: Callable[[int], None]) -> str:
        begun.set()
        try:
            while True:
                look(1)
                time.sleep(0.001)
        finally:
            ended.set()

    monkeypatch.setattr("engine.models.checksums._hashed", endless)
    looking = asyncio.create_task(Library([tmp_path]).installed())
    await asyncio.to_thread(begun.wait, 20)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    assert await asyncio.to_thread(ended.wait, 20), "the thread goes on hashing"


# ---------------------------------------------------------------- one model of them
async def test_what_was_listed_can_be_asked_for(tmp_path: Path) -> None:
    put(tmp_path, "tiny.gguf")
    put(tmp_path, "broken.gguf", b"GGUF")
    library = Library([tmp_path])
    with pytest.raises(ModelMissing):
        library.named(ModelId("tiny"))
    await library.installed()
    assert library.named(ModelId("tiny")).name == "Tiny"
    facts = library.facts(ModelId("tiny"))
    assert facts is not None and facts.architecture == "llama"
    assert library.facts(ModelId("broken")) is None


def test_only_a_whole_model_can_be_used_in_place(tmp_path: Path) -> None:
    parts = put_split(tmp_path)
    library = Library([])
    assert library.check_in_place(parts[2]) == parts[0]
    parts[1].unlink()
    for path in (parts[0], put(tmp_path, "text.gguf", b"text"), tmp_path):
        with pytest.raises(FileUnfit):
            library.check_in_place(path)


# ---------------------------------------------------------------- several files, one model
async def test_a_split_model_is_one_model_with_all_its_bytes(tmp_path: Path) -> None:
    parts = put_split(tmp_path)
    library = Library([tmp_path])
    (model,) = await library.installed()
    assert (model.id, model.file, model.problem) == ("big", str(parts[0]), None)
    assert model.n_bytes == sum(part.stat().st_size for part in parts)
    parts[1].unlink()
    (broken,) = await library.installed()
    assert (broken.id, broken.problem) == ("big", "file_unfit")
    assert broken.problem_facts == {"file": parts[0].name, "reason": "incomplete_split", "detail": parts[1].name}
    with pytest.raises(FileUnfit):
        library.chat_file("big")


async def test_what_lets_a_model_see_is_part_of_it(tmp_path: Path) -> None:
    put_recorded(tmp_path, "eyes.gguf", vision="mmproj-eyes.gguf")
    put_recorded(tmp_path, "mmproj-eyes.gguf", belongs_to="eyes.gguf")
    put(tmp_path, "renamed.gguf", gguf({"general.architecture": value(TEXT, "clip")}))
    (model,) = await Library([tmp_path]).installed()
    assert (model.id, model.sees) == ("eyes", True)


# ---------------------------------------------------------------- verifying
@pytest.mark.parametrize("can_fetch", [True, False])
def test_verifying_counts_the_damaged_parts(tmp_path: Path, can_fetch: bool) -> None:
    content = bytearray(gguf(weight_bytes=20 << 20))
    origin = {"repository": "o/r", "revision": "c" * 40, "path": "tiny.gguf"} if can_fetch else {}
    file = put_recorded(tmp_path, "tiny.gguf", bytes(content), **origin)
    content[0] ^= 1
    content[-1] ^= 1
    file.write_bytes(content)
    told: list[tuple[int, int]] = []
    check = verify(ModelId("tiny"), files_of(file), Checksums(), progress=lambda *amounts: told.append(amounts))
    last = len(content) - 2 * (8 << 20)
    assert (check.is_sound, check.n_damaged_parts, check.damaged_bytes) == (False, 2, (8 << 20) + last)
    assert (check.can_repair, check.sha256 != check.expected) == (can_fetch, True)
    assert told[-1] == (len(content), len(content))


def test_verifying_a_sound_file_completes_its_record(tmp_path: Path) -> None:
    file = put_recorded(tmp_path, "tiny.gguf", part_sha256=())
    check = verify(ModelId("tiny"), files_of(file), Checksums())
    known = provenance.read(file)
    assert check.is_sound and check.expected == sha256_of(file) and check.n_damaged_parts == 0
    assert known and known.verified and list(known.part_sha256) == provenance.part_hashes(file)[1]
    plain = put(tmp_path, "plain.gguf")
    assert verify(ModelId("plain"), files_of(plain), Checksums()).expected is None


# ---------------------------------------------------------------- removing
async def test_what_depends_on_a_model_is_named(starter_model: Path, tmp_path: Path) -> None:
    put(tmp_path, "tiny.gguf")
    bundled = starter_model.parent
    models = {model.id: model for model in await Library([bundled, tmp_path]).installed(at_once=True)}
    needs = {model_id: depends_on(model, chosen=None, bundled=bundled) for model_id, model in models.items()}
    assert needs[STARTER_MODEL.id] == ("chosen_for_answers", "starter")
    assert needs[EMBEDDING_MODEL.id] == ("search_by_meaning",)
    assert depends_on(models["tiny"], chosen="tiny", bundled=bundled) == ("chosen_for_answers",)
    assert [can_be_removed(needs[each]) for each in (STARTER_MODEL.id, EMBEDDING_MODEL.id, "tiny")] == [False, False, True]


def test_a_removed_model_is_gone_with_its_records_and_its_eyes(tmp_path: Path) -> None:
    parts = put_split(tmp_path)
    put_recorded(tmp_path, parts[0].name, parts[0].read_bytes(), vision="mmproj-big.gguf")
    put_recorded(tmp_path, "mmproj-big.gguf", belongs_to=parts[0].name)
    kept = put(tmp_path, "kept.gguf")
    remove(files_of(parts[0]), bundled=tmp_path / "resources")
    assert list(tmp_path.iterdir()) == [kept]


@pytest.mark.parametrize("vision", ["../outside.gguf", "kept.gguf", "shared.gguf"])
def test_removing_takes_nothing_that_others_need(tmp_path: Path, vision: str) -> None:
    folder = tmp_path / "models"
    put(tmp_path, "outside.gguf")
    put_recorded(folder, "shared.gguf", belongs_to="gone.gguf")
    put_recorded(folder, "other.gguf", vision="shared.gguf")
    gone = put_recorded(folder, "gone.gguf", vision=vision)
    put_recorded(folder, "kept.gguf")
    remove(files_of(gone), bundled=tmp_path / "resources")
    assert {each.name for each in tmp_path.rglob("*.gguf")} == {"outside.gguf", "shared.gguf", "other.gguf", "kept.gguf"}


def test_models_of_the_program_are_never_deleted(tmp_path: Path) -> None:
    file = put(tmp_path, STARTER_MODEL.file)
    with pytest.raises(FolderUnwritable):
        remove(files_of(file), bundled=tmp_path)
    assert file.exists()
