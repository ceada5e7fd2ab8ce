"""Names with their figures, a line each, under a title: the card in which sheets of the ledger show what something rests on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.widgets.card import Card
from desktop.widgets.text import Text

_RIGHT = Qt.AlignmentFlag.AlignRight
_SHORT = 14  # characters of a figure that always stand in one line


class FigureRows(QWidget):
    """Rows of a name and a figure; the same ones are left alone when they are shown again."""

    def __init__(self, theme: Theme, style: str = "body") -> None:
        super().__init__()
        self._theme = theme
        self._style = style
        self._rows: tuple[tuple[str, str], ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(5)

    def show_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Show these; hidden without any."""
        self.setVisible(bool(rows))
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        while (taken := self._column.takeAt(0)) is not None:
            taken.widget().hide()
            taken.widget().deleteLater()
        self.setAccessibleName("; ".join(f"{name}: {figure}" for name, figure in rows))
        for name, figure in rows:
            self._column.addWidget(self._row(name, figure))

    def _row(self, name: str, figure: str) -> QWidget:
        part = QWidget(self)
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        strong = "bodym" if self._style == "body" else "smallm"
        is_long = len(figure) > _SHORT
        row.addWidget(Text(self._theme, name, self._style, color="text2", wrap=True), 3)
        row.addWidget(Text(self._theme, figure, strong, wrap=is_long, align=_RIGHT), 2 if is_long else 0)
        return part


class FigureCard(Card):
    """A title, rows, and a note below them. Parts can be put into `column`."""

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__(theme)
        self._title = title
        self._rows = FigureRows(theme)
        self._note = Text(theme, "", "small", color="text2", wrap=True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 14, 16, 14)
        self.column.setSpacing(10)
        self.column.addWidget(Text(theme, title, "bodyb", wrap=True))
        self.column.addWidget(self._rows)
        self.column.addWidget(self._note)
        self.setAccessibleName(title)

    def show_rows(self, rows: Sequence[tuple[str, str]], note: str = "") -> None:
        self._rows.show_rows(rows)
        self._note.setText(note)
        self._note.setVisible(bool(note))
