"""A hidden folder inside the library in which files are put together before they are the library's.

Whatever ends the program, the library keeps no half of a model: until the last file is whole, everything lies in
`.importing-…`. Then a plan of names is written down and carried out; a program that was killed in the middle of that
carries it out at the next start, one that was killed before it leaves only a folder that is removed. A file lock says
whether somebody alive is still at it. Never writes over a file that is there: the next free name is taken.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from engine.errors import FolderUnwritable, NameRefused, NoRoom
from engine.models import provenance
from engine.models.bringing import writing_into
from engine.models.durable import put_in_place, sync_folder, write_whole
from engine.models.file_names import are_free, numbered
from engine.models.provenance import Provenance, sidecar

PREFIX = ".importing-"
_PLAN = "plan.json"
_LOCK = ".lock"
_MOST_PLAN = 1 << 20


class Staging:
    """One such folder, gone again when the block ends. Used in one thread."""

    def __init__(self, library: Path) -> None:
        """Raises FolderUnwritable or NoRoom."""
        self.library = library
        with writing_into(library, library):
            library.mkdir(parents=True, exist_ok=True)
            self.folder = library / f"{PREFIX}{secrets.token_hex(6)}"
            self._lock = FileLock(_lock_of(self.folder), thread_local=False)
            self._lock.acquire()
            self.folder.mkdir()

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(error, NoRoom | FolderUnwritable) and error.folder == str(self.folder):
            error.folder = str(self.library)  # what the user knows
        _remove(self.folder)
        self._lock.release()
        _lock_of(self.folder).unlink(missing_ok=True)

    def commit(self, names: Sequence[str], known: Mapping[str, Provenance]) -> tuple[Path, ...]:
        """Give the staged files their names in the library, numbered where these are taken, with sidecars for `known`.

        The first of `names` is the model's first file. Either all of them are in the library afterwards or none. Raises
        NoRoom and FolderUnwritable.
        """
        with writing_into(self.library, self.library):
            for number in itertools.count(1):
                finals = dict(zip(names, numbered(names, number), strict=True))
                taken = [entry.name for entry in os.scandir(self.library)]
                wanted = [*finals.values(), *(sidecar(Path(finals[name])).name for name in known)]
                if are_free(wanted, taken) and self._carried_out(finals, known):
                    sync_folder(self.library)
                    return tuple(self.library / finals[name] for name in names)
        raise AssertionError("numbers do not end")

    def _carried_out(self, finals: Mapping[str, str], known: Mapping[str, Provenance]) -> bool:
        """Rename everything; False, with everything back in this folder, if a name was taken meanwhile."""
        moves = list(finals.items())
        for name, facts in known.items():
            provenance.write(self.folder / name, _renamed(facts, finals))
            moves.insert(0, (f"{name}{provenance.SUFFIX}", f"{finals[name]}{provenance.SUFFIX}"))
        write_whole(self.folder / _PLAN, json.dumps(moves).encode())
        done: list[tuple[str, str]] = []
        try:
            for staged, final in moves:
                put_in_place(self.folder / staged, self.library / final)
                done.append((staged, final))
        except OSError as error:
            for staged, final in reversed(done):
                os.replace(self.library / final, self.folder / staged)
            (self.folder / _PLAN).unlink()
            if isinstance(error, FileExistsError):
                return False
            raise
        return True


def tidy(library: Path) -> None:
    """Finish or remove what a killed program left in the library. What somebody alive is at is left alone. Never raises."""
    with contextlib.suppress(OSError):
        names = [entry.name for entry in os.scandir(library) if entry.name.startswith(PREFIX)]
        for name in sorted({name.removesuffix(_LOCK) for name in names}):
            with contextlib.suppress(OSError, Timeout):
                _tidy(library, library / name)


def _tidy(library: Path, folder: Path) -> None:
    with FileLock(_lock_of(folder), timeout=0, thread_local=False):
        if folder.is_dir() and not folder.is_symlink():
            for staged, final in _plan(folder):
                _finish(folder / staged, library / final)
            _remove(folder)
        _lock_of(folder).unlink(missing_ok=True)


def _finish(staged: Path, final: Path) -> None:
    if not staged.is_file():
        return  # this one was done
    if final.exists() and os.path.samefile(staged, final):
        staged.unlink()
    elif not os.path.lexists(final):
        put_in_place(staged, final)


def _plan(folder: Path) -> list[tuple[str, str]]:
    """The moves that were decided on; none if there is no plan, or one that this program cannot have written."""
    file = folder / _PLAN
    try:
        if file.stat().st_size > _MOST_PLAN:
            return []
        moves = json.loads(file.read_bytes())
        return [(_plain(staged), _plain(final)) for staged, final in moves]
    except (OSError, ValueError, TypeError, RecursionError, NameRefused):
        return []


def _plain(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError(name)
    if os.path.basename(name) != name or name in ("", ".", ".."):
        raise NameRefused(name)
    return name


def _renamed(facts: Provenance, finals: Mapping[str, str]) -> Provenance:
    """The same with the names that the files get."""
    return replace(
        facts,
        split=tuple(finals.get(name, name) for name in facts.split),
        vision=finals.get(facts.vision, facts.vision) if facts.vision else facts.vision,
        belongs_to=finals.get(facts.belongs_to, facts.belongs_to) if facts.belongs_to else facts.belongs_to,
    )


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + _LOCK)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
