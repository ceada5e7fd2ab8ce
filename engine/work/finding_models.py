"""Which models one could have: the catalogue, the hub's search, and what each size would mean on this computer.

The catalogue needs no network. The hub is asked only when somebody wished it, and through the door. Fetches no model;
that is models/downloads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from engine.errors import FileChanged, NetworkFailed, NotFound, StrongroomError
from engine.model_events import OffersShown
from engine.model_records import FoundRepository, ModelSize, Offer, OfferedModel
from engine.models import catalogue as catalogues
from engine.models.catalogue import Catalogue
from engine.models.facts import ModelFacts
from engine.models.hub import Hub
from engine.models.hub_listing import offered
from engine.models.offers import first_choices, offer, offers
from engine.models.provenance import Provenance
from engine.network import Interruption
from engine.records import Model
from engine.work.model_advice import ModelAdvice

LONGEST_HEADER_S = 180.0  # 20 MB over a slow line
IMPORTED = "catalogue.json"  # in the profile


class FindingModels:
    """Answers what could be downloaded. `hub` makes a client for the hub of the settings, `installed` tells what there is."""

    def __init__(
        self, *, advice: ModelAdvice, hub: Callable[[], Hub], installed: Callable[[], Sequence[Model]], folder: Path
    ) -> None:
        self._advice = advice
        self._hub = hub
        self._installed = installed
        self._imported = folder / IMPORTED
        self._catalogue: Catalogue | None = None
        self._published: dict[str, Provenance] = {}  # by checksum
        self._headers: dict[tuple[str, str], ModelFacts] = {}  # by repository and path, as far as any were read
        self._of_the_hub: dict[str, Offer] = {}

    # ------------------------------------------------------------ the catalogue
    async def offers(self) -> OffersShown:
        """Every model of the catalogue, judged for the memory that is free now."""
        catalogue = await self._loaded()
        judge = await self._advice.judge()
        told = offers(catalogue, self._installed(), judge, self._headers)
        return OffersShown(catalogue.edition, told, first_choices(told))

    async def in_catalogue(self, model: str) -> Offer | None:
        """A model of the catalogue by its id, None if it has none of that id."""
        return next((each for each in (await self.offers()).offers if each.model.id == model), None)

    async def import_catalogue(self, file: Path) -> None:
        """Use a newer catalogue from a file. Raises FileUnfit; then the one in use stays."""
        await asyncio.to_thread(catalogues.import_file, file, self._imported)
        self._catalogue = None

    async def _loaded(self) -> Catalogue:
        if self._catalogue is None:
            return await asyncio.to_thread(self._load)
        return self._catalogue

    def _load(self) -> Catalogue:
        catalogue = self._catalogue
        if catalogue is None:
            catalogue = catalogues.load(imported=self._imported)
            self._published, self._catalogue = published(catalogue), catalogue
        return catalogue

    def recognised(self, sha256: str) -> Provenance | None:
        """What is known of a published file with this checksum; only what the catalogue names. For threads: may read it."""
        self._load()
        return self._published.get(sha256)

    # ------------------------------------------------------------ the hub
    async def search(self, text: str, *, limit: int = 40) -> tuple[FoundRepository, ...]:
        """GGUF repositories that the hub names for `text`, which is all that is sent. Raises NetworkError."""
        return tuple(await asyncio.to_thread(self._hub().search, text, limit))

    async def repository(self, name: str) -> Offer:
        """The sizes that a repository offers, judged by the header of one of them. Raises NetworkError, FileUnfit."""
        listing = await asyncio.to_thread(self._hub().repository, name)
        if listing.sizes:
            await self._read_header(listing.sizes[0], missing_ok=True)
        found = offer(offered(listing), listing.sizes, self._installed(), await self._advice.judge(), self._facts_of)
        self._of_the_hub[name] = found
        return found

    async def look_at_header(self, model: str, size_key: str) -> None:
        """Read the header of a size, so that its fit is known from now on. Raises NetworkError, ModelDamaged, NotFound."""
        _, size = await self.chosen(f"{model}:{size_key}")
        await self._read_header(size)

    async def with_headers(self, found: Offer) -> Offer:
        """The same offer after reading one header from the hub. Raises NetworkError, ModelDamaged."""
        await self._read_header(found.sizes[0].size)
        sizes = tuple(each.size for each in found.sizes)
        return offer(found.model, sizes, self._installed(), await self._advice.judge(), self._facts_of)

    async def _read_header(self, size: ModelSize, *, missing_ok: bool = False) -> None:
        try:
            facts = await self._header(size)
        except StrongroomError:
            if not missing_ok:
                raise
            return
        self._headers[size.repository, size.files[0].path] = facts

    async def _header(self, size: ModelSize) -> ModelFacts:
        hub, interruption = self._hub(), Interruption()
        try:
            async with asyncio.timeout(LONGEST_HEADER_S):
                return await hub.read_header(size, interruption)
        except TimeoutError:  # a server that drips would hold up whoever waits for it for hours
            interruption.interrupt()
            raise NetworkFailed(hub.host, "timed_out") from None

    def _facts_of(self, size: ModelSize) -> ModelFacts | None:
        """The header of a size; that of another size of the same model says the same but for the weights.

        A size that is keyed by its path stands in a repository of several models and borrows from none.
        """
        if facts := self._headers.get((size.repository, size.files[0].path)):
            return facts
        if size.key.endswith(".gguf"):
            return None
        relatives = (facts for (repository, _), facts in self._headers.items() if repository == size.repository)
        relative = next(relatives, None)
        return msgspec.structs.replace(relative, n_weight_bytes=size.n_bytes) if relative and size.n_bytes else None

    async def confirmed(self, model: OfferedModel, size: ModelSize) -> ModelSize:
        """The size with commit, bytes and checksums as the hub has them. Raises NetworkError, FileChanged.

        Where a publisher has replaced a file of the catalogue, the older commit that the catalogue names is taken.
        """
        hub = self._hub()
        try:
            return await asyncio.to_thread(hub.resolve, size)
        except FileChanged:
            hint = (await self._loaded()).revision_hint(model.id, size.key) if model.id in self._ids() else None
            commit = await asyncio.to_thread(hub.commit_beginning, size.repository, hint) if hint else None
            if commit is None:
                raise
            return await asyncio.to_thread(hub.resolve, replace(size, revision=commit))

    def _ids(self) -> set[str]:
        return {each.id for each in self._catalogue.offers} if self._catalogue is not None else set()

    # ------------------------------------------------------------ choosing
    async def chosen(self, text: str) -> tuple[OfferedModel, ModelSize]:
        """The model and size that `ID`, `ID:SIZE` or `owner/name:FILE` names; without a size the advised one.

        Raises NotFound; for a repository that was not looked at yet also what `repository` raises.
        """
        model, key = split_choice(text)
        found = await self.in_catalogue(model) or self._of_the_hub.get(model)
        if found is None:
            if "/" not in model:
                raise NotFound("catalogue model", text)
            found = await self.repository(model)
        wanted = key or found.advised or (found.sizes[0].size.key if found.sizes else "")
        for each in found.sizes:
            if wanted in (each.size.key, *(file.path for file in each.size.files)):
                return found.model, each.size
        raise NotFound("catalogue model", text)


def published(catalogue: Catalogue) -> dict[str, Provenance]:
    """What the catalogue names of each file, by its checksum, so that a copy from elsewhere can be recognised."""
    return {
        file.sha256: Provenance(
            name=model.name,
            sha256=file.sha256,
            n_bytes=file.n_bytes or 0,
            mtime_ns=0,
            repository=size.repository,
            revision=size.revision or "",
            path=file.path,
            licence=model.licence.id if model.licence else "",
            publisher_checksum=True,
            offer=model.id,
            size_key=size.key,
        )
        for model in catalogue.offers
        for size in catalogue.sizes(model.id)
        for file in size.files
        if file.sha256
    }


def split_choice(text: str) -> tuple[str, str | None]:
    """`ID:SIZE` as the two; None for no size."""
    model, _, key = text.partition(":")
    return model, key or None
