"""Model files that are on this computer already: those of other programs, and those in a folder that the user names.

Reads names and the first four bytes of files, writes nothing and follows no link to a folder. What is found is told with
the checksum only where the other program's own names carry it; whether it is true is found out when it is taken.
Blocking: runs in a thread.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from engine.errors import FileUnfit
from engine.model_records import FoundModel
from engine.models import ollama
from engine.models.checksums import named_by_hash
from engine.models.file_names import is_gguf, is_vision_part, split_name, stem_of
from engine.models.meter import Progress, Stopped, silently
from engine.models.model_files import ModelFiles, files_of, has_magic
from engine.models.other_programs import NAMES, Program, Surroundings, places
from engine.records import ModelId

MOST_ENTRIES = 300_000  # files and folders that are looked at in one place
DEEPEST = 8  # folders below each other; the cache of Hugging Face needs five

Of = Literal["lm_studio", "jan", "gpt4all", "ollama", "hugging_face", "folder"]


@dataclass(frozen=True)
class Origin:
    """What a file outside of the library is called, and whose it is: a program's name, or the folder."""

    name: str
    source: str
    is_program: bool = False


@dataclass(frozen=True)
class Installed:
    """What the library holds, to be recognised elsewhere: ids by checksum, and by device and inode of each file."""

    by_sha256: Mapping[str, ModelId] = field(default_factory=dict)
    by_identity: Mapping[tuple[int, int], ModelId] = field(default_factory=dict)


def find(
    folder: Path | None = None,
    *,
    installed: Installed | None = None,
    around: Surroundings | None = None,
    stop: threading.Event | None = None,
    progress: Progress = silently,
) -> list[FoundModel]:
    """The model files of other programs, or those below `folder`; each file once, whatever names it has.

    How much there is to look through is not known beforehand, so progress is told once, as nothing of nothing. Raises
    FileUnfit if `folder` is none, and Stopped.
    """
    progress(0, 0)
    have = installed or Installed()
    if folder is not None:
        if not os.path.isdir(folder):
            raise FileUnfit(folder.name, "missing")
        return _each_once(((_as_found(model, "folder"), model) for model in _walk(folder, stop)), set(), have)
    found: list[FoundModel] = []
    seen: set[tuple[int, int]] = set()
    for program, place in places(around):
        found += _each_once(_models_of(program, place, stop), seen, have)
    return found


def origin_of(file: Path) -> Origin:
    """What a model's file is called and whose it is, from its path and what Ollama's manifests say."""
    if file.parent.name == "blobs" and file.name.startswith("sha256-"):
        return Origin(ollama.name_of(file) or file.name[:19], NAMES["ollama"], is_program=True)
    for program, folder in places():
        if program != "ollama" and file.is_relative_to(folder):
            return Origin(_name(file, program), NAMES[program], is_program=True)
    return Origin(stem_of(file.name), str(file.parent))


def _models_of(program: Program, folder: Path, stop: threading.Event | None) -> Iterator[tuple[FoundModel, ModelFiles]]:
    if program == "ollama":
        for model in ollama.models_of(folder):
            _look(stop)
            yield FoundModel(str(model.blob), model.name, model.n_bytes, "ollama", model.sha256), ModelFiles((model.blob,))
        return
    for files in _walk(folder, stop):
        yield _as_found(files, program), files


def _as_found(files: ModelFiles, of: Of) -> FoundModel:
    sha256 = named_by_hash(files.first) if len(files.files) == 1 else None
    return FoundModel(str(files.first), _name(files.first, of), files.n_bytes(), of, sha256)


def _name(file: Path, of: Of) -> str:
    """Jan calls every file alike and names the folder; in the cache the repository says more than the file alone."""
    stem = stem_of(file.name)
    if of == "jan" and stem.lower() == "model":
        return file.parent.name
    return stem


def _each_once(
    candidates: Iterable[tuple[FoundModel, ModelFiles]], seen: set[tuple[int, int]], have: Installed
) -> list[FoundModel]:
    """Those whose file has not been met under another name, with the library's id where it has them."""
    found = []
    for model, files in candidates:
        try:
            status = files.first.stat()
        except OSError:
            continue  # it has just gone
        identity = (status.st_dev, status.st_ino)
        if identity not in seen:
            seen.add(identity)
            known = have.by_identity.get(identity) or have.by_sha256.get(model.sha256 or "")
            found.append(replace(model, installed=known))
    return found


def _walk(folder: Path, stop: threading.Event | None) -> Iterator[ModelFiles]:
    """Complete models below a folder, those in upper folders first, as far as the limits go."""
    n_left = MOST_ENTRIES
    waiting = deque([(folder, 0)])
    while waiting:
        place, depth = waiting.popleft()
        _look(stop)
        files, folders = _entries(place, n_left)
        n_left -= len(files) + len(folders)
        for name in files:
            _look(stop)
            model = files_of(place / name) if split_name(name) else ModelFiles((place / name,))
            if not model.missing and model.first.name == name and has_magic(place / name):
                yield model
        if depth < DEEPEST and n_left > 0:
            waiting += [(place / name, depth + 1) for name in folders]


def _entries(folder: Path, most: int) -> tuple[list[str], list[str]]:
    """Names of files that could be models, and of folders. Links to folders lead in circles and are not followed."""
    files, folders = [], []
    try:
        with os.scandir(folder) as entries:
            for entry, _ in zip(entries, range(most), strict=False):
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                elif is_gguf(entry.name) and not is_vision_part(entry.name):
                    files.append(entry.name)
    except OSError:
        return [], []
    return sorted(files), sorted(folders)


def _look(stop: threading.Event | None) -> None:
    if stop is not None and stop.is_set():
        raise Stopped
