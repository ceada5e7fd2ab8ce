"""Names of model files: which are safe to use, and which files make up a model that comes in several.

A split model is `name-00001-of-00003.gguf` and so on, all parts in one folder; llama.cpp finds the others from the first
by their names. Pure, but for `target_names`, which looks into a folder; creates nothing.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import NameRefused
from engine.models.library_names import LONGEST_NAME, folded, plain_name

MOST_PARTS = 1000
_SPLIT = re.compile(r"(?P<stem>.+)-(?P<at>\d{5})-of-(?P<of>\d{5})(?P<ending>\.gguf)", re.IGNORECASE | re.DOTALL)
_UNUSABLE = set('<>:"/\\|?*')


@dataclass(frozen=True)
class SplitName:
    """The name of part `at` of `of`, counted from 1."""

    stem: str
    at: int
    of: int
    ending: str

    def part(self, at: int) -> str:
        return f"{self.stem}-{at:05d}-of-{self.of:05d}{self.ending}"


def split_name(name: str) -> SplitName | None:
    """What the name of a part of a split model says; None for any other name."""
    found = _SPLIT.fullmatch(name)
    if found is None:
        return None
    at, of = int(found["at"]), int(found["of"])
    return SplitName(found["stem"], at, of, found["ending"]) if 1 <= at <= of <= MOST_PARTS else None


def names_of_model(name: str) -> tuple[str, ...]:
    """The names of all files of the model that this file belongs to, in order."""
    split = split_name(name)
    return (name,) if split is None else tuple(split.part(at) for at in range(1, split.of + 1))


def stem_of(name: str) -> str:
    """The model's name in a file's: without the ending, and without the number of a part."""
    split = split_name(name)
    if split is not None:
        return split.stem
    return name[: -len(".gguf")] if is_gguf(name) else name


def is_gguf(name: str) -> bool:
    return name.lower().endswith(".gguf")


def is_vision_part(name: str) -> bool:
    """Whether this is the file that lets another model see: publishers call it mmproj, and it is no model by itself."""
    return "mmproj" in name.lower()


def clean_name(text: str) -> str:
    """A file name of the library made from any text, ending in .gguf."""
    stem = unicodedata.normalize("NFC", text)
    stem = stem[: -len(".gguf")] if is_gguf(stem) else stem
    stem = "".join("-" if each in _UNUSABLE or not each.isprintable() else each for each in stem).strip(" .-")
    stem = stem.encode("utf-8", "replace")[: LONGEST_NAME - 40].decode("utf-8", "ignore").strip(" .-")  # a number may follow
    try:
        return plain_name(f"{stem}.gguf")
    except NameRefused:  # nothing is left of it, or it names a device
        return plain_name(f"model-{stem}.gguf" if stem else "model.gguf")


def numbered(names: Sequence[str], number: int) -> tuple[str, ...]:
    """The same names with `-2` and so on behind the model's name, all alike, so that parts still find each other."""
    return tuple(names) if number == 1 else tuple(_numbered(name, number) for name in names)


def target_names(paths: Sequence[str], vision: str | None, folder: Path) -> list[str]:
    """Free names in `folder` for the files of a model, in order, and then for its vision file.

    The parts of a split file keep the ending by which llama.cpp finds them. A vision file is named after its model,
    because publishers call them all alike. Raises NameRefused, OSError.
    """
    names = [plain_name(path) for path in paths]
    if vision is not None:
        plain_name(vision)
    taken = os.listdir(folder)
    number = 1
    while True:
        chosen = [*numbered(names, number)]
        if vision is not None:
            chosen.append(f"mmproj-{stem_of(chosen[0])}.gguf")
        if are_free(chosen, taken):
            return chosen
        number += 1


def are_free(names: Collection[str], taken: Collection[str]) -> bool:
    """Whether none is taken, also where upper and lower case are one."""
    return not {folded(name) for name in names} & {folded(name) for name in taken}


def _numbered(name: str, number: int) -> str:
    split = split_name(name)
    if split is not None:
        return SplitName(f"{split.stem}-{number}", split.at, split.of, split.ending).part(split.at)
    stem, dot, ending = name.rpartition(".")
    return f"{stem}-{number}{dot}{ending}" if dot else f"{name}-{number}"
