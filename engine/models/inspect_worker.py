"""The sealed worker that reads the headers of model files: a file in, what it says of itself out.

Nothing it reads is run or decoded beyond numbers and short texts. It loads no llama.cpp.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.models.facts import Damaged, FromInspect, Inspect, facts_from
from engine.models.gguf import Header, NotGguf, Truncated, read_header
from engine.records import Seal
from engine.wire import Channel, Start


def main(channel: Channel[Any], start: Start, seal: Seal) -> int:
    """Answer one message for each file until the pipe closes."""
    files: Channel[Inspect] = channel.expecting(Inspect)
    while (message := files.receive()) is not None:
        files.send(inspected(message))
    return 0


def inspected(asked: Inspect) -> FromInspect:
    """What the file, or all parts of the model together, say of themselves, or why they say nothing."""
    headers: list[Header] = []
    for file, n_bytes in [(asked.file, asked.n_bytes), *asked.others]:
        header = _header(file, n_bytes)
        if isinstance(header, Damaged):
            return header
        headers.append(header)
    # The first part says everything about the model; each part lists the tensors that it holds.
    return facts_from(replace(headers[0], tensors=tuple(tensor for header in headers for tensor in header.tensors)))


def _header(path: str, n_bytes: int | None) -> Header | Damaged:
    """The header of a file, of which only the beginning may be here; `n_bytes` is its real length then."""
    try:
        with open(path, "rb") as file:
            n_here = file.seek(0, 2)
            file.seek(0)
            try:
                return read_header(file, n_here if n_bytes is None else n_bytes)
            except Truncated:
                # Whoever read to the end of what is here wanted more of it; otherwise the header contradicts the length.
                wants_more = n_bytes is not None and n_here < n_bytes and file.tell() >= n_here
                return Damaged("cut" if wants_more else "truncated", path)
    except NotGguf:
        return Damaged("not_a_gguf", path)
    except OSError:
        return Damaged("unreadable", path)
