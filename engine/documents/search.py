"""Join the search by words with the search by meaning, and the vectors of a matter in memory. No store, no model.

Reciprocal rank fusion: a passage's score is the sum over both lists of weight / (k + rank). Ranks are comparable
where scores are not. Meaning counts twice as much as words; with an empty list of meanings, while vectors are still
being made, the order of the words remains.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.records import DocumentId

K = 60
WORDS_WEIGHT, MEANING_WEIGHT = 1.0, 2.0
_REPEAT_PENALTY = 0.97  # for each better passage of the same document

Vectors = NDArray[np.float32]


def fuse(
    by_words: Sequence[int], by_meaning: Sequence[int], document_of: Mapping[int, DocumentId] | None = None
) -> list[tuple[int, float]]:
    """Passage ids with their scores, best first, from two lists of ids that are each ordered best first.

    Where it is known which document a passage is of, a document with many hits gives way a little to the others.
    """
    scores: dict[int, float] = {}
    for ranked, weight in ((by_words, WORDS_WEIGHT), (by_meaning, MEANING_WEIGHT)):
        for rank, passage in enumerate(dict.fromkeys(ranked), start=1):
            scores[passage] = scores.get(passage, 0.0) + weight / (K + rank)
    ordered = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return _diverse(ordered, document_of) if document_of else ordered


def _diverse(ordered: list[tuple[int, float]], document_of: Mapping[int, DocumentId]) -> list[tuple[int, float]]:
    seen: dict[DocumentId, int] = {}
    lowered = []
    for passage, score in ordered:
        document = document_of.get(passage)
        n_better = 0
        if document is not None:
            n_better = seen.get(document, 0)
            seen[document] = n_better + 1
        lowered.append((passage, score * _REPEAT_PENALTY**n_better))
    return sorted(lowered, key=lambda item: (-item[1], item[0]))


class VectorIndex:
    """The vectors of a matter: exact cosine over one float32 matrix, which grows by doubling.

    Removing marks rows as free and adding takes free rows first, so that neither copies the whole matrix.
    """

    def __init__(self) -> None:
        self._rows: Vectors = np.zeros((0, 0), dtype=np.float32)
        self._row_of: dict[int, int] = {}
        self._passage_in: list[int | None] = []
        self._free: list[int] = []
        self._codes: dict[DocumentId, int] = {}
        self._code_in: NDArray[np.int32] = np.zeros(0, dtype=np.int32)

    @classmethod
    def from_rows(cls, ids: Sequence[int], documents: Sequence[DocumentId], rows: NDArray[np.floating]) -> VectorIndex:
        """An index of stored vectors (float16 or float32, one row for each id)."""
        index = cls()
        index.add(ids, documents, rows)
        return index

    def __len__(self) -> int:
        return len(self._row_of)

    @property
    def n_bytes(self) -> int:
        return self._rows.nbytes

    def add(self, ids: Sequence[int], documents: Sequence[DocumentId], rows: NDArray[np.floating]) -> None:
        """Take in passages with their vectors; one that is known already gets its new vector."""
        if not len(ids):
            return
        vectors = _normalised(np.asarray(rows, dtype=np.float32).reshape(len(ids), -1))
        if self._rows.shape[1] not in (0, vectors.shape[1]):
            raise ValueError(f"vectors of {vectors.shape[1]} dimensions in an index of {self._rows.shape[1]}")
        places = self._places(ids, vectors.shape[1])
        self._rows[places] = vectors
        self._code_in[places] = [self._codes.setdefault(document, len(self._codes)) for document in documents]

    def remove_document(self, document: DocumentId) -> None:
        """Forget every passage of a document."""
        code = self._codes.get(document)
        if code is None:
            return
        for row in np.flatnonzero(self._code_in[: len(self._passage_in)] == code).tolist():
            passage = self._passage_in[row]
            if passage is not None:
                del self._row_of[passage]
            self._passage_in[row] = None
            self._code_in[row] = -1
            self._rows[row] = 0.0
            self._free.append(row)

    def nearest(
        self, question: NDArray[np.floating], n: int, documents: Collection[DocumentId] | None = None
    ) -> list[tuple[int, float]]:
        """The `n` passages closest in meaning with their cosine, best first; within `documents`, or in all (None)."""
        n_rows = len(self._passage_in)
        if not self._row_of or n <= 0:
            return []
        cosines = self._rows[:n_rows] @ _normalised(np.asarray(question, dtype=np.float32).reshape(1, -1))[0]
        cosines[~self._in_scope(n_rows, documents)] = -np.inf
        best = np.argpartition(-cosines, n - 1)[:n] if n < n_rows else np.arange(n_rows)
        best = best[np.lexsort((best, -cosines[best]))]
        found = ((self._passage_in[row], float(cosines[row])) for row in best.tolist() if np.isfinite(cosines[row]))
        return [(passage, cosine) for passage, cosine in found if passage is not None]

    def _in_scope(self, n_rows: int, documents: Collection[DocumentId] | None) -> NDArray[np.bool_]:
        codes = self._code_in[:n_rows]
        if documents is None:
            return codes >= 0
        return np.isin(codes, [self._codes[document] for document in documents if document in self._codes])

    def _places(self, ids: Sequence[int], dimensions: int) -> list[int]:
        places = []
        for passage in ids:
            row = self._row_of.get(passage)
            if row is None:
                row = self._free.pop() if self._free else len(self._passage_in)
                if row == len(self._passage_in):
                    self._passage_in.append(None)
                self._row_of[passage] = row
                self._passage_in[row] = passage
            places.append(row)
        self._make_room(len(self._passage_in), dimensions)
        return places

    def _make_room(self, n_rows: int, dimensions: int) -> None:
        if n_rows <= len(self._rows):
            return
        room = max(n_rows, 2 * len(self._rows), 256)
        rows = np.zeros((room, dimensions), dtype=np.float32)
        if self._rows.size:
            rows[: len(self._rows)] = self._rows
        codes = np.full(room, -1, dtype=np.int32)
        codes[: len(self._code_in)] = self._code_in
        self._rows, self._code_in = rows, codes


def _normalised(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32, copy=False)
