"""How much memory a model needs, and whether that is free. Pure arithmetic; knows no files and loads nothing.

Needed is what llama.cpp allocates on a computer without a graphics card: the weights, the KV cache of f16, the buffers
for one physical batch. For an architecture whose cache has another shape (recurrent, latent, selective) there is no
answer here rather than a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.models.facts import ModelFacts
from engine.records import Fit

N_UBATCH = 512  # tokens computed in one go
N_OUTPUTS = 16  # rows of logits kept at once, one for each request that runs at the same time
WORKER_BYTES = 48 * 1024 * 1024  # Python, its libraries and the code of llama.cpp in a worker; 38 MiB were measured
ROOM_TO_BREATHE = 0.85  # of the free memory; a fit beyond it pushes other programs out
_F16, _F32 = 2, 4
_CELLS_AT_ONCE = 256  # llama.cpp rounds a cache up to a multiple of this

#: Architectures with one key and value row for each token, layer and key-value head.
WITH_PLAIN_CACHE = frozenset(
    """
    llama qwen qwen2 qwen2moe qwen3 qwen3moe qwen3vl qwen3vlmoe qwen2vl phi2 phi3 phimoe gemma gemma2 gemma3 granite
    granitemoe smollm3 stablelm starcoder starcoder2 olmo olmo2 olmoe internlm2 command-r cohere2 exaone glm4 glm4moe
    mistral3 minicpm seed_oss ernie4_5 ernie4_5-moe arcee apertus nemotron hunyuan-dense hunyuan-moe gpt2 gptneox falcon
    mpt orion bloom baichuan gpt-oss xverse codeshell refact dbrx bailingmoe
    """.split()
)
#: Encoders: every text is read whole, so nothing is kept between batches.
WITHOUT_CACHE = frozenset("bert modern-bert nomic-bert nomic-bert-moe neo-bert jina-bert-v2 jina-bert-v3 eurobert".split())


@dataclass(frozen=True)
class Need:
    """Bytes. `working` is what must be in memory at all times; `weights` can be read again from the disk."""

    weights: int
    cache: int
    buffers: int

    @property
    def working(self) -> int:
        return self.cache + self.buffers + WORKER_BYTES

    @property
    def total(self) -> int:
        return self.weights + self.working


def need(facts: ModelFacts, n_ctx: int) -> Need | None:
    """What the model needs with a context of `n_ctx` tokens (at most its own); None if that cannot be known."""
    n_cells = _rounded_up(min(n_ctx, facts.context_length or n_ctx), _CELLS_AT_ONCE)
    cache = _cache(facts, n_cells)
    buffers = _buffers(facts, n_cells)
    if facts.n_weight_bytes is None or cache is None or buffers is None:
        return None
    return Need(facts.n_weight_bytes, cache, buffers)


def fit(facts: ModelFacts, n_ctx: int, *, free: int, total: int) -> Fit:
    """Whether the model fits into `free` bytes of a computer that has `total`."""
    needed = need(facts, n_ctx)
    if needed is None:
        return Fit("unknown", None, free)
    return Fit(_verdict(needed, free, total), needed.total, free)


def _verdict(needed: Need, free: int, total: int) -> Literal["fits_well", "tight", "slow", "does_not_fit"]:
    if needed.total <= free * ROOM_TO_BREATHE:
        return "fits_well"
    if needed.total <= free:
        return "tight"
    # The weights are mapped from the file: what does not fit is read again for each token, which works, slowly.
    return "slow" if needed.working <= free and needed.total <= total else "does_not_fit"


def _cache(facts: ModelFacts, n_cells: int) -> int | None:
    if facts.architecture in WITHOUT_CACHE:
        return 0
    if facts.architecture not in WITH_PLAIN_CACHE:
        return None
    if not (facts.heads_kv and facts.key_length and facts.value_length):
        return None
    return n_cells * sum(facts.heads_kv) * (facts.key_length + facts.value_length) * _F16


def _buffers(facts: ModelFacts, n_cells: int) -> int | None:
    """The logits that are kept, the attention mask, and the widest tensors of a layer for a batch of tokens."""
    if not (facts.n_embedding and facts.n_feed_forward and facts.n_vocabulary):
        return None
    logits = N_OUTPUTS * facts.n_vocabulary * _F32
    mask = N_UBATCH * n_cells * _F16
    layer = N_UBATCH * (8 * facts.n_embedding + 2 * facts.n_feed_forward) * _F32
    return logits + mask + layer


def _rounded_up(number: int, step: int) -> int:
    return -(-number // step) * step
