"""Already on this computer: model files of other programs, to be used where they are or brought into the library."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.viewmodels.library_work import LibraryWork
from desktop.widgets.button import Button
from desktop.widgets.card import Card, Divider
from desktop.widgets.chip import Chip
from desktop.widgets.progress import ProgressBar
from desktop.widgets.sheet import Sheet
from desktop.widgets.text import Text
from engine.model_records import FoundModel

translate = QCoreApplication.translate
_NARROW = 520  # design pixels below which the buttons stand under the name


def program_name(of: str) -> str:
    """The program that a file belongs to; names of programs are not translated."""
    return {
        "lm_studio": "LM Studio",
        "jan": "Jan",
        "gpt4all": "GPT4All",
        "ollama": "Ollama",
        "hugging_face": translate("FoundModels", "Hugging Face cache"),
        "folder": translate("FoundModels", "Folder"),
    }.get(of, of)


class FoundModelsSheet(Sheet):
    """Looks when it is opened. `folder_wanted`: ask for a folder, then call `look_in`. It deletes itself when closed."""

    folder_wanted = Signal()

    def __init__(self, theme: Theme, over: QWidget, library: LibraryWork) -> None:
        super().__init__(theme, over, translate("FoundModels", "Already on this computer"))
        self._library = library
        self._taken: set[str] = set()
        self._note = Text(theme, "", color="text2", wrap=True)
        self._bar = ProgressBar(theme, translate("FoundModels", "Looking for models"))
        self._card = Card(theme)
        self._rows = QVBoxLayout(self._card)
        self._rows.setContentsMargins(1, 5, 1, 5)
        self._rows.setSpacing(0)
        self.rows: list[FoundRow] = []
        self.body.addWidget(self._note)
        self.body.addWidget(self._bar)
        self.body.addWidget(self._card)
        self.folder = Button(theme, translate("FoundModels", "Look in a folder"), icon="folder-search", size="m")
        self.done = Button(theme, translate("FoundModels", "Done"), size="m")
        self.buttons.addWidget(self.folder)
        self.buttons.addStretch()
        self.buttons.addWidget(self.done)
        self.folder.clicked.connect(self.folder_wanted)
        self.done.clicked.connect(self.close_sheet)
        self.closed.connect(self.deleteLater)
        library.found_changed.connect(self._show)

    def ask(self) -> None:
        """Look, and show what is found."""
        self._library.find()
        self.open_sheet(self.done)

    def look_in(self, folder: Path) -> None:
        self._library.find(folder)

    def _show(self) -> None:
        found, looking = self._library.found, self._library.is_finding
        self._bar.setVisible(looking)
        self._bar.set_share(None if looking else 0.0)
        self._note.setText(self._words(found, looking=looking))
        self.folder.explain(translate("FoundModels", "It is being looked already") if looking else "")
        while (item := self._rows.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        self.rows = []
        for model in found or ():
            if self.rows:
                self._rows.addWidget(Divider(self.theme))
            row = FoundRow(self.theme, model, is_taken=model.path in self._taken)
            row.taken.connect(lambda in_place, path=model.path: self._take(path, in_place=in_place))
            self.rows.append(row)
            self._rows.addWidget(row)
        self._card.setVisible(bool(self.rows))
        self.body.activate()
        self._place()

    def _words(self, found: tuple[FoundModel, ...] | None, *, looking: bool) -> str:
        if looking:
            return translate("FoundModels", "Looking in the folders of LM Studio, Jan, GPT4All, Ollama and Hugging Face.")
        if not found:
            return translate("FoundModels", "No model files were found. You can look in a folder of your own.")
        return translate(
            "FoundModels",
            "Used where they are, they take no more room. In the library they stay when the other program deletes them; where "
            "the disk allows, they take no second room there either. The files are not changed.",
        )

    def _take(self, path: str, *, in_place: bool) -> None:
        self._taken.add(path)
        self._library.add(Path(path), in_place=in_place)


class FoundRow(QWidget):
    """`taken` carries whether the file shall be used where it is."""

    taken = Signal(bool)

    def __init__(self, theme: Theme, model: FoundModel, *, is_taken: bool) -> None:
        super().__init__()
        self._theme = theme
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(theme, model.name, "bodyb", elide=True))
        what = ", ".join((program_name(model.of), figures.size(model.n_bytes)))
        words.addWidget(Text(theme, what, "small", color="text2", elide=True))
        words.addWidget(Text(theme, model.path, "mono", color="text3", elide=True))
        self.in_place = Button(theme, translate("FoundModels", "Use where it is"), size="s")
        self.into_library = Button(theme, translate("FoundModels", "Add to the library"), size="s")
        for button in (self.in_place, self.into_library):
            button.setAccessibleDescription(model.name)
        self._chip = Chip(theme, translate("FoundModels", "In your library"), tone="local", icon="check")
        is_here = model.installed is not None or is_taken
        self._chip.setVisible(is_here)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for widget in (self._chip, self.in_place, self.into_library):
            buttons.addWidget(widget)
        for button in (self.in_place, self.into_library):
            button.setVisible(not is_here)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(16, 10, 14, 10)
        self._row.setSpacing(12)
        self._row.addLayout(words, 1)
        self._row.addLayout(buttons)
        if over_narrow(theme):
            self._row.setDirection(QBoxLayout.Direction.TopToBottom)
            self._row.setAlignment(buttons, Qt.AlignmentFlag.AlignLeft)
        self.in_place.clicked.connect(lambda: self._take(in_place=True))
        self.into_library.clicked.connect(lambda: self._take(in_place=False))

    def _take(self, *, in_place: bool) -> None:
        self.in_place.hide()
        self.into_library.hide()
        self._chip.setText(translate("FoundModels", "Being added"))
        self._chip.show_status(translate("FoundModels", "Being added"), "neutral", "clock")
        self._chip.show()
        self.taken.emit(in_place)


def over_narrow(theme: Theme) -> bool:
    """Whether large text leaves the buttons no room beside the name."""
    return theme.scale > 1.3
