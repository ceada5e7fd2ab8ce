"""The network log as a table model: newest first unless sorted otherwise, and growing while it is looked at."""

from __future__ import annotations

import html
from collections.abc import Iterable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from desktop.cells import CELL
from desktop.viewmodels.connection_rows import COLUMNS, cell_of, sort_key, title_of
from desktop.viewmodels.sorted_rows import SortedRows
from desktop.wordings import connections
from engine.network_records import Connection

_NOWHERE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class ConnectionTable(QAbstractTableModel):
    """A connection that ends changes its own row and no other."""

    def __init__(self) -> None:
        super().__init__()
        self._connections: dict[int, Connection] = {}
        self._column = "time"
        self._rows = SortedRows(descending=True)

    # ------------------------------------------------------------ contents
    def fill(self, connections: Iterable[Connection]) -> None:
        """Show these connections and no others."""
        self._connections = {connection.id: connection for connection in connections}
        self._refill()

    def put(self, connection: Connection) -> None:
        """Take a connection that was tried or that has ended."""
        key = sort_key(connection, self._column)
        known = connection.id in self._connections
        self._connections[connection.id] = connection
        if known and self._rows.key(connection.id) == key:
            row = self._rows.place(connection.id)
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))
            return
        if known:
            row = self._rows.place(connection.id)
            self.beginRemoveRows(_NOWHERE, row, row)
            self._rows.remove(connection.id)
            self.endRemoveRows()
        row = self._rows.place_for(key)
        self.beginInsertRows(_NOWHERE, row, row)
        self._rows.insert(connection.id, key)
        self.endInsertRows()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 goes back to the newest first."""
        self._column = COLUMNS[column] if column >= 0 else "time"
        self._rows.descending = column < 0 or order == Qt.SortOrder.DescendingOrder
        self._refill()

    def connection_at(self, row: int) -> Connection | None:
        return self._connections[self._rows[row]] if 0 <= row < len(self._rows) else None  # type: ignore[index]

    def _refill(self) -> None:
        self.beginResetModel()
        self._rows.fill((one.id, sort_key(one, self._column)) for one in self._connections.values())
        self.endResetModel()

    # ------------------------------------------------------------ Qt's questions
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        connection = self.connection_at(index.row()) if index.isValid() else None
        if connection is None:
            return None
        if role in (CELL, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            cell = cell_of(connection, COLUMNS[index.column()])
            return cell if role == CELL else cell.text
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return connections.details(connection)
        if role == Qt.ItemDataRole.ToolTipRole:  # Qt would read markup, and a host may be what a server said it is
            return html.escape(connections.details(connection)).replace("\n", "<br>")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return title_of(COLUMNS[section])
        return None
