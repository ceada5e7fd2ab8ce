"""Bundles made by an enemy: names that lead out of the folder, lists that lie, links, pipes, and files that are not theirs.

Whatever the bundle says, nothing outside of it is read into the library, nothing outside of the library is written, and
what is taken in has the checksum that was listed.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import FileUnfit, ModelDamaged, NameRefused, StrongroomError
from engine.models import bundle
from engine.models.bundle import MANIFEST
from engine.models.model_files import models_in
from tests.engine.models.gguf_files import gguf

CONTENT = gguf()
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Enemy:
    """A folder with a sound model and a list that says what the enemy wants."""

    def __init__(self, top: Path) -> None:
        self.top, self.stick, self.library = top, top / "stick", top / "home/library"
        self.stick.mkdir()
        self.library.mkdir(parents=True)
        (self.stick / "tiny.gguf").write_bytes(CONTENT)
        (top / "secret.gguf").write_bytes(CONTENT)
        self.outside = self.everything()

    def entry(self, **lies: Any) -> dict[str, Any]:
        return {"file": "tiny.gguf", "n_bytes": len(CONTENT), "sha256": SHA256} | lies

    def says(self, *models: Any, **lies: Any) -> None:
        (self.stick / MANIFEST).write_text(json.dumps({"format": 1, "models": list(models)} | lies))

    def everything(self) -> dict[str, bytes]:
        """All files outside of the stick and the library."""
        inside = (self.stick, self.library)
        files = (file for file in self.top.rglob("*") if file.is_file() and not any(map(file.is_relative_to, inside)))
        return {str(file.relative_to(self.top)): file.read_bytes() for file in files}

    def is_refused(self, *errors: type[StrongroomError]) -> None:
        with pytest.raises(errors):
            bundle.import_bundle(self.stick, self.library)
        self.nothing_happened()

    def nothing_happened(self) -> None:
        assert list(self.library.iterdir()) == []
        assert self.everything() == self.outside


@pytest.fixture
def enemy(tmp_path: Path) -> Enemy:
    return Enemy(tmp_path)


NAMES = [
    "../secret.gguf", "/etc/passwd", "..\\secret.gguf", "C:\\secret.gguf", "c:secret.gguf", "sub/tiny.gguf", "./tiny.gguf", "",
    ".", "..", "...", "tiny.gguf\0", "ti\nny.gguf", "con.gguf", "NUL.gguf", "com1.x.gguf", "tiny.gguf.", "tiny.gguf ",
    ".hidden.gguf", "ti\u202eny.gguf", "a" * 300 + ".gguf", "tiny.gguf:stream", "tiny.txt", "tiny.gguf.strongroom.json",
    ".importing-1.gguf", "\udcff.gguf", "ti*ny.gguf",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", ["file", "vision"])
def test_a_name_that_is_not_plain_is_refused(enemy: Enemy, name: str, place: str) -> None:
    entry = enemy.entry(file=name)
    model = {"name": "x", "files": [enemy.entry()], "vision": entry} if place == "vision" else {"name": "x", "files": [entry]}
    enemy.says(model)
    enemy.is_refused(NameRefused, FileUnfit)


@pytest.mark.parametrize(
    "lies",
    [
        {"sha256": "0" * 63}, {"sha256": SHA256.upper()}, {"sha256": ""}, {"sha256": None}, {"n_bytes": 0}, {"n_bytes": -5},
        {"n_bytes": 1.5}, {"n_bytes": "9"}, {"n_bytes": 1 << 70}, {"file": 3},
    ],
)  # fmt: skip
def test_a_list_that_makes_no_sense_is_refused(enemy: Enemy, lies: dict[str, Any]) -> None:
    enemy.says({"name": "x", "files": [enemy.entry(**lies)]})
    enemy.is_refused(FileUnfit, ModelDamaged)


def test_lists_that_contradict_themselves_are_refused(enemy: Enemy) -> None:
    plain = enemy.entry()
    part = enemy.entry(file="big-00001-of-00002.gguf")
    for files in ([], [plain, plain], [part], [part, plain], [plain, enemy.entry(file="TINY.gguf")]):
        enemy.says({"name": "x", "files": files})
        enemy.is_refused(FileUnfit)
    enemy.says({"name": "x", "files": [plain], "vision": plain})
    enemy.is_refused(FileUnfit)
    enemy.says(*({"name": "x", "files": [plain]} for _ in range(bundle.MOST_MODELS + 1)))
    enemy.is_refused(FileUnfit)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"null", b"[]", b"{}", b'{"format": 1}', b'{"format": 1, "models": 3}', b'{"format": 1, "models": [null]}',
        b'{"format":1,"models":[{"name":"x"}]}', b"\xff\xfe", b"[" * 200_000,
        b'{"format": 1, "models": [' + b" " * (5 << 20) + b"]}", b'{"format": true, "models": []}',
        b'{"format": 1e400, "models": []}',
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused(enemy: Enemy, content: bytes) -> None:
    (enemy.stick / MANIFEST).write_bytes(content)
    enemy.is_refused(FileUnfit)


def test_a_newer_list_is_told_apart_from_a_broken_one(enemy: Enemy) -> None:
    enemy.says(format=2, models={"of another": "shape"})
    with pytest.raises(FileUnfit, match="newer_format"):
        bundle.import_bundle(enemy.stick, enemy.library)


@pytest.mark.parametrize("what", ["link", "link_list", "pipe", "folder", "device", "gone"])
def test_what_is_no_file_of_the_folder_itself_is_refused(enemy: Enemy, what: str) -> None:
    enemy.says({"name": "x", "files": [enemy.entry()]})
    tiny = enemy.stick / "tiny.gguf"
    if what == "link_list":
        (enemy.stick / MANIFEST).rename(enemy.stick / "list.json")
        (enemy.stick / MANIFEST).symlink_to("list.json")
    else:
        tiny.unlink()
    if what == "link":
        tiny.symlink_to("../secret.gguf")
    elif what == "pipe":
        os.mkfifo(tiny)
    elif what == "folder":
        tiny.mkdir()
    elif what == "device":
        tiny.symlink_to("/dev/zero")
    enemy.is_refused(FileUnfit)


def test_content_that_is_not_what_was_listed_is_refused(enemy: Enemy) -> None:
    enemy.says({"name": "x", "files": [enemy.entry(sha256="0" * 64)]})
    enemy.is_refused(ModelDamaged)
    enemy.says({"name": "x", "files": [enemy.entry(n_bytes=len(CONTENT) - 1)]})
    enemy.is_refused(ModelDamaged)
    enemy.says({"name": "x", "files": [enemy.entry()], "vision": enemy.entry(file="mmproj.gguf", sha256="0" * 64)})
    (enemy.stick / "mmproj.gguf").write_bytes(CONTENT)
    enemy.is_refused(ModelDamaged)


def test_sidecars_and_unfinished_work_of_the_enemy_are_not_taken_along(enemy: Enemy) -> None:
    (enemy.stick / "tiny.gguf.strongroom.json").write_text('{"name": "trusted", "publisher_checksum": true}')
    plan = enemy.stick / ".importing-1"
    plan.mkdir()
    (plan / "plan.json").write_text(json.dumps([["x", "../../home/library/evil.gguf"]]))
    (plan / "x").write_bytes(CONTENT)
    enemy.says({"name": "x" * 5000, "files": [enemy.entry()], "repository": "o/r", "revision": "c" * 40, "source": "evil"})
    (taken,) = bundle.import_bundle(enemy.stick, enemy.library)
    record = json.loads((enemy.library / "tiny.gguf.strongroom.json").read_text())
    assert {each.name for each in enemy.library.iterdir()} == {"tiny.gguf", "tiny.gguf.strongroom.json"}
    assert (record["publisher_checksum"], record["repository"], len(record["name"])) == (False, "", 200)
    assert taken.sha256 == SHA256 and enemy.everything() == enemy.outside


def test_an_export_does_not_write_through_links_on_the_stick(enemy: Enemy) -> None:
    """The stick comes back from the enemy with links where the next export will write."""
    victim = enemy.top / "victim.txt"
    victim.write_text("mine")
    for name in ("other.gguf", MANIFEST, bundle.SUMS):
        (enemy.stick / name).unlink(missing_ok=True)
        (enemy.stick / name).symlink_to(victim)
    mine = enemy.library / "other.gguf"
    mine.write_bytes(gguf(weight_bytes=41_000))
    bundle.export([bundle.ToExport(bundle.ModelFiles((mine,)), "Other")], enemy.stick)
    assert victim.read_text() == "mine"
    assert not (enemy.stick / MANIFEST).is_symlink()
    (model,) = bundle.read(enemy.stick).models
    assert model.files[0].file == "other-2.gguf"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["tiny.gguf", SHA256, "../secret.gguf"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "files", "file", "n_bytes", "sha256", "vision", "models", "format"]), inner, max_size=5
        )
    ),
    max_leaves=20,
)


@given(models=json_values)
def test_no_list_whatsoever_does_anything_but_take_in_or_refuse(tmp_path_factory: pytest.TempPathFactory, models: Any) -> None:
    enemy = Enemy(tmp_path_factory.mktemp("enemy"))
    enemy.says(models=models)
    try:
        bundle.import_bundle(enemy.stick, enemy.library)
    except StrongroomError:
        enemy.nothing_happened()
    assert all(model.first.read_bytes() == CONTENT for model in models_in(enemy.library))
    assert enemy.everything() == enemy.outside
