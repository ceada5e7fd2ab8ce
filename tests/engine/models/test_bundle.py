"""Models in a folder for a computer without a network: complete, verified on both sides, and of use to other tools."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from engine.errors import FileUnfit, FolderUnwritable, ModelDamaged, NoRoom
from engine.models import bundle, provenance
from engine.models.bundle import MANIFEST, ToExport
from engine.models.library import Library
from engine.models.meter import Stopped
from engine.models.model_files import files_of, models_in
from engine.models.provenance import Provenance
from tests.engine.models.gguf_files import gguf
from tests.engine.models.model_folders import StopOnceThere, put, put_recorded, put_split, sha256_of


@pytest.fixture
def models(tmp_path: Path) -> list[ToExport]:
    """A plain model of a hub, a split one of unknown origin, and one that sees."""
    mine = tmp_path / "mine"
    plain = put_recorded(
        mine, "plain.gguf", gguf(weight_bytes=3 << 20), source="huggingface.co", repository="o/plain", revision="c" * 40,
        path="plain.gguf", publisher_checksum=True,
    )  # fmt: skip
    split = put_split(mine)
    seeing = put_recorded(mine, "seeing.gguf", vision="mmproj-seeing.gguf")
    put_recorded(mine, "mmproj-seeing.gguf", gguf(weight_bytes=41_000), belongs_to="seeing.gguf")
    return [
        ToExport(files_of(plain), "Plain 1B", "Apache-2.0"),
        ToExport(files_of(split[0]), "Big"),
        ToExport(files_of(seeing), "Seeing"),
    ]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    return tmp_path / "theirs"


async def test_models_travel_whole(models: list[ToExport], stick: Path, theirs: Path) -> None:
    told: list[tuple[int, int]] = []
    bundle.export(models, stick, progress=lambda *amounts: told.append(amounts))
    taken = bundle.import_bundle(stick, theirs)
    assert [each.file.name for each in taken] == ["plain.gguf", "big-00001-of-00003.gguf", "seeing.gguf"]
    assert told[-1][0] == told[-1][1] == sum(file.stat().st_size for file in stick.glob("*.gguf"))
    there = {model.id: model for model in await Library([theirs]).installed()}
    assert {model.name for model in there.values()} == {"Tiny"}
    assert (there["seeing"].sees, there["big"].problem, there["plain"].licence) == (True, None, "Apache-2.0")
    assert all(model.source == "bundle" and model.is_verified is None for model in there.values())
    for file in models[1].files.files:
        assert sha256_of(theirs / file.name) == sha256_of(file)


def test_other_tools_can_check_the_folder(models: list[ToExport], stick: Path) -> None:
    bundle.export(models, stick)
    checked = subprocess.run(["sha256sum", "--check", "--strict", bundle.SUMS], cwd=stick, capture_output=True, text=True)
    assert checked.returncode == 0 and checked.stdout.count(": OK") == 6
    listed = json.loads((stick / MANIFEST).read_bytes())
    assert [model["name"] for model in listed["models"]] == ["Plain 1B", "Big", "Seeing"]
    assert listed["models"][0]["repository"] == "o/plain"


async def test_a_bundle_is_not_believed_who_published_its_files(models: list[ToExport], stick: Path, theirs: Path) -> None:
    bundle.export(models[:1], stick)
    published = provenance.read(models[0].files.first)
    assert published is not None
    bundle.import_bundle(stick, theirs, recognise=lambda sha256: published if sha256 == published.sha256 else None)
    (known,) = await Library([theirs]).installed()
    assert known.is_verified is True, "the catalogue of this computer says so"
    bundle.import_bundle(stick, theirs.with_name("strangers"))
    (unknown,) = await Library([theirs.with_name("strangers")]).installed()
    assert (unknown.is_verified, unknown.can_repair) == (None, False)


def test_a_second_export_adds_to_the_first_and_writes_nothing_again(models: list[ToExport], stick: Path) -> None:
    bundle.export(models[:1], stick)
    inode = (stick / "plain.gguf").stat().st_ino
    bundle.export(models, stick)
    assert (stick / "plain.gguf").stat().st_ino == inode
    assert [model.name for model in bundle.read(stick).models] == ["Plain 1B", "Big", "Seeing"]
    bundle.export(models[1:2], stick)
    assert {model.name for model in bundle.read(stick).models} == {"Plain 1B", "Big", "Seeing"}
    assert len(list(stick.glob("*.gguf"))) == 6


def test_a_file_that_went_bad_on_the_stick_is_written_again(models: list[ToExport], stick: Path, theirs: Path) -> None:
    bundle.export(models[:1], stick)
    (stick / "plain.gguf").write_bytes(bytes((stick / "plain.gguf").stat().st_size))
    bundle.export(models[:1], stick)
    bundle.import_bundle(stick, theirs)
    assert sha256_of(next(theirs.glob("*.gguf"))) == sha256_of(models[0].files.first)


def test_a_stick_that_does_not_give_back_what_was_written_lists_nothing(
    models: list[ToExport], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "read_back", lambda file, meter: "0" * 64)
    with pytest.raises(FileUnfit, match="does not give back"):
        bundle.export(models, stick)
    assert list(stick.iterdir()) == []


def test_what_the_other_computer_has_is_passed_over(models: list[ToExport], stick: Path, theirs: Path) -> None:
    bundle.export(models, stick)
    put(theirs, "known-here-as.gguf", models[0].files.first.read_bytes())
    told: list[tuple[int, int]] = []
    taken = bundle.import_bundle(stick, theirs, progress=lambda *amounts: told.append(amounts))
    assert (taken[0].file.name, taken[0].how) == ("known-here-as.gguf", None)
    assert told[0][1] < models[0].files.n_bytes()
    assert [each.how for each in bundle.import_bundle(stick, theirs)] == [None, None, None]
    assert len(models_in(theirs)) == 3


def test_a_damaged_model_is_not_carried_on(models: list[ToExport], stick: Path) -> None:
    plain = models[0].files.first
    plain.write_bytes(plain.read_bytes()[:-1] + b"\1")
    with pytest.raises(ModelDamaged, match="wrong_checksum"):
        bundle.export(models, stick)
    assert not (stick / MANIFEST).exists() and models_in(stick) == []


def test_a_missing_part_is_told_by_both_sides(models: list[ToExport], stick: Path, theirs: Path) -> None:
    bundle.export(models, stick)
    (stick / "big-00002-of-00003.gguf").unlink()
    with pytest.raises(FileUnfit, match="missing"):
        bundle.import_bundle(stick, theirs)
    models[1].files.files[1].unlink()
    with pytest.raises(FileUnfit, match="incomplete_split"):
        bundle.export([ToExport(files_of(models[1].files.first), "Big")], stick.with_name("other"))
    assert not theirs.exists() or models_in(theirs) == []


def test_stopping_keeps_what_is_complete(models: list[ToExport], stick: Path, theirs: Path) -> None:
    with pytest.raises(Stopped):
        bundle.export(models[1:] + models[:1], stick, stop=StopOnceThere(stick / "seeing.gguf"))
    assert [model.name for model in bundle.read(stick).models] == ["Big", "Seeing"]
    assert len(bundle.import_bundle(stick, theirs)) == 2


def test_a_stick_without_room_or_that_cannot_be_written_is_told(
    models: list[ToExport], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FolderUnwritable):
        bundle.export(models, Path("/proc/stick"))
    monkeypatch.setattr("engine.models.disk_errors.free_bytes", lambda folder: 0)
    with pytest.raises(NoRoom) as problem:
        bundle.export(models, stick)
    assert problem.value.needed >= sum(model.files.n_bytes() for model in models)
    assert list(stick.iterdir()) == []


def test_a_list_without_origin_is_enough(tmp_path: Path, theirs: Path) -> None:
    file = put(tmp_path / "stick", "tiny.gguf")
    listed = {"file": "tiny.gguf", "n_bytes": file.stat().st_size, "sha256": sha256_of(file)}
    put(tmp_path / "stick", MANIFEST, json.dumps({"format": 1, "models": [{"name": "Tiny", "files": [listed]}]}).encode())
    (taken,) = bundle.import_bundle(tmp_path / "stick", theirs)
    known = provenance.read(taken.file)
    assert isinstance(known, Provenance) and (known.name, known.repository) == ("Tiny", "")
    shutil.rmtree(tmp_path / "stick")
    assert taken.file.exists()
