"""The catalogue: models that can be downloaded, with what is known of each before anything is asked of a network.

One comes with the program; a newer one can be imported from a file. Reads and writes files; knows no network, and not
what fits this computer.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from engine.errors import FileUnfit, FolderUnwritable, NotFound
from engine.model_records import CatalogueEdition, ModelSize, OfferedModel, RemoteFile
from engine.models.catalogue_file import FORMAT, LARGEST_FILE, CatalogueFile, Entry, File, Size, format_of
from engine.models.catalogue_shape import facts_from_shape
from engine.models.durable import write_whole
from engine.models.facts import ModelFacts
from engine.models.licences import licence_for
from engine.paths import resources


def bundled_file() -> Path:
    """The catalogue that came with the program."""
    return resources() / "catalogue" / "catalogue.json"


class Catalogue:
    """The models of one edition, in the order of its file; the sizes of each, the smallest first."""

    def __init__(self, content: CatalogueFile, *, imported: bool) -> None:
        self.edition = CatalogueEdition(content.edition, len(content.models), imported)
        self._entries: Mapping[str, Entry] = {entry.id: entry for entry in content.models}
        self.offers: tuple[OfferedModel, ...] = tuple(_offered(entry) for entry in content.models)
        self._offers = {offer.id: offer for offer in self.offers}
        self._sizes = {entry.id: _sizes(entry) for entry in content.models}

    def sizes(self, model_id: str) -> tuple[ModelSize, ...]:
        """The sizes of a model, the smallest first. Raises NotFound."""
        return self._sizes[self._id(model_id)]

    def find(self, text: str) -> tuple[OfferedModel, ModelSize]:
        """A model and its size by `id`, `id:key` or `id:file`, in any case; without a key the smallest. Raises NotFound."""
        wanted, _, key = text.strip().lower().partition(":")
        model_id = self._id(wanted, shown=text)
        for size in self._sizes[model_id]:
            if key in ("", size.key.lower(), *(file.path.lower() for file in size.files)):
                return self._offers[model_id], size
        raise NotFound("catalogue model", text)

    def shape(self, model_id: str, key: str) -> ModelFacts | None:
        """What the header of a size will say, so that its fit can be judged before it is read; None if that is not known.

        Its weights count as large as its files, which a header and a vocabulary make a little larger.
        """
        entry, size = self._entry(model_id), self._size(model_id, key)
        n_bytes = size.n_bytes or size.listed_bytes
        return facts_from_shape(entry, key, n_bytes) if entry.shape and n_bytes else None

    def revision_hint(self, model_id: str, key: str) -> str | None:
        """The beginning of the commit that the facts of a size were read at, where only that is known."""
        self._size(model_id, key)
        return next(size.revision_hint for size in self._entry(model_id).sizes if size.key == key)

    def _id(self, model_id: str, *, shown: str | None = None) -> str:
        if model_id not in self._entries:
            raise NotFound("catalogue model", shown or model_id)
        return model_id

    def _entry(self, model_id: str) -> Entry:
        return self._entries[self._id(model_id)]

    def _size(self, model_id: str, key: str) -> ModelSize:
        for size in self.sizes(model_id):
            if size.key == key:
                return size
        raise NotFound("catalogue model", f"{model_id}:{key}")


def load(imported: Path | None = None, bundled: Path | None = None) -> Catalogue:
    """The newer of the catalogue that was imported and the program's own (or another one given as `bundled`).

    An imported one that cannot be read, or is not newer since the program was updated, is passed over. Raises
    FileUnfit if the program's own is damaged.
    """
    own = _read(bundled or bundled_file())
    if imported is not None:
        try:
            newer = _read(imported)
        except FileUnfit:
            return Catalogue(own, imported=False)
        if newer.edition > own.edition:
            return Catalogue(newer, imported=True)
    return Catalogue(own, imported=False)


def import_file(file: Path, into: Path, bundled: Path | None = None) -> CatalogueEdition:
    """Keep a newer catalogue as `into`, which then counts instead of the program's own.

    Raises FileUnfit if it is no catalogue, too large, of a newer format or not newer than the one in use, and
    FolderUnwritable; the one that was in use then stays so.
    """
    content = _content(file)
    read = _parsed(content, file)
    in_use = load(into, bundled).edition
    if read.edition <= in_use.date:
        raise FileUnfit(str(file), "older_catalogue", f"{read.edition}, in use: {in_use.date}")
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        write_whole(into, content)
    except OSError as error:
        raise FolderUnwritable(str(into.parent)) from error
    return Catalogue(read, imported=True).edition


# ---------------------------------------------------------------- reading
def _read(file: Path) -> CatalogueFile:
    return _parsed(_content(file), file)


def _content(file: Path) -> bytes:
    """All of a file, if it is one and not larger than a catalogue can be."""
    try:
        if not file.is_file():  # a pipe would keep the reader waiting, a folder has no content
            raise FileUnfit(str(file), "not_a_catalogue" if file.exists() else "missing")
        with file.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise FileUnfit(str(file), "unreadable") from error
    if len(content) > LARGEST_FILE:
        raise FileUnfit(str(file), "too_large")
    return content


def _parsed(content: bytes, file: Path) -> CatalogueFile:
    said = format_of(content)
    if said is not None and said > FORMAT:
        raise FileUnfit(str(file), "newer_format", f"format {said}")
    try:
        return CatalogueFile.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"] if str(step).isidentifier() or isinstance(step, int))
        raise FileUnfit(str(file), "not_a_catalogue", f"{where}: {first['type']}"[:200]) from error


def _offered(entry: Entry) -> OfferedModel:
    return OfferedModel(
        id=entry.id,
        name=entry.name,
        publisher=entry.publisher,
        purpose=entry.purpose,
        good_for=entry.good_for,
        licence=licence_for(entry.licence),
        languages=tuple(entry.languages),
        n_parameters=entry.n_parameters,
        n_active_parameters=entry.n_active_parameters,
        architecture=entry.architecture,
        context_length=entry.context_length,
        released=entry.released,
        thinks=entry.thinks,
        uses_tools=entry.uses_tools,
        sees=entry.purpose == "vision",
        gated=entry.gated,
        note=entry.note,
    )


def _sizes(entry: Entry) -> tuple[ModelSize, ...]:
    # The file by which a model sees is fetched with models that are there for pictures only: with the others it would
    # be up to a gigabyte that nothing here makes use of.
    sees = entry.purpose == "vision"
    sizes = [_model_size(size, with_vision=sees) for size in entry.sizes]
    return tuple(sorted(sizes, key=lambda size: size.about_bytes or 1 << 62))


def _model_size(size: Size, *, with_vision: bool) -> ModelSize:
    return ModelSize(
        key=size.key,
        kind=size.kind,
        repository=size.repository,
        revision=size.revision,
        files=tuple(_remote(file) for file in size.files),
        vision=_remote(size.vision) if with_vision and size.vision else None,
        listed_bytes=size.listed_bytes,
    )


def _remote(file: File) -> RemoteFile:
    return RemoteFile(file.path, file.n_bytes, file.sha256)
