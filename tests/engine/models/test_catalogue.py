"""The catalogue that comes with the program is true to itself, and one that comes as a file is read as a stranger's."""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.errors import FileUnfit, FolderUnwritable, NotFound
from engine.models.catalogue import bundled_file, import_file, load
from engine.models.catalogue_file import LARGEST_FILE, CatalogueFile, Entry, File, Size
from engine.models.catalogue_shape import parameters_of
from engine.models.licences import known_licences

CATALOGUE = CatalogueFile.model_validate_json(bundled_file().read_bytes())
EACH = pytest.mark.parametrize("entry", CATALOGUE.models, ids=lambda entry: entry.id)
SHAPED = [entry for entry in CATALOGUE.models if entry.shape]
# Their publisher counts what sees and hears, which is another file.
WITH_EYES_AND_EARS = {"gemma-4-e2b", "gemma-4-e4b"}
BITS = {
    "Q4_0": (4.4, 6.0),
    "Q4_K_M": (4.0, 5.7),
    "UD-Q4_K_M": (4.4, 5.7),
    "MXFP4": (4.2, 5.0),
    "Q8_0": (8.0, 9.2),
    "F16": (15.5, 16.5),
}


# ---------------------------------------------------------------- the one that comes with the program
def test_every_family_that_people_ask_for_is_there() -> None:
    names = " ".join(entry.name for entry in CATALOGUE.models)
    for family in "Qwen Llama Gemma Mistral Ministral DeepSeek Phi Granite SmolLM gpt-oss EuroLLM".split():
        assert family in names
    purposes = [entry.purpose for entry in CATALOGUE.models]
    assert purposes.count("chat") >= 25 and purposes.count("embedding") >= 3 and purposes.count("vision") >= 3


def files_of(size: Size) -> list[File]:
    return [*size.files, *([size.vision] if size.vision else [])]


def test_one_checksum_belongs_to_one_file() -> None:
    """A line that was copied and half changed would show here."""
    told: dict[str, tuple[str, str, int | None]] = {}
    for entry in CATALOGUE.models:
        for size in entry.sizes:
            for file in files_of(size):
                if file.sha256:
                    assert len(set(file.sha256)) > 8
                    where = (size.repository, file.path, file.n_bytes)
                    assert told.setdefault(file.sha256, where) == where


@EACH
def test_sizes_go_with_the_parameters(entry: Entry) -> None:
    n_parameters = parameters_of(entry.shape).all if entry.shape else entry.n_parameters
    if n_parameters is None:
        return
    for size in entry.sizes:
        exact = [file.n_bytes for file in size.files]
        n_bytes = size.listed_bytes if None in exact else sum(filter(None, exact))
        assert n_bytes, f"{size.key} has no size, so that nobody could judge it"
        low, high = BITS[size.key]
        assert low <= n_bytes * 8 / n_parameters <= high, size.key


@EACH
def test_a_size_is_called_what_its_file_is(entry: Entry) -> None:
    kinds = [size.kind for size in entry.sizes]
    assert len(set(kinds)) == len(kinds) <= 3
    for size in entry.sizes:
        assert size.kind == {"Q4": "smaller", "UD": "smaller", "Q8": "closest", "MX": "original", "F1": "original"}[size.key[:2]]
        assert size.key.lower() in size.files[0].path.lower()
        if any(file.n_bytes for file in size.files):
            assert size.listed_bytes is None, "a rounded figure beside an exact one"


@pytest.mark.parametrize("entry", SHAPED, ids=lambda entry: entry.id)
def test_a_shape_has_the_parameters_that_its_publisher_states(entry: Entry) -> None:
    """Within 3 %, or as near as a number that was rounded, or cut like that in a name, can be."""
    assert entry.shape and entry.n_parameters
    computed, stated = parameters_of(entry.shape).all, entry.n_parameters
    if entry.id in WITH_EYES_AND_EARS:
        assert 0.9 * stated <= computed <= stated
        return
    digits = str(stated).rstrip("0")
    unit = 10 ** (len(str(stated)) - len(digits))
    assert computed == pytest.approx(stated, rel=0.03) or stated - unit / 2 <= computed < stated + unit
    assert entry.shape.n_heads % entry.shape.n_heads_kv == 0


@EACH
def test_a_clerk_can_read_it(entry: Entry) -> None:
    assert entry.note.startswith("Not tested by us.")
    assert entry.good_for[0].isupper() and not entry.good_for.endswith(".") and len(entry.good_for) <= 60
    said = entry.note + entry.good_for
    assert not re.search(r"!|\bRAG\b|inference|quanti|context window|embedding|token", said, re.IGNORECASE)
    assert entry.licence in known_licences().by_id
    assert len(set(entry.languages)) == len(entry.languages)


@EACH
def test_a_checksum_that_is_not_known_is_called_so(entry: Entry) -> None:
    unknown = [size.key for size in entry.sizes if any(file.sha256 is None for file in files_of(size))]
    assert ("checksum" in entry.note) == bool(unknown)
    if len(entry.sizes) > 1:
        assert all(key in entry.note for key in unknown)


@EACH
def test_no_commit_is_made_up_from_the_beginning_of_one(entry: Entry) -> None:
    for size in entry.sizes:
        assert size.revision is None or size.revision_hint is None


def test_what_sees_brings_its_eyes_and_what_does_not_leaves_them() -> None:
    catalogue = load()
    for offer in catalogue.offers:
        for size in catalogue.sizes(offer.id):
            assert (size.vision is not None) == (offer.purpose == "vision") == offer.sees
        if offer.purpose == "vision" or "pictures" in offer.note:
            assert "Strongroom" in offer.note


# ---------------------------------------------------------------- using it
def test_sizes_come_the_smallest_first_and_are_found_by_key_or_file() -> None:
    catalogue = load()
    assert [size.key for size in catalogue.sizes("qwen3-4b-2507")] == ["Q4_K_M", "Q8_0"]
    offer, size = catalogue.find("qwen3-8b")
    assert (offer.name, size.key, size.repository) == ("Qwen3 8B", "Q4_K_M", "Qwen/Qwen3-8B-GGUF")
    assert catalogue.find("Qwen3-8B:q4_k_m") == catalogue.find("qwen3-8b:Qwen3-8B-Q4_K_M.gguf") == (offer, size)


@pytest.mark.parametrize("text", ["", "qwen9-8b", "qwen3-8b:Q2_K", ":Q4_K_M", "qwen3-8b:../x.gguf"])
def test_what_is_not_in_it_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        load().find(text)


def test_a_commit_that_is_known_in_part_is_a_hint() -> None:
    catalogue = load()
    _, size = catalogue.find("gemma-4-e4b:Q4_0")
    assert size.revision is None and not size.is_confirmed
    assert catalogue.revision_hint("gemma-4-e4b", "Q4_0") == "4b4a2c1d"
    assert catalogue.revision_hint("qwen3-8b", "Q4_K_M") is None
    with pytest.raises(NotFound):
        catalogue.revision_hint("qwen3-8b", "Q5_K_M")


def test_a_shape_says_what_a_header_will_say() -> None:
    facts = load().shape("qwen3-8b", "Q4_K_M")
    assert facts is not None
    assert (facts.architecture, facts.n_layers, facts.heads_kv, facts.key_length) == ("qwen3", 36, [8] * 36, 128)
    assert facts.n_weight_bytes == 5_027_783_488 and facts.is_tied is False and facts.n_experts == 0
    assert load().shape("lfm2.5-2.6b", "Q8_0") is None


def test_layers_that_slide_recur_or_borrow_are_told_apart() -> None:
    catalogue = load()
    gemma, qwen, gpt = (
        catalogue.shape(*of) for of in [("gemma-4-12b", "Q4_0"), ("qwen3.5-9b", "Q4_K_M"), ("gpt-oss-20b", "MXFP4")]
    )
    assert gemma and qwen and gpt
    assert gemma.heads_kv == ([8] * 5 + [1]) * 8 and gemma.windowed == ([True] * 5 + [False]) * 8
    assert (gemma.window, gemma.windowed_key_length, gemma.key_length) == (1024, 256, 512)
    assert qwen.heads_kv == [0, 0, 0, 4] * 8
    assert gpt.windowed == [True, False] * 12 and (gpt.n_experts, gpt.n_experts_used) == (32, 4)
    assert 0.85 <= gpt.expert_bytes / (gpt.n_weight_bytes or 1) <= 0.95
    small = catalogue.shape("gemma-4-e2b", "Q4_0")
    assert small and small.n_sharing_layers == 20
    # Half of its numbers are a table of which a token reads one row: it computes with what its publisher calls effective.
    assert small.table_bytes and small.n_weight_bytes
    active = small.n_parameters * (1 - small.layer_table_bytes / small.n_weight_bytes)
    assert active == pytest.approx(catalogue.find("gemma-4-e2b")[0].n_active_parameters, rel=0.03)


# ---------------------------------------------------------------- one that comes as a file
def written(tmp_path: Path, change: Callable[[dict[str, Any]], None], name: str = "newer.json") -> Path:
    content = json.loads(bundled_file().read_bytes())
    content["models"] = content["models"][:2]
    content["edition"] = "2099-01-01"
    change(content)
    file = tmp_path / name
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_a_newer_one_counts_from_then_on(tmp_path: Path) -> None:
    into = tmp_path / "profile" / "catalogue.json"
    edition = import_file(written(tmp_path, lambda content: None), into)
    assert (edition.date, edition.n_models, edition.imported) == ("2099-01-01", 2, True)
    assert load(into).edition == edition and len(load(into).offers) == 2
    assert load().edition.imported is False
    assert [file.name for file in into.parent.iterdir()] == ["catalogue.json"]


def test_an_older_one_or_the_same_again_is_refused(tmp_path: Path) -> None:
    into = tmp_path / "catalogue.json"
    with pytest.raises(FileUnfit) as refused:
        import_file(bundled_file(), into)
    assert refused.value.reason == "older_catalogue" and not into.exists()
    import_file(written(tmp_path, lambda content: None), into)
    with pytest.raises(FileUnfit):
        import_file(written(tmp_path, lambda content: content.update(edition="2098-12-31")), into)
    assert load(into).edition.date == "2099-01-01"


def test_after_an_update_of_the_program_its_newer_catalogue_counts(tmp_path: Path) -> None:
    into, bundled = tmp_path / "catalogue.json", written(tmp_path, lambda content: content.update(edition="2099-02-01"))
    into.write_bytes(written(tmp_path, lambda content: None, "old.json").read_bytes())
    assert load(into, bundled).edition.date == "2099-02-01"


@pytest.mark.parametrize("content", [b"", b"{", b'{"format": 1}', b"\x00\xff" * 100])
def test_a_damaged_one_in_the_profile_stops_nothing(tmp_path: Path, content: bytes) -> None:
    into = tmp_path / "catalogue.json"
    into.write_bytes(content)
    assert load(into).edition.imported is False
    import_file(written(tmp_path, lambda content: None), into)
    assert load(into).edition.imported is True


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not_a_catalogue"),
        (b"GGUF\x03\x00", "not_a_catalogue"),
        (b"[" * 200_000, "not_a_catalogue"),
        (b'{"format": 1, "edition": "2099-01-01", "models": []}', "not_a_catalogue"),
        (b'{"format": 2, "edition": "2099-01-01", "something": {}}', "newer_format"),
        (b'{"format": true, "edition": "2099-01-01", "models": []}', "not_a_catalogue"),
        (b" " * (LARGEST_FILE + 1), "too_large"),
    ],
)
def test_what_is_no_catalogue_is_refused_with_the_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    file, into = tmp_path / "file.json", tmp_path / "into.json"
    file.write_bytes(content)
    with pytest.raises(FileUnfit) as refused:
        import_file(file, into)
    assert refused.value.reason == reason and not into.exists()


def test_a_missing_file_a_folder_and_a_pipe_are_told(tmp_path: Path) -> None:
    places = [(tmp_path / "nothing.json", "missing"), (tmp_path, "not_a_catalogue")]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.json")
        places.append((tmp_path / "pipe.json", "not_a_catalogue"))
    for place, reason in places:
        with pytest.raises(FileUnfit) as refused:
            import_file(place, tmp_path / "into.json")
        assert refused.value.reason == reason


def test_a_folder_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "profile").write_text("a file where the folder should be")
    with pytest.raises(FolderUnwritable):
        import_file(written(tmp_path, lambda content: None), tmp_path / "profile" / "catalogue.json")


def first_size(content: dict[str, Any]) -> dict[str, Any]:
    size: dict[str, Any] = content["models"][0]["sizes"][0]
    return size


@pytest.mark.parametrize(
    "path",
    [
        "../x.gguf",
        "/etc/x.gguf",
        "a/../../x.gguf",
        "C:/x.gguf",
        "a\\x.gguf",
        "https://evil.example/x.gguf",
        "x.gguf?download=1",
        "x.gguf#",
        "con.gguf",
        "NUL/x.gguf",
        "a./x.gguf",
        "x.exe",
        "x.gguf\n",
        " x.gguf",
        "a//x.gguf",
        "ä.gguf",
        ".gguf",
        "x\u202efugg.gguf",
        "a" * 300 + ".gguf",
    ],
)
def test_a_file_name_that_leads_elsewhere_is_refused(tmp_path: Path, path: str) -> None:
    def change(content: dict[str, Any]) -> None:
        first_size(content)["files"][0]["path"] = path

    with pytest.raises(FileUnfit):
        import_file(written(tmp_path, change), tmp_path / "into.json")


@pytest.mark.parametrize(
    "repository",
    ["qwen", "a/b/c", "../etc", "a/..", "./b", "a/b?x", "https://a/b", "a b/c", "a/b\n", "-a/b", "a/b.", "a..b/c", "/b", "a/"],
)
def test_a_repository_that_is_no_name_is_refused(tmp_path: Path, repository: str) -> None:
    with pytest.raises(FileUnfit):
        import_file(written(tmp_path, lambda content: first_size(content).update(repository=repository)), tmp_path / "into.json")


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.update(more=1),
        lambda content: content.update(edition="yesterday"),
        lambda content: content["models"].append(copy.deepcopy(content["models"][0])),
        lambda content: content["models"][0].update(name="Strong\u202eroom"),
        lambda content: content["models"][0].update(name="x" * 81),
        lambda content: content["models"][0].update(note="\x1b[31mred"),
        lambda content: content["models"][0].update(n_parameters="8000000000"),
        lambda content: content["models"][0].update(n_parameters=-1),
        lambda content: content["models"][0].update(sizes=[]),
        lambda content: content["models"][0]["sizes"].append(copy.deepcopy(first_size(content))),
        lambda content: first_size(content).update(revision="main"),
        lambda content: first_size(content).update(revision="4b4a2c1d"),
        lambda content: first_size(content).update(kind="best"),
        lambda content: first_size(content)["files"].append(copy.deepcopy(first_size(content)["files"][0])),
        lambda content: first_size(content)["files"][0].update(n_bytes=0),
        lambda content: first_size(content)["files"][0].update(n_bytes=1e99),
        lambda content: first_size(content)["files"][0].update(sha256="0" * 63),
        lambda content: first_size(content)["files"][0].update(sha256="G" * 64),
        lambda content: content["models"][0]["shape"].update(n_layers=10_000_000),
    ],
)
def test_anything_that_is_not_in_order_refuses_the_whole(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    into = tmp_path / "into.json"
    with pytest.raises(FileUnfit) as refused:
        import_file(written(tmp_path, change), into)
    assert refused.value.reason == "not_a_catalogue" and not into.exists()


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
    )
)
def test_no_json_is_taken_for_a_catalogue_by_chance(content: object) -> None:
    with pytest.raises(ValidationError):
        CatalogueFile.model_validate_json(json.dumps(content))


json_values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just([]) | st.just({})
WHOLE = json.loads(bundled_file().read_bytes())
ONE = {**WHOLE, "edition": "2099-01-01", "models": [next(model for model in WHOLE["models"] if model["id"] == "gemma-4-e2b")]}


def places(content: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [path, *(place for step, value in inner for place in places(value, (*path, step)))]


@given(st.sampled_from(places(ONE)[1:]), json_values)
def test_one_wrong_value_anywhere_is_refused_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, place: tuple[str | int, ...], value: object
) -> None:
    content = copy.deepcopy(ONE)
    inner: Any = content
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    folder = tmp_path_factory.mktemp("catalogue")
    (folder / "file.json").write_text(json.dumps(content), encoding="utf-8")
    try:
        import_file(folder / "file.json", folder / "into.json")
    except FileUnfit:
        assert not (folder / "into.json").exists()
        return
    catalogue = load(folder / "into.json")
    for offer in catalogue.offers:
        assert offer.name.isprintable() and offer.note.isprintable()
        for size in catalogue.sizes(offer.id):
            assert size.repository.count("/") == 1 and not {"..", "."} & set(size.repository.split("/"))
            assert all(re.fullmatch(r"[\w./+-]+\.gguf", file.path) and ".." not in file.path for file in size.files)
            catalogue.shape(offer.id, size.key)
