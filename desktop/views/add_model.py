"""A model file was chosen or dropped: shall it come into the library, or be used where it is?"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.widgets.button import Button
from desktop.widgets.sheet import Sheet
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_MOST = 5  # names written out


class AddModelSheet(Sheet):
    """`chosen` carries whether the files shall be used where they are. It deletes itself when closed."""

    chosen = Signal(bool)

    def __init__(self, theme: Theme, over: QWidget, files: list[Path]) -> None:
        title = translate("AddModel", "Add {name}?").format(name=files[0].name)
        if len(files) > 1:
            title = translate("AddModel", "Add {n} model files?").format(n=len(files))
        super().__init__(theme, over, title, width=560)
        for file in files[:_MOST]:
            self.body.addWidget(Text(theme, str(file), "mono", color="text2", wrap=True))
        if len(files) > _MOST:
            self.body.addWidget(Text(theme, translate("AddModel", "And {n} more").format(n=len(files) - _MOST), "small"))
        words = translate(
            "AddModel",
            "In the library it is checked and stays, whatever happens to this file; where the disk allows, it takes no second "
            "room. Used where it is, it is gone when the other program or you delete it. The file itself is not changed.",
        )
        self.body.addWidget(Text(theme, words, color="text2", wrap=True))
        self.in_place = Button(theme, translate("AddModel", "Use where it is"), size="m")
        self.into_library = Button(theme, translate("AddModel", "Add to the library"), kind="primary", size="m")
        self.buttons.addStretch()
        self.buttons.addWidget(self.in_place)
        self.buttons.addWidget(self.into_library)
        self.in_place.clicked.connect(lambda: self._choose(in_place=True))
        self.into_library.clicked.connect(lambda: self._choose(in_place=False))
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        self.open_sheet(self.into_library)

    def _choose(self, *, in_place: bool) -> None:
        self.close_sheet()
        self.chosen.emit(in_place)
