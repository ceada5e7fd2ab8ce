"""Fill a real, sealed worker's context and see what it takes of memory. For tests and figures."""

from __future__ import annotations

from pathlib import Path

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
from engine.inference.threads import most_threads
from engine.models.facts import ModelFacts
from engine.models.inspection import inspect
from engine.models.memory_fit import need
from engine.records import MemorySum
from engine.sealed_process import SealedProcess

N_SLOTS = 16
FOR_TEMPLATE = 60  # tokens that a model's template may put around the text


async def facts_of(file: Path) -> ModelFacts:
    facts = (await inspect([file]))[file]
    assert isinstance(facts, ModelFacts)
    return facts


async def prediction(file: Path, n_ctx: int, n_batch: int) -> MemorySum:
    """What is predicted from the file's header alone."""
    predicted = need(await facts_of(file), n_ctx, n_batch=n_batch)
    assert predicted is not None
    return predicted


async def filled(file: Path, n_ctx: int) -> tuple[int, int]:
    """Bytes in use when the whole context has been read into the cache, and how many tokens were computed in one go.

    A worker on a busy computer takes shorter steps and then fills less of its buffers. What counts is the step with
    the most scores: its tokens times what they attend to.
    """
    worker: SealedProcess[ToChat, FromChat] = await SealedProcess.start("chat", FromChat, readable=[file])
    async with worker:
        await worker.send(Load(str(file), n_ctx, most_threads(), N_SLOTS))
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


async def filled_with_texts(file: Path) -> int:
    """Bytes that an embedding worker uses when it has read texts that are longer than it can read."""
    worker: SealedProcess[ToEmbedding, FromEmbedding] = await SealedProcess.start("embedding", FromEmbedding, readable=[file])
    async with worker:
        await worker.send(Load(str(file), 0, most_threads(), N_SLOTS))
        ready = await worker.receive()
        assert isinstance(ready, Ready), ready
        await worker.send(Embed("fill", ["word " * 600] * 2))
        assert isinstance(await worker.receive(), Embedded)
        return in_use(worker.pid, ready)
