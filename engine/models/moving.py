"""Move the library to another folder, on this disk or another: bring all models over, switch, then remove the old ones.

Until the switch the old folder is untouched and in use; after it the new one holds everything, so whatever ends the
program in between, no model is lost. A journal in the profile says what was on its way. What had been brought over when
the work was stopped stays and is not brought again. On one disk a second name is enough and no byte is read; a copy is
read back from its disk before anything relies on it. Blocking: runs in a thread.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec

from engine.errors import FileUnfit, FolderUnwritable
from engine.models import provenance
from engine.models.bringing import bring, link, read_back, writing_into
from engine.models.checksums import Checksums
from engine.models.disk_errors import check_room
from engine.models.durable import sync_folder, write_whole
from engine.models.file_names import is_gguf
from engine.models.meter import Meter, Progress, silently
from engine.models.model_files import is_regular, models_in, size_of
from engine.models.provenance import Provenance
from engine.models.staging import PREFIX, Staging, tidy

DOWNLOADS = ".downloads"  # what is on its way from the network, with its journals
FORMAT = 1


class Moved(msgspec.Struct, frozen=True):
    """A file that stands in the new folder under `name` with what `old_name` held in the old one."""

    old_name: str
    name: str
    n_bytes: int


class Move(msgspec.Struct):
    """A move that is not finished. `moved`: what the new folder has already."""

    old: str
    new: str
    moved: list[Moved] = []
    format: int = FORMAT


def move_library(
    old: Path,
    new: Path,
    journal: Path,
    *,
    switch: Callable[[], None],
    checksums: Checksums | None = None,
    stop: threading.Event | None = None,
    progress: Progress = silently,
) -> None:
    """Bring every model of `old` to `new`, call `switch`, which makes `new` the library for good, and empty `old`.

    `journal` is a file of the profile. Nothing may be downloading, and no model of `old` be open, meanwhile. Raises
    NoRoom, FolderUnwritable, FileUnfit, Stopped and what `switch` raises; then `old` is complete and still the library.
    """
    old, new = old.absolute(), new.absolute()
    with writing_into(new, new):
        new.mkdir(parents=True, exist_ok=True)
    if old.is_dir() and os.path.samefile(old, new):
        return
    tidy(old)
    tidy(new)
    move = unfinished(journal)
    if move is None or (move.old, move.new) != (str(old), str(new)):
        move = Move(str(old), str(new))
    _bring_all(move, journal, checksums or Checksums(), stop, progress)
    switch()
    finish(journal, in_use=new)


def unfinished(journal: Path) -> Move | None:
    """The move that a killed or stopped program left; None if there is none."""
    try:
        move = msgspec.json.decode(journal.read_bytes(), type=Move)
    except (OSError, msgspec.MsgspecError):
        return None
    return move if move.format == FORMAT else None


def finish(journal: Path, *, in_use: Path) -> bool:
    """After the switch, and at each start: remove from the old folder what the new one, now in use, holds.

    Also clears away what a killed import left in the folder that is in use. False where nothing is to be finished,
    because nothing was begun or the old folder is the one in use still. What cannot be removed now, since another program
    holds it open, is tried at the next start.
    """
    tidy(in_use)
    move = unfinished(journal)
    if move is None or Path(move.new) != in_use.absolute():
        return False
    old, new = Path(move.old), Path(move.new)
    is_empty = _bring_downloads(old, new)
    for moved in move.moved:
        if size_of(new / moved.name) != moved.n_bytes:
            continue  # gone or changed: then the old file is the only one
        try:
            provenance.remove(old / moved.old_name)
            (old / moved.old_name).unlink(missing_ok=True)
        except OSError:
            is_empty = False
    if is_empty:
        with contextlib.suppress(OSError):  # a profile that cannot be written to; there is nothing left to do but that
            journal.unlink(missing_ok=True)
    return True


def _bring_all(move: Move, journal: Path, checksums: Checksums, stop: threading.Event | None, progress: Progress) -> None:
    old, new = Path(move.old), Path(move.new)
    move.moved = [each for each in move.moved if size_of(new / each.name) == each.n_bytes == size_of(old / each.old_name)]
    names = {each.old_name: each.name for each in move.moved}
    sets = [files for files in _files_together(old) if not all(file.name in names for file in files)]
    n_bytes = sum(size_of(file) or 0 for files in sets for file in files)
    if sets and os.stat(old).st_dev != os.stat(new).st_dev:
        check_room(new, n_bytes)
    # What is copied is read twice, here and when it is read back, and counts half each time.
    meter = Meter(2 * n_bytes, stop, lambda n_done, _: progress(n_done // 2, n_bytes))
    _keep(journal, move)
    for files in sets:
        brought = _bring([file for file in files if file.name not in names], new, names, checksums, meter)
        names.update({moved.old_name: moved.name for moved in brought})
        move.moved += brought
        _keep(journal, move)
    meter.finish()


def _files_together(folder: Path) -> list[list[Path]]:
    """All model files of a folder, in groups that get new names alike: a model's parts with the file that lets it see."""
    groups: list[list[Path]] = []
    left = {file for file in sorted(folder.iterdir()) if is_gguf(file.name) and is_regular(file)} if folder.is_dir() else set()
    for model in models_in(folder):
        told = provenance.read(model.first)
        vision = folder / told.vision if told and told.vision else None
        groups.append([*model.files, *([vision] if vision in left and vision not in model.files else [])])
        left -= set(groups[-1])
    return groups + [[file] for file in sorted(left) if not file.name.startswith(".")]


def _bring(files: list[Path], new: Path, names: dict[str, str], checksums: Checksums, meter: Meter) -> list[Moved]:
    """Put files that belong together into the new folder under their names, numbered where others have them there."""
    if _are_there(files, new, checksums, meter):  # a run that was killed had no time to write it down
        _record(files, new)
        return [Moved(file.name, file.name, size_of(file) or 0) for file in files]
    told: dict[str, Provenance] = {}
    found: list[str | None] = []
    with Staging(new) as staging:
        for file in files:
            known = checksums.known(file)
            sha256, facts = _bring_file(file, staging.folder / file.name, meter)
            found.append(sha256 or known)
            if facts is not None:
                vision = names.get(facts.vision, facts.vision) if facts.vision else None  # may have been brought before
                told[file.name] = replace(facts, vision=vision)
        finals = staging.commit([file.name for file in files], told)
    for final, checksum in zip(finals, found, strict=True):
        if checksum is not None:
            checksums.remember(final, checksum)
    return [Moved(file.name, final.name, size_of(final) or 0) for file, final in zip(files, finals, strict=True)]


def _are_there(files: list[Path], new: Path, checksums: Checksums, meter: Meter) -> bool:
    """Whether the new folder has the same files under the same names. Reads only what has the same size."""
    there = [new / file.name for file in files]
    if [size_of(file) for file in files] != [size_of(file) for file in there]:
        return False

    def look(_: int) -> None:
        meter.look()

    return all(
        os.path.samefile(file, other) or checksums.of(file, look) == checksums.of(other, look) is not None
        for file, other in zip(files, there, strict=True)
    )


def _record(files: list[Path], new: Path) -> None:
    """What is known of the old files goes for the same files in the new folder, if nothing is recorded there."""
    with writing_into(new, new):
        for file in files:
            told = provenance.read(file)
            if told is not None and provenance.read(new / file.name) is None:
                provenance.write(new / file.name, told.stamped(new / file.name))


def _bring_file(file: Path, target: Path, meter: Meter) -> tuple[str | None, Provenance | None]:
    """One file under its new name. The checksum is None where it is the same file and was not read."""
    told = provenance.read(file)
    n_bytes = size_of(file) or 0
    if link(file, target):
        meter.add(2 * n_bytes)
        return None, told
    brought = bring(file, target, meter, ways=("cloned", "copied"))
    if read_back(target, meter) != brought.sha256:
        raise FileUnfit(file.name, "unreadable", "the new disk does not give back what was written to it")
    if told is not None and told.sha256 == brought.sha256:
        told = told.stamped(target)  # else it was damaged before, and its record shall go on saying so
    return brought.sha256, told


def _bring_downloads(old: Path, new: Path) -> bool:
    """Move what is on its way from the network; False if something of it had to stay."""
    if not (old / DOWNLOADS).is_dir():
        return True
    try:
        (new / DOWNLOADS).mkdir(exist_ok=True)
        for each in sorted((old / DOWNLOADS).iterdir()):
            target = new / DOWNLOADS / each.name
            if each.is_dir() and not each.is_symlink() and not target.exists():
                partial = new / f"{PREFIX}{each.name}"  # of a copy that was cut off, nothing is left under the right name
                shutil.rmtree(partial, ignore_errors=True)
                shutil.copytree(each, partial, symlinks=True)
                os.replace(partial, target)
        sync_folder(new / DOWNLOADS)
        shutil.rmtree(old / DOWNLOADS)
    except (OSError, shutil.Error):
        return False
    return True


def _keep(journal: Path, move: Move) -> None:
    """Raises FolderUnwritable: without its journal, a move that is cut off could not be finished."""
    try:
        journal.parent.mkdir(parents=True, exist_ok=True)
        write_whole(journal, msgspec.json.encode(move))
    except OSError:
        raise FolderUnwritable(str(journal.parent)) from None
