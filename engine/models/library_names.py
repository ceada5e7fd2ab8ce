"""Which names the library takes: plain file names that mean the same on every system. Pure."""

from __future__ import annotations

import re
import unicodedata

from engine.errors import NameRefused

LONGEST_NAME = 200  # bytes; leaves room for the ending of a sidecar and for a number in the 255 that file systems take
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)  # devices on Windows


def plain_name(path: str) -> str:
    """The last element of a path in a repository, if the whole path is harmless. Raises NameRefused."""
    for element in path.split("/"):
        if not _is_plain(element):
            raise NameRefused(name=_shown(path))
    name = path.rsplit("/", 1)[-1]
    if not name.lower().endswith(".gguf") or len(name.encode()) > LONGEST_NAME:
        raise NameRefused(name=_shown(path))
    return name


def folded(name: str) -> str:
    """The same for names that some file system takes for one."""
    return unicodedata.normalize("NFC", name).casefold()


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
