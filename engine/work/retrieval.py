"""Find the passages of a matter that bear on a question: by their words at once, by meaning as far as they are indexed.

Joins the store's full-text index with the vectors in memory; the fusion itself is `documents.search`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np

from engine.documents.search import VectorIndex, fuse
from engine.errors import ModelError, NotSealed
from engine.inference.supervisor import EmbeddingModel
from engine.records import DocumentId, FoundPassage, MatterId
from engine.store.store import Store
from engine.work.quoting import MOST_CHOICES, closest, sentences_of
from engine.work.store_access import StoreAccess

CANDIDATES = 50  # from each half of the search
SENTENCE_PATIENCE_S = 10.0
PATIENCE_S = 3.0  # a question's vector takes some 10 ms; a worker that just starts must not hold up the answer


class Retrieval:
    """Searches one matter after the other; keeps each matter's vectors in memory while it is open."""

    def __init__(self, access: StoreAccess, embedding: EmbeddingModel) -> None:
        self._access = access
        self._embedding = embedding
        self._vectors: dict[MatterId, VectorIndex] = {}

    async def search(
        self, matter: MatterId, text: str, documents: Sequence[DocumentId] | None = None, *, limit: int
    ) -> list[FoundPassage]:
        """The best `limit` passages for `text`, best first; `documents` None means the whole matter."""
        by_words = await self._access.read(lambda store: _by_words(store, matter, text, documents))
        by_meaning = await self._by_meaning(matter, text, documents)
        words, meanings = [number for number, _ in by_words], [number for number, _ in by_meaning]
        candidates = list({*words, *meanings})
        passages = await self._access.read(lambda store: store.matter(matter).passages.get(candidates))
        known = {passage.id: passage for passage in passages}
        document_of = {number: passage.document for number, passage in known.items()}
        ranked = fuse(words, meanings, document_of)
        return [FoundPassage(known[number], score) for number, score in ranked if number in known][:limit]

    async def closest_sentences(self, question: str, passages: Sequence[FoundPassage]) -> list[str]:
        """The few sentences of the passages that are closest to the question, in the order of the passages.

        Without a working embedding worker these are the first sentences of the best passages.
        """
        sentences = await asyncio.to_thread(sentences_of, passages)
        if len(sentences) <= MOST_CHOICES:
            return sentences
        try:
            vectors = await asyncio.wait_for(self._embedding.embed([question, *sentences]), SENTENCE_PATIENCE_S)
        except (TimeoutError, ModelError, NotSealed):
            return sentences[:MOST_CHOICES]
        return closest(sentences, vectors[0], vectors[1:])

    async def _by_meaning(self, matter: MatterId, text: str, documents: Sequence[DocumentId] | None) -> list[tuple[int, float]]:
        vectors = await self.vectors(matter)
        if len(vectors) == 0:
            return []
        try:
            question = await asyncio.wait_for(self._embedding.embed([text]), PATIENCE_S)
        except (TimeoutError, ModelError, NotSealed):
            return []  # the words alone still find passages; the state of the worker is reported elsewhere
        return vectors.nearest(question[0], CANDIDATES, documents)

    async def vectors(self, matter: MatterId) -> VectorIndex:
        """The matter's vectors, read from the store at first use."""
        if matter not in self._vectors:
            stored = await self._access.read(lambda store: store.matter(matter).passages.vectors())
            self._vectors.setdefault(matter, VectorIndex.from_rows(*stored))
        return self._vectors[matter]

    async def add_vectors(self, matter: MatterId, ids: Sequence[int], documents: Sequence[DocumentId], rows: np.ndarray) -> None:
        """Take newly embedded passages into the search."""
        (await self.vectors(matter)).add(ids, documents, rows)

    def forget(self, matter: MatterId, document: DocumentId | None = None) -> None:
        """Drop the vectors of a document that was removed, or of a whole matter."""
        if document is None:
            self._vectors.pop(matter, None)
        elif matter in self._vectors:
            self._vectors[matter].remove_document(document)


def _by_words(store: Store, matter: MatterId, text: str, documents: Sequence[DocumentId] | None) -> list[tuple[int, float]]:
    return store.matter(matter).passages.search_words(text, documents, CANDIDATES)
