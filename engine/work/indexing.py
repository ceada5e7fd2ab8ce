"""Make passages findable by meaning, in the background, a few at a time.

Goes matter by matter through the passages that have no vector yet, so that it can stop and go on anywhere.
An answer that is being written is not held up: the embedding worker runs at low priority.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from engine.documents.passages import indexed_text
from engine.errors import ModelError, NotFound, StrongroomError
from engine.events import DocumentChanged, Event, Trouble
from engine.inference.supervisor import EmbeddingModel
from engine.records import Document, DocumentId, MatterId, Passage
from engine.store.store import Store
from engine.work.faults import translated
from engine.work.retrieval import Retrieval
from engine.work.store_access import StoreAccess

log = logging.getLogger(__name__)

PASSAGES_AT_ONCE = 16  # about two seconds of one core; small enough that a removed document is noticed soon


class Indexing:
    """Owner of the embedding of passages. One background task for all matters."""

    def __init__(
        self, access: StoreAccess, embedding: EmbeddingModel, retrieval: Retrieval, publish: Callable[[Event], None]
    ) -> None:
        self._access = access
        self._embedding = embedding
        self._retrieval = retrieval
        self._publish = publish
        self._due: dict[MatterId, None] = {}
        self._now: MatterId | None = None
        self._resting = asyncio.Event()
        self._resting.set()
        self._something_due = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="index passages")

    def wanted(self, matter: MatterId) -> None:
        """Passages of this matter may lack vectors."""
        self._due.setdefault(matter)
        self._resting.clear()
        self._something_due.set()

    def forget(self, matter: MatterId) -> None:
        self._due.pop(matter, None)
        if self._now == matter:
            self._now = None

    async def finished(self) -> None:
        """Wait until nothing is due; what failed is not tried again by itself."""
        await self._resting.wait()

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._something_due.wait()
            self._something_due.clear()
            while self._due:
                matter = self._now = next(iter(self._due))
                del self._due[matter]  # before the work: passages that come during it are due once more
                try:
                    with translated("index passages"):
                        await self._index(matter)
                except NotFound:
                    continue  # the matter was deleted meanwhile
                except StrongroomError as error:
                    # Words still find everything; the passages stay marked as not indexed and are tried at the next start.
                    self._publish(Trouble(error, about="index"))
            self._now = None
            self._resting.set()

    async def _index(self, matter: MatterId) -> None:
        while self._now == matter:
            batch = await self._access.read(lambda store: store.matter(matter).passages.without_vector(PASSAGES_AT_ONCE))
            if not batch:
                await self._settle(matter, await self._indexing(matter))
                return
            await self._index_batch(matter, batch)

    async def _indexing(self, matter: MatterId) -> set[DocumentId]:
        documents = await self._access.read(lambda store: store.matter(matter).documents.list())
        return {each.id for each in documents if each.status == "indexing"}

    async def _index_batch(self, matter: MatterId, batch: list[Passage]) -> None:
        names = await self._access.read(lambda store: {each.id: each.name for each in store.matter(matter).documents.list()})
        texts = [indexed_text(names.get(passage.document, ""), passage.heading, passage.text) for passage in batch]
        try:
            vectors = await self._embedding.embed(texts)
        except ModelError:
            await self._embedding.start()  # once; a second failure is reported
            vectors = await self._embedding.embed(texts)
        ids = [passage.id for passage in batch]
        await self._access.write(lambda store: store.matter(matter).passages.put_vectors(ids, vectors))
        await self._retrieval.add_vectors(matter, ids, [passage.document for passage in batch], vectors)
        await self._settle(matter, {passage.document for passage in batch})

    async def _settle(self, matter: MatterId, documents: set[DocumentId]) -> None:
        """Tell how far these documents are; one whose every passage is indexed is ready."""

        def write(store: Store, document: DocumentId) -> Document:
            stored = store.matter(matter).documents
            if (now := stored.get(document)).status == "indexing" and now.n_indexed >= now.n_passages:
                stored.set_status(document, "ready")
            return stored.get(document)

        for document in documents:
            try:
                self._publish(DocumentChanged(await self._access.write(partial(write, document=document))))
            except NotFound:
                continue  # removed meanwhile
