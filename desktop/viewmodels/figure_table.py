"""A small table of figures that come ready as cells; the first column names the row, the last row may be a total.

QtCore only. It sorts by the figures behind the cells, and a total stays last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.cells import CELL, TextCell

_NOWHERE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class FigureRow:
    """Cells, and what they are sorted by; without keys a row stays where it is, below the others."""

    cells: tuple[TextCell, ...]
    keys: tuple[int | str, ...] = ()


class FigureTable(QAbstractTableModel):
    """Rows as given, or sorted by a column."""

    def __init__(self, titles: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles = tuple(titles)
        self._given: tuple[FigureRow, ...] = ()
        self._rows: list[FigureRow] = []
        self._order: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)

    def show_rows(self, rows: Sequence[FigureRow]) -> None:
        """Show other rows, in the order that was chosen; the same ones change nothing."""
        if tuple(rows) == self._given:
            return
        self.beginResetModel()
        self._given = tuple(rows)
        self._sort()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        self._order = column, order
        self._sort()
        self.layoutChanged.emit()

    def _sort(self) -> None:
        column, order = self._order
        movable = [row for row in self._given if row.keys]
        if column >= 0:
            movable.sort(key=lambda row: row.keys[column], reverse=order == Qt.SortOrder.DescendingOrder)
        self._rows = [*movable, *(row for row in self._given if not row.keys)]

    # ------------------------------------------------------------ the table
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        cell = self._rows[index.row()].cells[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell.text
        return cell if role == CELL else None
