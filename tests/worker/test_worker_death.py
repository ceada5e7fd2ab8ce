"""A worker is killed: every open request hears so once, and the next one is answered by a new worker."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from engine.errors import ModelMissing, NotSealed, WorkerDied
from engine.inference import worker_life
from engine.inference.supervisor import ChatModel, EmbeddingModel
from engine.records import ModelId, ModelState, Seal
from tests.worker.conversations import Heard, listen, until, user, worker_pid


async def test_killed_while_answering(starter_model: Path):
    states: list[ModelState] = []
    model = ChatModel(starter_model, ModelId("starter"), n_ctx=1024, on_state=states.append)
    await model.start()
    heard = [Heard(), Heard(), Heard()]
    answers = [
        asyncio.create_task(listen(model, f"{at}", user(f"Tell a long story about the number {at}."), 300, each))
        for at, each in enumerate(heard)
    ]
    await until(lambda: heard[0].texts)
    os.kill(worker_pid(model), signal.SIGKILL)
    for error in await asyncio.gather(*answers, return_exceptions=True):
        assert isinstance(error, WorkerDied)
        assert (error.worker, error.exit_code, error.restarting) == ("chat", -9, True)
    assert all(not each.ends for each in heard)
    assert (await listen(model, "after", user("Hello"), 5)).end.usage.generated_tokens > 0
    await model.close()
    assert [state.phase for state in states if state.phase != "ready"] == ["loading", "restarting", "none"]


async def test_a_count_of_tokens_hears_of_the_death_too(chat: ChatModel):
    os.kill(worker_pid(chat), signal.SIGSTOP)
    counting = asyncio.create_task(chat.count_tokens(["Hello"]))
    await asyncio.sleep(0.05)
    os.kill(worker_pid(chat), signal.SIGKILL)
    with pytest.raises(WorkerDied):
        await counting


async def test_a_worker_that_keeps_dying_has_failed_until_it_is_asked_for(starter_model: Path, monkeypatch):
    monkeypatch.setattr(worker_life, "WAITS_S", (0.0, 0.0, 0.0))
    model = ChatModel(starter_model, ModelId("starter"), n_ctx=512)
    await model.start()
    for _ in range(worker_life.MOST_DEATHS + 1):
        pid = worker_pid(model)
        os.kill(pid, signal.SIGKILL)
        await until(lambda pid=pid: model.state.phase == "failed" or (model._life.running and worker_pid(model) != pid))
    assert model.state.phase == "failed"
    assert (model.state.problem, model.state.problem_facts["exit_code"]) == ("worker_died", -9)
    with pytest.raises(WorkerDied):
        await listen(model, "a", user("Hello"))
    await model.start()
    assert (await listen(model, "b", user("Hello"), 3)).end
    await model.close()


async def test_closing_while_answering_ends_the_answer(starter_model: Path):
    model = ChatModel(starter_model, ModelId("starter"), n_ctx=512)
    await model.start()
    heard = Heard()
    answer = asyncio.create_task(listen(model, "a", user("Tell a long story."), 300, heard))
    await until(lambda: heard.texts)
    pid = worker_pid(model)
    await model.close()
    with pytest.raises(WorkerDied):
        await answer
    assert not Path(f"/proc/{pid}").exists()


async def test_the_embedding_worker_comes_back(embedding: EmbeddingModel):
    before = await embedding.embed(["one", "two"])
    os.kill(worker_pid(embedding), signal.SIGKILL)
    await until(lambda: embedding._life.phase == "restarting")
    after = await embedding.embed(["one", "two"])
    assert (before == after).all()


async def test_embedding_hears_of_the_death(embedding: EmbeddingModel):
    await embedding.start()
    os.kill(worker_pid(embedding), signal.SIGSTOP)
    waiting = asyncio.create_task(embedding.embed(["one"]))
    await asyncio.sleep(0.05)
    os.kill(worker_pid(embedding), signal.SIGKILL)
    with pytest.raises(WorkerDied) as died:
        await waiting
    assert died.value.worker == "embedding"


async def test_nothing_is_asked_of_a_worker_that_is_not_sealed(starter_model: Path, monkeypatch):
    """The seal that a worker reports is not enough: it gets neither the model nor a word."""
    monkeypatch.setattr("engine.sealed_process.decode_message", _with_open_network)
    model = ChatModel(starter_model, ModelId("starter"), n_ctx=512)
    with pytest.raises(NotSealed):
        await model.start()
    with pytest.raises(NotSealed):
        await listen(model, "a", user("Confidential"))
    assert (model.state.phase, model.state.problem) == ("failed", "not_sealed")
    await model.close()
    allowed = ChatModel(starter_model, ModelId("starter"), n_ctx=512, allow_unsealed=True)
    await allowed.start()
    assert allowed.state.seal is not None
    assert allowed.state.seal.network == "not_enforced"
    await allowed.close()


def _with_open_network(decoder, payload):
    from engine.wire import Sealed

    message = decoder.decode(payload)
    if isinstance(message, Sealed):
        return Sealed(message.version, Seal("not_enforced", "enforced", "a test"))
    return message


async def test_a_file_that_is_not_there(tmp_path: Path):
    model = ChatModel(tmp_path / "gone.gguf", ModelId("gone"))
    with pytest.raises(ModelMissing):
        await model.start()
    assert model.state.phase == "failed"
    await model.close()
