"""The sealed worker that reads the headers of model files: a file in, what it says of itself out.

Nothing it reads is run or decoded beyond numbers and short texts. It loads no llama.cpp.
"""

from __future__ import annotations

from typing import Any

from engine.models.facts import Damaged, FromInspect, Inspect, facts_from
from engine.models.gguf import NotGguf, Truncated, read_header
from engine.records import Seal
from engine.wire import Channel, Start


def main(channel: Channel[Any], start: Start, seal: Seal) -> int:
    """Answer one message for each file until the pipe closes."""
    files: Channel[Inspect] = channel.expecting(Inspect)
    while (message := files.receive()) is not None:
        files.send(inspected(message.file))
    return 0


def inspected(path: str) -> FromInspect:
    """What the file says of itself, or why it says nothing."""
    try:
        with open(path, "rb") as file:
            n_bytes = file.seek(0, 2)
            file.seek(0)
            return facts_from(read_header(file, n_bytes))
    except Truncated:
        return Damaged("truncated")
    except NotGguf:
        return Damaged("not_a_gguf")
    except OSError:
        return Damaged("unreadable")
