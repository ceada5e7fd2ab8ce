"""A text field whose contents count once they are confirmed, by Enter or by the button that appears when they differ."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.widgets.button import Button
from desktop.widgets.field import Field
from desktop.widgets.text import Text

_WIDEST = 300  # pixels that the field insists on, however large the text


class SavedField(QWidget):
    """`saved` carries the text. `show_value` says what counts now; what is being typed is not written over."""

    saved = Signal(str)

    def __init__(self, theme: Theme, name: str, verb: str, *, placeholder: str = "", width: int = 260) -> None:
        super().__init__()
        self._theme = theme
        self._width = width
        self._value = ""
        self.field = Field(theme, name, placeholder=placeholder)
        self.use = Button(theme, verb)
        self.use.setAccessibleName(f"{verb}: {name}")
        self._problem = Text(theme, "", "small", color="danger_text", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.use)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._problem)
        self.field.textChanged.connect(self._compare)
        self.field.returnPressed.connect(self._save)
        self.use.clicked.connect(self._save)
        theme.changed.connect(self._fit)
        self._fit()
        self.show_value("")

    def show_value(self, value: str, problem: str = "") -> None:
        """Show what counts; `problem` says why what was typed does not."""
        untouched = self.field.text().strip() == self._value
        self._value = value
        if untouched and not problem:
            self.field.setText(value)
        self.field.show_error(problem)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._compare()

    def _compare(self) -> None:
        differs = self.field.text().strip() != self._value
        if self.use.hasFocus() and not differs:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.use.setVisible(differs)

    def _save(self) -> None:
        text = self.field.text().strip()
        if text != self._value:
            self.saved.emit(text)

    def _fit(self) -> None:
        self.field.setMinimumWidth(min(self._theme.px(self._width), _WIDEST))
