"""The full-text index of a matter: which words are in which passage. Rows in and out of a session that others open.

The index is contentless: it knows words and places, not texts. A removed passage stops being found at once; `purge`
then takes its words out of the index too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from engine.store.columns import storable

# Lists go in as one JSON value, because SQLite limits how many parameters a statement may have.
INSERT = text("INSERT INTO passage_words (rowid, words) VALUES (:passage, :words)")
FORGET = text("DELETE FROM passage_words WHERE rowid IN (SELECT id FROM passages WHERE document = :document)")
FORGET_PAGES = text(
    "DELETE FROM passage_words WHERE rowid IN (SELECT id FROM passages WHERE document = :document"
    " AND page IN (SELECT value FROM json_each(:pages)))"
)
PURGE = text("INSERT INTO passage_words (passage_words) VALUES ('optimize')")
FIND = text("SELECT rowid, -bm25(passage_words) FROM passage_words WHERE passage_words MATCH :query ORDER BY rank LIMIT :limit")
FIND_WITHIN = text(
    "SELECT rowid, -bm25(passage_words) FROM passage_words WHERE passage_words MATCH :query AND rowid IN"
    " (SELECT id FROM passages WHERE document IN (SELECT value FROM json_each(:documents))) ORDER BY rank LIMIT :limit"
)


def keep_words(session: Session, passages: Iterable[tuple[int, str]]) -> None:
    """Index passages, given as id and what shall be found of them."""
    rows = [{"passage": passage, "words": storable(words)} for passage, words in passages]
    if rows:
        session.execute(INSERT, rows)


def forget_words(session: Session, document: str, pages: Sequence[int] | None = None) -> None:
    """Take passages out, before they go: all of a document's, or those on some pages of it."""
    if pages is None:
        session.execute(FORGET, {"document": document})
    else:
        session.execute(FORGET_PAGES, {"document": document, "pages": json.dumps(list(pages))})


def purge(session: Session) -> None:
    """Write the index anew without what was taken out."""
    session.execute(PURGE)


def find(session: Session, query: str, documents: Sequence[str] | None, limit: int) -> list[tuple[int, float]]:
    """Passage ids with their BM25 score (larger is better), best first. `query` is in FTS5's own language."""
    values = {"query": query, "limit": limit}
    if documents is None:
        rows = session.execute(FIND, values)
    else:
        rows = session.execute(FIND_WITHIN, {**values, "documents": json.dumps(list(documents))})
    return [(int(passage), float(score)) for passage, score in rows]
