"""Have the headers of models read in sealed workers, all parts of a split one together. Keeps nothing.

Beside engine/models/inspection.py, which reads files one by one: a model here is what the library lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.errors import FileUnfit, ModelDamaged, StrongroomError
from engine.models.facts import Damaged, Inspect, ModelFacts
from engine.models.inspection import as_error, asked, worker_for
from engine.models.model_files import ModelFiles

AT_ONCE = 100  # models for one worker, which may use a minute of processor time

Told = ModelFacts | StrongroomError


async def read_headers(models: Sequence[ModelFiles]) -> dict[Path, Told]:
    """What each model says of itself, by its first file, or the error that says why it does not.

    A model that breaks its worker costs only itself. Raises WorkerDied if no worker can start.
    """
    told: dict[Path, Told] = {}
    left = [model for model in models if not model.missing]
    for model in models:
        if model.missing:
            told[model.first] = FileUnfit(model.first.name, "incomplete_split", ", ".join(model.missing[:3]))
    while left:
        n_read = await _read_until_it_breaks(left[:AT_ONCE], told)
        left = left[n_read:]
    return told


async def _read_until_it_breaks(models: Sequence[ModelFiles], told: dict[Path, Told]) -> int:
    """Read one after the other; returns how many are settled, the one that ended the worker included."""
    async with worker_for([file for model in models for file in model.files]) as process:
        for at, model in enumerate(models):
            others: list[tuple[str, int | None]] = [(str(file.absolute()), None) for file in model.files[1:]]
            answer = await asked(process, Inspect(str(model.first.absolute()), None, others))
            if answer is None:
                told[model.first] = ModelDamaged(model.first.name, "load_failed")
                return at + 1
            name = Path(answer.file).name if isinstance(answer, Damaged) and answer.file else model.first.name
            told[model.first] = as_error(name, answer) if isinstance(answer, Damaged) else answer
    return len(models)
