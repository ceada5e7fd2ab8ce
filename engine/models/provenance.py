"""Where a model file came from and what its bytes are: a small file beside each model of the library.

`<file>.strongroom.json` holds the source, the checksum of the whole and of each part, and when it was last verified.
It says nothing about whether the file is sound now: size and time of the last change tell whether it may have changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec

from engine.models.durable import write_whole
from engine.models.parts import PART_BYTES, part_hashes

__all__ = ["PART_BYTES", "SUFFIX", "Provenance", "part_hashes", "read", "remove", "sidecar", "write"]

SUFFIX = ".strongroom.json"
FORMAT = 1
LARGEST_SIDECAR = 16 << 20  # the part checksums of a file of two terabytes


@dataclass(frozen=True)
class Provenance:
    """What is known of a file. Strings are '' where nothing is known; `revision` is a commit of `repository`.

    `part_sha256` has one checksum for each `part_bytes` of the file, the last part shorter; it is empty until the whole
    was verified once. `publisher_checksum`: `sha256` is what the publisher names, else it was recorded here.
    `split` names all files of a model that comes in several, in order, and `vision` the file that lets it see; both in
    the same folder. `belongs_to` is the model's first file, in the sidecars of its other files and of its vision file.
    """

    name: str
    sha256: str
    n_bytes: int
    mtime_ns: int
    source: str = ""  # host of the hub, name of a program, or a folder
    repository: str = ""
    revision: str = ""
    path: str = ""  # in the repository
    licence: str = ""
    part_bytes: int = PART_BYTES
    part_sha256: tuple[str, ...] = ()
    verified: datetime | None = None
    publisher_checksum: bool = False
    vision: str | None = None
    split: tuple[str, ...] = ()
    belongs_to: str | None = None
    offer: str = ""
    size_key: str = ""
    format: int = FORMAT

    @property
    def can_fetch_again(self) -> bool:
        return bool(self.repository and self.revision and self.path)

    def is_of(self, file: Path) -> bool:
        """Whether the file still has the size and time of change that it had when this was written."""
        try:
            status = file.stat()
        except OSError:
            return False
        return (status.st_size, status.st_mtime_ns) == (self.n_bytes, self.mtime_ns)

    def stamped(self, file: Path) -> Provenance:
        """The same with size and time of change as they are now. Raises OSError."""
        status = file.stat()
        return replace(self, n_bytes=status.st_size, mtime_ns=status.st_mtime_ns)


def sidecar(file: Path) -> Path:
    return file.with_name(file.name + SUFFIX)


def read(file: Path) -> Provenance | None:
    """What is recorded of a model file; None if nothing is, or if it cannot be read or is of a newer version."""
    place = sidecar(file)
    try:
        if not place.is_file() or place.stat().st_size > LARGEST_SIDECAR:
            return None
        found = msgspec.json.decode(place.read_bytes(), type=Provenance)
    except (OSError, msgspec.DecodeError):
        return None
    return found if found.format == FORMAT and found.part_bytes > 0 else None


def write(file: Path, provenance: Provenance) -> None:
    """Record what is known of a model file, in place of what was recorded before. Raises OSError."""
    write_whole(sidecar(file), msgspec.json.format(msgspec.json.encode(provenance)) + b"\n")


def remove(file: Path) -> None:
    """Forget what is recorded of a model file. Raises OSError."""
    sidecar(file).unlink(missing_ok=True)
