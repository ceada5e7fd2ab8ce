"""The sealed embedding worker: texts in, one pooled vector each out, with lowered priority.

Indexing runs for minutes in the background; a lower priority lets it use what is left over while answers stay fast.
Vectors go back as they are; the program brings them to length 1. Knows nothing of documents and searches.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.errors import ModelUnsupported, StrongroomError, Unexpected
from engine.inference.context import Context, DecodeFailed
from engine.inference.llama import system_info, taken_buffers
from engine.inference.model import Model
from engine.inference.protocol import Embed, Embedded, Load, LoadFailed, Ready, SetThreads, ToEmbedding
from engine.records import Seal
from engine.wire import Channel, Start

NICENESS = 10
WIRE_BROKE = 4


def main(channel: Channel[Any], start: Start, seal: Seal) -> int:
    """Load the model that the first message names, then answer until the pipe closes. Returns the exit code."""
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(NICENESS)
    pipe: Channel[ToEmbedding] = channel.expecting(ToEmbedding)
    load = pipe.receive()
    if not isinstance(load, Load):
        return 0 if load is None else WIRE_BROKE
    try:
        worker = EmbeddingWorker(load)
    except StrongroomError as error:
        pipe.send(LoadFailed(error.kind, error.facts))
        return 0
    pipe.send(worker.ready)
    while (message := pipe.receive()) is not None:
        match message:
            case Embed():
                pipe.send(worker.embed(message))
            case SetThreads(n_threads):
                worker.set_threads(n_threads)
    return 0


class EmbeddingWorker:
    """The model, and what it takes to fill its batches."""

    def __init__(self, load: Load) -> None:
        """Raises ModelError."""
        began = time.monotonic()
        self._model = Model(Path(load.path))
        if not self._model.is_encoder:
            raise ModelUnsupported(self._model.file.name, "not_an_embedding_model")
        self._longest = self._model.n_ctx_train
        # Attention within a computation grows with the square of its tokens: filling it further makes a text dearer.
        self._most_tokens = self._longest
        self._most_texts = load.n_slots
        self._context = Context(
            self._model,
            n_ctx=self._most_tokens,
            n_slots=self._most_texts,
            n_ubatch=self._most_tokens,
            n_threads=load.n_threads,
            pools=True,
        )
        self.ready = self._ready(load, time.monotonic() - began)

    def embed(self, wish: Embed) -> Embedded:
        """Vectors of all texts, in order."""
        texts = [self._tokens(text) for text in wish.texts]
        try:
            vectors = b"".join(self._context.embed(batch) for batch in self._batches(texts))
        except DecodeFailed as failure:
            raise Unexpected("llama_encode", f"code {failure.code}") from None
        return Embedded(wish.request, self._model.n_embd, vectors)

    def set_threads(self, n_threads: int) -> None:
        """Compute with so many threads from now on."""
        self._context.set_threads(n_threads)

    def _tokens(self, text: str) -> list[int]:
        """Tokens with the marks at both ends that the model was made with; a long text keeps its end mark."""
        tokens = self._model.vocabulary.tokenise(text, add_special=True, parse_special=False)
        if len(tokens) > self._longest:
            tokens = [*tokens[: self._longest - 1], tokens[-1]]
        return tokens

    def _batches(self, texts: Sequence[list[int]]) -> list[list[list[int]]]:
        """Consecutive texts, as many at once as fit."""
        batches: list[list[list[int]]] = []
        n_tokens = 0
        for text in texts:
            if not batches or len(batches[-1]) == self._most_texts or n_tokens + len(text) > self._most_tokens:
                batches.append([])
                n_tokens = 0
            batches[-1].append(text)
            n_tokens += len(text)
        return batches

    def _ready(self, load: Load, seconds: float) -> Ready:
        model, allocated = self._model, taken_buffers()
        return Ready(
            name=model.meta("general.name") or model.file.stem,
            architecture=model.meta("general.architecture") or "",
            quantisation=model.quantisation,
            n_params=model.n_params,
            n_ctx=self._longest,
            n_ctx_train=model.n_ctx_train,
            n_embd=model.n_embd,
            n_slots=self._most_texts,
            n_threads=load.n_threads,
            memory=model.n_bytes + allocated.besides_weights,
            load_s=seconds,
            has_chat_template=False,
            keeps_uncuttable_state=False,
            system=system_info(),
            weights=model.n_bytes,
            copied=max(allocated.weights - model.n_bytes, 0),
        )
