"""The sections of the models screen: headings, cards with rows, and a sentence where there are none.

Rows are kept while their model stays in the list, so that a download that gets further repaints its own row only.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.model_rows import Key, Row
from desktop.viewmodels.model_sections import Section
from desktop.views.model_row import ModelRow
from desktop.widgets.card import Card
from desktop.widgets.text import Text

translate = QCoreApplication.translate


class ModelList(QWidget):
    """`chosen` carries the key of a row; `acted` a key and what its button does; `key_pressed` a key and a key code."""

    chosen = Signal(object)
    opened = Signal(object)
    acted = Signal(object, str)
    key_pressed = Signal(object, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: dict[tuple[str, Key], ModelRow] = {}
        self._sections: dict[str, _SectionView] = {}
        self._order: list[ModelRow] = []
        self._chosen: Key | None = None
        self.setAccessibleName(translate("ModelList", "Models"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(16)

    @property
    def rows(self) -> list[ModelRow]:
        """The rows that are shown, from the top."""
        return list(self._order)

    def row_of(self, key: Key) -> ModelRow | None:
        return next((row for row in self._order if row.row.key == key), None)

    # ------------------------------------------------------------ showing
    def show_sections(self, sections: list[Section], chosen: Key | None) -> None:
        """Show these sections; `chosen` is the row that is looked at."""
        wanted = {(section.key, row.key) for section in sections for row in section.rows}
        for key in [key for key in self._rows if key not in wanted]:
            gone = self._rows.pop(key)
            gone.hide()
            gone.deleteLater()
        order: list[ModelRow] = []
        for place, section in enumerate(sections):
            view = self._sections.get(section.key)
            if view is None:
                view = self._sections[section.key] = _SectionView(self._theme)
                self._column.insertWidget(place, view)
            rows = [self._row(section.key, row) for row in section.rows]
            view.show_section(section, rows)
            view.show()
            order += rows
        shown = {section.key for section in sections}
        for name, view in self._sections.items():
            if name not in shown:
                view.hide()
                view.show_rows([])
        self._order = order
        self.choose(chosen)

    def _row(self, section: str, row: Row) -> ModelRow:
        found = self._rows.get((section, row.key))
        if found is None:
            found = self._rows[section, row.key] = ModelRow(self._theme, row)
            found.clicked.connect(lambda _=False, key=row.key: self._click(key))
            found.moved.connect(lambda by, key=row.key: self._move(key, by))
            found.acted.connect(lambda act, key=row.key: self.acted.emit(key, act))
            found.pressed_key.connect(lambda code, key=row.key: self.key_pressed.emit(key, code))
        elif found.row != row:
            found.show_row(row)
        return found

    # ------------------------------------------------------------ choosing
    def choose(self, key: Key | None) -> None:
        """Mark the row of `key`; without one, Tab reaches the first."""
        self._chosen = key
        any_chosen = False
        for row in self._order:
            row.set_chosen(row.row.key == key)
            any_chosen = any_chosen or row.isChecked()
        if not any_chosen and self._order:
            self._order[0].setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def focus_first(self) -> bool:
        """Put the focus on the chosen row, or the first; False when there is none."""
        row = next((row for row in self._order if row.isChecked()), self._order[0] if self._order else None)
        if row is not None:
            row.setFocus(Qt.FocusReason.TabFocusReason)
        return row is not None

    def _click(self, key: Key) -> None:
        self.choose(key)
        self.chosen.emit(key)
        self.opened.emit(key)

    def _move(self, key: Key, by: int) -> None:
        here = next((place for place, row in enumerate(self._order) if row.row.key == key and row.hasFocus()), None)
        if here is None:
            return
        there = self._order[max(0, min(len(self._order) - 1, here + by))]
        self.choose(there.row.key)
        there.setFocus(Qt.FocusReason.TabFocusReason)
        self.chosen.emit(there.row.key)


class _SectionView(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._title = Text(theme, "", "bodyb")
        self._note = Text(theme, "", "small", color="text2", elide=True)
        self._empty = Text(theme, "", color="text2", wrap=True)
        self._empty.setContentsMargins(19, 18, 19, 18)
        self._card = Card(theme)
        self._inside = QVBoxLayout(self._card)
        self._inside.setContentsMargins(1, 5, 1, 5)
        self._inside.setSpacing(0)
        self._inside.addWidget(self._empty)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self._note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._card)
        self._rows: list[ModelRow] = []

    def show_section(self, section: Section, rows: list[ModelRow]) -> None:
        self._title.setText(section.title)
        self._note.setText(section.note)
        self._empty.setText(section.empty)
        self._empty.setVisible(not rows)
        self.show_rows(rows)

    def show_rows(self, rows: list[ModelRow]) -> None:
        if rows != self._rows:
            for row in self._rows:
                self._inside.removeWidget(row)
            for row in rows:
                self._inside.addWidget(row)
                row.show()
            self._rows = rows
        for place, row in enumerate(rows):
            row.is_last = place == len(rows) - 1
