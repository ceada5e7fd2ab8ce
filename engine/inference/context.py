"""A KV cache with the buffers to compute in: tokens in, places of logits or pooled vectors out.

Logits never cross into Python; a sampler reads them where they are. Knows nothing of which sequence is whose.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import OutOfMemory
from engine.inference.llama import api, kept_log
from engine.inference.model import Model


@dataclass(frozen=True)
class Entry:
    """Consecutive tokens of one sequence for a decode; `wants_output` asks for the logits after the last one."""

    slot: int
    start: int
    tokens: Sequence[int]
    wants_output: bool


# On a processor, attention over stored scores is several times as fast as flash attention once a conversation is a few
# thousand tokens long (3.5k tokens of SmolLM2: 40 against 12 tokens/s). Beyond this size the memory matters more.
MOST_SCORES_BYTES = 512 * 1024 * 1024


class DecodeFailed(Exception):
    """llama_decode gave up with this code; what is in the cache can no longer be relied on."""

    def __init__(self, code: int) -> None:
        super().__init__(f"llama_decode returned {code}")
        self.code = code


class Context:
    """A KV cache and the buffers to compute with. Close before its model."""

    def __init__(self, model: Model, *, n_ctx: int, n_slots: int, n_ubatch: int, n_threads: int, pools: bool = False) -> None:
        """`n_ctx`: cells of the whole cache; `pools`: one vector for each sequence instead of logits.

        Raises OutOfMemory if the cache or the buffers do not fit.
        """
        parameters = api.llama_context_default_params()
        parameters.n_ctx, parameters.n_batch, parameters.n_ubatch = n_ctx, n_ubatch, n_ubatch
        parameters.n_seq_max = n_slots
        parameters.n_threads = parameters.n_threads_batch = n_threads
        parameters.kv_unified = True
        parameters.no_perf = True
        if _scores_bytes(model, n_ctx, n_ubatch) <= MOST_SCORES_BYTES:
            parameters.flash_attn_type = api.LLAMA_FLASH_ATTN_TYPE_DISABLED
        if pools:
            parameters.embeddings = True
            parameters.pooling_type = api.LLAMA_POOLING_TYPE_UNSPECIFIED
        else:
            parameters.n_outputs_max = n_slots  # else room for a full row of logits is kept for every token of a batch
        with kept_log():
            self._pointer = api.llama_init_from_model(model.pointer, parameters)
        if not self._pointer:
            raise OutOfMemory(model.file.name, n_ctx)
        self.model = model
        self._memory = api.llama_get_memory(self._pointer)
        self._batch = _Batch(n_ubatch)

    @property
    def pointer(self) -> Any:
        return self._pointer

    @property
    def n_ctx(self) -> int:
        """Cells of the cache; llama.cpp rounds up what was asked for."""
        return int(api.llama_n_ctx(self._pointer))

    def decode(self, entries: Iterable[Entry]) -> list[int]:
        """Compute; returns the places (for `Sampler.sample`) of the outputs asked for, in order. Raises DecodeFailed."""
        outputs = self._batch.fill(entries)
        code = api.llama_decode(self._pointer, self._batch.struct)
        if code:
            raise DecodeFailed(code)
        return outputs

    def likeliest(self, place: int, among: Iterable[int]) -> int:
        """The token of `among` with the highest logit at the output `place` of the last decode."""
        logits = api.llama_get_logits_ith(self._pointer, place)
        return max(among, key=lambda token: float(logits[token]))

    def embed(self, texts: Sequence[Sequence[int]]) -> bytes:
        """One pooled vector of float32 for each token list, one after the other. Raises DecodeFailed."""
        self._batch.fill((Entry(slot, 0, tokens, False) for slot, tokens in enumerate(texts)), all_outputs=True)
        code = api.llama_encode(self._pointer, self._batch.struct)
        if code:
            raise DecodeFailed(code)
        n_bytes = self.model.n_embd * ctypes.sizeof(ctypes.c_float)
        rows = (api.llama_get_embeddings_seq(self._pointer, slot) for slot in range(len(texts)))
        return b"".join(ctypes.string_at(row, n_bytes) for row in rows)

    def cut(self, slot: int, start: int) -> bool:
        """Forget a slot's tokens from `start` on; False if that cannot be done, and then the whole slot is forgotten."""
        if api.llama_memory_seq_rm(self._memory, slot, start, -1):
            return True
        api.llama_memory_seq_rm(self._memory, slot, -1, -1)
        return False

    def copy(self, source: int, target: int, length: int) -> None:
        """Let `target` share the first `length` tokens of `source`."""
        api.llama_memory_seq_cp(self._memory, source, target, 0, length)

    def forget_everything(self) -> None:
        """Empty the cache and overwrite it."""
        api.llama_memory_clear(self._memory, True)

    def set_threads(self, n_threads: int) -> None:
        api.llama_set_n_threads(self._pointer, n_threads, n_threads)

    def close(self) -> None:
        if self._pointer:
            api.llama_free(self._pointer)
            self._pointer = None

    def __enter__(self) -> Context:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _scores_bytes(model: Model, n_ctx: int, n_ubatch: int) -> int:
    """Memory for the attention scores of one batch, which only flash attention does without."""
    return int(api.llama_model_n_head(model.pointer)) * n_ctx * n_ubatch * ctypes.sizeof(ctypes.c_float)


class _Batch:
    """The arrays of a llama_batch, made once; filling copies slices, which costs little more than in C."""

    def __init__(self, size: int) -> None:
        self._tokens = (api.llama_token * size)()
        self._positions = (api.llama_pos * size)()
        self._slots = (api.llama_seq_id * size)()
        self._outputs = (ctypes.c_int8 * size)()
        self._one_each = (ctypes.c_int32 * size)(*([1] * size))
        pointer = ctypes.POINTER(api.llama_seq_id)
        step = ctypes.sizeof(api.llama_seq_id)
        places = (ctypes.cast(ctypes.byref(self._slots, index * step), pointer) for index in range(size))
        self._slot_pointers = (pointer * size)(*places)
        self.struct = api.llama_batch(0, self._tokens, None, self._positions, self._one_each, self._slot_pointers, self._outputs)

    def fill(self, entries: Iterable[Entry], *, all_outputs: bool = False) -> list[int]:
        outputs: list[int] = []
        begin = 0
        for entry in entries:
            n = len(entry.tokens)
            end = begin + n
            self._tokens[begin:end] = entry.tokens
            self._positions[begin:end] = range(entry.start, entry.start + n)
            self._slots[begin:end] = [entry.slot] * n
            self._outputs[begin:end] = [int(all_outputs)] * n
            if entry.wants_output:
                self._outputs[end - 1] = 1
                outputs.append(end - 1)
            begin = end
        self.struct.n_tokens = begin
        return outputs
