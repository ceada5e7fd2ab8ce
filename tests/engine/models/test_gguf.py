"""The header reader: what real files say, and that no file makes it do anything but read or refuse."""

from __future__ import annotations

import ctypes
import io
import struct
import time
import tracemalloc
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.models import gguf as reader
from engine.models.facts import facts_from
from engine.models.gguf import Header, NotGguf, Truncated
from engine.models.gguf_types import FILE_TYPES, TENSOR_TYPES
from tests.engine.models.gguf_files import ARRAY, F32, LLAMA, TEXT, U32, gguf, text, value


def read(content: bytes) -> Header:
    return reader.read_header(io.BytesIO(content), len(content))


def test_the_starter_model_says_what_it_is(starter_model: Path) -> None:
    with starter_model.open("rb") as file:
        facts = facts_from(reader.read_header(file, starter_model.stat().st_size))
    assert (facts.architecture, facts.quantisation, facts.licence) == ("llama", "Q4_1", "apache-2.0")
    assert (facts.n_parameters, facts.n_vocabulary) == (134_515_008, 49_152)
    assert (facts.context_length, facts.n_layers, facts.n_embedding, facts.n_feed_forward) == (8192, 30, 576, 1536)
    assert (facts.n_heads, facts.heads_kv, facts.key_length, facts.value_length) == (9, [3] * 30, 64, 64)
    assert facts.has_chat_template and not facts.pools
    assert facts.n_weight_bytes == 98_362_432 - 1_785_664  # all of the file but its header


def test_the_embedding_model_pools_and_does_not_chat(embedding_model: Path) -> None:
    with embedding_model.open("rb") as file:
        facts = facts_from(reader.read_header(file, embedding_model.stat().st_size))
    assert (facts.architecture, facts.quantisation, facts.context_length) == ("bert", "Q8_0", 512)
    assert facts.pools and not facts.has_chat_template


def test_a_small_file_is_read_whole() -> None:
    header = read(gguf())
    assert header.version == 3
    assert header.metadata["general.name"] == "Tiny"
    assert header.metadata["tokenizer.ggml.tokens"] is None  # passed over, not kept
    assert [tensor.n_bytes for tensor in header.tensors] == [64 * 3 * 2, 64 * 128 // 32 * 34]


def test_layers_that_differ_are_kept_one_by_one() -> None:
    facts = facts_from(read(gguf({**LLAMA, "llama.attention.head_count_kv": value(ARRAY, (U32, [2, 0]))})))
    assert facts.heads_kv == [2, 0]


def test_nonsense_in_a_value_is_not_a_fact() -> None:
    broken = {
        "llama.context_length": value(TEXT, "many"),
        "llama.block_count": value(F32, 1.5),
        "general.name": value(U32, 7),
        "general.file_type": value(U32, 999),
    }
    facts = facts_from(read(gguf({**LLAMA, **broken})))
    assert (facts.context_length, facts.n_layers, facts.name, facts.heads_kv) == (None, None, None, None)
    assert facts.quantisation == "Q8_0"  # what most values are stored as


BROKEN = {
    "empty": (b"", Truncated),
    "magic cut": (b"GG", Truncated),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), NotGguf),
    "version 1": (gguf(version=1), NotGguf),
    "big-endian": (gguf(version=3 << 24), NotGguf),
    "endless keys": (gguf(n_keys=1 << 60), NotGguf),
    "more keys than there are": (gguf(n_keys=5000), (NotGguf, Truncated)),
    "endless tensors": (gguf(n_tensors=1 << 60), NotGguf),
    "more tensors than there are": (gguf(n_tensors=1000), (NotGguf, Truncated)),
    "endless text": (gguf({"k": struct.pack("<IQ", 8, 1 << 62)}), NotGguf),
    "text beyond the end": (gguf({"k": struct.pack("<IQ", 8, 1 << 20)}, [], weight_bytes=10), Truncated),
    "endless list": (gguf({"k": struct.pack("<IIQ", 9, 4, 1 << 61)}), NotGguf),
    "list of lists": (gguf({"k": struct.pack("<IIQ", 9, 9, 1)}), NotGguf),
    "list of long texts": (gguf({"k": struct.pack("<IIQQ", 9, 8, 1, 1 << 50)}), NotGguf),
    "unknown type of value": (gguf({"k": struct.pack("<I", 77)}), NotGguf),
    "nine dimensions": (gguf(tensors=[("t", (1,) * 9, 0)]), NotGguf),
    "no dimension": (gguf(tensors=[("t", (), 0)]), NotGguf),
    "empty tensor": (gguf(tensors=[("t", (0, 5), 0)]), NotGguf),
    "tensor of 2^80 values": (gguf(tensors=[("t", (1 << 40, 1 << 40), 0)]), NotGguf),
    "weights missing": (gguf(weight_bytes=100), Truncated),
    "alignment of 3": (gguf({"general.alignment": value(U32, 3)}), NotGguf),
    "alignment of 0": (gguf({"general.alignment": value(U32, 0)}), NotGguf),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_refused_at_once_and_without_memory(name: str) -> None:
    content, refusal = BROKEN[name]
    tracemalloc.start()
    started = time.process_time()
    try:
        with pytest.raises(refusal):
            read(content)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    assert time.process_time() - started < 5


@given(at=st.integers(0, 600), new=st.binary(min_size=1, max_size=8))
def test_damage_anywhere_is_read_or_refused(at: int, new: bytes) -> None:
    content = bytearray(gguf())
    content[at : at + len(new)] = new
    try:
        assert facts_from(read(bytes(content))).n_parameters >= 0
    except (NotGguf, Truncated):
        return


@given(length=st.integers(0, 1000))
def test_a_file_cut_anywhere_in_its_header_is_truncated(length: int) -> None:
    whole = gguf()
    if length < len(whole) - 40_000:
        with pytest.raises(Truncated):
            read(whole[:length])


def test_a_type_newer_than_the_program_leaves_the_size_open() -> None:
    facts = facts_from(read(gguf(tensors=[("token_embd.weight", (64, 3), 200)])))
    assert facts.n_weight_bytes is None
    assert facts.n_parameters == 192


def test_keys_and_names_in_no_encoding_do_not_stop_it() -> None:
    header = read(gguf({"general.name": struct.pack("<I", 8) + text(b"\xff\xfe")}))
    assert header.metadata["general.name"] == "��"


def test_the_tables_are_those_of_the_llama_cpp_that_is_installed() -> None:
    package = find_spec("llama_cpp")
    assert package is not None and package.origin is not None
    library = ctypes.CDLL(str(next((Path(package.origin).parent / "lib").glob("libggml-base.*"))))
    library.ggml_type_name.restype = ctypes.c_char_p
    library.ggml_blck_size.restype = ctypes.c_int64
    library.ggml_type_size.restype = ctypes.c_size_t
    for number, (name, per_block, block_bytes) in TENSOR_TYPES.items():
        assert library.ggml_type_name(number).decode().upper() == name.upper()
        assert (library.ggml_blck_size(number), library.ggml_type_size(number)) == (per_block, block_bytes), name
    assert set(FILE_TYPES.values()) >= {"Q4_K_M", "Q8_0", "F16", "MXFP4_MOE"}
