"""Have model files read in a sealed worker; a file that breaks the worker costs only itself.

The parent side of engine/models/inspect_worker.py. Keeps nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from engine.errors import ModelDamaged, StrongroomError, WorkerDied
from engine.models.facts import Damaged, FromInspect, Inspect, ModelFacts
from engine.sealed_process import SealedProcess

MEMORY_LIMIT = 1024 * 1024 * 1024  # bytes of address space
CPU_LIMIT_S = 60  # for all files of one worker; a large vocabulary takes about a tenth of a second


async def inspect(files: Sequence[Path]) -> dict[Path, ModelFacts | StrongroomError]:
    """What each file says of itself, or the ModelDamaged that says why it does not. Raises WorkerDied if none can start."""
    told: dict[Path, ModelFacts | StrongroomError] = {}
    left = list(files)
    while left:
        left = await _inspect_until_it_breaks(left, told)
    return told


@asynccontextmanager
async def worker_for(files: Sequence[Path]) -> AsyncIterator[SealedProcess[Inspect, FromInspect]]:
    """A sealed worker that may read these files and nothing else. Raises WorkerDied if it cannot start."""
    process: SealedProcess[Inspect, FromInspect] = await SealedProcess.start(
        "inspect",
        FromInspect,
        readable=files,
        memory_limit=MEMORY_LIMIT,
        cpu_limit_s=CPU_LIMIT_S,
        require_seal=False,  # it is told nothing confidential; where there is no seal, models should still be listed
    )
    async with process:
        yield process


async def asked(process: SealedProcess[Inspect, FromInspect], question: Inspect) -> FromInspect | None:
    """The worker's answer; None if the file broke it."""
    try:
        await process.send(question)
        return await process.receive()
    except WorkerDied:
        return None


async def _inspect_until_it_breaks(files: Sequence[Path], told: dict[Path, ModelFacts | StrongroomError]) -> list[Path]:
    """Read one after the other; returns those that come after a file that ended the worker."""
    async with worker_for(files) as process:
        for at, file in enumerate(files):
            answer = await asked(process, Inspect(str(file.absolute())))
            if answer is None:
                told[file] = ModelDamaged(file.name, "load_failed")
                return list(files[at + 1 :])
            told[file] = as_error(file.name, answer) if isinstance(answer, Damaged) else answer
    return []


def as_error(name: str, damage: Damaged) -> ModelDamaged:
    """What a worker's complaint about the file called `name` means for the model."""
    reasons: dict[str, Literal["not_a_gguf", "truncated", "load_failed"]]
    reasons = {"not_a_gguf": "not_a_gguf", "truncated": "truncated", "cut": "truncated", "unreadable": "load_failed"}
    return ModelDamaged(name, reasons[damage.reason])
