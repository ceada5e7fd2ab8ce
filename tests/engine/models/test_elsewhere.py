"""What other programs keep is found on every system, and nothing that they keep can lead astray."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from engine.errors import FileUnfit
from engine.model_records import FoundModel
from engine.models import elsewhere
from engine.models.elsewhere import Installed, find, origin_of
from engine.models.file_names import stem_of
from engine.models.library import Library
from engine.models.meter import Stopped
from engine.models.other_programs import Surroundings, places
from engine.records import ModelId
from tests.engine.models.gguf_files import gguf
from tests.engine.models.model_folders import put, put_cached, put_ollama, put_split, sha256_of


def at(home: Path, system: str = "linux", **environment: str) -> Surroundings:
    return Surroundings(home, environment, system)


def found(home: Path, system: str = "linux", **environment: str) -> dict[str, FoundModel]:
    """What is found, without what this computer's own programs keep outside of any home."""
    return {model.name: model for model in find(around=at(home, system, **environment)) if str(home) in model.path}


def different(number: int) -> bytes:
    return gguf(weight_bytes=40_000 + number)


@pytest.mark.parametrize(
    ("system", "lm_studio", "jan", "gpt4all"),
    [
        ("linux", ".lmstudio/models", ".local/share/Jan/data/llamacpp/models", ".local/share/nomic.ai/GPT4All"),
        ("linux", ".cache/lm-studio/models", ".config/Jan/data/llamacpp/models", ".cache/gpt4all"),
        (
            "darwin",
            ".lmstudio/models",
            "Library/Application Support/Jan/data/llamacpp/models",
            "Library/Application Support/nomic.ai/GPT4All",
        ),
        ("win32", ".lmstudio/models", "AppData/Roaming/Jan/data/llamacpp/models", "AppData/Local/nomic.ai/GPT4All"),
    ],
)
def test_every_program_is_looked_for_where_it_keeps_its_models(
    tmp_path: Path, system: str, lm_studio: str, jan: str, gpt4all: str
) -> None:
    put(tmp_path / lm_studio / "publisher/Qwen3-GGUF", "Qwen3-8B-Q4_K_M.gguf", different(1))
    put(tmp_path / lm_studio / "publisher/Qwen3-GGUF", "mmproj-F16.gguf", different(2))
    put(tmp_path / jan / "Jan-v1-4B", "model.gguf", different(3))
    put(tmp_path / gpt4all, "Llama-3.2-1B-Instruct-Q4_0.gguf", different(4))
    put(tmp_path / gpt4all, "localdocs_v3.db", b"not a model")
    put_ollama(tmp_path / ".ollama/models", "llama3.2", "3b", different(5))
    cached = put_cached(tmp_path / ".cache/huggingface/hub", "ggml-org/gemma", "gemma-Q4_0.gguf", different(6))
    models = found(tmp_path, system)
    assert {name: model.of for name, model in models.items()} == {
        "Qwen3-8B-Q4_K_M": "lm_studio",
        "Jan-v1-4B": "jan",
        "Llama-3.2-1B-Instruct-Q4_0": "gpt4all",
        "llama3.2:3b": "ollama",
        "gemma-Q4_0": "hugging_face",
    }
    assert models["gemma-Q4_0"].path == str(cached), "the name with the ending, not the blob"
    assert models["gemma-Q4_0"].sha256 == sha256_of(cached)
    assert models["llama3.2:3b"].sha256 == sha256_of(Path(models["llama3.2:3b"].path))
    assert models["Jan-v1-4B"].sha256 is None
    assert all(model.n_bytes == Path(model.path).stat().st_size for model in models.values())


def test_what_the_programs_were_told_to_use_instead_is_used(tmp_path: Path) -> None:
    (tmp_path / ".lmstudio-home-pointer").write_text(f"{tmp_path}/studio\n")
    put(tmp_path / "studio", "settings.json", json.dumps({"downloadsFolder": f"{tmp_path}/disk"}).encode())
    put(tmp_path / "disk/publisher/model", "moved.gguf", different(1))
    put_ollama(tmp_path / "elsewhere", "qwen3", "4b", different(2))
    put_cached(tmp_path / "hf/hub", "a/b", "c.gguf", different(3))
    put_cached(tmp_path / "named", "a/b", "d.gguf", different(4))
    environment = {
        "OLLAMA_MODELS": f"{tmp_path}/elsewhere", "HF_HOME": f"{tmp_path}/hf", "HF_HUB_CACHE": f"{tmp_path}/named",
    }  # fmt: skip
    assert set(found(tmp_path, **environment)) == {"moved", "qwen3:4b", "c", "d"}


@pytest.mark.parametrize(
    "settings", [b"[1", b"[]", b'{"downloadsFolder": 3}', b'{"downloadsFolder": "a/b"}', b"[" * 50_000, b"\xff\xfe"]
)
def test_settings_that_make_no_sense_are_passed_over(tmp_path: Path, settings: bytes) -> None:
    put(tmp_path / ".lmstudio", "settings.json", settings)
    (tmp_path / ".lmstudio-home-pointer").write_bytes(settings)
    put(tmp_path / ".lmstudio/models/a/b", "there.gguf")
    assert set(found(tmp_path)) == {"there"}
    assert all(folder.is_absolute() for _, folder in places(at(tmp_path, HF_HOME="relative", HF_HUB_CACHE="also")))


# ---------------------------------------------------------------- Ollama
def test_ollamas_names_are_the_ones_that_people_type(tmp_path: Path) -> None:
    root = tmp_path / ".ollama/models"
    put_ollama(root, "qwen3", "latest", different(1))
    elsewhere_hosted = put_ollama(root, "x", "y", different(2))
    manifest = (root / "manifests/registry.ollama.ai/library/x/y").read_bytes()
    put(root / "manifests/hf.co/bartowski/Tiny-GGUF", "Q4_K_M", manifest)
    (root / "manifests/registry.ollama.ai/library/x/y").unlink()
    assert set(found(tmp_path)) == {"qwen3:latest", "hf.co/bartowski/Tiny-GGUF:Q4_K_M"}
    assert origin_of(elsewhere_hosted) == elsewhere.Origin("hf.co/bartowski/Tiny-GGUF:Q4_K_M", "Ollama", is_program=True)


@pytest.mark.parametrize(
    "lies",
    [
        {"digest": "sha256:../../../../etc/passwd"},
        {"digest": "sha256:" + "0" * 64},
        {"digest": "sha256:" + "A" * 64},
        {"digest": "md5:" + "0" * 64},
        {"digest": 7},
        {"digest": None},
        {"size": 5},
        {"size": -1},
        {"size": "large"},
        {"mediaType": "application/vnd.ollama.image.projector"},
    ],
)
def test_a_manifest_that_lies_offers_nothing(tmp_path: Path, lies: dict[str, object]) -> None:
    put_ollama(tmp_path / ".ollama/models", "liar", "1b", **lies)
    put_ollama(tmp_path / ".ollama/models", "honest", "1b", different(1))
    assert set(found(tmp_path)) == {"honest:1b"}


@pytest.mark.parametrize(
    "manifest", [b"", b"[]", b"null", b'{"layers": 3}', b'{"layers": [[]]}', b'{"layers":' + b"[" * 100_000, b"x" * (2 << 20)]
)
def test_a_manifest_that_is_none_is_passed_over(tmp_path: Path, manifest: bytes) -> None:
    put(tmp_path / ".ollama/models/manifests/registry.ollama.ai/library/broken", "1b", manifest)
    put_ollama(tmp_path / ".ollama/models", "sound", "1b")
    assert set(found(tmp_path)) == {"sound:1b"}


def test_blobs_that_are_no_models_are_not_offered(tmp_path: Path) -> None:
    root = tmp_path / ".ollama/models"
    put_ollama(root, "safetensors", "1b", b"not a gguf at all")
    blob = put_ollama(root, "pipe", "1b", different(1))
    blob.unlink()
    os.mkfifo(blob)
    put_ollama(root, "device", "1b", different(2)).unlink()
    manifests = root / "manifests/registry.ollama.ai/library"
    (manifests / "loop").symlink_to(manifests)
    os.mkfifo(manifests / "device" / "2b")
    assert found(tmp_path) == {}


# ---------------------------------------------------------------- any folder
def test_a_folder_is_looked_through_without_following_links_to_folders(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    put(folder, "a.gguf", different(1))
    put(folder / "deep/deeper", "b.GGUF", different(2))
    put_split(folder / "split", "big", 3)
    put_split(folder / "half", "half", 3)[2].unlink()
    put(folder, "mmproj-a.gguf", different(3))
    put(folder, "text.gguf", b"only a name")
    put(tmp_path / "outside", "secret.gguf", different(4))
    (folder / "circle").symlink_to(folder)
    (folder / "away").symlink_to(tmp_path / "outside")
    (folder / "second-name.gguf").symlink_to(folder / "a.gguf")
    (folder / "zero.gguf").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.gguf")
    models = {model.name: model for model in find(folder)}
    assert set(models) == {"a", "b", "big"}
    assert models["big"].n_bytes == sum(40_000 + at + len(gguf()) - 40_000 for at in range(3))
    assert Path(models["big"].path).name == "big-00001-of-00003.gguf"
    assert all(model.of == "folder" for model in models.values())


def test_what_the_library_has_is_marked(tmp_path: Path) -> None:
    same = put(tmp_path / "a", "same.gguf", different(1))
    linked = put(tmp_path / "a", "linked.gguf", different(2))
    put(tmp_path / "a", "new.gguf", different(3))
    cached = put_cached(tmp_path / "a", "o/r", "cached.gguf", different(4))
    library = tmp_path / "library"
    library.mkdir()
    os.link(linked, library / "mine.gguf")
    status = (library / "mine.gguf").stat()
    known = Installed(
        {sha256_of(cached): ModelId("by-hash"), sha256_of(same): ModelId("unused")},
        {(status.st_dev, status.st_ino): ModelId("mine")},
    )
    assert {model.name: model.installed for model in find(tmp_path / "a", installed=known)} == {
        "cached": "by-hash",
        "linked": "mine",
        "new": None,
        "same": None,  # its checksum is in no name, and nothing is read for this
    }


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    for folder in (tmp_path / "nothing", put(tmp_path, "file.gguf")):
        with pytest.raises(FileUnfit, match="missing"):
            find(folder)


def test_a_hundred_thousand_files_and_those_that_vanish(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(100_000):
        os.close(os.open(folder / f"{number}.txt", os.O_CREAT | os.O_WRONLY))
    for number in range(50):
        put(folder, f"model-{number}.gguf", different(number))
    looked: list[int] = []

    class Vanishing(threading.Event):
        def is_set(self) -> bool:  # asked before each file
            looked.append(1)
            if len(looked) == 10:
                (folder / "model-49.gguf").unlink()
            return False

    models = find(folder, stop=Vanishing())
    assert len(models) == 49


def test_looking_can_be_stopped_and_ends_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        put(tmp_path / "/".join("d" * number) / "x", f"{number}.gguf", different(number))
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        find(tmp_path, stop=stop)
    assert len(find(tmp_path)) == elsewhere.DEEPEST
    monkeypatch.setattr(elsewhere, "MOST_ENTRIES", 6)
    assert 0 < len(find(tmp_path)) <= 3


# ---------------------------------------------------------------- used in place
async def test_files_of_other_programs_are_used_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    studio = put(tmp_path / ".lmstudio/models/qwen/Qwen3-GGUF", "Qwen3-8B.gguf", different(1))
    put(studio.parent, "mmproj-F16.gguf", different(2))
    blob = put_ollama(tmp_path / ".ollama/models", "llama3.2", "3b", different(3))
    cached = put_cached(tmp_path / "hub", "o/r", "cached.gguf", different(4))
    parts = put_split(tmp_path / "split")
    gone = tmp_path / "stick/gone.gguf"
    paths = [str(path) for path in (studio, blob, cached, parts[0], gone)]
    library = Library([tmp_path / "library"], lambda: paths)
    models = {model.id: model for model in await library.installed()}
    assert set(models) == {"Qwen3-8B", "llama3.2:3b", "cached", "big", "gone"}
    assert all(model.is_in_place and not model.can_repair and model.is_verified is None for model in models.values())
    assert {model.id: model.source for model in models.values()} == {
        ModelId("Qwen3-8B"): "LM Studio",
        ModelId("llama3.2:3b"): "Ollama",
        ModelId("cached"): str(cached.parent),
        ModelId("big"): str(parts[0].parent),
        ModelId("gone"): str(gone.parent),
    }
    assert [model.id for model in models.values() if model.sees] == ["Qwen3-8B"]
    assert models[ModelId("gone")].problem == "model_missing"
    assert all(model.problem is None for model in models.values() if model.id != "gone")
    assert library.chat_file("llama3.2:3b") == (blob, "llama3.2:3b")
    assert library.chat_file(str(cached)) == (cached, "cached")
    assert library.chat_file(str(parts[1])) == (parts[0], "big") and library.parts("big") == tuple(parts)
    assert library.id_of(parts[2]) == "big" and library.id_of(tmp_path / "other.gguf") == stem_of("other.gguf")
    assert {path.name for path in tmp_path.rglob("*.json")} == set(), "nothing is written beside files of others"
