"""What a model file says of itself, and the messages that bring it out of the sealed inspect worker.

Values only; how they are read stands in engine/models/gguf.py, what follows from them in engine/models/memory_fit.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from engine.models.gguf import Header, Value
from engine.models.gguf_types import TENSOR_TYPES, file_type_name

_TABLE, _TABLE_FOR_LAYERS = "token_embd.weight", "per_layer_token_embd.weight"


class Inspect(msgspec.Struct, frozen=True, tag=True):
    """To the worker: read the header of this file, which the start message named as readable.

    `n_bytes` is the real length where only the beginning of the file is here. `others` are the further parts of a model
    that is split into several files, each with its real length or None.
    """

    file: str
    n_bytes: int | None = None
    others: list[tuple[str, int | None]] = []


class Damaged(msgspec.Struct, frozen=True, tag=True):
    """From the worker: the file is no sound GGUF. `cut`: the beginning of `file` that is here ends within its header."""

    reason: Literal["not_a_gguf", "truncated", "cut", "unreadable"]
    file: str = ""


class Recurrence(msgspec.Struct, frozen=True):
    """Layers that keep a state of one size, whatever they have read; all but each `attends_every`th are of this kind.

    Keys and queries have `n_groups` heads of `state_length` numbers, values `inner` numbers in all.
    """

    attends_every: int
    inner: int
    state_length: int
    n_groups: int
    kernel: int


class ModelFacts(msgspec.Struct, frozen=True, tag=True):
    """From the worker: a sound header. None where the file does not say, or says nonsense.

    `heads_kv`, the number of key and value heads, has one entry for each layer. `n_weight_bytes` is None if a tensor
    has a type that this program does not know. A layer with a sliding window attends to the last `window` tokens only;
    `windowed` says which layers do, or every how many layers one does not. The last `n_sharing_layers` layers use keys
    and values of others. `expert_bytes` are those weights of which a token needs only some, `table_bytes` the table that
    turns tokens into vectors (`is_tied`: and vectors into tokens again), `layer_table_bytes` one with rows for each layer.
    """

    architecture: str
    name: str | None
    licence: str | None
    quantisation: str | None
    n_parameters: int
    n_weight_bytes: int | None
    n_vocabulary: int | None
    context_length: int | None
    n_layers: int | None
    n_embedding: int | None
    n_feed_forward: int | None
    n_heads: int | None
    heads_kv: list[int] | None
    key_length: int | None
    value_length: int | None
    pools: bool
    has_chat_template: bool
    window: int | None = None
    windowed: list[bool] | int | None = None
    windowed_key_length: int | None = None
    windowed_value_length: int | None = None
    n_sharing_layers: int = 0
    n_experts: int = 0
    n_experts_used: int = 0
    n_expert_feed_forward: int | None = None
    expert_bytes: int = 0
    table_bytes: int | None = None
    is_tied: bool = False
    layer_table_bytes: int = 0
    tokenizer: str | None = None
    recurrence: Recurrence | None = None


FromInspect = ModelFacts | Damaged


def facts_from(header: Header) -> ModelFacts:
    """Pick what matters from a header."""
    said = header.metadata
    architecture = _text(said.get("general.architecture")) or ""

    def count(key: str) -> int | None:
        return _count(said.get(f"{architecture}.{key}"))

    n_layers, n_heads, n_embedding = count("block_count"), count("attention.head_count"), count("embedding_length")
    head_length = n_embedding // n_heads if n_heads and n_embedding else None
    sizes = {tensor.name: tensor.n_bytes for tensor in header.tensors}
    return ModelFacts(
        architecture=architecture,
        name=_text(said.get("general.name")),
        licence=_text(said.get("general.license")),
        quantisation=file_type_name(said.get("general.file_type")) or _commonest_type(header),
        n_parameters=sum(tensor.n_values for tensor in header.tensors),
        n_weight_bytes=None if None in sizes.values() else sum(size or 0 for size in sizes.values()),
        n_vocabulary=_vocabulary(header) or count("vocab_size"),
        context_length=count("context_length"),
        n_layers=n_layers,
        n_embedding=n_embedding,
        n_feed_forward=count("feed_forward_length"),
        n_heads=n_heads,
        heads_kv=_for_each_layer(said.get(f"{architecture}.attention.head_count_kv"), n_layers, otherwise=n_heads),
        key_length=count("attention.key_length") or head_length,
        value_length=count("attention.value_length") or head_length,
        pools=f"{architecture}.pooling_type" in said,
        has_chat_template=bool(said.get("tokenizer.chat_template")),
        window=count("attention.sliding_window"),
        windowed=_pattern(said.get(f"{architecture}.attention.sliding_window_pattern")),
        windowed_key_length=count("attention.key_length_swa"),
        windowed_value_length=count("attention.value_length_swa"),
        n_sharing_layers=count("attention.shared_kv_layers") or 0,
        n_experts=count("expert_count") or 0,
        n_experts_used=count("expert_used_count") or 0,
        n_expert_feed_forward=count("expert_feed_forward_length"),
        expert_bytes=sum(size or 0 for name, size in sizes.items() if "_exps." in name),
        table_bytes=sizes.get(_TABLE),
        is_tied=bool(sizes) and "output.weight" not in sizes,
        layer_table_bytes=sizes.get(_TABLE_FOR_LAYERS) or 0,
        tokenizer=_text(said.get("tokenizer.ggml.model")),
        recurrence=_recurrence(count),
    )


def _text(value: Value) -> str | None:
    return value[:500] if isinstance(value, str) and value.strip() else None


def _count(value: Value) -> int | None:
    """A positive whole number; an architecture whose layers differ says a list, of which the largest counts."""
    if isinstance(value, tuple):
        value = max((number for number in value if isinstance(number, int)), default=None)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 40 else None


def _for_each_layer(value: Value, n_layers: int | None, *, otherwise: int | None) -> list[int] | None:
    if n_layers is None or n_layers > 4096:
        return None
    if isinstance(value, tuple):
        heads = [number for number in value if isinstance(number, int) and 0 <= number < 1 << 20]
        return heads if len(heads) == n_layers else None
    heads_everywhere = _count(value) or otherwise
    return [heads_everywhere] * n_layers if heads_everywhere else None


def _recurrence(count: Callable[[str], int | None]) -> Recurrence | None:
    """None where one of the numbers is missing. Files that do not say which layers attend mean each fourth."""
    inner, length, groups = count("ssm.inner_size"), count("ssm.state_size"), count("ssm.group_count")
    kernel = count("ssm.conv_kernel")
    if not (inner and length and groups and kernel):
        return None
    return Recurrence(count("full_attention_interval") or 4, inner, length, groups, kernel)


def _pattern(value: Value) -> list[bool] | int | None:
    if isinstance(value, tuple):
        return [bool(windowed) for windowed in value]
    return _count(value)


def _vocabulary(header: Header) -> int | None:
    return next((tensor.shape[-1] for tensor in header.tensors if tensor.name == _TABLE), None)


def _commonest_type(header: Header) -> str | None:
    """What most values are stored as, for files without a file type."""
    n_values: dict[int, int] = {}
    for tensor in header.tensors:
        n_values[tensor.type] = n_values.get(tensor.type, 0) + tensor.n_values
    if not n_values:
        return None
    known = TENSOR_TYPES.get(max(n_values, key=lambda kind: n_values[kind]))
    return known[0] if known else None
