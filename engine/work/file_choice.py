"""Which files a user meant: given files as they are, folders as the readable files they hold.

Looks at names and kinds of directory entries only; whether a file can be read is `documents.reader`'s business.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

READABLE = (".pdf", ".docx", ".txt", ".text", ".md", ".markdown", ".html", ".htm", ".eml")
MOST_FILES = 20_000  # from one folder; a whole disk dropped by mistake ends here


def chosen_files(paths: Sequence[Path]) -> list[Path]:
    """The files behind `paths` in a stable order, each once. Hidden entries and links out of a folder are left out."""
    files: dict[Path, None] = {}
    for path in paths:
        for file in _in_folder(path) if _is_folder(path) else (path,):
            files.setdefault(file.absolute())
            if len(files) >= MOST_FILES:
                return list(files)
    return list(files)


def matter_name(paths: Sequence[Path]) -> str:
    """A matter's first name: the folder's, or the first file's without its ending."""
    first = paths[0]
    return (first.name if _is_folder(first) else first.stem) or "Documents"


def _is_folder(path: Path) -> bool:
    """False also for what may not be looked at; reading it then says so."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _in_folder(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(here, name)
            if not name.startswith(".") and file.suffix.lower() in READABLE and not file.is_symlink():
                yield file
