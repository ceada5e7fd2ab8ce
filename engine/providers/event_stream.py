"""Server-sent events out of bytes, within bounds. Pure: bytes in, the data of each event out.

Comments, names, ids and unknown fields are skipped. An event that nothing ends is none, since half of it may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.providers.dialect import Unreadable

MAX_EVENT = 1_000_000  # bytes
MAX_STREAM = 256 * 1024 * 1024
_LINE_END = re.compile(rb"\r\n|\n|\r(?!\Z)")  # a carriage return at the very end may be half of one


def events_in(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The data of each event, in order. Raises Unreadable for an event or a stream without an end in sight."""
    n_bytes, fields, n_field_bytes = 0, list[bytes](), 0
    for line in _lines(chunks):
        n_bytes += len(line) + 1
        if n_bytes > MAX_STREAM:
            raise Unreadable
        if not line:
            if any(fields):  # an event without data is none
                yield b"\n".join(fields)
            fields, n_field_bytes = [], 0
        elif line.startswith(b"data:"):
            content = line[5:].removeprefix(b" ")
            n_field_bytes += len(content) + 1  # with the line break that joins it to the next
            if n_field_bytes > MAX_EVENT:
                raise Unreadable
            fields.append(content)


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines without their ends; what comes after the last end is dropped.

    Each byte is looked at once or twice, however small the pieces are in which a line comes.
    """
    begun, half_end = bytearray(), b""  # a line without its end, and what may be half of that
    for chunk in chunks:
        first, *others = _LINE_END.split(half_end + chunk)
        begun += first
        for line in others:
            yield bytes(begun)
            begun = bytearray(line)
        half_end = b"\r" if begun.endswith(b"\r") else b""
        del begun[len(begun) - len(half_end) :]
        if len(begun) > MAX_EVENT:
            raise Unreadable
    if half_end:
        yield bytes(begun)
