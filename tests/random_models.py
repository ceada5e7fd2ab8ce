"""Write GGUF models of many shapes with random weights: small, loadable, and quick to make.

They speak nonsense, but llama.cpp gives them the memory that it would give to a real model of the same shape. The
vocabulary is of pieces (bytes, then made-up words), the chat template hands the text on as it is.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from engine.models.gguf_types import TENSOR_TYPES
from tests.engine.models.gguf_files import ALIGNMENT, ARRAY, BOOL, F32, I32, TEXT, U32, text, value
from tests.model_shapes import Shape

TYPE_OF = {name: number for number, (name, _, _) in TENSOR_TYPES.items()}
_SCALES = {"Q4_0": 1, "Q4_1": 2, "Q8_0": 1, "Q4_K": 2}  # numbers of 16 bits at the beginning of a block that scale it
TEMPLATE = "{% for message in messages %}{{ message.content }}{% endfor %}"


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
    if shape.windowed:
        own["attention.sliding_window_pattern"] = value(ARRAY, (BOOL, list(shape.windowed)))
        own["attention.key_length_swa"] = own["attention.value_length_swa"] = value(U32, shape.windowed_length or shape.length)
        own["rope.dimension_count_swa"] = value(U32, shape.windowed_length or shape.length)
        own["attention.shared_kv_layers"] = value(U32, shape.n_sharing)
        own["embedding_length_per_layer_input"] = value(U32, shape.n_for_layers)
    if state := shape.recurrent:
        own["full_attention_interval"] = value(U32, state.attends_every)
        own["ssm.conv_kernel"], own["ssm.inner_size"] = value(U32, state.kernel), value(U32, state.values)
        own["ssm.state_size"], own["ssm.group_count"] = value(U32, state.length), value(U32, state.n_key_heads)
        own["ssm.time_step_rank"] = value(U32, state.n_value_heads)
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
    if shape.n_for_layers:
        wide = shape.n_for_layers * shape.n_layers
        tensors.append(("per_layer_token_embd.weight", (wide, shape.n_vocabulary), shape.stored))
        tensors.append(("per_layer_model_proj.weight", (shape.n_embedding, wide), shape.stored))
        tensors.append(("per_layer_proj_norm.weight", (shape.n_for_layers,), "F32"))
    for layer in range(shape.n_layers):
        of_layer = _attention(shape, layer) if shape.attends(layer) else _recurrence(shape)
        of_layer += _feed_forward(shape)
        tensors += [(f"blk.{layer}.{name}", size, stored) for name, size, stored in of_layer]
    if shape.windowed:
        tensors.append(("rope_freqs.weight", (shape.length // 2,), "F32"))
    return tensors


def _attention(shape: Shape, layer: int) -> list[_Tensor]:
    length = shape.length_in(layer)
    n, queries, keys = shape.n_embedding, shape.n_heads * length, shape.n_heads_kv * length
    tensors: list[_Tensor] = [("attn_norm.weight", (n,), "F32"), ("attn_output.weight", (queries, n), shape.stored)]
    if shape.fused:
        tensors.append(("attn_qkv.weight", (n, queries + 2 * keys), shape.stored))
    else:
        asked = 2 * queries if shape.recurrent else queries  # such models have a gate beside each query
        tensors += [(f"attn_{part}.weight", (n, width), shape.stored) for part, width in _parts(asked, keys)]
    if shape.biases:
        tensors += [(f"attn_{part}.bias", (width,), "F32") for part, width in (*_parts(queries, keys), ("output", n))]
    if shape.normed_heads:
        tensors += [(f"attn_{part}_norm.weight", (length,), "F32") for part in "qk"]
    if shape.post_norms or shape.recurrent:
        tensors.append(("post_attention_norm.weight", (n,), "F32"))
    if shape.sinks:
        tensors.append(("attn_sinks.weight", (shape.n_heads,), "F32"))
    return tensors


def _recurrence(shape: Shape) -> list[_Tensor]:
    state, n = shape.recurrent, shape.n_embedding
    assert state is not None
    mixed = 2 * state.keys + state.values
    return [
        ("attn_norm.weight", (n,), "F32"),
        ("post_attention_norm.weight", (n,), "F32"),
        ("attn_qkv.weight", (n, mixed), shape.stored),
        ("attn_gate.weight", (n, state.values), shape.stored),
        ("ssm_conv1d.weight", (state.kernel, mixed), "F32"),
        ("ssm_dt.bias", (state.n_value_heads,), "F32"),
        ("ssm_a", (state.n_value_heads,), "F32"),
        ("ssm_beta.weight", (n, state.n_value_heads), shape.stored),
        ("ssm_alpha.weight", (n, state.n_value_heads), shape.stored),
        ("ssm_norm.weight", (state.length,), "F32"),
        ("ssm_out.weight", (state.values, n), shape.stored),
    ]


def _parts(queries: int, keys: int) -> tuple[tuple[str, int], ...]:
    return ("q", queries), ("k", keys), ("v", keys)


def _feed_forward(shape: Shape) -> list[_Tensor]:
    n, wide, experts = shape.n_embedding, shape.n_feed_forward, shape.n_experts
    tensors: list[_Tensor] = [] if shape.sinks or shape.recurrent else [("ffn_norm.weight", (n,), "F32")]
    if shape.n_for_layers:
        tensors.append(("inp_gate.weight", (n, shape.n_for_layers), shape.stored))
        tensors.append(("proj.weight", (shape.n_for_layers, n), shape.stored))
        tensors.append(("post_norm.weight", (n,), "F32"))
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
