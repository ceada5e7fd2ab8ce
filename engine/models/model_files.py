"""The model files of a folder: which belong together, which are missing, and opening one without being fooled.

A folder may hold anything: pipes and devices with a model's name, symbolic links, files that vanish while they are looked
at. Knows nothing of what a file says of itself beyond its first four bytes.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine.errors import FileUnfit
from engine.models.file_names import is_gguf, is_vision_part, names_of_model, stem_of

MAGIC = b"GGUF"


@dataclass(frozen=True)
class ModelFiles:
    """The files of one model in order, of which llama.cpp opens the first. `missing` names parts that are not there."""

    files: tuple[Path, ...]
    missing: tuple[str, ...] = ()

    @property
    def first(self) -> Path:
        return self.files[0]

    @property
    def stem(self) -> str:
        return stem_of(self.first.name)

    def n_bytes(self) -> int:
        """All files together; a file that has just gone counts nothing."""
        return sum(size_of(file) or 0 for file in self.files)

    def check_complete(self) -> None:
        """Raises FileUnfit (incomplete_split) if a part is missing."""
        if self.missing:
            raise FileUnfit(self.first.name, "incomplete_split", ", ".join(self.missing[:3]))


def files_of(path: Path) -> ModelFiles:
    """The model that a file belongs to, with what is there of it; the file itself may be any part."""
    return _grouped(path.parent, path.name, lambda name: is_regular(path.parent / name))


def models_in(folder: Path) -> list[ModelFiles]:
    """The models of one folder by name, without those of its subfolders. A folder that cannot be read holds none."""
    try:
        with os.scandir(folder) as entries:
            names = {entry.name for entry in entries if is_gguf(entry.name) and _is_regular(entry)}
    except OSError:
        return []
    found: list[ModelFiles] = []
    done: set[str] = set()
    for name in sorted(names):
        if name in done or is_vision_part(name) or name.startswith("."):
            continue
        model = _grouped(folder, name, names.__contains__)
        done.update(file.name for file in model.files)
        found.append(model)
    return found


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file, following links. Raises FileUnfit for anything else; never waits for a pipe or a device."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise FileUnfit(path.name, "missing") from None
    except (OSError, ValueError):
        raise FileUnfit(path.name, "unreadable") from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FileUnfit(path.name, "unreadable", "not a regular file")
        return os.fdopen(descriptor, "rb", buffering=0)
    except BaseException:
        os.close(descriptor)
        raise


def has_magic(path: Path) -> bool:
    """Whether the file begins like a GGUF; False also for what cannot be opened."""
    try:
        with open_regular(path) as file:
            return file.read(len(MAGIC)) == MAGIC
    except (FileUnfit, OSError):
        return False


def is_regular(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def size_of(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return None


def _is_regular(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def _grouped(folder: Path, name: str, is_there: Callable[[str], bool]) -> ModelFiles:
    names = names_of_model(name)
    there = [each for each in names if is_there(each)]
    gone = tuple(each for each in names if each not in there)
    return ModelFiles(tuple(folder / each for each in there or [name]), gone if there else ())
