"""Models in a folder for a computer without a network: the files, and a list of them with sizes and checksums.

`strongroom-bundle.json` is written last, so a folder that has it is complete; SHA256SUMS beside it is for people who
check without this program. Each file is read back from the stick before it is listed, and verified again when it is taken
in. A bundle may come from anybody: its list only says what to look for, in this folder and nowhere else, and its word
is not taken for where a file was published. Blocking: runs in a thread.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from engine.errors import FileUnfit, ModelDamaged, NameRefused
from engine.models import provenance
from engine.models.bringing import Brought, bring, read_back, writing_into
from engine.models.checksums import Checksums, expected
from engine.models.disk_errors import check_room
from engine.models.durable import write_whole
from engine.models.file_names import clean_name, names_of_model, split_name
from engine.models.importing import Imported, Recognise, Wanted, take_in
from engine.models.library_names import folded, plain_name
from engine.models.meter import Meter, Progress, silently
from engine.models.model_files import ModelFiles, is_regular, models_in, size_of
from engine.models.provenance import Provenance
from engine.models.staging import Staging, tidy

MANIFEST = "strongroom-bundle.json"
SUMS = "SHA256SUMS"
FORMAT = 1
MOST_MODELS = 500
_LARGEST_MANIFEST = 4 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")


class BundledFile(msgspec.Struct, frozen=True):
    file: str
    n_bytes: int
    sha256: str


class BundledModel(msgspec.Struct, frozen=True):
    """A model of a bundle; `repository` and the rest say where the sender had it from."""

    name: str
    files: list[BundledFile]
    vision: BundledFile | None = None
    licence: str = ""
    repository: str = ""
    revision: str = ""
    source: str = ""

    @property
    def all_files(self) -> list[BundledFile]:
        return [*self.files, *([self.vision] if self.vision else [])]


class Manifest(msgspec.Struct, frozen=True):
    format: int
    models: list[BundledModel]
    made: str = ""


@dataclass(frozen=True)
class ToExport:
    """A model of the library with what its list entry says of it beyond its files."""

    files: ModelFiles
    name: str
    licence: str = ""


# ---------------------------------------------------------------- writing
def export(
    models: Sequence[ToExport],
    folder: Path,
    *,
    stop: threading.Event | None = None,
    progress: Progress = silently,
) -> Manifest:
    """Write the models into `folder`, beside those of an earlier export; a file that is there already is only verified.

    Raises FileUnfit, ModelDamaged (a file of the library is not what it should be), NoRoom, FolderUnwritable and Stopped;
    what was listed before stays listed, and a model that was not complete is not.
    """
    with writing_into(folder, folder):
        folder.mkdir(parents=True, exist_ok=True)
    tidy(folder)
    listed = _earlier(folder)
    check_room(folder, sum(model.files.n_bytes() for model in models if not _is_listed(model, listed)))
    n_bytes = sum(sum(size_of(file) or 0 for file in _all_files(model.files)) for model in models)
    meter = Meter(2 * n_bytes, stop, lambda n_done, _: progress(n_done // 2, n_bytes))
    for model in models:
        model.files.check_complete()
        entry = _write_model(model, folder, listed, meter)
        listed = [other for other in listed if other.files != entry.files and not _holds(other, model)] + [entry]
        _write_list(folder, listed)
    meter.finish()
    return Manifest(FORMAT, listed)


def _write_model(model: ToExport, folder: Path, listed: list[BundledModel], meter: Meter) -> BundledModel:
    sources = _all_files(model.files)
    names = [clean_name(file.name) if split_name(file.name) is None else file.name for file in sources]
    entry = next((entry for entry in listed if _holds(entry, model)), None)
    files = _already_written(sources, [each.file for each in entry.all_files] if entry else names, folder, meter)
    if files is None and entry is not None:  # what the stick lost of it makes room for a sound copy
        with writing_into(folder, folder):
            for each in entry.all_files:
                (folder / each.file).unlink(missing_ok=True)
    files = files or _written(sources, names, folder, meter)
    told = provenance.read(model.files.first)
    n_parts = len(model.files.files)
    return BundledModel(
        name=model.name,
        files=files[:n_parts],
        vision=files[n_parts] if len(files) > n_parts else None,
        licence=model.licence,
        repository=told.repository if told else "",
        revision=told.revision if told else "",
        source=told.source if told else "",
    )


def _already_written(sources: list[Path], names: list[str], folder: Path, meter: Meter) -> list[BundledFile] | None:
    """The files under these names, if an earlier export wrote them; each is read back. None if one is missing or other."""
    there = [folder / name for name in names]
    if [size_of(file) for file in there] != [size_of(file) for file in sources] or any(map(os.path.islink, there)):
        return None
    found = []
    for source, file in zip(sources, there, strict=True):
        sha256 = read_back(file, meter)
        wanted = expected(source) or read_back(source, Meter(0, meter.stop))
        if sha256 != wanted:
            return None
        meter.add(size_of(file) or 0)  # it is not read a second time
        found.append(BundledFile(file.name, size_of(file) or 0, sha256))
    return found


def _written(sources: list[Path], names: list[str], folder: Path, meter: Meter) -> list[BundledFile]:
    with Staging(folder) as staging:
        sums = []
        for file, name in zip(sources, names, strict=True):
            brought = bring(file, staging.folder / name, meter, ways=("cloned", "copied"))
            if brought.sha256 != (expected(file) or brought.sha256):
                raise ModelDamaged(file.name, "wrong_checksum")
            if read_back(staging.folder / name, meter) != brought.sha256:
                raise FileUnfit(name, "unreadable", "the disk does not give back what was written to it")
            sums.append(brought.sha256)
        finals = staging.commit(names, {})
    return [BundledFile(file.name, size_of(file) or 0, sha256) for file, sha256 in zip(finals, sums, strict=True)]


def _all_files(model: ModelFiles) -> list[Path]:
    told = provenance.read(model.first)
    vision = model.first.parent / told.vision if told and told.vision else None
    return [*model.files, *([vision] if vision is not None and is_regular(vision) else [])]


def _holds(entry: BundledModel, model: ToExport) -> bool:
    sizes = [size_of(file) for file in model.files.files]
    sums = [expected(file) for file in model.files.files]
    return [each.n_bytes for each in entry.files] == sizes and [each.sha256 for each in entry.files] == sums


def _is_listed(model: ToExport, listed: list[BundledModel]) -> bool:
    return any(_holds(entry, model) for entry in listed)


def _earlier(folder: Path) -> list[BundledModel]:
    """What the folder lists already; nothing if its list cannot be used."""
    try:
        return read(folder).models
    except FileUnfit:
        return []


def _write_list(folder: Path, listed: list[BundledModel]) -> None:
    manifest = Manifest(FORMAT, listed, datetime.now(UTC).isoformat(timespec="seconds"))
    sums = "".join(f"{each.sha256}  {each.file}\n" for model in listed for each in model.all_files)
    with writing_into(folder, folder):
        write_whole(folder / SUMS, sums.encode())
        write_whole(folder / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")


# ---------------------------------------------------------------- taking in
def read(folder: Path) -> Manifest:
    """The list of a bundle, if all of it can be meant. Raises FileUnfit (not_a_bundle, newer_format) and NameRefused."""
    file = folder / MANIFEST
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > _LARGEST_MANIFEST:
            raise FileUnfit(folder.name, "not_a_bundle")
        content = file.read_bytes()
        if msgspec.json.decode(content, type=_Format).format > FORMAT:
            raise FileUnfit(folder.name, "newer_format")
        manifest = msgspec.json.decode(content, type=Manifest)
    except (OSError, msgspec.MsgspecError, UnicodeError, RecursionError):
        raise FileUnfit(folder.name, "not_a_bundle") from None
    if len(manifest.models) > MOST_MODELS:
        raise FileUnfit(folder.name, "not_a_bundle", "too many models")
    for model in manifest.models:
        _check(folder, model)
    return manifest


def import_bundle(
    folder: Path,
    library: Path,
    *,
    checksums: Checksums | None = None,
    recognise: Recognise = lambda sha256: None,
    stop: threading.Event | None = None,
    progress: Progress = silently,
) -> list[Imported]:
    """Take all models of a bundle into the library, each verified before it is one; those that are there are passed over.

    Raises FileUnfit, NameRefused, ModelDamaged (wrong_checksum), NoRoom, FolderUnwritable and Stopped; models that were
    complete by then stay in the library.
    """
    models = read(folder).models
    known = checksums or Checksums()
    there = [_find(model, library, known) for model in models]
    left = [each for model, file in zip(models, there, strict=True) if file is None for each in model.all_files]
    for each in left:
        _check_there(folder, each)
    meter = Meter(sum(each.n_bytes for each in left), stop, progress)
    found = [
        Imported(file, model.files[0].sha256, None) if file is not None else _take(model, folder, library, recognise, meter)
        for model, file in zip(models, there, strict=True)
    ]
    meter.finish()
    return found


class _Format(msgspec.Struct):
    format: int


def _check(folder: Path, model: BundledModel) -> None:
    """Raises NameRefused for a name that could lead out of the folder, FileUnfit for a list that contradicts itself."""
    names = [plain_name(each.file) for each in model.all_files if _is_plain(each.file)]
    firsts = names_of_model(names[0]) if names else ()
    if (
        not model.files
        or len(names) != len(model.all_files)
        or len({folded(name) for name in names}) != len(names)
        or tuple(names[: len(model.files)]) != firsts
        or any(each.n_bytes <= 0 or not _SHA256.fullmatch(each.sha256) for each in model.all_files)
    ):
        raise FileUnfit(folder.name, "not_a_bundle")


def _is_plain(name: str) -> bool:
    if "/" in name:
        raise NameRefused(name[:100])
    return True


def _find(model: BundledModel, library: Path, checksums: Checksums) -> Path | None:
    """The same model in the library, by the checksums of all its parts."""
    sizes = [each.n_bytes for each in model.files]
    for other in models_in(library):
        is_as_long = [size_of(file) for file in other.files] == sizes
        if is_as_long and all(checksums.of(file) == each.sha256 for each, file in zip(model.files, other.files, strict=True)):
            return other.first
    return None


def _check_there(folder: Path, wanted: BundledFile) -> None:
    """Raises FileUnfit unless the file is there, in this folder itself, with the size that is listed."""
    file = folder / wanted.file
    if not os.path.lexists(file):
        raise FileUnfit(wanted.file, "missing")
    if file.is_symlink() or not is_regular(file):
        raise FileUnfit(wanted.file, "unreadable", "not a regular file")
    if size_of(file) != wanted.n_bytes:
        raise ModelDamaged(wanted.file, "truncated")


def _take(model: BundledModel, folder: Path, library: Path, recognise: Recognise, meter: Meter) -> Imported:
    wanted = [Wanted(folder / each.file, each.file, each.sha256) for each in model.files]
    if model.vision is not None:
        wanted.append(Wanted(folder / model.vision.file, model.vision.file, model.vision.sha256, is_vision=True))

    def facts(brought: Brought) -> Provenance:
        if published := recognise(brought.sha256):
            return replace(published, publisher_checksum=True)
        return Provenance(
            name=model.name[:200], sha256=brought.sha256, n_bytes=0, mtime_ns=0, source="bundle", licence=model.licence[:100]
        )

    return take_in(wanted, library, meter, facts)
