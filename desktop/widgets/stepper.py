"""A value with a button to lower and one to raise it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop.theme import Theme
from desktop.widgets.button import IconButton
from desktop.widgets.text import Text


class Stepper(QWidget):
    """`stepped` carries -1 or +1; the view says what the value is by `show_value`."""

    stepped = Signal(int)

    def __init__(self, theme: Theme, *, less: str, more: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._value = Text(theme, "", "bodym", align=Qt.AlignmentFlag.AlignHCenter)
        self.less = IconButton(theme, "minus", less, kind="secondary")
        self.more = IconButton(theme, "plus", more, kind="secondary")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.less)
        row.addWidget(self._value)
        row.addWidget(self.more)
        self.less.clicked.connect(lambda: self.stepped.emit(-1))
        self.more.clicked.connect(lambda: self.stepped.emit(1))

    def show_value(self, words: str, *, why_not_less: str = "", why_not_more: str = "") -> None:
        """Show the value; a reason disables the button of that direction."""
        self._value.setText(words)
        self._value.setMinimumWidth(self._theme.px(60))
        self.less.explain(why_not_less)
        self.more.explain(why_not_more)
