"""A field for a figure with its name above and what is wrong with it below."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.widgets.field import Field
from desktop.widgets.text import Text


class FigureField(QWidget):
    """`typed` carries what stands in the field after each change by the user."""

    typed = Signal(str)

    def __init__(self, theme: Theme, name: str, *, placeholder: str = "") -> None:
        super().__init__()
        self.field = Field(theme, name, placeholder=placeholder)
        self._problem = Text(theme, "", "small", color="danger_text", wrap=True)
        self._problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Text(theme, name, "smallb", color="text2", wrap=True))
        column.addWidget(self.field)
        column.addWidget(self._problem)
        column.addStretch(1)
        self.field.textEdited.connect(self.typed)

    def show_text(self, text: str, problem: str = "") -> None:
        """Show what counts, unless it stands there already; the cursor stays where it is."""
        if self.field.text() != text:
            self.field.setText(text)
        self.field.show_error(problem)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
