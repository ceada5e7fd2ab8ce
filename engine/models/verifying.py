"""Read a model's files from beginning to end and say whether they are what they should be. Blocking: runs in a thread.

Changes no model file; what was found is remembered, so that a damaged file stays known as damaged. Knows nothing of
repairing beyond whether the damaged parts could be fetched again.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from engine.errors import FileUnfit
from engine.model_records import ModelCheck
from engine.models import provenance
from engine.models.checksums import Checksums, expected
from engine.models.meter import Meter, Progress, silently
from engine.models.model_files import ModelFiles, open_regular
from engine.models.parts import READ_BYTES, PartHasher, damaged_parts
from engine.records import ModelId


@dataclass(frozen=True)
class _Found:
    sha256: str
    expected: str | None
    n_damaged_parts: int | None = None
    damaged_bytes: int | None = None
    can_repair: bool = False

    @property
    def is_sound(self) -> bool:
        return self.expected is None or self.sha256 == self.expected


def verify(
    model: ModelId,
    files: ModelFiles,
    checksums: Checksums,
    *,
    stop: threading.Event | None = None,
    progress: Progress = silently,
) -> ModelCheck:
    """Compare the checksums of all files of a model with those that are known; the first damaged file is told about.

    Raises FileUnfit (missing, unreadable, incomplete_split) and Stopped.
    """
    files.check_complete()
    meter = Meter(files.n_bytes(), stop, progress)
    found = [_look_at(file, checksums, meter) for file in files.files]
    meter.finish()
    damaged = [each for each in found if not each.is_sound]
    told = (damaged or found)[0]
    counts = [each.n_damaged_parts for each in damaged]
    amounts = [each.damaged_bytes for each in damaged]
    return ModelCheck(
        model,
        not damaged,
        told.sha256,
        told.expected,
        None if None in counts else sum(count or 0 for count in counts),
        None if None in amounts else sum(amount or 0 for amount in amounts),
        bool(damaged) and all(each.can_repair for each in damaged),
    )


def _look_at(file: Path, checksums: Checksums, meter: Meter) -> _Found:
    told = provenance.read(file)
    hasher = _hashed(file, told.part_bytes if told else provenance.PART_BYTES, meter)
    found = _Found(hasher.whole, expected(file))
    checksums.remember(file, hasher.whole)
    if told is None:
        return found
    if found.is_sound:
        _record(file, told, hasher)
        return replace(found, n_damaged_parts=0, damaged_bytes=0)
    if told.part_sha256 and hasher.n_bytes == told.n_bytes:
        damaged = damaged_parts(told.part_sha256, hasher.all_parts)
        n_bytes = sum(min(told.part_bytes, told.n_bytes - number * told.part_bytes) for number in damaged)
        found = replace(found, n_damaged_parts=len(damaged), damaged_bytes=n_bytes)
    return replace(found, can_repair=told.can_fetch_again)


def _hashed(file: Path, part_bytes: int, meter: Meter) -> PartHasher:
    hasher = PartHasher(part_bytes)
    with open_regular(file) as content:
        try:
            while piece := content.read(READ_BYTES):
                hasher.feed(piece)
                meter.add(len(piece))
        except OSError as error:
            raise FileUnfit(file.name, "unreadable", error.strerror or "") from None
    return hasher


def _record(file: Path, told: provenance.Provenance, hasher: PartHasher) -> None:
    """Write down that the file was sound now, with its part checksums where they were missing."""
    try:
        sound = replace(told, part_sha256=tuple(hasher.all_parts), verified=datetime.now(UTC)).stamped(file)
        provenance.write(file, sound)
    except OSError:
        return  # a folder that cannot be written to: the profile remembers the checksum
