"""Write GGUF models of many shapes with random weights: small, loadable, and quick to make.

They speak nonsense, but llama.cpp gives them the memory that it would give to a real model of the same shape. The
vocabulary is of pieces (bytes, then made-up words), the chat template hands the text on as it is.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from engine.models.gguf_types import TENSOR_TYPES
from tests.engine.models.gguf_files import ALIGNMENT, ARRAY, BOOL, F32, I32, TEXT, U32, text, value

TYPE_OF = {name: number for number, (name, _, _) in TENSOR_TYPES.items()}
_SCALES = {"Q4_0": 1, "Q4_1": 2, "Q8_0": 1, "Q4_K": 2}  # numbers of 16 bits at the beginning of a block that scale it
TEMPLATE = "{% for message in messages %}{{ message.content }}{% endfor %}"


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
    context_length: int = 32_768
    extra: dict[str, bytes] = field(default_factory=dict)

    @property
    def length(self) -> int:
        return self.head_length or self.n_embedding // self.n_heads


def _window(architecture: str, n_tokens: int) -> dict[str, bytes]:
    return {f"{architecture}.attention.sliding_window": value(U32, n_tokens)}


#: Dense, grouped heads, key lengths of their own, sliding windows, mixtures of experts, fused matrices; tied and not.
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


def write_random_model(shape: Shape, file: Path, *, seed: int = 1) -> Path:
    """Write a model of this shape; the same seed gives the same bytes."""
    tensors = _tensors(shape)
    metadata = _metadata(shape)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata))
    head += b"".join(text(key) + content for key, content in metadata.items())
    offset, offsets = 0, []
    for name, dimensions, stored in tensors:
        head += text(name) + struct.pack(f"<I{len(dimensions)}QIQ", len(dimensions), *dimensions, TYPE_OF[stored], offset)
        offsets.append(offset)
        offset += -(-_n_bytes(dimensions, stored) // ALIGNMENT) * ALIGNMENT
    start = -(-len(head) // ALIGNMENT) * ALIGNMENT
    dice = np.random.default_rng(seed)
    with file.open("wb") as out:
        out.write(head)
        for (name, dimensions, stored), at in zip(tensors, offsets, strict=True):
            out.seek(start + at)
            out.write(_weights(name, dimensions, stored, dice))
        out.truncate(start + offset)
    return file


def with_context(shape: Shape, n_ctx: int) -> Shape:
    """The same shape, made for so many tokens."""
    return replace(shape, context_length=n_ctx)


# ---------------------------------------------------------------- what stands in the header
def _metadata(shape: Shape) -> dict[str, bytes]:
    own = {
        "block_count": value(U32, shape.n_layers),
        "context_length": value(U32, shape.context_length),
        "embedding_length": value(U32, shape.n_embedding),
        "feed_forward_length": value(U32, shape.n_feed_forward),
        "attention.head_count": value(U32, shape.n_heads),
        "attention.head_count_kv": value(U32, shape.n_heads_kv),
        "attention.key_length": value(U32, shape.length),
        "attention.value_length": value(U32, shape.length),
        "attention.layer_norm_rms_epsilon": value(F32, 1e-5),
        "rope.dimension_count": value(U32, shape.length),
    }
    if shape.n_experts:
        own["expert_count"] = value(U32, shape.n_experts)
        own["expert_used_count"] = value(U32, shape.n_experts_used)
    return {
        "general.architecture": value(TEXT, shape.architecture),
        "general.name": value(TEXT, f"Random {shape.name}"),
        **{f"{shape.architecture}.{key}": content for key, content in own.items()},
        **shape.extra,
        **_vocabulary(shape.n_vocabulary),
        "tokenizer.chat_template": value(TEXT, TEMPLATE),
    }


def _vocabulary(n_tokens: int) -> dict[str, bytes]:
    pieces = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    kinds = [2, 3, 3, *([6] * 256)]
    pieces += [f"▁w{number}" for number in range(n_tokens - len(pieces))]
    kinds += [1] * (n_tokens - len(kinds))
    return {
        "tokenizer.ggml.model": value(TEXT, "llama"),
        "tokenizer.ggml.tokens": value(ARRAY, (TEXT, pieces)),
        "tokenizer.ggml.scores": value(ARRAY, (F32, [0.0] * n_tokens)),
        "tokenizer.ggml.token_type": value(ARRAY, (I32, kinds)),
        "tokenizer.ggml.bos_token_id": value(U32, 1),
        "tokenizer.ggml.eos_token_id": value(U32, 2),
        "tokenizer.ggml.unknown_token_id": value(U32, 0),
        "tokenizer.ggml.add_bos_token": value(BOOL, True),
    }


# ---------------------------------------------------------------- tensors
_Tensor = tuple[str, tuple[int, ...], str]


def _tensors(shape: Shape) -> list[_Tensor]:
    tensors: list[_Tensor] = [("token_embd.weight", (shape.n_embedding, shape.n_vocabulary), shape.stored)]
    tensors.append(("output_norm.weight", (shape.n_embedding,), "F32"))
    if not shape.tied:
        tensors.append(("output.weight", (shape.n_embedding, shape.n_vocabulary), shape.stored))
    for layer in range(shape.n_layers):
        tensors += [(f"blk.{layer}.{name}", size, stored) for name, size, stored in (*_attention(shape), *_feed_forward(shape))]
    return tensors


def _attention(shape: Shape) -> list[_Tensor]:
    n, queries, keys = shape.n_embedding, shape.n_heads * shape.length, shape.n_heads_kv * shape.length
    tensors: list[_Tensor] = [("attn_norm.weight", (n,), "F32"), ("attn_output.weight", (queries, n), shape.stored)]
    if shape.fused:
        tensors.append(("attn_qkv.weight", (n, queries + 2 * keys), shape.stored))
    else:
        tensors += [(f"attn_{part}.weight", (n, width), shape.stored) for part, width in _parts(queries, keys)]
    if shape.biases:
        tensors += [(f"attn_{part}.bias", (width,), "F32") for part, width in (*_parts(queries, keys), ("output", n))]
    if shape.normed_heads:
        tensors += [(f"attn_{part}_norm.weight", (shape.length,), "F32") for part in "qk"]
    if shape.post_norms:
        tensors.append(("post_attention_norm.weight", (n,), "F32"))
    if shape.sinks:
        tensors.append(("attn_sinks.weight", (shape.n_heads,), "F32"))
    return tensors


def _parts(queries: int, keys: int) -> tuple[tuple[str, int], ...]:
    return ("q", queries), ("k", keys), ("v", keys)


def _feed_forward(shape: Shape) -> list[_Tensor]:
    n, wide, experts = shape.n_embedding, shape.n_feed_forward, shape.n_experts
    tensors: list[_Tensor] = [] if shape.sinks else [("ffn_norm.weight", (n,), "F32")]
    if shape.post_norms and not shape.sinks:
        tensors.append(("post_ffw_norm.weight", (n,), "F32"))
    if not experts:
        tensors += [("ffn_down.weight", (wide, n), shape.stored), ("ffn_up.weight", (n, (1 + shape.fused) * wide), shape.stored)]
        return tensors if shape.fused else [*tensors, ("ffn_gate.weight", (n, wide), shape.stored)]
    tensors.append(("ffn_gate_inp.weight", (n, experts), "F32"))
    tensors += [(f"ffn_{part}_exps.weight", (n, wide, experts), shape.stored) for part in ("gate", "up")]
    tensors.append(("ffn_down_exps.weight", (wide, n, experts), shape.stored))
    if shape.biases:
        tensors.append(("ffn_gate_inp.bias", (experts,), "F32"))
        tensors += [(f"ffn_{part}_exps.bias", (wide, experts), "F32") for part in ("gate", "up")]
        tensors.append(("ffn_down_exps.bias", (n, experts), "F32"))
    return tensors


def _n_bytes(dimensions: tuple[int, ...], stored: str) -> int:
    _, per_block, block_bytes = TENSOR_TYPES[TYPE_OF[stored]]
    return int(np.prod(dimensions)) // per_block * block_bytes


def _weights(name: str, dimensions: tuple[int, ...], stored: str, dice: np.random.Generator) -> bytes:
    """Random where it costs nothing, and small everywhere, so that what is computed stays a number."""
    n_values = int(np.prod(dimensions))
    if stored == "F32":
        return np.full(n_values, 1.0 if "norm" in name else 0.01, np.float32).tobytes()
    if stored == "F16":
        return (dice.random(n_values, np.float32) * 0.04 - 0.02).astype(np.float16).tobytes()
    _, per_block, block_bytes = TENSOR_TYPES[TYPE_OF[stored]]
    blocks = dice.integers(0, 256, (n_values // per_block, block_bytes), np.uint8)
    scales = np.full(_SCALES[stored], 0.0005, np.float16).view(np.uint8)
    blocks[:, : scales.size] = scales
    return blocks.tobytes()
