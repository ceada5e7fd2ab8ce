"""How much memory a model needs, part by part, and whether that is free. Pure arithmetic; knows no files, loads nothing.

Needed is what llama.cpp gives a model in this program's worker on a processor: the weights, a KV cache, the buffers for
one physical batch, the program itself. Checked against real workers in tests/worker/test_memory_prediction.py. For an
architecture whose cache has a form that is not known here there is no answer rather than a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from engine.model_records import Gpu
from engine.models.cache_shape import WITHOUT_CACHE, Layer, has_windows, layers, mixed_width
from engine.models.facts import ModelFacts
from engine.models.learned import NOTHING_LEARNED, Learned
from engine.models.speed import speed
from engine.records import Fit, MemorySum

Verdict = Literal["fits_well", "tight", "slow", "does_not_fit"]
CacheType = Literal["F16", "Q8_0", "Q4_0"]

N_UBATCH = 512  # tokens computed in one go
N_STATES = 4  # recurrent states that are kept, one for each conversation; the worker's own limit
N_OUTPUTS = 16  # rows of logits kept at once, one for each request that runs at the same time
MOST_SCORES_BYTES = 512 * 1024 * 1024  # attention scores beyond it are not stored; the worker's own rule
PROGRAM_BYTES = 40 * 1024 * 1024  # Python, its libraries, the code of llama.cpp and its plan of the computation
PLAN_OF_STATES_BYTES = 20 * 1024 * 1024  # what the plan takes besides where layers keep states, by the length of a batch
ROOM_TO_BREATHE = 0.85  # of the free memory; a fit beyond it pushes other programs out
SLOWER_THAN_READING = 6.0  # tokens/s; somebody who reads 240 words a minute is as fast
LEAST_N_CTX = 2048  # tokens; with less, no passage of a document fits beside a question

_F16, _F32 = 2, 4
_CELLS_AT_ONCE = 256  # llama.cpp rounds a cache up to a multiple of this
_VALUE_BYTES: dict[CacheType, float] = {"F16": 2, "Q8_0": 34 / 32, "Q4_0": 18 / 32}
#: Bytes that llama.cpp keeps for each token of a vocabulary; pairs that can be merged are the bulk where there are any.
_TOKEN_BYTES, _MERGED_TOKEN_BYTES = 150, 400
_WITHOUT_MERGES = ("llama", "bert")


def need(
    facts: ModelFacts,
    n_ctx: int,
    *,
    key_type: CacheType = "F16",
    value_type: CacheType = "F16",
    n_batch: int = N_UBATCH,
    vision_bytes: int = 0,
) -> MemorySum | None:
    """What the model needs with a context of `n_ctx` tokens (at most its own); None if that cannot be known.

    `n_batch` is how many tokens are computed in one go at most, `vision_bytes` the size of the file that lets it see
    pictures, if that is loaded with it.
    """
    n_ctx = min(n_ctx, facts.context_length or n_ctx)
    of_layers = layers(facts)
    buffers = _buffers(facts, of_layers, n_ctx, n_batch) if of_layers is not None else None
    if facts.n_weight_bytes is None or of_layers is None or buffers is None:
        return None
    return MemorySum(
        weights=facts.n_weight_bytes,
        cache=_cache(of_layers, _cells(n_ctx), key_type, value_type, even_values=_stores_scores(facts, n_ctx)),
        buffers=buffers,
        program=_program(facts),
        vision=vision_bytes,
    )


def fit(
    facts: ModelFacts,
    n_ctx: int,
    *,
    free: int,
    total: int,
    gpus: Sequence[Gpu] = (),
    bytes_per_s: float | None = None,
    learned: Learned = NOTHING_LEARNED,
    vision_bytes: int = 0,
    n_cores: int | None = None,
) -> Fit:
    """Whether the model fits into `free` bytes of a computer that has `total`, or into a graphics device, and how fast.

    `bytes_per_s` is how fast this computer reads its memory, `n_cores` how many cores compute, `learned` what earlier
    loads showed.
    """
    n_ctx = min(n_ctx, facts.context_length or n_ctx)
    needed = _needed(facts, n_ctx, learned, vision_bytes)
    if needed is None:
        return Fit("unknown", None, free, n_ctx=n_ctx)
    verdict, device, room = _verdict(needed, free, total), "", free
    for gpu in gpus:
        if gpu.used and gpu.memory_free and needed.total <= gpu.memory_free * ROOM_TO_BREATHE and not device:
            verdict, device, room = "fits_well", gpu.name, gpu.memory_free
    if learned.has_failed(n_ctx, room):
        verdict = "does_not_fit"
    offered = None if verdict == "fits_well" else _smaller_context(facts, n_ctx, room, learned, vision_bytes)
    low, high, is_measured = _speed(facts, verdict, device, bytes_per_s, learned, n_cores)
    if verdict in ("fits_well", "tight") and low is not None and low < SLOWER_THAN_READING:
        verdict = "slow"
    return Fit(
        verdict, needed.total, room, low, high, n_ctx, needed, offered, is_measured, learned.prompt_tokens_per_s, device
    )  # fmt: skip


def _needed(facts: ModelFacts, n_ctx: int, learned: Learned, vision_bytes: int) -> MemorySum | None:
    n_batch = min(N_UBATCH, learned.tokens_in_a_step or N_UBATCH)
    return learned.corrected(need(facts, n_ctx, n_batch=n_batch, vision_bytes=vision_bytes), n_ctx)


def _verdict(needed: MemorySum, free: int, total: int) -> Verdict:
    if needed.total <= free * ROOM_TO_BREATHE:
        return "fits_well"
    if needed.total <= free:
        return "tight"
    # The weights are mapped from the file: what does not fit is read again for each token, which works, slowly.
    return "slow" if needed.total - needed.weights <= free and needed.total <= total else "does_not_fit"


def _smaller_context(facts: ModelFacts, n_ctx: int, free: int, learned: Learned, vision_bytes: int) -> int | None:
    """The largest half, quarter … of the context with which the model would fit well; None if there is none."""
    smaller = n_ctx // 2
    while smaller >= LEAST_N_CTX:
        needed = _needed(facts, smaller, learned, vision_bytes)
        if needed is not None and needed.total <= free * ROOM_TO_BREATHE and not learned.has_failed(smaller, free):
            return smaller
        smaller //= 2
    return None


def _speed(
    facts: ModelFacts,
    verdict: Verdict,
    device: str,
    bytes_per_s: float | None,
    learned: Learned,
    n_cores: int | None,
) -> tuple[float | None, float | None, bool]:
    """Tokens a second from, to, and whether that was measured. Nothing where weights would come from the disk."""
    if verdict in ("does_not_fit", "slow"):
        return None, None, False
    if learned.tokens_per_s is not None:
        return learned.tokens_per_s, learned.tokens_per_s, True
    if bytes_per_s is None or device:
        return None, None, False
    per_token = sum(layer.keys + layer.values for layer in layers(facts) or []) * _F16
    low, high = speed(facts, bytes_per_s, cache_bytes_per_token=per_token, n_cores=n_cores, achieved=learned.bytes_per_s)
    return low, high, False


# ---------------------------------------------------------------- the parts
def _cache(of_layers: Sequence[Layer], n_cells: int, key_type: CacheType, value_type: CacheType, *, even_values: bool) -> int:
    """Keys and values of each layer. Stored scores want values transposed, all as wide as the widest layer's."""
    widest = max((layer.values for layer in of_layers), default=0)
    keys = sum(layer.keys for layer in of_layers) * _VALUE_BYTES[key_type]
    attending = [layer.values for layer in of_layers if not layer.state]
    values = (widest * len(attending) if even_values else sum(attending)) * _VALUE_BYTES[value_type]
    return round(n_cells * (keys + values)) + N_STATES * sum(layer.state for layer in of_layers) * _F32


def _buffers(facts: ModelFacts, of_layers: Sequence[Layer], n_ctx: int, n_batch: int) -> int | None:
    """The logits that are kept, and what is alive at once at the fullest moment of computing a batch of tokens."""
    wide = max(facts.n_feed_forward or 0, facts.n_experts_used * (facts.n_expert_feed_forward or 0))
    if not (facts.n_embedding and facts.n_heads and facts.key_length and facts.n_vocabulary and wide):
        return None
    n_cells, is_encoder = _cells(n_ctx), facts.architecture in WITHOUT_CACHE
    n_rows = min(n_batch, n_cells)
    stores_scores, in_windows = _stores_scores(facts, n_ctx), has_windows(facts)
    scores = facts.n_heads * n_cells * n_rows if stores_scores else 0
    queries = facts.n_heads * max(facts.key_length, facts.windowed_key_length or 0) * (2 if facts.recurrence else 1)
    pairs = max((layer.keys + layer.values for layer in of_layers), default=0) * (2 if in_windows else 1)
    attention = n_rows * (3 * facts.n_embedding + 2 * queries + pairs) + scores
    feed_forward = n_rows * (4 * facts.n_embedding + 3 * wide)
    # Such a layer has queries, keys and values thrice: as they come, with the last ones in front, and convolved.
    kept = facts.recurrence
    recurrence = n_rows * (3 * facts.n_embedding + 3 * mixed_width(kept) + 4 * kept.inner) if kept else 0
    # An encoder is given room for the logits of every token, although nobody asks it for any.
    logits = (n_rows if is_encoder else N_OUTPUTS) * facts.n_vocabulary
    mask = n_cells * n_rows * (_F32 if stores_scores else _F16) * (2 if in_windows else 1)
    # Scores are halved to 16 bits before they meet the cached values, in a buffer of their own.
    converted = 0 if is_encoder else scores * _F16
    fullest = max(attention, feed_forward, recurrence, N_OUTPUTS * facts.n_vocabulary)
    return logits * _F32 + mask + fullest * _F32 + converted


def _stores_scores(facts: ModelFacts, n_ctx: int) -> bool:
    """Whether attention keeps its scores, which is fast, or does without them, which is small."""
    return (facts.n_heads or 0) * n_ctx * N_UBATCH * _F32 <= MOST_SCORES_BYTES


def _cells(n_ctx: int) -> int:
    return -(-n_ctx // _CELLS_AT_ONCE) * _CELLS_AT_ONCE


def _program(facts: ModelFacts) -> int:
    for_each_token = _TOKEN_BYTES if facts.tokenizer in _WITHOUT_MERGES else _MERGED_TOKEN_BYTES
    plan = PLAN_OF_STATES_BYTES if facts.recurrence else 0
    return PROGRAM_BYTES + plan + (facts.n_vocabulary or 0) * for_each_token
