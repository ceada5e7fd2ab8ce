"""Pages of documents: their text and how it was come by. Rows in and out of a session that others open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.records import DocumentId, Page, PageCoverage, PageSource
from engine.store.columns import storable
from engine.store.matter_tables import PageRow
from engine.store.word_index import forget_words


def put(session: Session, document: str, pages: Sequence[Page], confidences: Sequence[float | None]) -> None:
    """Store pages; those that were there with the same numbers go, with their passages."""
    drop(session, document, [page.number for page in pages])
    rows = [_row(document, page, confidence) for page, confidence in zip(pages, confidences, strict=True)]
    if rows:
        session.execute(insert(PageRow), rows)


def drop(session: Session, document: str, numbers: Sequence[int] | None = None) -> None:
    """Remove pages with their passages, words and vectors; `numbers` None: all of the document's."""
    forget_words(session, document, numbers)
    if numbers is None:
        session.execute(delete(PageRow).where(PageRow.document == document))
    else:
        for number in numbers:
            session.execute(delete(PageRow).where(PageRow.document == document, PageRow.number == number))


def get(session: Session, document: str, number: int) -> Page:
    """One page. Raises NotFound."""
    row = session.scalar(select(PageRow).where(PageRow.document == document, PageRow.number == number))
    if row is None:
        raise NotFound("page", str(number))
    return _page(row)


def all_of(session: Session, document: str) -> list[Page]:
    """The pages that have been read, in order."""
    return [_page(row) for row in session.scalars(select(PageRow).where(PageRow.document == document).order_by(PageRow.number))]


def coverage(session: Session, document: str) -> list[PageCoverage]:
    """How each page was read, without its text."""
    columns = (PageRow.number, PageRow.source, PageRow.characters, PageRow.confidence)
    rows = session.execute(select(*columns).where(PageRow.document == document).order_by(PageRow.number))
    return [PageCoverage(number, cast(PageSource, source), length, confidence) for number, source, length, confidence in rows]


def _row(document: str, page: Page, confidence: float | None) -> dict[str, object]:
    return {
        "document": document,
        "number": page.number,
        "text": storable(page.text),
        "characters": len(page.text),
        "source": page.source,
        "label": page.label,
        "width": page.width,
        "height": page.height,
        "confidence": confidence,
    }


def _page(row: PageRow) -> Page:
    return Page(
        document=DocumentId(row.document),
        number=row.number,
        text=row.text,
        source=cast(PageSource, row.source),
        label=row.label,
        width=row.width,
        height=row.height,
    )
