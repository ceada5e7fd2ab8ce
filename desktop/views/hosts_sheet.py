"""Every host that Strongroom may reach once the lock is open, purpose by purpose. There are no patterns among them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.widgets.sheet import Sheet
from desktop.widgets.text import Text

translate = QCoreApplication.translate


class HostsSheet(Sheet):
    """It deletes itself when closed."""

    def __init__(self, theme: Theme, over: QWidget, hosts: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        super().__init__(theme, over, translate("Privacy", "Allowed hosts"), width=560)
        words = translate("Privacy", "Each by its exact name, and only while the lock is open. Everything else is blocked.")
        self.body.addWidget(Text(theme, words, color="text2", wrap=True))
        for purpose, names in hosts:
            self.body.addWidget(Text(theme, purpose, "bodyb"))
            self.body.addWidget(Text(theme, "\n".join(names), "mono", color="text2", wrap=True))
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        self.open_sheet(self.cross)
