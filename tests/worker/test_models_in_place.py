"""Models that are not one file of the library answer like those that are: split ones, blobs of Ollama's, cached links."""

from __future__ import annotations

from pathlib import Path

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
    chat = ChatModel(file, model, n_ctx=256, n_slots=1, n_threads=1, parts=library.parts(wanted)[1:])
    try:
        await chat.start()
        return (await listen(chat, "a", user("Count from one to five."), max_tokens=8)).text
    finally:
        await chat.close()


async def test_split_models_and_those_of_other_programs_answer_as_the_library_s_own(starter_model: Path, tmp_path: Path) -> None:
    expected = await answer(Library([starter_model.parent]), STARTER_MODEL.id)
    parts = split_model(starter_model, tmp_path / "downloads", "starter", 3)
    taken = import_file(parts[1], tmp_path / "library")
    content = starter_model.read_bytes()
    blob = put_ollama(tmp_path / "ollama", "smollm2", "135m", content)
    link = put_cached(tmp_path / "hub", "o/smollm2", "cached.gguf", content)
    library = Library([tmp_path / "library"], lambda: [blob, link])
    models = {model.id: model for model in await library.installed(at_once=True)}
    assert (models["starter"].n_parameters, models["starter"].problem) == (134_515_008, None)
    assert await needed(taken.file) == await needed(starter_model) is not None
    for wanted in ("starter", "smollm2:135m", "cached"):
        assert await answer(library, wanted) == expected, wanted


async def needed(file: Path) -> MemorySum | None:
    library = Library([file.parent])
    await library.installed(at_once=True)
    facts = library.facts(library.id_of(file))
    return need(facts, 4096) if facts else None
