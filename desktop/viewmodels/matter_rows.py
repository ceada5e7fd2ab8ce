"""The sidebar's matters as rows: each matter, and under the open one its conversations. QtCore only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QAbstractListModel, QCoreApplication, QModelIndex, QPersistentModelIndex, Qt

from desktop import figures
from engine.records import Conversation, ConversationId, Matter, MatterId

translate = QCoreApplication.translate
ROW = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class MatterRow:
    """A row ready to draw. `key` is the id of the matter or conversation; `matter` the matter it belongs to."""

    kind: Literal["matter", "conversation"]
    key: str
    matter: MatterId
    title: str
    count: int | None = None
    is_open: bool = False
    is_current: bool = False
    is_confidential: bool = False  # nothing of the matter can be sent

    @property
    def spoken(self) -> str:
        """What screen readers say."""
        if self.kind == "conversation":
            return translate("matters", "Conversation {title}").format(title=self.title)
        words = translate("matters", "Matter {title}, {documents}").format(
            title=self.title, documents=figures.documents(self.count or 0)
        )
        more = [words]
        if self.is_open:
            more.append(translate("matters", "open"))
        if self.is_confidential:
            more.append(translate("matters", "confidential"))
        return ", ".join(more)

    @property
    def hint(self) -> str:
        """Tooltip: what the mark beside the name means; empty without one."""
        if not self.is_confidential:
            return ""
        return translate("matters", "Confidential: nothing of this matter can be sent, whatever is approved")


def rows_of(
    matters: Sequence[Matter], opened: MatterId | None, conversations: Sequence[Conversation], current: ConversationId | None
) -> list[MatterRow]:
    """Matters in the order they come, the open one followed by its conversations, newest first."""
    rows: list[MatterRow] = []
    for matter in matters:
        is_open = matter.id == opened
        marked = matter.is_confidential
        rows.append(MatterRow("matter", matter.id, matter.id, matter.name, matter.n_documents, is_open, is_confidential=marked))
        if is_open:
            newest = sorted(conversations, key=lambda one: one.updated, reverse=True)
            rows += [MatterRow("conversation", one.id, matter.id, one.title, is_current=one.id == current) for one in newest]
    return rows


class MatterRows(QAbstractListModel):
    """Resets only when rows come or go, so that focus and scroll position stay while counts change."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[MatterRow] = []

    def show_rows(self, rows: list[MatterRow]) -> None:
        """Show these rows from now on."""
        same_places = [row.key for row in rows] == [row.key for row in self.rows]
        if not same_places:
            self.beginResetModel()
        self.rows = rows
        if same_places:
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        else:
            self.endResetModel()

    def place_of(self, key: str) -> int | None:
        """The row of a matter or conversation."""
        return next((place for place, row in enumerate(self.rows) if row.key == key), None)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.hint
        return None
