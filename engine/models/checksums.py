"""The checksums of model files, computed once and remembered for as long as a file stays the same.

What a sidecar says holds while size and time of the last change are those it was written for. For files without one, and
for files that turned out damaged, a small file in the profile remembers what was found, under a key made of path, size,
time and inode: no folder of the user's is named in it. Losing that file costs time, nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from engine.errors import FileUnfit
from engine.models import provenance
from engine.models.durable import write_whole
from engine.models.known import KNOWN_MODELS
from engine.models.model_files import open_regular
from engine.models.parts import READ_BYTES

FORMAT = 1
_MOST_ENTRIES = 10_000
_LARGEST = 4 << 20  # bytes
_SHA256 = re.compile(r"[0-9a-f]{64}")


class _Remembered(msgspec.Struct):
    format: int
    checksums: dict[str, str]


class Checksums:
    """Checksums of files; may be asked from any thread. `file` None: nothing is kept beyond this run."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._found: dict[str, str] | None = None

    def known(self, file: Path) -> str | None:
        """The checksum of the file as it is now, if that is known without reading it."""
        if (key := _key(file)) is None:
            return None
        with self._lock:
            found = self._remembered().get(key)
        if found is not None:  # first: a file may be damaged although its size and time stayed the same
            return found
        told = provenance.read(file)
        return told.sha256 if told is not None and told.verified is not None and told.is_of(file) else None

    def of(self, file: Path, look: Callable[[int], None] = lambda n_bytes: None) -> str | None:
        """The checksum, read from the whole file where it is not known; None if it cannot be read, or changed meanwhile.

        `look` gets the number of bytes of each piece and may raise to stop.
        """
        if (known := self.known(file)) is not None:
            return known
        before = _key(file)
        found = _hashed(file, look)
        if found is None or before is None or before != _key(file):
            return None
        self.remember(file, found)
        return found

    def remember(self, file: Path, sha256: str) -> None:
        """Keep what was found for the file as it is now."""
        if (key := _key(file)) is None:
            return
        with self._lock:
            found = self._remembered()
            found.pop(key, None)
            found[key] = sha256
            for oldest in list(found)[: max(0, len(found) - _MOST_ENTRIES)]:
                del found[oldest]
            if self._file is not None:
                with contextlib.suppress(OSError):  # a full or read-only disk costs hashing again, no more
                    self._file.parent.mkdir(parents=True, exist_ok=True)
                    write_whole(self._file, msgspec.json.encode(_Remembered(FORMAT, found)))

    def _remembered(self) -> dict[str, str]:
        if self._found is None:
            self._found = _read(self._file) if self._file is not None else {}
        return self._found


def expected(file: Path) -> str | None:
    """What the checksum has to be: of a model that comes with the program, of a sidecar, or of a content-named blob."""
    if file.name in KNOWN_MODELS:
        return KNOWN_MODELS[file.name].sha256
    told = provenance.read(file)
    return told.sha256 if told is not None else named_by_hash(file)


def named_by_hash(file: Path) -> str | None:
    """The checksum that Ollama's blobs and those of the Hugging Face cache carry as their name."""
    try:
        blob = file.resolve() if file.is_symlink() else file  # following links asks the disk for each folder on the way
    except (OSError, RuntimeError):
        return None
    name = blob.name.removeprefix("sha256-")
    return name if blob.parent.name == "blobs" and _SHA256.fullmatch(name) else None


def _key(file: Path) -> str | None:
    try:
        status = file.stat()
    except (OSError, ValueError):
        return None
    stamp = f"{file.absolute()}\0{status.st_size}\0{status.st_mtime_ns}\0{status.st_ino}"
    return hashlib.sha256(stamp.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _hashed(file: Path, look: Callable[[int], None]) -> str | None:
    digest = hashlib.sha256()
    try:
        with open_regular(file) as content:
            while piece := content.read(READ_BYTES):
                digest.update(piece)
                look(len(piece))
    except (OSError, FileUnfit):
        return None
    return digest.hexdigest()


def _read(file: Path) -> dict[str, str]:
    try:
        if file.stat().st_size > _LARGEST:
            return {}
        found = msgspec.json.decode(file.read_bytes(), type=_Remembered)
    except (OSError, msgspec.MsgspecError):
        return {}
    if found.format != FORMAT:
        return {}
    return {key: sha256 for key, sha256 in found.checksums.items() if _SHA256.fullmatch(sha256)}
