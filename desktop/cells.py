"""What a painted table cell shows. Models make cells, the table delegate draws them; neither knows the other."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt

from desktop.wordings.words import StatusWords

CELL = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class TextCell:
    """Words, perhaps with an icon; `strong` for the column that names the row, `bold` for results and totals, `right` for
    figures, `mono` for hosts.
    """

    text: str
    icon: str = ""
    icon_color: str = "text2"
    strong: bool = False
    right: bool = False
    mono: bool = False
    bold: bool = False


@dataclass(frozen=True)
class StatusCell:
    """A chip, or a bar while work runs (`share` 0 to 1), and a note beside it."""

    status: StatusWords
    note: str = ""
    share: float | None = None

    @property
    def text(self) -> str:
        """What screen readers say."""
        words = self.note if self.share is not None else self.status.text
        return f"{words}, {self.note}" if self.note and self.share is None else words


Cell = TextCell | StatusCell
