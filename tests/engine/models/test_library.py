"""The library, with real files and the real sealed inspect worker."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from engine.errors import ModelDamaged, ModelMissing
from engine.models.headers import Told, read_headers
from engine.models.inspection import inspect
from engine.models.library import EMBEDDING_MODEL, STARTER_MODEL, Library
from engine.models.model_files import ModelFiles
from engine.records import Model
from engine.sealed_process import SealedProcess
from tests.engine.models.gguf_files import gguf


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
