"""Files that are no usable models: each is refused with the reason, and nothing dies of it."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from engine.errors import ModelDamaged, ModelError, ModelUnsupported
from engine.inference.supervisor import ChatModel, EmbeddingModel
from engine.records import ModelId


async def refusal(file: Path) -> ModelError:
    """Why a chat model made of this file does not start."""
    model = ChatModel(file, ModelId("broken"), n_ctx=512)
    try:
        with pytest.raises(ModelError) as refused:
            await model.start()
        assert model.state.phase == "failed"
        assert model.state.problem == refused.value.kind
        return refused.value
    finally:
        await model.close()


def same(error: ModelError, expected: ModelError) -> bool:
    return (error.kind, error.facts) == (expected.kind, expected.facts)


async def test_a_text_file(tmp_path: Path):
    file = tmp_path / "notes.gguf"
    file.write_text("This is not a model.")
    assert same(await refusal(file), ModelDamaged("notes.gguf", "not_a_gguf"))


async def test_an_empty_file(tmp_path: Path):
    file = tmp_path / "empty.gguf"
    file.write_bytes(b"")
    assert same(await refusal(file), ModelDamaged("empty.gguf", "truncated"))


@pytest.mark.parametrize("kept", [6, 4000, 5_000_000, 90_000_000])
async def test_a_download_that_broke_off(starter_model: Path, tmp_path: Path, kept: int):
    file = tmp_path / "half.gguf"
    file.write_bytes(starter_model.read_bytes()[:kept])
    error = await refusal(file)
    assert isinstance(error, ModelDamaged)
    assert error.reason == "truncated"


async def test_a_file_with_nonsense_in_its_header(starter_model: Path, tmp_path: Path):
    head = bytearray(starter_model.read_bytes())
    head[8:24] = struct.pack("<QQ", 2**60, 2**60)  # numbers of tensors and of metadata entries
    file = tmp_path / "nonsense.gguf"
    file.write_bytes(head)
    assert isinstance(await refusal(file), ModelDamaged)


async def test_an_architecture_that_this_engine_does_not_know(starter_model: Path, tmp_path: Path):
    raw = starter_model.read_bytes()
    place = raw.index(b"general.architecture") + len(b"general.architecture") + 4 + 8
    assert raw[place : place + 5] == b"llama"
    file = tmp_path / "future.gguf"
    file.write_bytes(raw[:place] + b"xlama" + raw[place + 5 :])
    error = await refusal(file)
    assert same(error, ModelUnsupported("future.gguf", "architecture", "xlama"))


async def test_a_model_without_a_chat_template(starter_model: Path, tmp_path: Path):
    file = tmp_path / "base.gguf"
    file.write_bytes(starter_model.read_bytes().replace(b"tokenizer.chat_template", b"tokenizer.chat_templatx", 1))
    assert same(await refusal(file), ModelUnsupported("base.gguf", "no_chat_template"))


async def test_a_model_with_a_broken_chat_template(starter_model: Path, tmp_path: Path):
    file = tmp_path / "odd.gguf"
    file.write_bytes(starter_model.read_bytes().replace(b"{% for message in messages %}", b"{% for message im messages %}", 1))
    error = await refusal(file)
    assert same(error, ModelUnsupported("odd.gguf", "bad_chat_template", "TemplateSyntaxError"))


async def test_an_embedding_model_cannot_chat(embedding_model: Path):
    assert isinstance(await refusal(embedding_model), ModelUnsupported)


async def test_a_chat_model_cannot_embed(starter_model: Path):
    model = EmbeddingModel(starter_model)
    with pytest.raises(ModelUnsupported) as refused:
        await model.embed(["text"])
    assert refused.value.reason == "not_an_embedding_model"
    await model.close()
