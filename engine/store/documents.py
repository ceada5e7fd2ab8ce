"""The documents of a matter: what was added, how far it has been read, the original bytes.

Counts of pages and passages are counted when asked for, so they are always those of the rows that are there.
"""

from __future__ import annotations

import mimetypes
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.records import Document, DocumentId, DocumentStatus, MatterId, Page, PageCoverage
from engine.store import pages as page_rows
from engine.store import word_index
from engine.store.columns import name_on_one_line
from engine.store.database import Database
from engine.store.document_counts import Counts, counts_of
from engine.store.matter_tables import DocumentRow
from engine.store.originals import keep_original, original_pieces, pieces, pieces_of_file, sha256_of

UNKNOWN_TYPE = "application/octet-stream"
LARGE_BYTES = 8 << 20


class _AlreadyHere(Exception):
    """Undoes an addition whose bytes turn out to be in the matter."""

    def __init__(self, document: DocumentId) -> None:
        self.document = document


class StoredDocuments:
    """The documents of one matter. `counted` is told the number of documents after each change of it."""

    def __init__(self, database: Database, matter: MatterId, counted: Callable[[int], None]) -> None:
        self._database = database
        self._matter = matter
        self._counted = counted

    # ------------------------------------------------------------ adding and removing
    def add(
        self, name: str, media_type: str, content: bytes | Iterable[bytes], original_path: str | None = None
    ) -> tuple[Document, bool]:
        """Keep a document's bytes; the document, and False when the same bytes were there already.

        All or nothing, whatever interrupts it. Raises DiskFull.
        """
        document = DocumentId(uuid.uuid4().hex)
        self._database.checkpoint()  # an empty log can give back all its room, should the document not fit
        try:
            with self._database.write() as session:
                session.execute(insert(DocumentRow), [_new_row(session, document, name, media_type, original_path)])
                n_bytes, sha256 = keep_original(session, document, pieces(content))
                if (same := _with_hash(session, sha256)) is not None:
                    raise _AlreadyHere(same)
                session.execute(update(DocumentRow).where(_is(document)).values(n_bytes=n_bytes, sha256=sha256))
        except _AlreadyHere as here:
            return self.get(here.document), False
        if n_bytes > LARGE_BYTES:
            self._database.checkpoint()  # else the log keeps the size of the file
        self._counted(self.count())
        return self.get(document), True

    def add_file(self, file: Path) -> tuple[Document, bool]:
        """Keep a copy of a file; as `add`. Raises DocumentUnreadable when the file cannot be read, DiskFull."""
        if (same := self.with_hash(sha256_of(pieces_of_file(file)))) is not None:
            return same, False
        media_type = mimetypes.guess_type(file.name)[0] or UNKNOWN_TYPE
        return self.add(file.name, media_type, pieces_of_file(file), str(file.absolute()))

    def remove(self, document: DocumentId) -> None:
        """Remove a document with its pages, passages, words and vectors; answers keep what they quoted. Raises NotFound."""
        with self._database.write() as session:
            _existing(session, document)
            page_rows.drop(session, document)
            session.execute(delete(DocumentRow).where(_is(document)))
            word_index.purge(session)
        self._database.give_back_space()
        self._counted(self.count())

    # ------------------------------------------------------------ looking
    def get(self, document: DocumentId) -> Document:
        """One document. Raises NotFound."""
        with self._database.read() as session:
            return _record(_existing(session, document), self._matter, counts_of(session, document)[document])

    def list(self) -> list[Document]:
        """All documents in the order they came."""
        with self._database.read() as session:
            counts = counts_of(session)
            rows = session.scalars(select(DocumentRow).order_by(DocumentRow.position))
            return [_record(row, self._matter, counts[DocumentId(row.id)]) for row in rows]

    def count(self) -> int:
        with self._database.read() as session:
            return session.scalar(select(func.count()).select_from(DocumentRow)) or 0

    def with_hash(self, sha256: str) -> Document | None:
        """The document with these bytes, if it is here."""
        with self._database.read() as session:
            same = _with_hash(session, sha256)
        return None if same is None else self.get(same)

    def original(self, document: DocumentId) -> bytes:
        """All bytes as they were added; for large documents take `original_chunks`. Raises NotFound."""
        return b"".join(self.original_chunks(document))

    def original_chunks(self, document: DocumentId) -> Iterator[bytes]:
        """The bytes in pieces of at most a megabyte. Raises NotFound, at once."""
        with self._database.read() as session:
            _existing(session, document)
        return original_pieces(self._database, document)

    # ------------------------------------------------------------ reading
    def set_status(
        self,
        document: DocumentId,
        status: DocumentStatus,
        problem: str | None = None,
        problem_facts: dict[str, object] | None = None,
    ) -> None:
        """How far a document is, and the error that stopped it, if any. Raises NotFound."""
        self._update(document, status=status, problem=problem, problem_facts=problem_facts)

    def opened(self, document: DocumentId, *, n_pages: int, media_type: str) -> None:
        """What the reader found out first: how many pages there are, and what the file really is. Raises NotFound."""
        self._update(document, n_pages=n_pages, media_type=media_type)

    def clear_pages(self, document: DocumentId) -> None:
        """Forget what was read, before reading again; the original stays. Raises NotFound."""
        with self._database.write() as session:
            _existing(session, document)
            page_rows.drop(session, document)
            session.execute(update(DocumentRow).where(_is(document)).values(n_pages=0))

    def put_pages(self, document: DocumentId, pages: Sequence[Page], confidences: Sequence[float | None] | None = None) -> None:
        """Keep pages, in place of those with the same numbers; passages of replaced pages go with them.

        `confidences` (0–1) are in the order of `pages`. Raises NotFound.
        """
        with self._database.write() as session:
            _existing(session, document)
            page_rows.put(session, document, pages, confidences or [None] * len(pages))

    def page(self, document: DocumentId, number: int) -> Page:
        """One page. Raises NotFound for the document or the page."""
        with self._database.read() as session:
            _existing(session, document)
            return page_rows.get(session, document, number)

    def pages(self, document: DocumentId) -> Sequence[Page]:
        """The pages read so far, in order. Raises NotFound."""
        with self._database.read() as session:
            _existing(session, document)
            return page_rows.all_of(session, document)

    def coverage(self, document: DocumentId) -> Sequence[PageCoverage]:
        """How each page read so far was read. Raises NotFound."""
        with self._database.read() as session:
            _existing(session, document)
            return page_rows.coverage(session, document)

    def _update(self, document: DocumentId, **values: object) -> None:
        with self._database.write() as session:
            _existing(session, document)
            session.execute(update(DocumentRow).where(_is(document)).values(**values))


def _is(document: str) -> object:
    return DocumentRow.id == document


def _existing(session: Session, document: str) -> DocumentRow:
    row = session.get(DocumentRow, document)
    if row is None:
        raise NotFound("document", document)
    return row


def _with_hash(session: Session, sha256: str) -> DocumentId | None:
    found = session.scalar(select(DocumentRow.id).where(DocumentRow.sha256 == sha256))
    return None if found is None else DocumentId(found)


def _new_row(session: Session, document: str, name: str, media_type: str, original_path: str | None) -> dict[str, object]:
    """A row that waits for its bytes; nobody sees it before they are all there."""
    last = session.scalar(select(func.coalesce(func.max(DocumentRow.position), 0)))
    return {
        "id": document,
        "name": name_on_one_line(name),
        "media_type": media_type,
        "n_bytes": 0,
        "sha256": document,
        "added": datetime.now(UTC),
        "position": (last or 0) + 1,
        "status": "waiting",
        "n_pages": 0,
        "problem": None,
        "problem_facts": None,
        "original_path": original_path,
    }


def _record(row: DocumentRow, matter: MatterId, counts: Counts) -> Document:
    return Document(
        id=DocumentId(row.id),
        matter=matter,
        name=row.name,
        media_type=row.media_type,
        n_bytes=row.n_bytes,
        sha256=row.sha256,
        added=row.added,
        status=cast(DocumentStatus, row.status),
        n_pages=row.n_pages,
        n_pages_read=counts.pages,
        n_pages_without_text=counts.pages_without_text,
        n_passages=counts.passages,
        n_indexed=counts.indexed,
        problem=row.problem,
        problem_facts=row.problem_facts,
        original_path=row.original_path,
    )
