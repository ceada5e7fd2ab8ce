"""The prompts of a set as a table: number, prompt, right answer, where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop import figures
from desktop.cells import CELL, TextCell
from engine.vote_records import Prompt

translate = QCoreApplication.translate
_NOWHERE = QModelIndex()
_SHOWN = 300  # characters of a prompt that a row can need
Index = QModelIndex | QPersistentModelIndex

_KEYS: tuple[Callable[[Prompt], object], ...] = (
    lambda prompt: prompt.number,
    lambda prompt: prompt.text.casefold(),
    lambda prompt: (prompt.expected is None, (prompt.expected or "").casefold()),
    lambda prompt: prompt.source.casefold(),
)


class PromptTable(QAbstractTableModel):
    """Rows in the order of their numbers until a heading is pressed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._prompts: tuple[Prompt, ...] = ()
        self._rows: list[Prompt] = []
        self._order = (-1, Qt.SortOrder.AscendingOrder)
        self._titles = (
            translate("PromptTable", "No."),
            translate("PromptTable", "Prompt"),
            translate("PromptTable", "Expected"),
            translate("PromptTable", "From"),
        )

    def show_prompts(self, prompts: Sequence[Prompt]) -> None:
        """Show other prompts."""
        if tuple(prompts) == self._prompts:
            return
        self.beginResetModel()
        self._prompts = tuple(prompts)
        self._arrange()
        self.endResetModel()

    def prompt_at(self, row: int) -> Prompt | None:
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        self._order = (column, order)
        self._arrange()
        self.layoutChanged.emit()

    def _arrange(self) -> None:
        column, order = self._order
        self._rows = list(self._prompts)
        if column >= 0:
            self._rows.sort(key=_KEYS[column], reverse=order == Qt.SortOrder.DescendingOrder)  # type: ignore[arg-type]

    # ------------------------------------------------------------ what Qt asks
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        prompt, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._text(prompt, column, len(prompt.text)) or translate("PromptTable", "Not known")
        if role in (Qt.ItemDataRole.DisplayRole, CELL):
            text = self._text(prompt, column, _SHOWN)
            return TextCell(text, strong=column == 1, right=column == 0) if role == CELL else text
        return None

    def _text(self, prompt: Prompt, column: int, longest: int) -> str:
        texts = (figures.number(prompt.number), prompt.text, prompt.expected or "", prompt.source)
        return " ".join(texts[column][:longest].split())
