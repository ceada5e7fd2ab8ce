"""How many pages and passages documents have. Answered from indexes alone, never from the texts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from engine.records import DocumentId
from engine.store.matter_tables import PageRow, PassageRow

WITHOUT_TEXT = ("empty", "failed")


@dataclass
class Counts:
    """Numbers of one document."""

    pages: int = 0
    pages_without_text: int = 0
    passages: int = 0
    indexed: int = 0


def counts_of(session: Session, document: DocumentId | None = None) -> defaultdict[DocumentId, Counts]:
    """The counts of one document, or of all (None); a document without any has zeros."""
    counts: defaultdict[DocumentId, Counts] = defaultdict(Counts)
    for name, source, n in session.execute(_grouped(PageRow, PageRow.source, document)):
        counts[name].pages += n
        counts[name].pages_without_text += n if source in WITHOUT_TEXT else 0
    for name, indexed, n in session.execute(_grouped(PassageRow, PassageRow.indexed, document)):
        counts[name].passages += n
        counts[name].indexed += n if indexed else 0
    return counts


def _grouped(table: type[PageRow] | type[PassageRow], kind: Any, document: DocumentId | None) -> Select[Any]:
    wanted: Select[Any] = select(table.document, kind, func.count()).group_by(table.document, kind)
    return wanted if document is None else wanted.where(table.document == document)
