"""A model of the library as it is shown, from what is known of its files. Reads sidecars, decides, and keeps nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import psutil

from engine.errors import FileUnfit, ModelDamaged, ModelMissing, StrongroomError
from engine.models import provenance
from engine.models.checksums import Checksums, expected
from engine.models.elsewhere import Origin
from engine.models.facts import ModelFacts
from engine.models.file_names import is_gguf, is_vision_part
from engine.models.headers import Told
from engine.models.known import KNOWN_MODELS
from engine.models.memory_fit import fit
from engine.models.model_files import ModelFiles, is_regular, models_in, size_of
from engine.records import Fit, Model, ModelId

OWN = "Strongroom"  # the source of what comes with the program


class Judge(Protocol):
    """Says whether a model fits. `facts` None: its header could not be read. `sha256` finds what it has shown before."""

    def __call__(
        self, facts: ModelFacts | None, n_bytes: int | None = None, *, sha256: str | None = None, vision_bytes: int = 0
    ) -> Fit: ...


@dataclass(frozen=True)
class Entry:
    """A model with the id it has today. `origin`: whose it is, if it is used in place."""

    id: ModelId
    files: ModelFiles
    origin: Origin | None = None
    comes_with_program: bool = False

    @property
    def is_there(self) -> bool:
        return is_regular(self.files.first)


def judge_for(n_ctx: int) -> Judge:
    """Judges by the memory that is free now, knowing nothing of graphics devices or earlier loads."""
    memory = psutil.virtual_memory()

    def judge(facts: ModelFacts | None, n_bytes: int | None = None, *, sha256: str | None = None, vision_bytes: int = 0) -> Fit:
        if facts is None:
            return Fit("unknown", None, memory.available, n_ctx=n_ctx)
        return fit(facts, n_ctx, free=memory.available, total=memory.total, vision_bytes=vision_bytes)

    return judge


def problem_of(entry: Entry, told: Told | None, checksums: Checksums) -> StrongroomError | None:
    """What keeps the model from being used, as far as it is known without reading its files."""
    if entry.files.missing:
        return FileUnfit(entry.files.first.name, "incomplete_split", ", ".join(entry.files.missing[:3]))
    if not entry.is_there:
        return ModelMissing(entry.id)
    if isinstance(told, StrongroomError):
        return told
    for file in entry.files.files:
        found, wanted = checksums.known(file), expected(file)
        if found is not None and wanted is not None and found != wanted:
            return ModelDamaged(file.name, "wrong_checksum")
    return None


def model_of(entry: Entry, told: Told | None, checksums: Checksums, judge: Judge) -> Model:
    """Everything that is shown of a model; None where nothing is known."""
    first = entry.files.first
    facts = told if isinstance(told, ModelFacts) else None
    known = KNOWN_MODELS.get(first.name)
    kept = provenance.read(first)
    problem = problem_of(entry, told, checksums)
    vision = _vision_file(entry, kept)
    n_bytes, sha256 = entry.files.n_bytes(), checksums.known(first)
    return Model(
        id=entry.id,
        name=_name(entry, facts, kept),
        file=str(first),
        n_bytes=n_bytes,
        sha256=sha256,
        quantisation=facts.quantisation if facts else None,
        n_parameters=facts.n_parameters if facts else None,
        context_length=facts.context_length if facts else None,
        licence=(known.licence if known else kept.licence if kept else "") or (facts.licence if facts else None),
        purpose=known.purpose if known else _purpose(facts),
        fit=judge(facts, n_bytes or None, sha256=sha256, vision_bytes=(size_of(vision) or 0) if vision else 0),
        note=known.note if known else "",
        problem=problem.kind if problem else None,
        problem_facts=problem.facts if problem else None,
        source=_source(entry, kept),
        is_in_place=entry.origin is not None,
        is_verified=_is_verified(entry.files, checksums),
        can_repair=entry.origin is None and all(_can_fetch(file) for file in entry.files.files),
        sees=vision is not None,
    )


def _name(entry: Entry, facts: ModelFacts | None, kept: provenance.Provenance | None) -> str:
    first = entry.files.first
    if first.name in KNOWN_MODELS:
        return KNOWN_MODELS[first.name].name
    if kept is not None and kept.repository:
        return kept.name  # as the catalogue or the hub calls it; a file's own idea of its name is often its maker's path
    return (facts.name if facts else None) or (entry.origin.name if entry.origin else entry.files.stem)


def _source(entry: Entry, kept: provenance.Provenance | None) -> str:
    if entry.origin is not None:
        return entry.origin.source
    if kept is None:
        return OWN if entry.comes_with_program and entry.files.first.name in KNOWN_MODELS else ""
    return f"{kept.repository}@{kept.revision}" if kept.repository else kept.source


def _is_verified(files: ModelFiles, checksums: Checksums) -> bool | None:
    """Whether every file has the checksum that its publisher names; None if for one of them none is known."""
    if not all(file.name in KNOWN_MODELS or _is_published(file) for file in files.files):
        return None
    return all((found := checksums.known(file)) is not None and found == expected(file) for file in files.files)


def _is_published(file: Path) -> bool:
    kept = provenance.read(file)
    return kept is not None and kept.publisher_checksum


def _can_fetch(file: Path) -> bool:
    kept = provenance.read(file)
    return kept is not None and kept.can_fetch_again


def _vision_file(entry: Entry, kept: provenance.Provenance | None) -> Path | None:
    """The file that lets it see: in the library the one recorded, elsewhere the only one beside the only model."""
    folder = entry.files.first.parent
    if entry.origin is None:
        file = folder / kept.vision if kept is not None and kept.vision and "/" not in kept.vision else None
        return file if file is not None and is_regular(file) else None
    if not is_gguf(entry.files.first.name) or len(models_in(folder)) != 1:
        return None
    try:
        seeing = [each for each in folder.iterdir() if is_gguf(each.name) and is_vision_part(each.name) and is_regular(each)]
    except OSError:
        return None
    return seeing[0] if len(seeing) == 1 else None


def _purpose(facts: ModelFacts | None) -> Literal["chat", "embedding", "unknown"]:
    if facts is None:
        return "unknown"
    return "embedding" if facts.pools else "chat" if facts.has_chat_template else "unknown"
