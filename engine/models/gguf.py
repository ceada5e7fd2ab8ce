"""Read the header of a GGUF file: what the model says of itself, and which tensors it has.

The file is a stranger's: every length and count has a limit, nothing is allocated for what a file merely promises, and
long lists (the vocabulary) are passed over, not kept. Runs in the sealed inspect worker only. Reads no weights, and
knows nothing of llama.cpp or of what an architecture means.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from engine.models.gguf_types import TENSOR_TYPES

MAX_STRING = 4 * 1024 * 1024  # bytes; chat templates are the longest strings that anybody keeps
MAX_KEY = 65_535  # bytes, as the format says
MAX_KEYS = 65_536
MAX_TENSORS = 65_536
MAX_ARRAY = 8 * 1024 * 1024  # values; vocabularies have some hundred thousand
MAX_KEPT_NUMBERS = 4096  # values of an array that are kept: one number for each layer
MAX_DIMENSIONS = 4
MAX_HEADER = 1024 * 1024 * 1024  # bytes

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_DEFAULT_ALIGNMENT = 32
_STRING, _ARRAY = 8, 9
_NUMBERS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}

Value = str | int | float | bool | tuple[int | float, ...] | None


class NotGguf(Exception):
    """The file is not a GGUF that this program knows, or its header contradicts itself."""


class Truncated(Exception):
    """The file ends before what its header promises."""


@dataclass(frozen=True)
class Tensor:
    """A tensor's name, shape and place. `n_bytes` is None where its type is not known."""

    name: str
    shape: tuple[int, ...]
    type: int
    offset: int

    @property
    def n_values(self) -> int:
        product = 1
        for length in self.shape:
            product *= length
        return product

    @property
    def n_bytes(self) -> int | None:
        known = TENSOR_TYPES.get(self.type)
        if known is None:
            return None
        _, per_block, block_bytes = known
        return -(-self.n_values // per_block) * block_bytes


@dataclass(frozen=True)
class Header:
    """What stands before the weights. Arrays in `metadata` are kept where they are short lists of numbers, else None."""

    version: int
    metadata: dict[str, Value]
    tensors: tuple[Tensor, ...]


def read_header(file: BinaryIO, n_bytes: int) -> Header:
    """Read the header of a file of `n_bytes` bytes from its beginning. Raises NotGguf or Truncated."""
    reader = _Reader(file, min(n_bytes, MAX_HEADER))
    if reader.bytes(4, what="magic") != _MAGIC:
        raise NotGguf("no GGUF magic")
    version = int(reader.number("<I"))
    if version not in _VERSIONS:
        raise NotGguf(f"version {version}")
    n_tensors, n_keys = reader.count(MAX_TENSORS, "tensors"), reader.count(MAX_KEYS, "keys")
    metadata = dict(_key_and_value(reader) for _ in range(n_keys))
    tensors = tuple(_tensor(reader) for _ in range(n_tensors))
    _check_weights_are_there(metadata, tensors, reader.position, n_bytes)
    return Header(version, metadata, tensors)


def _key_and_value(reader: _Reader) -> tuple[str, Value]:
    key = reader.string(MAX_KEY)
    return key, _value(reader, int(reader.number("<I")))


def _value(reader: _Reader, kind: int) -> Value:
    if kind == _STRING:
        return reader.string(MAX_STRING)
    if kind == _ARRAY:
        return _array(reader)
    if kind not in _NUMBERS:
        raise NotGguf(f"a value of type {kind}")
    return reader.number(_NUMBERS[kind])


def _array(reader: _Reader) -> Value:
    kind, length = int(reader.number("<I")), reader.count(MAX_ARRAY, "values")
    if kind == _STRING:
        reader.skip_strings(length)
        return None
    if kind not in _NUMBERS:
        raise NotGguf(f"an array of type {kind}")
    width = struct.calcsize(_NUMBERS[kind])
    if length > MAX_KEPT_NUMBERS:
        reader.skip(length * width)
        return None
    return struct.unpack(f"<{length}{_NUMBERS[kind][1]}", reader.bytes(length * width, what="an array"))


def _tensor(reader: _Reader) -> Tensor:
    name = reader.string(MAX_KEY)
    n_dimensions = int(reader.number("<I"))
    if not 0 < n_dimensions <= MAX_DIMENSIONS:
        raise NotGguf(f"a tensor with {n_dimensions} dimensions")
    shape = tuple(int(reader.number("<Q")) for _ in range(n_dimensions))
    tensor = Tensor(name, shape, int(reader.number("<I")), int(reader.number("<Q")))
    if not all(shape) or tensor.n_values >= 1 << 63:
        raise NotGguf("a tensor of impossible size")
    return tensor


def _check_weights_are_there(metadata: dict[str, Value], tensors: tuple[Tensor, ...], header: int, n_bytes: int) -> None:
    alignment = metadata.get("general.alignment", _DEFAULT_ALIGNMENT)
    if not isinstance(alignment, int) or alignment <= 0 or alignment & (alignment - 1):
        raise NotGguf(f"an alignment of {alignment!r}")
    weights = -(-header // alignment) * alignment
    for tensor in tensors:
        if tensor.offset % alignment:
            raise NotGguf("a tensor that is not aligned")
        if weights + tensor.offset + (tensor.n_bytes or 0) > n_bytes:
            raise Truncated("a tensor lies beyond the end of the file")


class _Reader:
    """Little-endian reading that ends at `end`, whatever the file says."""

    def __init__(self, file: BinaryIO, end: int) -> None:
        self._file, self._end = file, end
        self.position = 0

    def bytes(self, n_bytes: int, *, what: str) -> bytes:
        self._move(n_bytes)
        block = self._file.read(n_bytes)
        if len(block) < n_bytes:
            raise Truncated(what)
        return block

    def skip(self, n_bytes: int) -> None:
        self._move(n_bytes)
        self._file.seek(n_bytes, 1)

    def number(self, form: str) -> int | float:
        value: int | float = struct.unpack(form, self.bytes(struct.calcsize(form), what="a number"))[0]
        return value

    def count(self, most: int, what: str) -> int:
        value = int(self.number("<Q"))
        if value > most:
            raise NotGguf(f"{value} {what}")
        return value

    def string(self, most: int) -> str:
        return self.bytes(self.count(most, "bytes of text"), what="text").decode("utf-8", "replace")

    def skip_strings(self, n_strings: int) -> None:
        """Pass over many short strings; the vocabulary is the bulk of every header, so this is the one tight loop."""
        read, seek, unpack = self._file.read, self._file.seek, struct.Struct("<Q").unpack
        for _ in range(n_strings):
            self._move(8)
            head = read(8)
            if len(head) < 8:
                raise Truncated("a list of texts")
            (length,) = unpack(head)
            if length > MAX_STRING:
                raise NotGguf(f"{length} bytes of text")
            self._move(length)
            seek(length, 1)

    def _move(self, n_bytes: int) -> None:
        self.position += n_bytes
        if self.position > self._end:
            raise Truncated("the header")
