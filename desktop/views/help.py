"""Help: the keyboard map of what exists, and where things are kept."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.theme import Theme
from desktop.widgets.sheet import Sheet
from desktop.widgets.text import Text

translate = QCoreApplication.translate


def keyboard_map() -> list[tuple[str, str]]:
    """Keys and what they do, in the order of the design."""
    return [
        ("Ctrl K", translate("Help", "Search or jump to")),
        ("Ctrl 1, 2, 3, 5, 6", translate("Help", "Ask, Documents, Compare, Ledger, Models")),
        ("Ctrl N", translate("Help", "New conversation")),
        ("Ctrl Shift N", translate("Help", "New matter")),
        ("Ctrl L", translate("Help", "Go to where questions are written")),
        ("Enter, Shift Enter", translate("Help", "Ask, new line")),
        ("Ctrl Enter", translate("Help", "Compare the prompt")),
        ("1 … 4, 0, X", translate("Help", "Best answer, all equal, none is usable (Compare)")),
        ("←, →", translate("Help", "Previous, next month (bars of the ledger)")),
        ("Esc", translate("Help", "Stop writing, close a sheet")),
        ("Alt 1 … 9", translate("Help", "Open source 1 to 9")),
        ("Ctrl Shift C", translate("Help", "Copy the answer with its sources")),
        ("Ctrl O", translate("Help", "Add documents")),
        ("Ctrl Shift L", translate("Help", "Close the offline lock at once")),
        ("F6, Shift F6", translate("Help", "Next, previous region")),
        ("Ctrl \\", translate("Help", "Show or hide the page viewer or details")),
        ("F2, Delete", translate("Help", "Rename or delete in the list of matters")),
        ("Ctrl +, Ctrl −, Ctrl 0", translate("Help", "Text larger, smaller, as designed")),
        ("Ctrl ,", translate("Help", "Settings")),
        ("F1", translate("Help", "This help")),
    ]


class KeyboardMap(QWidget):
    """The map as two columns."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (keys, action) in enumerate(keyboard_map()):
            grid.addWidget(Text(theme, keys, "bodym"), row, 0)
            grid.addWidget(Text(theme, action, color="text2", wrap=True), row, 1)


class HelpSheet(Sheet):
    """Opened by F1."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(theme, over, translate("Help", "Keyboard"), width=560)
        words = translate("Help", "Everything can be reached with the keyboard. On a Mac, Command takes the place of Ctrl.")
        self.body.addWidget(Text(theme, words, color="text2", wrap=True))
        self.body.addWidget(KeyboardMap(theme))
        self.closed.connect(self.deleteLater)
