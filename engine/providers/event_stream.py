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
            n_field_bytes += len(content)
            if n_field_bytes > MAX_EVENT:
                raise Unreadable
            fields.append(content)


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines without their ends; what comes after the last end is dropped."""
    pending = b""
    for chunk in chunks:
        *lines, pending = _LINE_END.split(pending + chunk)
        if len(pending) > MAX_EVENT:
            raise Unreadable
        yield from lines
    if pending.endswith(b"\r"):
        yield pending[:-1]
