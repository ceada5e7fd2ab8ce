"""What memory_fit predicts is what a real, sealed worker takes once it has filled its context: within a tenth.

Measured is what the system holds for the worker at its fullest: its own memory and the pages of the mapped file. Of
weights that the worker copied into another order the mapped pages are left out, since nobody reads them again.
The models have random weights, which the memory does not know. tests/bench/bench_memory_fit.py goes further.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.inference.load_report import in_use
from engine.inference.protocol import (
    ChatMessage,
    Counted,
    CountTokens,
    Embed,
    Embedded,
    FromChat,
    FromEmbedding,
    Generate,
    Load,
    Ready,
    Step,
    ToChat,
    ToEmbedding,
)
from engine.models.facts import ModelFacts
from engine.models.inspection import inspect
from engine.models.memory_fit import fit, need
from engine.records import MemorySum
from engine.sealed_process import SealedProcess
from tests.random_models import SHAPES, Shape, write_random_model

CONTEXTS = (512, 1024, 2048)
ERROR = 0.10
N_SLOTS = 16
FOR_TEMPLATE = 60  # tokens that a model's template may put around the text


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
async def test_a_model_takes_what_was_predicted(shape: Shape, tmp_path: Path) -> None:
    file = write_random_model(shape, tmp_path / f"{shape.name}.gguf")
    errors = {}
    for n_ctx in CONTEXTS:
        measured, n_batch = await filled(file, n_ctx)
        errors[n_ctx] = (await prediction(file, n_ctx, n_batch)).total / measured - 1
        assert (await verdict(file, n_ctx, free=round(0.97 * measured))) not in ("fits_well", "tight")
    assert all(abs(error) <= ERROR for error in errors.values()), errors


async def test_the_starter_takes_what_was_predicted(starter_model: Path) -> None:
    measured, n_batch = await filled(starter_model, 1024)
    assert (await prediction(starter_model, 1024, n_batch)).total == pytest.approx(measured, rel=ERROR)


async def test_the_embedding_model_takes_what_was_predicted(embedding_model: Path) -> None:
    predicted = await prediction(embedding_model, 512, 512)
    worker: SealedProcess[ToEmbedding, FromEmbedding] = await SealedProcess.start(
        "embedding", FromEmbedding, readable=[embedding_model]
    )
    async with worker:
        await worker.send(Load(str(embedding_model), 0, 2, N_SLOTS))
        ready = await worker.receive()
        assert isinstance(ready, Ready)
        await worker.send(Embed("fill", ["word " * 600] * 2))
        assert isinstance(await worker.receive(), Embedded)
        measured = in_use(worker.pid, ready)
    assert predicted.total == pytest.approx(measured, rel=ERROR)


async def prediction(file: Path, n_ctx: int, n_batch: int) -> MemorySum:
    predicted = need(await facts_of(file), n_ctx, n_batch=n_batch)
    assert predicted is not None
    return predicted


async def verdict(file: Path, n_ctx: int, *, free: int) -> str:
    """What is said of a model before anything of it was measured."""
    return fit(await facts_of(file), n_ctx, free=free, total=64 * free).verdict


async def facts_of(file: Path) -> ModelFacts:
    facts = (await inspect([file]))[file]
    assert isinstance(facts, ModelFacts)
    return facts


async def filled(file: Path, n_ctx: int) -> tuple[int, int]:
    """Bytes in use when the whole context has been read into the cache, and how many tokens were computed in one go.

    A worker on a busy computer takes shorter steps and then fills less of its buffers. What counts is the step with
    the most scores: its tokens times what they attend to.
    """
    worker: SealedProcess[ToChat, FromChat] = await SealedProcess.start("chat", FromChat, readable=[file])
    async with worker:
        await worker.send(Load(str(file), n_ctx, 2, N_SLOTS))
        ready = await worker.receive()
        assert isinstance(ready, Ready), ready
        text = await text_of(worker, n_ctx - FOR_TEMPLATE)
        await worker.send(Generate("fill", [ChatMessage("user", text)], max_tokens=2))
        read, most_scores = 0, 0
        while not (isinstance(step := await worker.receive(), Step) and (step.ended or step.refused)):
            assert isinstance(step, Step)
            for progress in step.progress:
                read, most_scores = progress.n_read, max(most_scores, (progress.n_read - read) * progress.n_read)
        assert not step.refused, step
        return in_use(worker.pid, ready), -(-most_scores // n_ctx)


async def text_of(worker: SealedProcess[ToChat, FromChat], n_tokens: int) -> str:
    """A text of about so many tokens, never more."""
    await worker.send(CountTokens("count", ["x1" * 500]))
    counted = await worker.receive()
    assert isinstance(counted, Counted)
    return "x1" * (500 * n_tokens // counted.counts[0])
