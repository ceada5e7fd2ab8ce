"""What is being fetched, kept beside the bytes so that a later run can go on: `.downloads/<id>/journal.json`.

Written when something is decided (what to fetch, that a file is verified, the names it gets), not while bytes flow; how
many bytes are there follows from the quarantine itself. One process at a time holds a download, by a lock file.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from engine.errors import AlreadyRunning, NameRefused
from engine.model_records import DownloadId, ModelSize, OfferedModel
from engine.models import durable
from engine.models.library_names import plain_name
from engine.models.provenance import PART_BYTES, Provenance
from engine.models.quarantine import kept_bytes
from engine.signed_lock import holder, sign

FOLDER = ".downloads"
FORMAT = 1
LARGEST_JOURNAL = 64 << 20


class JournalFile(msgspec.Struct, frozen=True):
    """A file of a download. `target` is its name in the library, once chosen or, for a repair, from the beginning.

    `sha256` is what the publisher names, None if he names none. `found` and `part_sha256` are what was computed once all
    of it was there and right; `mtime_ns` tells whether it has been touched since. `known_parts` are the recorded
    checksums that a repair compares with, of `part_bytes` each.
    """

    path: str
    n_bytes: int | None
    sha256: str | None
    target: str | None = None
    found: str | None = None
    part_sha256: tuple[str, ...] = ()
    mtime_ns: int = 0
    known_parts: tuple[str, ...] = ()
    part_bytes: int = PART_BYTES
    etag: str = ""


class Journal(msgspec.Struct, frozen=True):
    """A download: `files` are the model's in order, then its vision file if `has_vision`."""

    id: DownloadId
    name: str
    model: str
    size_key: str
    repository: str
    revision: str
    licence: str
    files: tuple[JournalFile, ...]
    has_vision: bool = False
    is_repair: bool = False
    format: int = FORMAT

    @property
    def n_bytes(self) -> int | None:
        sizes = [file.n_bytes for file in self.files]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    @property
    def about(self) -> str:
        return f"{self.name} {self.size_key}".strip()

    def with_file(self, number: int, file: JournalFile) -> Journal:
        files = list(self.files)
        files[number] = file
        return msgspec.structs.replace(self, files=tuple(files))


class DownloadFolder:
    """The folder of one download inside a library folder, and the lock that keeps others out of it."""

    def __init__(self, library: Path, download: DownloadId) -> None:
        self.library = library
        self.id = download
        self.place = library / FOLDER / download
        self._lock = FileLock(library / FOLDER / f"{download}.lock", timeout=0, thread_local=False, on_acquired=sign)

    def hold(self, file: str) -> None:
        """Be the only one who works on it. Raises AlreadyRunning (with `file`, for people), OSError."""
        self.place.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire()
        except Timeout:
            raise AlreadyRunning(file=file, pid=holder(Path(self._lock.lock_file))) from None

    def release(self) -> None:
        self._lock.release()

    def read(self) -> Journal | None:
        """What is being fetched here; None if nothing is, or nothing that this version understands."""
        file = self.place / "journal.json"
        try:
            if file.stat().st_size > LARGEST_JOURNAL:
                return None
            journal = msgspec.json.decode(file.read_bytes(), type=Journal)
            for each in journal.files:  # a library may lie on a stick that others write as well
                if each.target not in (None, plain_name(each.target or each.path)):
                    return None
        except (OSError, msgspec.DecodeError, NameRefused):
            return None
        return journal if journal.format == FORMAT and journal.id == self.id else None

    def write(self, journal: Journal) -> None:
        """Raises OSError."""
        durable.write_whole(self.place / "journal.json", msgspec.json.encode(journal))

    def kept_bytes(self, journal: Journal) -> int:
        """About how much is there already; what a repair does not have to fetch counts as there."""
        if journal.is_repair:
            return 0
        return sum(
            (file.n_bytes or 0) if file.found else kept_bytes(self.place, number, part_bytes=file.part_bytes)
            for number, file in enumerate(journal.files, start=1)
        )

    def remove(self) -> None:
        """Forget the download with everything that was fetched, the journal first: what is left then is nobody's."""
        with contextlib.suppress(OSError):
            (self.place / "journal.json").unlink(missing_ok=True)
        shutil.rmtree(self.place, ignore_errors=True)


def download_id(model: OfferedModel, size: ModelSize) -> DownloadId:
    """The same for the same files at the same commit, so that two windows meet at one lock."""
    what = [size.repository, size.revision, *(file.path for file in size.files), size.vision.path if size.vision else ""]
    return _id(f"{model.id}-{size.key}", what)


def repair_id(known: Provenance, file: Path) -> DownloadId:
    """The same wherever the library lies: it may be moved while a repair is paused."""
    return _id(f"repair-{file.stem}", [file.name, known.sha256])


def kept_downloads(library: Path) -> Iterator[DownloadFolder]:
    """The downloads of earlier runs in this library, whoever holds them. What a broken-off removal left is removed."""
    try:
        places = sorted(each for each in (library / FOLDER).iterdir() if each.is_dir() and not each.is_symlink())
    except OSError:
        return
    for place in places:
        folder = DownloadFolder(library, DownloadId(place.name))
        try:
            folder.hold(place.name)
        except (AlreadyRunning, OSError):
            continue  # another Strongroom's
        try:
            if folder.read() is not None:
                yield folder
            elif not (place / "journal.json").exists():
                folder.remove()
        finally:
            folder.release()


def _id(speaking: str, what: list[str | None]) -> DownloadId:
    plain = re.sub(r"[^a-z0-9]+", "-", speaking.lower()).strip("-")[:60]
    return DownloadId(f"{plain}-{hashlib.sha256(repr(what).encode()).hexdigest()[:12]}")
