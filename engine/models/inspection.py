"""Have model files read in a sealed worker; a file that breaks the worker costs only itself.

The parent side of engine/models/inspect_worker.py. Keeps nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

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


async def _inspect_until_it_breaks(files: Sequence[Path], told: dict[Path, ModelFacts | StrongroomError]) -> list[Path]:
    """Read one after the other; returns those that come after a file that ended the worker."""
    process: SealedProcess[Inspect, FromInspect] = await SealedProcess.start(
        "inspect",
        FromInspect,
        readable=files,
        memory_limit=MEMORY_LIMIT,
        cpu_limit_s=CPU_LIMIT_S,
        require_seal=False,  # it is told nothing confidential; where there is no seal, models should still be listed
    )
    async with process:
        for at, file in enumerate(files):
            try:
                await process.send(Inspect(str(file.absolute())))
                answer = await process.receive()
            except WorkerDied:
                answer = None
            if answer is None:
                told[file] = ModelDamaged(file.name, "load_failed")
                return list(files[at + 1 :])
            told[file] = _as_error(file, answer) if isinstance(answer, Damaged) else answer
    return []


def _as_error(file: Path, damage: Damaged) -> ModelDamaged:
    return ModelDamaged(file.name, "load_failed" if damage.reason == "unreadable" else damage.reason)
