"""Sizes of a model, told from the names of a repository's files."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model_records import ModelSize, RemoteFile
from engine.models.hub_files import kind_of, quantisation_of, sizes_in

COMMIT = "c" * 40


def sizes(*paths: str, n_bytes: int | None = 1000, n_parameters: int | None = None) -> tuple[ModelSize, ...]:
    return sizes_in("acme/tiny", COMMIT, [RemoteFile(path, n_bytes) for path in paths], n_parameters=n_parameters)


def paths(size: ModelSize) -> list[str]:
    return [file.path for file in size.files]


@pytest.mark.parametrize(
    ("path", "quantisation"),
    [
        ("Qwen3-8B-Q4_K_M", "Q4_K_M"),
        ("tiny.Q4_1", "Q4_1"),
        ("qwen2.5-7b-instruct-q4_k_m", "Q4_K_M"),
        ("Qwen3-8B-UD-Q4_K_XL", "UD-Q4_K_XL"),
        ("gemma-4-E2B_q4_0-it", "Q4_0"),
        ("tiny.i1-IQ3_XXS", "IQ3_XXS"),
        ("tiny-IQ4_NL", "IQ4_NL"),
        ("tiny-UD-IQ2_M", "UD-IQ2_M"),
        ("tiny-UD-TQ1_0", "UD-TQ1_0"),
        ("gpt-oss-20b-mxfp4", "MXFP4"),
        ("ggml-model-f16", "F16"),
        ("tiny-fp16", "F16"),
        ("tiny-BF16", "BF16"),
        ("tiny_Q4_0_4_8", "Q4_0_4_8"),
        ("phi-4-q4", "Q4"),
        ("Q8_0-finetune-Q6_K", "Q6_K"),  # the last one is the storage, what comes before is the model's name
        ("UD-Q2_K_XL/tiny-00001", "UD-Q2_K_XL"),
        ("F16/tiny-Q5_K_S", "Q5_K_S"),
        ("Q4_K_M/deeper/tiny", None),
        ("tiny", None),
        ("seq4_0x", None),
        ("Q9_K", None),
    ],
)
def test_the_quantisation_is_read_from_the_name(path: str, quantisation: str | None) -> None:
    assert quantisation_of(path) == quantisation


@pytest.mark.parametrize(
    ("kind", "quantisations"),
    [
        ("smallest", "Q2_K Q2_K_L IQ1_S IQ2_XXS IQ3_M UD-IQ3_XXS UD-Q2_K_XL TQ1_0"),
        ("smaller", "Q3_K_M Q4_0 Q4_K_M UD-Q4_K_XL IQ4_XS IQ4_NL MXFP4 NVFP4"),
        ("balanced", "Q5_K_M Q5_0 Q6_K Q6_K_L UD-Q6_K_XL"),
        ("closest", "Q8_0 UD-Q8_K_XL"),
        ("original", "F16 BF16 F32"),
    ],
)
def test_quantisations_are_grouped_by_what_they_keep(kind: str, quantisations: str) -> None:
    assert {kind_of(name) for name in quantisations.split()} == {kind}


def test_sizes_come_smallest_first_with_commit_and_repository() -> None:
    files = [
        RemoteFile("t-Q8_0.gguf", 800),
        RemoteFile("t-Q2_K.gguf", 200),
        RemoteFile("t-F16.gguf"),
        RemoteFile("t-Q4_0.gguf", 400),
    ]
    found = sizes_in("acme/tiny", COMMIT, files)
    assert [(size.key, size.kind) for size in found] == [
        ("Q2_K", "smallest"), ("Q4_0", "smaller"), ("Q8_0", "closest"), ("F16", "original")
    ]  # fmt: skip
    assert {(size.repository, size.revision) for size in found} == {("acme/tiny", COMMIT)}


def test_parts_of_a_split_model_are_one_size_in_their_order() -> None:
    found = sizes(*(f"Q8_0/big-Q8_0-{part:05}-of-00011.gguf" for part in (11, 3, 1, 2, 10, 4, 5, 6, 7, 8, 9)))
    assert [size.key for size in found] == ["Q8_0"]
    assert paths(found[0]) == [f"Q8_0/big-Q8_0-{part:05}-of-00011.gguf" for part in range(1, 12)]
    assert found[0].n_bytes == 11_000


@pytest.mark.parametrize(
    "broken",
    [
        ["t-Q4_0-00001-of-00003.gguf", "t-Q4_0-00003-of-00003.gguf"],  # one is missing
        ["t-Q4_0-00001-of-00001.gguf", "t-Q4_0-00002-of-00001.gguf"],  # one too many
        ["t-Q4_0-00000-of-00001.gguf"],
        ["t-Q4_0-00001-of-00000.gguf"],
        ["t-Q4_0-00001-of-99999.gguf"],
        ["t-Q4_0-00001-of-00002.gguf", "other/t-Q4_0-00002-of-00002.gguf"],
        ["t-Q4_0-00001-of-00002.gguf", "../t-Q4_0-00002-of-00002.gguf"],
    ],
)
def test_a_split_model_that_is_not_complete_is_not_offered(broken: list[str]) -> None:
    assert sizes(*broken) == ()


def test_two_models_of_one_repository_that_share_a_quantisation_are_told_apart_by_their_paths() -> None:
    found = sizes("big-Q4_0.gguf", "small-Q4_0.gguf", "small-Q8_0.gguf")
    assert sorted(size.key for size in found) == ["Q8_0", "big-Q4_0.gguf", "small-Q4_0.gguf"]


def test_other_files_are_no_sizes() -> None:
    assert sizes("README.md", "imatrix.gguf", "t.imatrix.gguf", "ggml-vocab-llama.gguf", "t-Q4_0.bin", "t.gguf.part1of2") == ()


def test_a_file_without_a_label_is_judged_by_bits_for_each_number_where_they_are_known() -> None:
    for n_bytes, kind in [(300, "smallest"), (500, "smaller"), (750, "balanced"), (1100, "closest"), (2000, "original")]:
        assert [size.kind for size in sizes("tiny.gguf", n_bytes=n_bytes, n_parameters=1000)] == [kind]
    assert [size.kind for size in sizes("tiny.gguf", n_bytes=300)] == ["original"]
    assert [size.key for size in sizes("tiny.gguf")] == ["tiny.gguf"]


# ---------------------------------------------------------------- vision files
def test_half_precision_is_the_vision_file_of_choice() -> None:
    (size,) = sizes("t-Q4_0.gguf", "mmproj-BF16.gguf", "mmproj-F32.gguf", "mmproj-F16.gguf")
    assert size.vision is not None and size.vision.path == "mmproj-F16.gguf"


def test_each_model_gets_the_vision_file_of_its_name_and_folder() -> None:
    found = sizes(
        "gemma-4b-Q4_0.gguf", "gemma-12b-Q8_0.gguf", "old/gemma-4b-Q2_K.gguf",
        "mmproj-gemma-4b-f16.gguf", "gemma-12b-mmproj-f32.gguf", "mmproj-model-f16.gguf", "old/mmproj-f32.gguf",
    )  # fmt: skip
    assert {size.key: size.vision and size.vision.path for size in found} == {
        "Q4_0": "mmproj-gemma-4b-f16.gguf",
        "Q8_0": "gemma-12b-mmproj-f32.gguf",
        "Q2_K": "old/mmproj-f32.gguf",
    }


# ---------------------------------------------------------------- hostile names
@pytest.mark.parametrize(
    "name",
    [
        "../t-Q4_0.gguf", "a/../../t-Q4_0.gguf", "/etc/t-Q4_0.gguf", "//server/t-Q4_0.gguf", "..\\t-Q4_0.gguf", "C:\\t-Q4_0.gguf",
        "C:t-Q4_0.gguf", "t-Q4_0.gguf:stream.gguf", "a//t-Q4_0.gguf", "./t-Q4_0.gguf", "t-Q4_0\n.gguf", "t-Q4_0\x00.gguf",
        "t-Q4_0\u202efugg.gguf", "CON.gguf", "nul.Q4_0.gguf", "COM1.gguf", "aux/t-Q4_0.gguf", "a. /t-Q4_0.gguf",
        ".hidden-Q4_0.gguf", "x" * 300 + "-Q4_0.gguf", "t-Q4_0\ud800.gguf", "t-Q4_0?.gguf", "\u2028-Q4_0.gguf",
    ],
)  # fmt: skip
def test_a_hostile_name_takes_no_part(name: str) -> None:
    assert [paths(size) for size in sizes(name, "sound-Q8_0.gguf")] == [["sound-Q8_0.gguf"]]
    assert sizes(name) == ()


@given(st.lists(st.text(max_size=40).map(lambda text: text + ".gguf"), max_size=30, unique=True))
def test_any_names_give_sizes_with_unique_keys_and_each_file_once(names: list[str]) -> None:
    found = sizes(*names)
    assert len({size.key for size in found}) == len(found)
    used = [file.path for size in found for file in size.files]
    assert len(set(used)) == len(used) and set(used) <= set(names)


def test_vision_files_without_number_cost_no_memory_without_end() -> None:
    many = [f"mmproj-{n:06}{'n' * 170}.gguf" for n in range(3000)]
    tracemalloc.start()
    try:
        (size,) = sizes("t-Q8_0.gguf", *many)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
    assert size.vision is not None


@pytest.mark.parametrize("names", ["m{0}-Q4_0.gguf", "mmproj-{0}.gguf", "m{1}-Q4_K_M-{2:05}-of-00010.gguf", "{3}-Q4_0-{0}.gguf"])
@pytest.mark.timeout(20)  # work that grows with the square of the number of names would take many minutes
def test_four_thousand_files_are_no_trouble(names: str) -> None:
    many = [names.format(n, n // 10, n % 10 + 1, "n" * 150) for n in range(4000)]
    vision = [f"mmproj-{'n' * 150}{n}.gguf" for n in range(400)]
    found = sizes("t-Q8_0.gguf", *many, *vision)
    assert "t-Q8_0.gguf" in {file.path for size in found for file in size.files}
