"""The documents of a matter as a table model: filtered, sorted, and changed row by row.

Thousands of rows stay quick: a document that gets further touches its own row and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from desktop.cells import CELL
from desktop.viewmodels.document_rows import COLUMNS, cell_of, group_of, sort_key, title_of
from desktop.viewmodels.sorted_rows import SortedRows
from engine.records import Document, DocumentId

_NOWHERE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class DocumentTable(QAbstractTableModel):
    """Rows come in the order of arrival until a column is chosen to sort by."""

    def __init__(self) -> None:
        super().__init__()
        self._documents: dict[DocumentId, Document] = {}
        self._arrival: dict[DocumentId, int] = {}
        self._rows = SortedRows()
        self._column = "added"
        self._group = "all"
        self._typed = ""
        self.groups: Counter[str] = Counter()
        self.n_pages = 0
        self.n_bytes = 0

    # ------------------------------------------------------------ contents
    @property
    def n_documents(self) -> int:
        return len(self._documents)

    def get(self, document: DocumentId) -> Document | None:
        return self._documents.get(document)

    def fill(self, documents: Iterable[Document]) -> None:
        """Show these documents from now on."""
        self._documents, self._arrival = {}, {}
        self.groups.clear()
        self.n_pages = self.n_bytes = 0
        for document in documents:
            self._count(document, 1)
            self._documents[document.id] = document
            self._arrival[document.id] = len(self._arrival)
        self._refill()

    def put(self, document: Document) -> None:
        """Take a new or changed document."""
        old = self._documents.get(document.id)
        if old is not None:
            self._count(old, -1)
        self._count(document, 1)
        self._documents[document.id] = document
        self._arrival.setdefault(document.id, len(self._arrival))
        self._show_row(document)

    def drop(self, document: DocumentId) -> None:
        """Forget a removed document."""
        old = self._documents.pop(document, None)
        if old is not None:
            self._count(old, -1)
            self._remove_row(document)

    def _count(self, document: Document, by: int) -> None:
        self.groups[group_of(document)] += by
        self.n_pages += by * document.n_pages
        self.n_bytes += by * document.n_bytes

    # ------------------------------------------------------------ filter and order
    def show_group(self, group: str) -> None:
        """`all`, `ready`, `in_progress` or `needs_you`."""
        self._group = group
        self._refill()

    def show_names_with(self, typed: str) -> None:
        self._typed = typed.strip().casefold()
        self._refill()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 goes back to the order of arrival."""
        self._column = COLUMNS[column] if column >= 0 else "added"
        self._rows.descending = order == Qt.SortOrder.DescendingOrder and column >= 0
        self._refill()

    def _fits(self, document: Document) -> bool:
        in_group = self._group == "all" or group_of(document) == self._group
        return in_group and all(part in document.name.casefold() for part in self._typed.split())

    def _key(self, document: Document) -> tuple[object, ...]:
        return sort_key(document, self._column, self._arrival[document.id])

    def _refill(self) -> None:
        self.beginResetModel()
        self._rows.fill((one.id, self._key(one)) for one in self._documents.values() if self._fits(one))
        self.endResetModel()

    # ------------------------------------------------------------ single rows
    def _show_row(self, document: Document) -> None:
        key = self._key(document)
        if document.id in self._rows and self._fits(document) and self._rows.key(document.id) == key:
            row = self._rows.place(document.id)
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))
            return
        self._remove_row(document.id)
        if self._fits(document):
            row = self._rows.place_for(key)
            self.beginInsertRows(_NOWHERE, row, row)
            self._rows.insert(document.id, key)
            self.endInsertRows()

    def _remove_row(self, document: DocumentId) -> None:
        if document in self._rows:
            row = self._rows.place(document)
            self.beginRemoveRows(_NOWHERE, row, row)
            self._rows.remove(document)
            self.endRemoveRows()

    def document_at(self, row: int) -> DocumentId | None:
        return self._rows[row] if 0 <= row < len(self._rows) else None  # type: ignore[return-value]

    def row_of(self, document: DocumentId) -> int | None:
        """Where a document is shown; None when the filter hides it."""
        return self._rows.place(document) if document in self._rows else None

    # ------------------------------------------------------------ Qt's questions
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        document = self.document_at(index.row()) if index.isValid() else None
        if document is None:
            return None
        if role in (CELL, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            cell = cell_of(self._documents[document], COLUMNS[index.column()])
            return cell if role == CELL else cell.text
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return title_of(COLUMNS[section])
        return None
