"""Prices as a table model: as they were listed, or sorted by a column. QtCore only."""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import date

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.cells import CELL, TextCell
from desktop.wordings import costs
from engine.price_records import ListedPrice

translate = QCoreApplication.translate
_NOWHERE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("model", "prompt", "generated", "first", "source", "checked")


def title_of(column: str) -> str:
    return {
        "model": translate("costs", "Model"),
        "prompt": translate("costs", "Read"),
        "generated": translate("costs", "Written"),
        "first": translate("costs", "From"),
        "source": translate("costs", "Source"),
        "checked": translate("costs", "Checked"),
    }[column]


class PriceTable(QAbstractTableModel):
    """A row is a price."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._given: tuple[ListedPrice, ...] = ()
        self._rows: list[ListedPrice] = []
        self._order: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)

    def fill(self, prices: Iterable[ListedPrice]) -> None:
        """Show these prices; the same ones change nothing."""
        if (given := tuple(prices)) != self._given:
            self.beginResetModel()
            self._given = given
            self._sort()
            self.endResetModel()

    def price_at(self, row: int) -> ListedPrice | None:
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 goes back to one's own first."""
        self.beginResetModel()
        self._order = column, order
        self._sort()
        self.endResetModel()

    def _sort(self) -> None:
        column, order = self._order
        self._rows = list(self._given)
        if column >= 0:
            name = COLUMNS[column]
            self._rows.sort(key=lambda price: _key(price, name), reverse=order == Qt.SortOrder.DescendingOrder)

    # ------------------------------------------------------------ Qt's questions
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return title_of(COLUMNS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        price = self.price_at(index.row()) if index.isValid() else None
        if price is None:
            return None
        if role in (CELL, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            cell = _cell(price, COLUMNS[index.column()])
            return cell if role == CELL else cell.text
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return costs.price_details(price)
        if role == Qt.ItemDataRole.ToolTipRole:  # Qt would read markup, and notes come from files
            return html.escape(costs.price_details(price)).replace("\n", "<br>")
        return None


def _key(price: ListedPrice, column: str) -> str | int | date:
    if column == "first":
        return price.first or date.min
    found: str | int = getattr(price, column)
    return found.casefold() if isinstance(found, str) else found


def _cell(price: ListedPrice, column: str) -> TextCell:
    match column:
        case "model":
            return TextCell(price.model, strong=True)
        case "prompt":
            return TextCell(costs.a_million(price.prompt), right=True)
        case "generated":
            return TextCell(costs.a_million(price.generated), right=True)
        case "first":
            return TextCell(costs.short_day(price.first))
        case "source":
            return TextCell(costs.price_source(price), icon="user-round" if price.source == "own" else "")
    return TextCell(costs.checked(price.checked))
