"""Documents as rows of a table: words for each column, filter groups, sort keys. Pure functions of a Document."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QCoreApplication

from desktop import figures, wording
from desktop.cells import Cell, StatusCell, TextCell
from engine.records import Document

translate = QCoreApplication.translate

Group = Literal["ready", "in_progress", "needs_you"]
COLUMNS = ("name", "pages", "status", "size", "added")

_GROUPS: dict[str, Group] = {
    "ready": "ready",
    "waiting": "in_progress",
    "reading": "in_progress",
    "indexing": "in_progress",
}
_STATUS_ORDER = ("needs_password", "failed", "no_text", "cancelled", "reading", "indexing", "waiting", "ready")
_ICONS = (("message", "mail"), ("html", "file-code"), ("image", "file-image"), ("sheet", "file-spreadsheet"))


def group_of(document: Document) -> Group:
    """Which filter shows the document: what is not ready and not under way waits for a person."""
    return _GROUPS.get(document.status, "needs_you")


def icon_of(document: Document) -> tuple[str, str]:
    """Icon and colour token of the document's kind, or of what is wrong with it."""
    if document.status in ("needs_password", "failed"):
        return "file-warning", "caution_text" if document.status == "needs_password" else "danger_text"
    if document.status == "no_text":
        return "file-scan", "text2"
    return next((icon for part, icon in _ICONS if part in document.media_type), "file-text"), "text2"


def title_of(column: str) -> str:
    return {
        "name": translate("documents", "Document"),
        "pages": translate("documents", "Pages"),
        "status": translate("documents", "Status"),
        "size": translate("documents", "Size"),
        "added": translate("documents", "Added"),
    }[column]


def cell_of(document: Document, column: str) -> Cell:
    """What a cell shows."""
    if column == "name":
        icon, color = icon_of(document)
        return TextCell(document.name, icon, color, strong=True)
    if column == "pages":
        return TextCell(figures.number(document.n_pages) if document.n_pages else "–", right=True)
    if column == "size":
        return TextCell(figures.size(document.n_bytes), right=True)
    if column == "added":
        return TextCell(figures.day(document.added))
    return _status_cell(document)


def _status_cell(document: Document) -> StatusCell:
    status = wording.document_status(document.status)
    if document.status == "reading" and document.n_pages:
        note = translate("documents", "Page {n} of {all}").format(
            n=figures.number(document.n_pages_read), all=figures.number(document.n_pages)
        )
        return StatusCell(status, note, document.n_pages_read / document.n_pages)
    if document.status == "reading":
        return StatusCell(status)
    if document.status == "indexing":
        return StatusCell(status, status.text, document.n_indexed / document.n_passages if document.n_passages else 0.0)
    return StatusCell(status, _note(document))


def _note(document: Document) -> str:
    if document.status == "ready" and document.n_pages_without_text:
        words = translate("documents", "{pages} without text")
        return words.format(pages=figures.pages(document.n_pages_without_text))
    return ""


def sort_key(document: Document, column: str, arrival: int) -> tuple[object, ...]:
    """Key of a column; the order of arrival settles ties and makes every key unlike every other."""
    if column == "name":
        return (document.name.casefold(), arrival)
    if column == "pages":
        return (document.n_pages, arrival)
    if column == "status":
        return (_STATUS_ORDER.index(document.status), arrival)
    if column == "size":
        return (document.n_bytes, arrival)
    return (arrival,)
