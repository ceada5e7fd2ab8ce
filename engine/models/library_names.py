"""Which name a fetched file gets in the library: a plain file name that every system takes and that is still free.

Pure but for a look into the folder. Creates nothing.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from engine.errors import NameRefused

LONGEST_NAME = 200  # bytes; leaves room for the ending of a sidecar and for a number in the 255 that file systems take
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)  # devices on Windows
_SPLIT = re.compile(r"(.+)(-\d{5}-of-\d{5})$")


def plain_name(path: str) -> str:
    """The last element of a path in a repository, if the whole path is harmless. Raises NameRefused."""
    for element in path.split("/"):
        if not _is_plain(element):
            raise NameRefused(name=_shown(path))
    name = path.rsplit("/", 1)[-1]
    if not name.lower().endswith(".gguf") or len(name.encode()) > LONGEST_NAME:
        raise NameRefused(name=_shown(path))
    return name


def target_names(paths: Sequence[str], vision: str | None, folder: Path, *, busy: frozenset[str] = frozenset()) -> list[str]:
    """Free names in `folder` for the files of a model, in order, and then for its vision file.

    The parts of a split file keep the ending by which llama.cpp finds them. A vision file is named after its model,
    because publishers call them all alike. `busy` are names that others are about to use. Raises NameRefused, OSError.
    """
    names = [plain_name(path) for path in paths]
    if vision is not None:
        plain_name(vision)
    taken = {folded(entry) for entry in os.listdir(folder)} | {folded(name) for name in busy}
    number = 1
    while True:
        chosen = [_numbered(name, number) for name in names]
        if vision is not None:
            chosen.append(f"mmproj-{_stem_and_part(chosen[0])[0]}.gguf")
        if not taken & {folded(name) for name in chosen}:
            return chosen
        number += 1


def folded(name: str) -> str:
    """The same for names that some file system takes for one."""
    return unicodedata.normalize("NFC", name).casefold()


def _numbered(name: str, number: int) -> str:
    stem, part = _stem_and_part(name)
    return f"{stem}{f'-{number}' if number > 1 else ''}{part}{name[-5:]}"


def _stem_and_part(name: str) -> tuple[str, str]:
    stem = name[: -len(".gguf")]
    split = _SPLIT.match(stem)
    return (split[1], split[2]) if split else (stem, "")


def _is_plain(element: str) -> bool:
    return (
        element not in ("", ".", "..")
        and not re.search(r'[\\:*?"<>|]', element)
        and not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in element)
        and not _RESERVED.fullmatch(element)
        and element[-1] not in ". "
        and not element.startswith(".")
    )


def _shown(path: str) -> str:
    return "".join(character if character.isprintable() else "�" for character in path[:100])
