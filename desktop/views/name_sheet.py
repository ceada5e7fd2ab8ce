"""Ask for a name: a new matter, a matter or a conversation that is renamed."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.widgets.button import Button
from desktop.widgets.field import Field
from desktop.widgets.sheet import Sheet
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_LONGEST = 200  # characters; longer names break every list they appear in


class NameSheet(Sheet):
    """`named` carries the name, without blanks around it; the sheet deletes itself when closed."""

    named = Signal(str)

    def __init__(self, theme: Theme, over: QWidget, title: str, verb: str, *, note: str = "", name: str = "") -> None:
        super().__init__(theme, over, title, width=480)
        self._old = name
        self.field = Field(theme, title, placeholder=translate("NameSheet", "Name"))
        self.field.setMaxLength(_LONGEST)
        self.field.setText(name)
        self.field.selectAll()
        if note:
            self.body.addWidget(Text(theme, note, color="text2", wrap=True))
        self.body.addWidget(self.field)
        cancel = Button(theme, translate("NameSheet", "Cancel"), size="m")
        self._go = Button(theme, verb, kind="primary", size="m")
        self.buttons.addStretch()
        self.buttons.addWidget(cancel)
        self.buttons.addWidget(self._go)
        self.field.textChanged.connect(self._check)
        self.field.returnPressed.connect(self._accept)
        self._go.clicked.connect(self._accept)
        cancel.clicked.connect(self.close_sheet)
        self.closed.connect(self.deleteLater)
        self._check()

    def ask(self) -> None:
        self.open_sheet(self.field)

    def _check(self) -> None:
        empty = not self.field.text().strip()
        self._go.explain(translate("NameSheet", "Enter a name first") if empty else "")

    def _accept(self) -> None:
        name = self.field.text().strip()
        if name:
            self.close_sheet()
            if name != self._old:
                self.named.emit(name)
