"""Split a real GGUF into several files, as llama.cpp's own tool does: the first part holds all that is said of the model."""

from __future__ import annotations

import struct
from pathlib import Path

from engine.models import gguf as reading
from engine.models.gguf import Tensor
from tests.engine.models.gguf_files import ALIGNMENT, I32, text, value

U16 = 2


def split_model(file: Path, folder: Path, stem: str, n_parts: int) -> list[Path]:
    """Write the parts into `folder` and return them in order."""
    content = file.read_bytes()
    n_keys, keys, tensors, weights = _layout(file, content)
    share = -(-len(tensors) // n_parts)
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for at in range(n_parts):
        said = _numbers(at, n_parts, len(tensors))
        chosen = tensors[at * share : (at + 1) * share]
        first = at == 0
        head = b"GGUF" + struct.pack("<IQQ", 3, len(chosen), (n_keys if first else 0) + len(said))
        head += (keys if first else b"") + b"".join(text(key) + bytes_of for key, bytes_of in said.items())
        infos, blocks, offset = b"", [], 0
        for tensor in chosen:
            block = content[weights + tensor.offset : weights + tensor.offset + (tensor.n_bytes or 0)]
            block += bytes(-len(block) % ALIGNMENT)
            infos += text(tensor.name) + struct.pack(
                f"<I{len(tensor.shape)}QIQ", len(tensor.shape), *tensor.shape, tensor.type, offset
            )
            blocks.append(block)
            offset += len(block)
        head += infos
        part = folder / f"{stem}-{at + 1:05d}-of-{n_parts:05d}.gguf"
        part.write_bytes(head + bytes(-len(head) % ALIGNMENT) + b"".join(blocks))
        parts.append(part)
    return parts


def _numbers(at: int, n_parts: int, n_tensors: int) -> dict[str, bytes]:
    return {
        "split.no": struct.pack("<IH", U16, at),
        "split.count": struct.pack("<IH", U16, n_parts),
        "split.tensors.count": value(I32, n_tensors),
    }


def _layout(file: Path, content: bytes) -> tuple[int, bytes, list[Tensor], int]:
    """How many keys there are, their bytes, the tensors, and where the weights begin."""
    with file.open("rb") as stream:
        reader = reading._Reader(stream, len(content))
        reader.bytes(8, what="magic and version")
        n_tensors, n_keys = reader.count(1 << 16, "tensors"), reader.count(1 << 16, "keys")
        begin = reader.position
        for _ in range(n_keys):
            reading._key_and_value(reader)
        keys = content[begin : reader.position]
        tensors = [reading._tensor(reader) for _ in range(n_tensors)]
        return n_keys, keys, tensors, -(-reader.position // ALIGNMENT) * ALIGNMENT
