"""The bytes of a document, put together from the chunks that come through the pipe. For the sealed workers."""

from __future__ import annotations

from typing import Any

from engine.documents.formats import MAX_BYTES
from engine.documents.protocol import Chunk
from engine.errors import DocumentTooLarge
from engine.wire import Channel, WireBroken


def receive_content(wire: Channel[Any], name: str) -> bytes:
    """Everything up to the last chunk; raises DocumentTooLarge, and WireBroken for anything but chunks."""
    chunks: list[bytes] = []
    n_bytes = 0
    while True:
        chunk = wire.receive()
        if not isinstance(chunk, Chunk):
            raise WireBroken("the document ended early")
        n_bytes += len(chunk.content)
        if n_bytes > MAX_BYTES:
            raise DocumentTooLarge(name, n_bytes, MAX_BYTES)
        chunks.append(chunk.content)
        if chunk.last:
            return b"".join(chunks)
