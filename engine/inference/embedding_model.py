"""The embedding model as the rest of the engine uses it: texts in, vectors of length 1 out.

A sealed worker process that may die at any time; whoever waits for vectors then gets the error, and the next call
finds it started again. Everything runs in one asyncio loop. Knows nothing of documents and of what is searched.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.errors import StrongroomError, WorkerDied
from engine.inference.protocol import Embed, Embedded, FromEmbedding, Load, SetThreads
from engine.inference.threads import ThreadKeeper
from engine.inference.worker_life import Plan, Running, WorkerLife

TEXTS_AT_ONCE = 16  # small batches, so that a question's own text is never far behind in the queue


class EmbeddingModel:
    """Turns texts into vectors, in a sealed worker with lowered priority. Starts with the first text."""

    def __init__(self, file: Path, *, allow_unsealed: bool = False) -> None:
        self._threads = ThreadKeeper(None)
        load = Load(str(file.absolute()), 0, self._threads.n_most, TEXTS_AT_ONCE)
        self._asked: dict[str, asyncio.Future[Embedded]] = {}
        self._numbers = itertools.count()
        self._life = WorkerLife(
            Plan("embedding", FromEmbedding, load, allow_unsealed),
            on_message=self._take,
            on_death=self._died,
            on_phase=self._threads.worker_started,
        )

    async def start(self) -> None:
        """Load the model if it is not loaded. Raises ModelError or NotSealed where that cannot be."""
        await self._life.start()

    async def embed(self, texts: Sequence[str]) -> np.ndarray:
        """One row of float32 of length 1 for each text, shape (texts, dim). Raises WorkerDied and what `start` raises.

        Of a text longer than the model reads (512 tokens for MiniLM, some 2,000 characters) only the beginning counts.
        """
        running = await self._life.start()
        self._threads.watch(
            running.process.pid,
            is_busy=lambda: bool(self._asked) and self._life.running is running,
            send=lambda n_threads: running.process.send(SetThreads(n_threads)),
        )
        rows = [np.empty((0, running.ready.n_embd), np.float32)]
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            rows.append(await self._embed_some(running, texts[start : start + TEXTS_AT_ONCE]))
        vectors = np.concatenate(rows)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, lengths, out=vectors, where=lengths > 0)

    async def close(self) -> None:
        """End the worker; whoever still waits is told that it died."""
        await self._life.close()
        await self._threads.close()
        self._died(WorkerDied("embedding", None))

    async def _embed_some(self, running: Running, texts: Sequence[str]) -> np.ndarray:
        request = f"embed-{next(self._numbers)}"
        embedded = self._asked[request] = asyncio.get_running_loop().create_future()
        try:
            await running.process.send(Embed(request, list(texts)))
            answer = await embedded
        finally:
            del self._asked[request]
        return np.frombuffer(answer.vectors, np.float32).reshape(-1, answer.dim)

    def _take(self, message: Embedded) -> None:
        asked = self._asked.get(message.request)
        if asked is not None and not asked.done():
            asked.set_result(message)

    def _died(self, error: StrongroomError) -> None:
        for asked in self._asked.values():
            if not asked.done():
                asked.set_exception(error)
