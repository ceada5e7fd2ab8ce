"""The passages of a matter: where they are, their words, their vectors.

A passage's text lies in its page; here is only where it starts and ends. Which passages answer a question is decided
by engine.documents.search; this file finds candidates by their words and hands out the vectors.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.records import DocumentId, Passage
from engine.store import word_index
from engine.store.database import Database
from engine.store.matter_tables import DocumentRow, PageRow, PassageRow, VectorRow
from engine.store.word_query import full_text_query

HALF = np.dtype("<f2")
LAST_ID = text("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'passages'), 0)")
AMONG = text("passages.id IN (SELECT value FROM json_each(:ids))")
IN_DOCUMENTS = text("passages.document IN (SELECT value FROM json_each(:documents))")


class CutPassage(Protocol):
    """A passage as the cutter makes it: a stretch of a page, and what search shall see of it."""

    @property
    def page(self) -> int: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def heading(self) -> str: ...
    def indexed_text(self, document_name: str) -> str: ...


class StoredPassages:
    """The passages of one matter. Ids are numbers that are never used again, not even after a removal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, document: DocumentId, passages: Sequence[CutPassage]) -> list[int]:
        """Add passages of pages that are stored; their ids. From now on they are found by their words. Raises NotFound."""
        with self._database.write() as session:
            name = session.scalar(select(DocumentRow.name).where(DocumentRow.id == document))
            if name is None:
                raise NotFound("document", document)
            last = session.execute(LAST_ID).scalar_one()
            ids = list(range(last + 1, last + 1 + len(passages)))
            if passages:
                rows = [_row(number, document, passage) for number, passage in zip(ids, passages, strict=True)]
                session.execute(insert(PassageRow), rows)
            words = (passage.indexed_text(name) for passage in passages)
            word_index.keep_words(session, zip(ids, words, strict=True))
        return ids

    def get(self, ids: Sequence[int]) -> list[Passage]:
        """The passages with these ids, in the order asked for; those that are gone are left out."""
        wanted = select(PassageRow).where(AMONG.bindparams(ids=json.dumps(list(ids))))
        with self._database.read() as session:
            found = {passage.id: passage for passage in _passages(session, wanted)}
        return [found[number] for number in ids if number in found]

    def count(self, document: DocumentId | None = None) -> int:
        """How many passages there are, in a document or in all (None)."""
        wanted = select(func.count()).select_from(PassageRow)
        if document is not None:
            wanted = wanted.where(PassageRow.document == document)
        with self._database.read() as session:
            return session.scalar(wanted) or 0

    def search_words(self, query: str, documents: Sequence[DocumentId] | None = None, limit: int = 50) -> list[tuple[int, float]]:
        """Ids and BM25 scores (larger is better) of passages with any telling word of `query`, best first.

        Takes any text; one without words finds nothing. `documents` None: the whole matter.
        """
        words = full_text_query(query)
        if words is None or limit <= 0:
            return []
        with self._database.read() as session:
            return word_index.find(session, words, documents, limit)

    # ------------------------------------------------------------ vectors
    def without_vector(self, limit: int) -> list[Passage]:
        """Up to `limit` passages that have no vector yet, the oldest first."""
        wanted = select(PassageRow).where(text("passages.indexed = 0")).order_by(PassageRow.id).limit(limit)
        with self._database.read() as session:
            return _passages(session, wanted)

    def put_vectors(self, ids: Sequence[int], vectors: NDArray[np.floating]) -> None:
        """Store one row of `vectors` for each passage, in half precision; passages that are gone are left out.

        Raises ValueError for another dimension than the vectors that are already there.
        """
        rows = np.ascontiguousarray(vectors, dtype=HALF)
        if rows.ndim != 2 or len(rows) != len(ids):
            raise ValueError("one row for each passage is needed")
        with self._database.write() as session:
            n_bytes = session.scalar(select(func.length(VectorRow.numbers)).limit(1))
            if n_bytes is not None and n_bytes != rows.shape[1] * HALF.itemsize:
                raise ValueError("vectors of different models cannot be compared")
            there = set(session.scalars(select(PassageRow.id).where(AMONG.bindparams(ids=json.dumps(list(ids))))))
            kept = [
                {"passage": number, "numbers": row.tobytes()} for number, row in zip(ids, rows, strict=True) if number in there
            ]
            if kept:
                session.execute(insert(VectorRow).prefix_with("OR REPLACE"), kept)
                marked = update(PassageRow).where(PassageRow.__table__.c.id == bindparam("marked")).values(indexed=True)
                session.connection().execute(marked, [{"marked": row["passage"]} for row in kept])

    def vectors(self, documents: Sequence[DocumentId] | None = None) -> tuple[list[int], list[DocumentId], NDArray[np.float32]]:
        """Passage ids, the document of each, and their vectors as rows of a float32 matrix."""
        columns = (VectorRow.passage, PassageRow.document, VectorRow.numbers)
        wanted = select(*columns).join(PassageRow, PassageRow.id == VectorRow.passage).order_by(VectorRow.passage)
        if documents is not None:
            wanted = wanted.where(IN_DOCUMENTS.bindparams(documents=json.dumps(list(documents))))
        with self._database.read() as session:
            rows = session.execute(wanted).all()
        numbers = np.frombuffer(b"".join(row.numbers for row in rows), dtype=HALF)
        matrix = numbers.reshape(len(rows), -1) if rows else numbers.reshape(0, 0)
        return [row.passage for row in rows], [DocumentId(row.document) for row in rows], matrix.astype(np.float32)


def _row(number: int, document: str, passage: CutPassage) -> dict[str, object]:
    return {
        "id": number,
        "document": document,
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
        "heading": passage.heading,
        "indexed": False,
    }


def _passages(session: Session, wanted: Select[tuple[PassageRow]]) -> list[Passage]:
    """Rows with their texts; each page is read once, and cut here because SQLite's substr() ends at a NUL character."""
    rows = list(session.scalars(wanted))
    texts = _page_texts(session, {(row.document, row.page) for row in rows})
    return [
        Passage(
            id=row.id or 0,
            document=DocumentId(row.document),
            page=row.page,
            start=row.start,
            end=row.end,
            heading=row.heading,
            text=texts[row.document, row.page][row.start : row.end],
        )
        for row in rows
    ]


def _page_texts(session: Session, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    wanted = select(PageRow.text).where(PageRow.document == bindparam("of"), PageRow.number == bindparam("page"))
    return {(document, page): session.execute(wanted, {"of": document, "page": page}).scalar_one() for document, page in places}
