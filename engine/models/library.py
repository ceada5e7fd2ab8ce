"""The model files on this computer: which there are, what each is, whether it is sound, and whether it fits.

Headers are read in a sealed worker, checksums computed in a thread; both are kept for as long as a file stays the same.
Opens no model and writes nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

import psutil

from engine.errors import ModelDamaged, ModelMissing, StrongroomError
from engine.models.facts import ModelFacts
from engine.models.inspection import inspect
from engine.models.known import EMBEDDING_MODEL, KNOWN_MODELS, STARTER_MODEL, KnownModel
from engine.models.memory_fit import fit
from engine.records import Fit, Model, ModelId

__all__ = ["EMBEDDING_MODEL", "STARTER_MODEL", "Library"]

DEFAULT_N_CTX = 4096
_Stamp = tuple[Path, int, int]  # path, size, time of the last change in nanoseconds


class Library:
    """The model files in some folders. Where two folders hold a file of the same name, both are listed."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """`folders` are looked through in this order; those that do not exist are passed over."""
        self._folders = [folder.absolute() for folder in folders]
        self._told: dict[_Stamp, ModelFacts | StrongroomError] = {}
        self._checksums: dict[_Stamp, str | None] = {}

    async def installed(self, *, n_ctx: int = DEFAULT_N_CTX) -> list[Model]:
        """Every model file, the damaged ones with their `problem`; `n_ctx` is the context that the fit is judged for.

        Reads each new or changed file once from beginning to end, for its checksum.
        """
        files = await asyncio.to_thread(self._files)
        stamps = {file: stamp for file in files.values() if (stamp := _stamp(file))}
        fresh = [file for file, stamp in stamps.items() if stamp not in self._told]
        self._told.update({stamps[file]: answer for file, answer in (await inspect(fresh)).items()})
        for stamp in stamps.values():
            if stamp not in self._checksums:
                self._checksums[stamp] = await asyncio.to_thread(_sha256, stamp[0])
        memory = psutil.virtual_memory()
        return [
            self._model(model_id, stamps[file], lambda facts: fit(facts, n_ctx, free=memory.available, total=memory.total))
            for model_id, file in files.items()
            if file in stamps
        ]

    def chat_file(self, wanted: ModelId | str | None = None) -> tuple[Path, ModelId]:
        """The file of a model by id or by path; None is the starter model. Raises ModelMissing.

        A file that was found damaged when the models were last listed raises ModelDamaged.
        """
        files = self._files()
        chosen = ModelId(wanted or STARTER_MODEL.id)
        file = files.get(chosen)
        if file is None:
            file = Path(chosen).expanduser().absolute()
            if file.suffix.lower() != ".gguf" or not file.is_file():
                raise ModelMissing(chosen)
            chosen = ModelId(file.stem)
        stamp = _stamp(file)
        if stamp in self._checksums and (problem := self._problem(stamp)):
            raise problem
        return file, chosen

    def _files(self) -> dict[ModelId, Path]:
        """Model files by id: the name without its ending, with a number where a name occurs again."""
        files: dict[ModelId, Path] = {}
        for file in _gguf_files(self._folders):
            number, model_id = 1, ModelId(file.stem)
            while model_id in files:
                number += 1
                model_id = ModelId(f"{file.stem}-{number}")
            files[model_id] = file
        return files

    def _problem(self, stamp: _Stamp) -> StrongroomError | None:
        told, known = self._told[stamp], _known(stamp)
        if isinstance(told, StrongroomError):
            return told
        if known and self._checksums[stamp] != known.sha256:
            return ModelDamaged(stamp[0].name, "wrong_checksum")
        return None

    def _model(self, model_id: ModelId, stamp: _Stamp, judge: Callable[[ModelFacts], Fit]) -> Model:
        told, known, problem = self._told[stamp], _known(stamp), self._problem(stamp)
        facts = told if isinstance(told, ModelFacts) else None
        file = stamp[0]
        return Model(
            id=model_id,
            name=known.name if known else (facts.name if facts else None) or file.stem,
            file=str(file),
            n_bytes=stamp[1],
            sha256=self._checksums[stamp],
            quantisation=facts.quantisation if facts else None,
            n_parameters=facts.n_parameters if facts else None,
            context_length=facts.context_length if facts else None,
            licence=known.licence if known else facts.licence if facts else None,
            purpose=known.purpose if known else _purpose(facts),
            fit=judge(facts) if facts else Fit("unknown", None, psutil.virtual_memory().available),
            note=known.note if known else "",
            problem=problem.kind if problem else None,
            problem_facts=problem.facts if problem else None,
        )


def _gguf_files(folders: Iterable[Path]) -> Iterable[Path]:
    for folder in folders:
        if folder.is_dir():
            # Regular files only: opening a pipe with a model's name would wait for ever.
            yield from sorted(each for each in folder.iterdir() if each.suffix.lower() == ".gguf" and each.is_file())


def _stamp(file: Path) -> _Stamp | None:
    """What tells a file from its later versions; None if it has just gone."""
    try:
        status = file.stat()
    except OSError:
        return None
    return file, status.st_size, status.st_mtime_ns


def _sha256(file: Path) -> str | None:
    """The checksum, None if the file cannot be read to its end."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def _known(stamp: _Stamp) -> KnownModel | None:
    return KNOWN_MODELS.get(stamp[0].name)


def _purpose(facts: ModelFacts | None) -> Literal["chat", "embedding", "unknown"]:
    if facts is None:
        return "unknown"
    return "embedding" if facts.pools else "chat" if facts.has_chat_template else "unknown"
