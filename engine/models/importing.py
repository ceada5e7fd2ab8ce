"""Take a GGUF file from anywhere on this computer into the library; the file itself is never changed or removed.

Where the disk allows, no second copy is made (engine/models/bringing.py says when). A file that the library has already,
by its checksum, is not taken in again. Blocking: runs in a thread. Knows nothing of what a header says.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from engine.errors import FileUnfit, ModelDamaged
from engine.models.bringing import EVERY_WAY, Brought, How, bring
from engine.models.checksums import Checksums, named_by_hash
from engine.models.elsewhere import origin_of
from engine.models.file_names import clean_name, is_vision_part, names_of_model, split_name, stem_of
from engine.models.meter import Meter, Progress, silently
from engine.models.model_files import MAGIC, ModelFiles, files_of, models_in, open_regular, size_of
from engine.models.provenance import Provenance
from engine.models.staging import Staging

Recognise = Callable[[str], Provenance | None]


@dataclass(frozen=True)
class Imported:
    """A model of the library. `how` None: the library had it already, and nothing was written."""

    file: Path
    sha256: str
    how: How | None


def import_file(
    path: Path,
    folder: Path,
    *,
    expected: str | None = None,
    ways: tuple[How, ...] = EVERY_WAY,
    checksums: Checksums | None = None,
    recognise: Recognise = lambda sha256: None,
    stop: threading.Event | None = None,
    progress: Progress = silently,
) -> Imported:
    """Take the model that `path` belongs to, all its parts, into `folder`; returns its first file there.

    `expected`: the checksum that a single file must have. `recognise` tells what is known of a published file with this
    checksum.

    Raises FileUnfit (missing, unreadable, not_a_gguf, incomplete_split, too_large), ModelDamaged (wrong_checksum), NoRoom,
    FolderUnwritable and Stopped; then the library is as it was.
    """
    model = check_source(path)
    expected = expected or (named_by_hash(model.first) if len(model.files) == 1 else None)
    known = checksums or Checksums()
    meter = Meter(model.n_bytes(), stop, progress)
    if there := _already_there(model, folder, known, meter):
        meter.finish()
        return there
    origin = origin_of(model.first)  # a blob of Ollama's has no name of its own
    source = origin.source if origin.is_program else ""  # a folder of the user's is nobody else's business
    names = names_of_model(clean_name(origin.name) if len(model.files) == 1 else _clean_part(model.first.name))
    wanted = [Wanted(file, target, expected) for file, target in zip(model.files, names, strict=True)]
    imported = take_in(wanted, folder, meter, lambda brought: _provenance(names[0], brought, source, recognise), ways=ways)
    meter.finish()
    return imported


@dataclass(frozen=True)
class Wanted:
    """A file that is to become the library's under `name`. `expected`: the checksum that it must have, if any.

    `is_vision`: it is what lets the model see, not a part of the model.
    """

    source: Path
    name: str
    expected: str | None = None
    is_vision: bool = False


def take_in(
    wanted: Sequence[Wanted],
    folder: Path,
    meter: Meter,
    facts: Callable[[Brought], Provenance],
    *,
    ways: tuple[How, ...] = EVERY_WAY,
) -> Imported:
    """Make the files of one model the library's, all of them or none; the first of `wanted` is the model's first file.

    `facts` tells what is known of a file from its checksum; where it belongs is filled in here. Raises as import_file.
    """
    parts = tuple(each.name for each in wanted if not each.is_vision)
    vision = next((each.name for each in wanted if each.is_vision), None)
    told: dict[str, Provenance] = {}
    with Staging(folder) as staging:
        for each in wanted:
            target = staging.folder / each.name
            brought = bring(each.source, target, meter, ways=ways)
            if each.expected is not None and brought.sha256 != each.expected:
                raise ModelDamaged(each.source.name, "wrong_checksum")
            is_first = each.name == parts[0]
            told[each.name] = replace(
                facts(brought),
                sha256=brought.sha256,
                part_sha256=brought.part_sha256,
                verified=datetime.now(UTC),
                split=parts if len(parts) > 1 and not each.is_vision else (),
                belongs_to=None if is_first else parts[0],
                vision=vision if is_first else None,
            ).stamped(target)
        meter.look()
        files = staging.commit([each.name for each in wanted], told)
    return Imported(files[0], told[parts[0]].sha256, brought.how)


def check_source(path: Path) -> ModelFiles:
    """The files of the model that `path` belongs to, all there and each beginning like a GGUF. Raises FileUnfit."""
    if os.path.isdir(path):
        raise FileUnfit(path.name, "not_a_gguf", "a folder")
    model = files_of(path)
    for file in model.files:
        with open_regular(file) as content:
            if content.read(len(MAGIC)) != MAGIC:
                raise FileUnfit(file.name, "not_a_gguf")
    model.check_complete()
    if is_vision_part(path.name):
        raise FileUnfit(path.name, "not_a_gguf", "it only lets another model see")
    return model


def _already_there(model: ModelFiles, folder: Path, checksums: Checksums, meter: Meter) -> Imported | None:
    """The same model in the library. Only where a model has the same sizes is anything hashed."""
    sizes = [size_of(file) for file in model.files]
    for other in models_in(folder):
        if other.missing or [size_of(file) for file in other.files] != sizes:
            continue
        pairs = list(zip(model.files, other.files, strict=True))
        if all(_is_same(mine, theirs, checksums, meter) for mine, theirs in pairs):
            return Imported(other.first, checksums.known(other.first) or "", None)
        meter.n_done = 0
    return None


def _is_same(file: Path, other: Path, checksums: Checksums, meter: Meter) -> bool:
    def look(_: int) -> None:
        meter.look()

    there = checksums.of(other, look)
    return there is not None and there == checksums.of(file, meter.add)


def _clean_part(name: str) -> str:
    split = split_name(name)
    assert split is not None
    return replace(split, stem=stem_of(clean_name(split.stem)), ending=".gguf").part(1)


def _provenance(first: str, brought: Brought, source: str, recognise: Recognise) -> Provenance:
    """What to write down of a file; from its publisher only if the checksum is one that the publisher named."""
    published = recognise(brought.sha256)
    if published is not None:
        return replace(published, publisher_checksum=True)
    return Provenance(name=stem_of(first), sha256=brought.sha256, n_bytes=0, mtime_ns=0, source=source)
