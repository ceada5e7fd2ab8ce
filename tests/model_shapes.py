"""Shapes of models: what a random-weight model is made of, and ten of them that differ in what decides memory.

Dense, grouped heads, key lengths of their own, sliding windows, mixtures of experts, fused matrices, layers that share
keys and values, layers with a state; tied and not. Small enough to be written and read in a second.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.engine.models.gguf_files import ARRAY, F32, I32, U32, value


@dataclass(frozen=True)
class Recurrent:
    """All layers but each `attends_every`th keep a state of one size instead of keys and values."""

    attends_every: int
    n_key_heads: int
    n_value_heads: int
    length: int
    kernel: int = 4

    @property
    def keys(self) -> int:
        return self.n_key_heads * self.length

    @property
    def values(self) -> int:
        return self.n_value_heads * self.length


@dataclass(frozen=True)
class Shape:
    """A model's dimensions. `stored` is the type of its matrices, `extra` what its architecture says besides."""

    name: str
    architecture: str
    n_layers: int
    n_embedding: int
    n_feed_forward: int
    n_heads: int
    n_heads_kv: int
    stored: str
    n_vocabulary: int = 4096
    head_length: int | None = None
    n_experts: int = 0
    n_experts_used: int = 0
    tied: bool = False
    fused: bool = False  # query, key and value in one matrix, gate and up in one as well
    normed_heads: bool = False
    post_norms: bool = False
    sinks: bool = False
    biases: bool = False
    windowed: tuple[bool, ...] = ()  # which layers have a window, where the file has to say it
    windowed_length: int | None = None  # of keys in such layers
    n_sharing: int = 0  # the last layers, which use keys and values of others
    n_for_layers: int = 0  # numbers that each token has for each layer besides
    recurrent: Recurrent | None = None
    context_length: int = 32_768
    extra: dict[str, bytes] = field(default_factory=dict)

    @property
    def length(self) -> int:
        return self.head_length or self.n_embedding // self.n_heads

    def length_in(self, layer: int) -> int:
        return self.windowed_length if self.windowed_length and self.windowed[layer] else self.length

    def attends(self, layer: int) -> bool:
        return self.recurrent is None or (layer + 1) % self.recurrent.attends_every == 0


def _window(architecture: str, n_tokens: int) -> dict[str, bytes]:
    return {f"{architecture}.attention.sliding_window": value(U32, n_tokens)}


SHAPES = (
    Shape("dense", "llama", 4, 512, 1408, 8, 8, "Q8_0", n_vocabulary=32_768),
    Shape("grouped", "llama", 4, 640, 1792, 10, 2, "Q4_0", n_vocabulary=65_536, tied=True),
    Shape("own-head-length", "qwen3", 4, 512, 1536, 8, 2, "Q4_K", n_vocabulary=49_152, head_length=128, normed_heads=True),
    Shape(
        "sliding-window", "gemma3", 7, 512, 1536, 4, 1, "Q8_0", n_vocabulary=65_536, head_length=128, tied=True,
        normed_heads=True, post_norms=True, extra=_window("gemma3", 512),
    ),
    Shape(
        "experts", "qwen3moe", 3, 512, 768, 8, 2, "Q4_K", n_vocabulary=8192, head_length=64, normed_heads=True, n_experts=48,
        n_experts_used=4, extra={"qwen3moe.expert_feed_forward_length": value(U32, 768)},
    ),
    Shape(
        "experts-in-windows", "gpt-oss", 4, 512, 512, 8, 2, "Q8_0", n_vocabulary=8192, head_length=64, n_experts=16,
        n_experts_used=2, post_norms=True, sinks=True, biases=True,
        extra={"gpt-oss.expert_feed_forward_length": value(U32, 512), **_window("gpt-oss", 128)},
    ),
    Shape("fused", "phi3", 4, 512, 1408, 8, 8, "F16", n_vocabulary=16_384, fused=True),
    Shape(
        "scaled", "granite", 4, 512, 2048, 16, 4, "Q8_0", n_vocabulary=65_536, tied=True,
        extra={"granite.logit_scale": value(F32, 8.0), "granite.attention.scale": value(F32, 0.02)},
    ),
)  # fmt: skip


#: Shapes beyond those: layers that share keys and values, with numbers for each layer; layers with a state.
FURTHER_SHAPES = (
    Shape(
        "sharing", "gemma4", 6, 512, 1536, 4, 1, "Q8_0", n_vocabulary=32_768, head_length=256, tied=True, normed_heads=True,
        post_norms=True, windowed=(True, True, False, True, True, False), windowed_length=128, n_sharing=3, n_for_layers=64,
        extra=_window("gemma4", 512),
    ),
    Shape(
        "recurrent", "qwen35", 8, 512, 1536, 4, 2, "Q8_0", n_vocabulary=32_768, head_length=128, tied=True, normed_heads=True,
        recurrent=Recurrent(attends_every=4, n_key_heads=8, n_value_heads=16, length=64),
        extra={"qwen35.rope.dimension_sections": value(ARRAY, (I32, [16, 24, 24, 0]))},
    ),
)  # fmt: skip
