"""Put verified files from quarantine into the library: under free names, all of a model or none, and never twice.

The names are written down before the first file moves, and each file's sidecar is there before the file is, so a model
never appears in the library without its origin. A run that was killed in between is taken up where it stopped.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from filelock import FileLock

from engine.models import durable, provenance
from engine.models.download_journal import FOLDER, DownloadFolder, Journal, JournalFile
from engine.models.file_names import split_name, target_names
from engine.models.provenance import Provenance


class Settling:
    """Moves the files of one download. Everything may raise OSError."""

    def __init__(self, folder: DownloadFolder) -> None:
        self._folder, self._library = folder, folder.library

    def is_settled(self, number: int, file: JournalFile) -> bool:
        """Whether a file was verified and is still what was verified, in quarantine or in the library already."""
        if file.found is None:
            return False
        try:
            status = self._quarantined(number).stat()
        except FileNotFoundError:
            return self._is_placed(file)
        return (status.st_size, status.st_mtime_ns) == (file.n_bytes, file.mtime_ns)

    def place(self, journal: Journal, write: Callable[[Journal], None], source: str) -> list[tuple[Path, Provenance]]:
        """Give every file its name in the library; `write` keeps the journal with the names that were chosen."""
        with FileLock(self._library / FOLDER / "placing.lock", thread_local=False):  # two downloads may want one name
            if not journal.is_repair:
                journal = self._named(journal)
                write(journal)
            known = _provenances(journal, source)
            if journal.is_repair:
                known = [self._renewed(each, file) for each, file in zip(known, journal.files, strict=True)]
            for number, file in enumerate(journal.files):
                self._move(number, file, known[number], over=journal.is_repair)
        return [(self._library / str(file.target), each) for file, each in zip(journal.files, known, strict=True)]

    def _named(self, journal: Journal) -> Journal:
        """The journal with names that are free, or already ours."""
        targets = [file.target for file in journal.files]
        if all(targets) and all(self._is_ours(number, file) for number, file in enumerate(journal.files)):
            return journal
        for number, file in enumerate(journal.files):  # a name of a set is gone: the set moves on together
            self._take_back(number, file)
        paths = [file.path for file in journal.files]
        vision = paths.pop() if journal.has_vision else None
        names = target_names(paths, vision, self._library)
        files = (msgspec.structs.replace(file, target=name) for file, name in zip(journal.files, names, strict=True))
        return msgspec.structs.replace(journal, files=tuple(files))

    def _renewed(self, now: Provenance, file: JournalFile) -> Provenance:
        """What was known of a mended file, with what has changed: it is sound since now."""
        before = provenance.read(self._library / str(file.target))
        if before is None:
            return now
        return replace(before, n_bytes=now.n_bytes, mtime_ns=now.mtime_ns, part_sha256=now.part_sha256, verified=now.verified)

    def _take_back(self, number: int, file: JournalFile) -> None:
        target = self._library / str(file.target)
        found = provenance.read(target) if file.target else None
        if self._is_placed(file):
            os.replace(target, self._quarantined(number))
        if found is not None and found.sha256 == file.found:
            provenance.remove(target)

    def _is_ours(self, number: int, file: JournalFile) -> bool:
        target = self._library / str(file.target)
        return not os.path.lexists(target) or self._is_placed(file) or self._is_linked(number, target)

    def _is_placed(self, file: JournalFile) -> bool:
        if file.target is None:
            return False
        target = self._library / file.target
        found = provenance.read(target)
        return found is not None and found.sha256 == file.found and found.is_of(target)

    def _is_linked(self, number: int, target: Path) -> bool:
        """Whether a kill fell between giving a file its new name and taking the old one away."""
        try:
            return os.path.samefile(self._quarantined(number), target)
        except FileNotFoundError:
            return False

    def _move(self, number: int, file: JournalFile, known: Provenance, *, over: bool) -> None:
        target, part = self._library / str(file.target), self._quarantined(number)
        if not part.exists():  # an earlier run placed it, or a repair found it sound
            provenance.write(target, known)
        elif over:
            os.replace(part, target)
            durable.sync_folder(self._library)
            provenance.write(target, known)  # afterwards: until then the damaged file keeps the checksums it fails
        elif self._is_linked(number, target):
            part.unlink()
        else:
            provenance.write(target, known)
            durable.put_in_place(part, target)

    def _quarantined(self, number: int) -> Path:
        return self._folder.place / f"{number + 1}.part"


def _provenances(journal: Journal, source: str) -> list[Provenance]:
    """What is known of each file, in the journal's order."""
    targets = [str(file.target) for file in journal.files]
    vision = targets.pop() if journal.has_vision else None
    is_split = len(targets) > 1 or split_name(targets[0]) is not None
    return [
        Provenance(
            name=journal.name,
            sha256=str(file.found),
            n_bytes=file.n_bytes or 0,
            mtime_ns=file.mtime_ns,
            source=source,
            repository=journal.repository,
            revision=journal.revision,
            path=file.path,
            licence=journal.licence,
            part_bytes=file.part_bytes,
            part_sha256=file.part_sha256,
            verified=datetime.now(UTC),
            publisher_checksum=file.sha256 is not None,
            vision=vision if number == 0 else None,
            split=tuple(targets) if is_split and number < len(targets) else (),
            belongs_to=None if number == 0 else targets[0],
            offer=journal.model,
            size_key=journal.size_key,
        )
        for number, file in enumerate(journal.files)
    ]
