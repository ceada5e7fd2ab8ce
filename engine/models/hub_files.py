"""Which sizes of a model a repository offers, told from the names of its files.

Pure: names in, sizes out. The name is the only label of the quantisation that publishers agree on, and a stranger wrote
it: a name that points out of its folder, or is no name on some system, takes no part. Knows nothing of the network or of
what is inside the files.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.errors import NameRefused
from engine.model_records import ModelSize, RemoteFile, SizeKind
from engine.models.library_names import plain_name

MAX_PARTS = 1000  # of a split model; a count beyond that is no count
MAX_VISION = 200  # vision files that are looked at; honest repositories have a handful

_KINDS: tuple[SizeKind, ...] = ("smallest", "smaller", "balanced", "closest", "original")
_SPLIT = re.compile(r"(.+)-(\d{5})-of-(\d{5})")
_QUANTISATION = re.compile(
    r"(?<![A-Z0-9])(?:UD[-_])?(?:"
    r"IQ[1-4]_(?:XXS|XS|S|M|L|NL)(?:_XL)?|Q[1-8]_K_(?:XXS|XS|S|M|L|XL)|Q[1-8]_K|Q[1-8]_[01](?:_[48]_[48])?|TQ[12]_0"
    r"|MXFP4(?:_MOE)?|NVFP4|BF16|FP?16|FP?32|Q[1-8]"
    r")(?![A-Z0-9])"
)
#: Bits for each number up to which a size is of a kind, for files whose names do not say.
_BITS: tuple[tuple[float, SizeKind], ...] = ((3.5, "smallest"), (5.2, "smaller"), (7, "balanced"), (12, "closest"))
#: What a vision file is best stored as: half precision loses nothing that counts, full precision only takes room.
_VISION_ORDER = ("F16", "BF16", "Q8_0", "F32")


@dataclass(frozen=True)
class _Group:
    """The files that make up one size, in order; `quantisation` as the name says, None if it does not."""

    files: tuple[RemoteFile, ...]
    quantisation: str | None


def sizes_in(
    repository: str, revision: str, files: Iterable[RemoteFile], *, n_parameters: int | None = None
) -> tuple[ModelSize, ...]:
    """The sizes among a repository's files, the smallest first; split models only where all parts are there.

    `key` is the quantisation; where two models of the repository share it, the path of the file. `n_parameters`, where
    known, tells the kind of a file whose name does not.
    """
    models, vision_files = _usable(files)
    vision = _VisionFiles(vision_files)
    groups = _groups(models)
    known = Counter(group.quantisation for group in groups)
    sizes = []
    for group in groups:
        unique = group.quantisation is not None and known[group.quantisation] == 1
        size = ModelSize(
            key=group.quantisation if unique and group.quantisation else group.files[0].path,
            kind="original",
            repository=repository,
            revision=revision,
            files=group.files,
            vision=vision.of(group.files[0].path),
        )
        sizes.append(replace(size, kind=_kind(group.quantisation, size.n_bytes, n_parameters)))
    return tuple(sorted(sizes, key=_from_small_to_large))


def quantisation_of(path: str) -> str | None:
    """The quantisation that a path names, in the usual spelling, such as Q4_K_M; None if it names none.

    The file's own name counts, then the folder that it lies in. The last one counts, because what comes before it is
    the model's name.
    """
    folders, name = posixpath.split(path.upper())
    for text in (name, posixpath.basename(folders)):
        if found := _QUANTISATION.findall(text):
            return str(found[-1]).replace("FP16", "F16").replace("FP32", "F32").replace("UD_", "UD-")
    return None


def kind_of(quantisation: str) -> SizeKind:
    """How much of the original a quantisation keeps."""
    name = quantisation.removeprefix("UD-")
    if name in ("F16", "BF16", "F32"):
        return "original"
    if name.startswith(("IQ1", "IQ2", "IQ3", "TQ", "Q1", "Q2")):
        return "smallest"
    if name.startswith(("IQ4", "Q3", "Q4", "MXFP4", "NVFP4")):
        return "smaller"
    return "closest" if name.startswith("Q8") else "balanced"


def _usable(files: Iterable[RemoteFile]) -> tuple[list[RemoteFile], list[RemoteFile]]:
    """The model files and the vision files among all files, without those whose names cannot be used."""
    models, vision = [], []
    for file in files:
        if file.path[-5:].lower() != ".gguf":
            continue
        try:
            name = plain_name(file.path).lower()
        except NameRefused:
            continue
        if "mmproj" in name:
            vision.append(file)
        elif "imatrix" not in name and not name.startswith("ggml-vocab"):
            models.append(file)
    return models, vision


def _groups(models: Iterable[RemoteFile]) -> list[_Group]:
    groups: list[_Group] = []
    split: dict[tuple[str, int], dict[int, RemoteFile]] = {}
    for file in models:
        part = _SPLIT.fullmatch(file.path[:-5])
        if part is None:
            groups.append(_Group((file,), quantisation_of(file.path[:-5])))
        else:
            split.setdefault((part[1], int(part[3])), {})[int(part[2])] = file
    for (stem, n_parts), parts in split.items():
        if 0 < n_parts <= MAX_PARTS and len(parts) == n_parts and parts.keys() == set(range(1, n_parts + 1)):
            groups.append(_Group(tuple(parts[number] for number in range(1, n_parts + 1)), quantisation_of(stem)))
    return groups


def _kind(quantisation: str | None, n_bytes: int | None, n_parameters: int | None) -> SizeKind:
    if quantisation is not None:
        return kind_of(quantisation)
    if not n_bytes or not n_parameters:
        return "original"  # a file without a label is what its publisher made, as far as anybody can tell
    bits = n_bytes * 8 / n_parameters
    return next((kind for most, kind in _BITS if bits <= most), "original")


class _VisionFiles:
    """Finds the vision file that belongs to a model: of the same folder, then of the most similar name, then the best stored.

    Keeps the best file for each beginning of a name, so that thousands of models by a stranger cost no more than reading
    their names. Each vision file costs memory by the square of its name, so of those only the best stored are looked at.
    """

    def __init__(self, files: Iterable[RemoteFile]) -> None:
        self._best: dict[tuple[str | None, str], RemoteFile] = {}
        for file in sorted(files, key=_vision_order)[:MAX_VISION]:
            folder, name = posixpath.split(file.path)
            bare = _bare(name)
            for end in range(len(bare) + 1):
                self._best.setdefault((folder, bare[:end]), file)
                self._best.setdefault((None, bare[:end]), file)

    def of(self, model: str) -> RemoteFile | None:
        if not self._best:
            return None
        folder, name = posixpath.split(model)
        bare = _bare(name)
        for place in (folder, None):
            for end in range(len(bare), -1, -1):
                if found := self._best.get((place, bare[:end])):
                    return found
        return None


def _vision_order(file: RemoteFile) -> tuple[int, str]:
    quantisation = quantisation_of(file.path[:-5])
    return (_VISION_ORDER.index(quantisation) if quantisation in _VISION_ORDER else len(_VISION_ORDER), file.path)


def _bare(name: str) -> str:
    """A file's name without its ending, its storage and what marks a vision file."""
    return re.sub(r"^[-._]*(MMPROJ[-._]?)?(MODEL[-._]?)?", "", _QUANTISATION.sub("", name[:-5].upper()))


def _from_small_to_large(size: ModelSize) -> tuple[bool, int, int, str]:
    return (size.n_bytes is None, size.n_bytes or 0, _KINDS.index(size.kind), size.key)
