"""Models that are not one file of the library answer like those that are: split ones, blobs of Ollama's, cached links."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.inference.supervisor import ChatModel
from engine.models.importing import import_file
from engine.models.library import STARTER_MODEL, Library
from engine.models.memory_fit import need
from engine.records import MemorySum
from tests.engine.models.model_folders import put_cached, put_ollama
from tests.engine.models.splitting import split_model
from tests.worker.conversations import listen, user


async def answer(library: Library, wanted: str) -> str:
    """What the model says when it is loaded as the program loads it."""
    file, model = await library.sound_file(wanted)
    chat = ChatModel(file, model, n_ctx=512, parts=library.parts(wanted)[1:])
    try:
        await chat.start()
        return (await listen(chat, "a", user("Count from one to five."), max_tokens=20)).text
    finally:
        await chat.close()


@pytest.fixture
async def expected(starter_model: Path) -> str:
    return await answer(Library([starter_model.parent]), STARTER_MODEL.id)


async def test_a_split_model_answers_as_the_whole_one(starter_model: Path, tmp_path: Path, expected: str) -> None:
    parts = split_model(starter_model, tmp_path / "downloads", "starter", 3)
    taken = import_file(parts[1], tmp_path / "library")
    library = Library([tmp_path / "library"])
    (model,) = await library.installed()
    assert (model.n_parameters, model.problem) == (134_515_008, None)
    assert await needed(taken.file) == await needed(starter_model) is not None
    assert await answer(library, "starter") == expected


async def needed(file: Path) -> MemorySum | None:
    library = Library([file.parent])
    await library.installed(at_once=True)
    facts = library.facts(library.id_of(file))
    return need(facts, 4096) if facts else None


async def test_models_of_other_programs_answer_where_they_are(starter_model: Path, tmp_path: Path, expected: str) -> None:
    content = starter_model.read_bytes()
    blob = put_ollama(tmp_path / "ollama", "smollm2", "135m", content)
    link = put_cached(tmp_path / "hub", "o/smollm2", "smollm2.gguf", content)
    library = Library([], lambda: [blob, link])
    assert await answer(library, "smollm2:135m") == expected
    assert await answer(library, "smollm2") == expected
