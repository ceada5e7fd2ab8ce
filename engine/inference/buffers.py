"""What llama.cpp says it has allocated, read from what it logs while a model is loaded.

It counts what it reserves for the longest context, which a process that has answered short questions has not touched
yet; and it names the device that each buffer is on, which the operating system does not. Text in, bytes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

MIB = 1024 * 1024
_SIZE = re.compile(r": +(\S+) +(model|KV|RS|output|compute) buffer size = +([0-9.]+) MiB")


@dataclass(frozen=True)
class Buffers:
    """Bytes by purpose. `weights` counts a stretch twice that is both mapped from the file and copied out of it."""

    weights: int = 0
    cache: int = 0
    compute: int = 0
    output: int = 0

    @property
    def besides_weights(self) -> int:
        return self.cache + self.compute + self.output


def buffers(lines: Iterable[str]) -> Buffers:
    """Add up the buffers that the lines name; what they do not name counts nothing."""
    sums = {"model": 0, "KV": 0, "RS": 0, "output": 0, "compute": 0}
    for line in lines:
        if said := _SIZE.search(line):
            sums[said[2]] += round(float(said[3]) * MIB)
    return Buffers(sums["model"], sums["KV"] + sums["RS"], sums["compute"], sums["output"])
