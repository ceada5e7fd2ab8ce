"""What a download or a repair will consist of, decided and written down before anything is fetched.

Blocking: looks into folders, takes locks, writes journals. Knows nothing of the network.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from engine.errors import NotFound
from engine.model_records import ModelSize, OfferedModel
from engine.models import provenance
from engine.models.disk_errors import check_room, disk_errors
from engine.models.download_journal import DownloadFolder, Journal, JournalFile, download_id, kept_downloads, repair_id
from engine.models.file_names import target_names
from engine.models.library_names import plain_name
from engine.models.provenance import Provenance


def planned(offer: OfferedModel, size: ModelSize, library: Path) -> Journal:
    """A download of `size` into `library`, under names that are free now. Raises NameRefused, OSError."""
    remote = [*size.files, *([size.vision] if size.vision else [])]
    targets = target_names([file.path for file in size.files], size.vision.path if size.vision else None, library)
    return Journal(
        id=download_id(offer, size),
        name=offer.name,
        model=offer.id,
        size_key=size.key,
        repository=size.repository,
        revision=size.revision or "",
        licence=offer.licence.id if offer.licence else "",
        files=tuple(
            JournalFile(file.path, file.n_bytes, file.sha256, target=target) for file, target in zip(remote, targets, strict=True)
        ),
        has_vision=size.vision is not None,
    )


def planned_repair(file: Path) -> tuple[DownloadFolder, Journal]:
    """A repair of a library file and of those that belong to it. Raises NotFound where it cannot be fetched again."""
    known = provenance.read(file)
    if known is None or not known.can_fetch_again:
        raise NotFound("download", file.name)
    names = [*(known.split or (file.name,)), *([known.vision] if known.vision else [])]
    parts = [_known_part(file.parent, name, known) for name in names]
    folder = DownloadFolder(file.parent, repair_id(known, file))
    return folder, Journal(
        id=folder.id,
        name=known.name,
        model=known.offer,
        size_key=known.size_key,
        repository=known.repository,
        revision=known.revision,
        licence=known.licence,
        files=tuple(parts),
        is_repair=True,
    )


def found_here(library: Path, size: ModelSize) -> Path | None:
    """The first file of a model whose every file is in the library, unchanged since it was verified."""
    wanted = [file.sha256 for file in (*size.files, *([size.vision] if size.vision else []))]
    here: dict[str, Path] = {}
    try:
        sidecars = sorted(each for each in library.iterdir() if each.name.endswith(provenance.SUFFIX))
    except OSError:
        return None
    for each in sidecars:
        file = each.with_name(each.name.removesuffix(provenance.SUFFIX))
        known = provenance.read(file)
        if known is not None and known.verified is not None and known.is_of(file):
            here.setdefault(known.sha256, file)
    return here[wanted[0]] if wanted[0] and all(checksum in here for checksum in wanted) else None


def held(folder: DownloadFolder, plan: Callable[[Path], Journal] | None, promised: int) -> tuple[Journal, int]:
    """Take the lock of a download and have its journal; also how many bytes are there. `plan` makes one that is missing.

    `promised` are bytes that other downloads still need on this disk. Raises AlreadyRunning, NoRoom, FolderUnwritable,
    NotFound, NameRefused; then nothing is left behind.
    """
    with disk_errors(folder.library, lambda: 0, folder.id):
        folder.library.mkdir(parents=True, exist_ok=True)
        kept = folder.read()
        folder.hold(kept.files[0].target or kept.files[0].path if kept else folder.id)
        try:
            if (journal := folder.read()) is None:
                if plan is None:
                    raise NotFound("download", folder.id)
                journal = plan(folder.library)
            n_kept = folder.kept_bytes(journal)
            if journal.n_bytes is not None and not journal.is_repair:  # a repair finds out what it needs
                check_room(folder.library, journal.n_bytes - n_kept, promised=promised, kept=n_kept > 0)
            folder.write(journal)
        except BaseException:
            if folder.read() is None:
                folder.remove()
            folder.release()
            raise
        return journal, n_kept


def removed(folder: DownloadFolder) -> None:
    """Remove what was fetched. Raises AlreadyRunning, FolderUnwritable."""
    with disk_errors(folder.library, lambda: 0, folder.id):
        folder.hold(folder.id)
        try:
            folder.remove()
        finally:
            folder.release()


def kept(library: Path) -> list[tuple[DownloadFolder, Journal, int]]:
    """What earlier runs began in a library and nobody else is working on: with how many bytes are there."""
    found = []
    for folder in kept_downloads(library):
        if (journal := folder.read()) is not None:
            found.append((folder, journal, folder.kept_bytes(journal)))
    return found


def _known_part(library: Path, name: str, first: Provenance) -> JournalFile:
    """One file of a model that is to be repaired. Raises NotFound where nothing is recorded of it."""
    known = provenance.read(library / name)
    if known is None or plain_name(name) != name or (known.repository, known.revision) != (first.repository, first.revision):
        raise NotFound("download", name)
    # A file that is gone altogether has no part that is sound, and comes whole.
    parts = known.part_sha256 if os.path.exists(library / name) else ()
    return JournalFile(known.path, known.n_bytes, known.sha256, target=name, known_parts=parts, part_bytes=known.part_bytes)
