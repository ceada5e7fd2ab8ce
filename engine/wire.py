"""The private pipe between the program and a sealed worker: frames of msgpack, each led by its length.

A frame is four bytes of length (big-endian) and as many bytes of one msgspec Struct from a tagged union. Both ends refuse
frames that are too long or do not decode. Knows neither what the messages mean nor who starts whom.
"""

from __future__ import annotations

import os
import threading
from typing import Any, Generic, TypeVar

import msgspec

from engine.records import Seal

WIRE_VERSION = 1
MAX_FRAME = 256 * 1024 * 1024  # bytes; a page picture or a batch of vectors fits many times over
LENGTH_BYTES = 4
_JOINED_UP_TO = 64 * 1024  # below this, one system call with a copy is cheaper than two without

Incoming = TypeVar("Incoming")
Other = TypeVar("Other")


class WireBroken(Exception):
    """The other end sent something that is no frame or no message; nothing after it can be trusted."""


class Start(msgspec.Struct, frozen=True, tag=True):
    """First frame to a worker: which files it may read, its limits (bytes, seconds) and what its kind needs to know."""

    version: int
    readable: list[str] = []
    memory_limit: int | None = None
    cpu_limit_s: int | None = None
    resident_limit: int | None = None
    options: dict[str, Any] = {}


class Sealed(msgspec.Struct, frozen=True, tag=True):
    """First frame from a worker, before it loads anything: what the operating system enforces on it."""

    version: int
    seal: Seal


def encode_frame(message: msgspec.Struct, *, max_frame: int = MAX_FRAME) -> tuple[bytes, bytes]:
    """The two parts of a frame, to be written one after the other. Raises ValueError if it would be too long."""
    payload = msgspec.msgpack.encode(message)
    if len(payload) > max_frame:
        raise ValueError(f"a message of {len(payload)} bytes is longer than a frame may be ({max_frame})")
    return len(payload).to_bytes(LENGTH_BYTES, "big"), payload


def frame_length(head: bytes | bytearray, *, max_frame: int = MAX_FRAME) -> int:
    """How many bytes follow `head`. Raises WireBroken for a length that no frame has."""
    length = int.from_bytes(head, "big")
    if not 0 < length <= max_frame:
        raise WireBroken(f"a frame of {length} bytes")
    return length


def decode_message(decoder: msgspec.msgpack.Decoder[Incoming], payload: bytes | bytearray) -> Incoming:
    """The message in a frame's payload. Raises WireBroken if it is not one of the decoder's union."""
    try:
        return decoder.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError) as problem:
        raise WireBroken(f"a message that does not decode ({type(problem).__name__})") from None


def write_frame(descriptor: int, message: msgspec.Struct, *, max_frame: int = MAX_FRAME) -> None:
    """Write one message to a pipe, waiting as long as it is full. Raises BrokenPipeError when nobody reads any more."""
    head, payload = encode_frame(message, max_frame=max_frame)
    if len(payload) <= _JOINED_UP_TO:
        _write_all(descriptor, head + payload)
    else:
        _write_all(descriptor, head)
        _write_all(descriptor, payload)


def read_frame(descriptor: int, *, max_frame: int = MAX_FRAME) -> bytearray | None:
    """Read one frame's payload; None when the pipe was closed between frames. Raises WireBroken inside one."""
    head = _read_exactly(descriptor, LENGTH_BYTES)
    if head is None:
        return None
    payload = _read_exactly(descriptor, frame_length(head, max_frame=max_frame))
    if payload is None:
        raise WireBroken("the pipe was closed inside a frame")
    return payload


class Channel(Generic[Incoming]):
    """A worker's end of the pipe, blocking. One thread may receive while others send."""

    def __init__(self, read_from: int, write_to: int, incoming: Any, *, max_frame: int = MAX_FRAME) -> None:
        """`incoming` is the type, or the union of tagged types, that `receive` returns."""
        self._read_from, self._write_to, self._max_frame = read_from, write_to, max_frame
        self._decoder: msgspec.msgpack.Decoder[Incoming] = msgspec.msgpack.Decoder(incoming)
        self._sending = threading.Lock()

    def expecting(self, incoming: type[Other] | Any) -> Channel[Other]:
        """The same pipe, read as messages of another type or union. Use only the new channel from here on."""
        return Channel(self._read_from, self._write_to, incoming, max_frame=self._max_frame)

    def send(self, message: msgspec.Struct) -> None:
        """Send a message whole. Raises BrokenPipeError when the program is gone, ValueError for one that is too long."""
        with self._sending:
            write_frame(self._write_to, message, max_frame=self._max_frame)

    def receive(self) -> Incoming | None:
        """Wait for the next message; None when the program closed the pipe, which means: stop. Raises WireBroken."""
        payload = read_frame(self._read_from, max_frame=self._max_frame)
        return None if payload is None else decode_message(self._decoder, payload)


def _write_all(descriptor: int, block: bytes) -> None:
    left = memoryview(block)
    while left:
        left = left[os.write(descriptor, left) :]


def _read_exactly(descriptor: int, n_bytes: int) -> bytearray | None:
    """`n_bytes` from the pipe; None if it was closed before the first of them. Grows with what arrives."""
    block = bytearray()
    while len(block) < n_bytes:
        piece = os.read(descriptor, min(n_bytes - len(block), 1024 * 1024))
        if not piece:
            if block:
                raise WireBroken("the pipe was closed inside a frame")
            return None
        block += piece
    return block
