"""The model files on this computer: which there are, what each is, whether it is sound, and whether it fits.

Headers are read in a sealed worker, checksums computed in a thread; both are kept for as long as a file stays the same
(engine/models/checksums.py). Opens no model and changes no model file. How a model becomes the library's, or stops being
it, is in importing, moving, bundle and removing.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from engine.errors import ModelMissing
from engine.models import provenance
from engine.models.checksums import Checksums, expected
from engine.models.elsewhere import Installed, Origin, origin_of
from engine.models.facts import ModelFacts
from engine.models.file_names import is_gguf
from engine.models.headers import Told, read_headers
from engine.models.importing import check_source
from engine.models.known import EMBEDDING_MODEL, STARTER_MODEL
from engine.models.listing import Entry, Judge, judge_for, model_of, problem_of
from engine.models.meter import Stopped
from engine.models.model_files import ModelFiles, files_of, is_regular, models_in
from engine.records import Model, ModelId

__all__ = ["EMBEDDING_MODEL", "STARTER_MODEL", "Library"]

DEFAULT_N_CTX = 4096
_Stamp = tuple[tuple[str, int, int, int], ...]  # of each file: path, size, time of change in nanoseconds, inode


class Library:
    """The models in some folders, and single files that are used where they are.

    Where two files have the same name, both are listed, with different ids.
    """

    def __init__(
        self,
        folders: Sequence[Path] | Callable[[], Sequence[Path]],
        in_place: Callable[[], Sequence[str | Path]] = tuple,
        *,
        checksums: Checksums | None = None,
    ) -> None:
        """`folders` are looked through in this order; those that do not exist are passed over.

        `in_place` tells the files outside of them that are used, one for each model; one that has gone is listed as
        missing. `checksums` remembers what was computed, beyond this run if it has a file.
        """
        self._folders = folders if callable(folders) else lambda: folders
        self._in_place = in_place
        self.checksums = checksums or Checksums()
        self.last_listed: tuple[Model, ...] = ()
        self._told: dict[_Stamp, Told] = {}
        self._origins: dict[Path, Origin] = {}

    async def installed(self, *, n_ctx: int = DEFAULT_N_CTX, judge: Judge | None = None, at_once: bool = False) -> list[Model]:
        """Every model, the damaged ones with their `problem`.

        The fit is judged by `judge`; without one for a context of `n_ctx` and the memory that is free now. Reads each file
        once from beginning to end, for its checksum, and again when it changed; with `at_once` that is left for later, and
        such a file is shown as not verified. Raises WorkerDied if no worker can be started.
        """
        entries = await asyncio.to_thread(self._entries)
        stamps = {entry.id: _stamp(entry.files) for entry in entries}
        fresh = [entry for entry in entries if entry.is_there and stamps[entry.id] not in self._told]
        for first, told in (await read_headers([entry.files for entry in fresh])).items():
            self._told.update({stamps[entry.id]: told for entry in fresh if entry.files.first == first})
        if not at_once:
            await _in_thread(lambda stop: self._compute(entries, stop))
        models = await asyncio.to_thread(self._models, entries, stamps, judge or judge_for(n_ctx))
        self.last_listed = tuple(models)
        return models

    def chat_file(self, wanted: ModelId | str | None = None) -> tuple[Path, ModelId]:
        """The first file of a model by id or by path, and its id; None is the starter model.

        Raises ModelMissing, FileUnfit (incomplete_split), and ModelDamaged for a file that was found damaged before. A
        file that changed since it was verified is not read here: `sound_file` does that.
        """
        entry = self._wanted(wanted)
        told = self._told.get(_stamp(entry.files))
        if problem := problem_of(entry, told, self.checksums):
            raise problem
        return entry.files.first, entry.id

    async def sound_file(self, wanted: ModelId | str | None = None) -> tuple[Path, ModelId]:
        """As chat_file, after hashing what changed since it was compared with the checksum that it has to have."""
        entry = await asyncio.to_thread(self._wanted, wanted)
        if any(expected(file) is not None for file in entry.files.files):
            await _in_thread(lambda stop: self._compute([entry], stop))
        return await asyncio.to_thread(self.chat_file, wanted)

    async def hash_new(self) -> None:
        """Compute the checksums that are not known; only new and changed files are read."""
        entries = await asyncio.to_thread(self._entries)
        await _in_thread(lambda stop: self._compute(entries, stop))

    def parts(self, wanted: ModelId | str | None = None) -> tuple[Path, ...]:
        """All files of a model in order, which the process that loads it has to read. Raises ModelMissing."""
        return self._wanted(wanted).files.files

    def named(self, model: ModelId) -> Model:
        """A model as it was last listed. Raises ModelMissing."""
        for each in self.last_listed:
            if each.id == model:
                return each
        raise ModelMissing(model)

    def facts(self, wanted: ModelId | str | None = None) -> ModelFacts | None:
        """What the header of a model says, if it was read already and is sound. Raises ModelMissing."""
        told = self._told.get(_stamp(self._wanted(wanted).files))
        return told if isinstance(told, ModelFacts) else None

    def check_in_place(self, path: Path) -> Path:
        """The first file of a model that could be used where it is. Raises FileUnfit."""
        return check_source(path.absolute()).first

    def id_of(self, file: Path) -> ModelId:
        """The id of the model that a file belongs to; for a file that is not the library's, its name."""
        first = files_of(file.absolute()).first
        return next((entry.id for entry in self._entries() if entry.files.first == first), ModelId(files_of(file).stem))

    def known(self) -> Installed:
        """What the library holds, to be recognised elsewhere. Reads no file."""
        by_sha256, by_identity = {}, {}
        for entry in self._entries():
            if checksum := self.checksums.known(entry.files.first):
                by_sha256[checksum] = entry.id
            if status := _status(entry.files.first):
                by_identity[status.st_dev, status.st_ino] = entry.id
        return Installed(by_sha256, by_identity)

    # ------------------------------------------------------------ what there is
    def _entries(self) -> list[Entry]:
        """The models by id: the name without its ending, with a number where a name occurs again."""
        entries: dict[ModelId, Entry] = {}
        first_folder = True
        for folder in self._folders():
            for model in models_in(folder.absolute()):
                model_id = _free_id(model.stem, entries)
                entries[model_id] = Entry(model_id, model, comes_with_program=first_folder)
            first_folder = False
        listed = {entry.files.first for entry in entries.values()}
        for path in self._in_place():
            file = Path(path).absolute()
            if file not in listed:
                listed.add(file)
                origin = self._origin(file)
                model_id = _free_id(origin.name, entries)
                entries[model_id] = Entry(model_id, files_of(file), origin)
        return list(entries.values())

    def _origin(self, file: Path) -> Origin:
        if file not in self._origins:
            self._origins[file] = origin_of(file)
        return self._origins[file]

    def _wanted(self, wanted: ModelId | str | None) -> Entry:
        chosen = ModelId(wanted or STARTER_MODEL.id)
        by_id: Mapping[ModelId, Entry] = {entry.id: entry for entry in self._entries()}
        if chosen in by_id and by_id[chosen].is_there:
            return by_id[chosen]
        file = Path(chosen).expanduser().absolute()
        for entry in by_id.values():
            if file in entry.files.files and entry.is_there:
                return entry
        if chosen in by_id or not is_gguf(file.name) or not is_regular(file):
            raise ModelMissing(chosen)
        files = files_of(file)
        return Entry(ModelId(files.stem), files, Origin(files.stem, str(file.parent)))

    # ------------------------------------------------------------ what is known of it
    def _compute(self, entries: Sequence[Entry], stop: threading.Event) -> None:
        def look(_: int) -> None:
            if stop.is_set():
                raise Stopped

        for entry in entries:
            for file in entry.files.files:
                sha256 = self.checksums.of(file, look)
                told = provenance.read(file)
                if told is not None and told.sha256 == sha256 and not told.is_of(file):
                    _stamp_anew(file, told)  # touched, but not changed

    def _models(self, entries: Sequence[Entry], stamps: Mapping[ModelId, _Stamp], judge: Judge) -> list[Model]:
        models = []
        for entry in entries:
            told = self._told.get(stamps[entry.id])
            # A file that went meanwhile is not listed; one that lets another see is part of that other.
            if (told is not None or not entry.is_there) and getattr(told, "architecture", "") != "clip":
                models.append(model_of(entry, told, self.checksums, judge))
        return models


async def _in_thread(work: Callable[[threading.Event], None]) -> None:
    """Run long work in a thread that ends soon after the waiting task was cancelled."""
    stop = threading.Event()
    try:
        await asyncio.to_thread(work, stop)
    except asyncio.CancelledError:
        stop.set()
        raise


def _free_id(name: str, taken: Mapping[ModelId, Entry]) -> ModelId:
    number, model_id = 1, ModelId(name)
    while model_id in taken:
        number += 1
        model_id = ModelId(f"{name}-{number}")
    return model_id


def _stamp(model: ModelFiles) -> _Stamp:
    """What tells a model from its later versions; of a file that has gone there is nothing."""
    found = ((file, _status(file)) for file in model.files)
    return tuple((str(file), each.st_size, each.st_mtime_ns, each.st_ino) for file, each in found if each is not None)


def _status(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except OSError:
        return None


def _stamp_anew(file: Path, told: provenance.Provenance) -> None:
    try:
        provenance.write(file, told.stamped(file))
    except OSError:
        return  # a folder that cannot be written to; the checksum is remembered in the profile
