"""Write small GGUF files for tests, sound or broken in one place."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

U32, F32, BOOL, TEXT, ARRAY, U64, I32 = 4, 6, 7, 8, 9, 10, 5
ALIGNMENT = 32


def text(value: str | bytes) -> bytes:
    encoded = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(encoded)) + encoded


def value(kind: int, content: Any) -> bytes:
    """A value with its type in front, as it stands behind a key."""
    return struct.pack("<I", kind) + _bare(kind, content)


def _bare(kind: int, content: Any) -> bytes:
    if kind == TEXT:
        return text(content)
    if kind == ARRAY:
        element, items = content
        return struct.pack("<IQ", element, len(items)) + b"".join(_bare(element, item) for item in items)
    return struct.pack({U32: "<I", I32: "<i", F32: "<f", BOOL: "<?", U64: "<Q"}[kind], content)


LLAMA: dict[str, bytes] = {
    "general.architecture": value(TEXT, "llama"),
    "general.name": value(TEXT, "Tiny"),
    "general.license": value(TEXT, "mit"),
    "general.file_type": value(U32, 1),
    "llama.block_count": value(U32, 2),
    "llama.context_length": value(U32, 2048),
    "llama.embedding_length": value(U32, 64),
    "llama.feed_forward_length": value(U32, 128),
    "llama.attention.head_count": value(U32, 8),
    "llama.attention.head_count_kv": value(U32, 2),
    "tokenizer.ggml.tokens": value(ARRAY, (TEXT, ["a", "b", "c"])),
    "tokenizer.chat_template": value(TEXT, "{{ messages }}"),
}
TENSORS: list[tuple[str, tuple[int, ...], int]] = [("token_embd.weight", (64, 3), 1), ("blk.0.ffn_up.weight", (64, 128), 8)]


def gguf(
    metadata: Mapping[str, bytes] = LLAMA,
    tensors: Sequence[tuple[str, tuple[int, ...], int]] = TENSORS,
    *,
    magic: bytes = b"GGUF",
    version: int = 3,
    n_keys: int | None = None,
    n_tensors: int | None = None,
    weight_bytes: int = 40_000,
) -> bytes:
    """A file; `n_keys` and `n_tensors` are what its header claims, `weight_bytes` what really follows."""
    head = magic + struct.pack("<IQQ", version, len(tensors) if n_tensors is None else n_tensors, n_keys or len(metadata))
    body = b"".join(text(key) + content for key, content in metadata.items())
    offset = 0
    for name, shape, kind in tensors:
        body += text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset)
        offset += 16_384
    header = head + body
    return header + bytes(-len(header) % ALIGNMENT) + bytes(weight_bytes)
