"""What the pages of costs are made of: headed cards with hairlines, fields with a name above and a sentence below, lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.widgets.announce import announce
from desktop.widgets.button import Button, IconButton
from desktop.widgets.card import Card, Divider
from desktop.widgets.field import Field
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_GAP = 10
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
EDGES = (19, 13, 18, 13)  # of a row in a card, as those of SettingRow


class Section(QWidget):
    """A heading, a sentence, and a card whose rows have hairlines between them."""

    def __init__(self, theme: Theme, title: str, about: str = "") -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(title)
        self.card = Card(theme)
        self._rows = QVBoxLayout(self.card)
        self._rows.setContentsMargins(1, 1, 1, 1)
        self._rows.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Text(theme, title, "subtitle", wrap=True))
        if about:
            column.addWidget(Text(theme, about, "small", color="text2", wrap=True))
        column.addSpacing(4)
        column.addWidget(self.card)

    def add(self, *rows: QWidget) -> None:
        for row in rows:
            if self._rows.count():
                self._rows.addWidget(Divider(self._theme))
            self._rows.addWidget(row)


class Block(QWidget):
    """A row of a card that has more than one control: its name, a sentence, and below them what is put into `column`."""

    def __init__(self, theme: Theme, title: str, note: str = "") -> None:
        super().__init__()
        self.title = Text(theme, title, "bodyb", wrap=True)
        self.note = Text(theme, "", "small", color="text2", wrap=True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(*EDGES)
        self.column.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.title)
        words.addWidget(self.note)
        self.column.addLayout(words)
        if not note:
            self.note.hide()
        self.set_note(note)

    def set_note(self, note: str) -> None:
        self.note.setText(note)
        if bool(note) == self.note.isHidden():
            self.note.setVisible(bool(note))


class FoldingRow(QWidget):
    """Parts beside each other, or below each other where the room is short; those with a stretch take what is left."""

    def __init__(self, theme: Theme, *parts: QWidget, stretched: QWidget | None = None, least: int = 0) -> None:
        super().__init__()
        self._theme = theme
        self._parts = parts
        self._stretched = stretched
        self._least = least  # design pixels that the stretched part likes to have
        self._row = QBoxLayout(_BESIDE, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        for part in parts:
            self._row.addWidget(part, int(part is stretched), Qt.AlignmentFlag(0) if part is stretched else _MIDDLE)
        if stretched is None:
            self._row.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(
            max((part.minimumSizeHint().width() for part in self._parts if not part.isHidden()), default=0), hint.height()
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        shown = [part for part in self._parts if not part.isHidden()]
        least = self._theme.px(self._least)
        wanted = sum(least if part is self._stretched else part.sizeHint().width() for part in shown) + 8 * (len(shown) - 1)
        direction = _BESIDE if wanted <= self.width() else _BELOW
        if self._row.direction() != direction:
            self._row.setDirection(direction)
            self.updateGeometry()


@dataclass(frozen=True)
class Entry:
    """A field of a form: its key, its name, what could stand there, and how wide it likes to be in design pixels."""

    key: str
    name: str
    placeholder: str = ""
    width: int = 140


class EntryField(QWidget):
    """A field with its name above it and, where what was typed does not do, a sentence below."""

    def __init__(self, theme: Theme, entry: Entry) -> None:
        super().__init__()
        self._theme = theme
        self._width = entry.width
        self.field = Field(theme, entry.name, placeholder=entry.placeholder)
        self._problem = Text(theme, "", "small", color="danger_text", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Text(theme, entry.name, "small", color="text2", elide=True))
        column.addWidget(self.field)
        column.addWidget(self._problem)
        column.addStretch(1)
        self._problem.hide()
        self.field.textEdited.connect(lambda: self.show_problem(""))
        theme.changed.connect(self._fit)
        self._fit()

    def show_problem(self, words: str) -> None:
        self.field.show_error(words)
        self._problem.setText(words)
        self._problem.setVisible(bool(words))

    @property
    def least_width(self) -> int:
        return self._theme.px(self._width)

    def _fit(self) -> None:
        self.setMinimumWidth(min(self._theme.px(self._width), 160))
        self.setMaximumWidth(max(self._theme.px(self._width * 2), 200))


class EntryForm(QWidget):
    """Fields beside each other with a button at the end, below each other where the room is short. Enter presses the button."""

    given = Signal()

    def __init__(self, theme: Theme, entries: Sequence[Entry], verb: str, *, icon: str = "plus") -> None:
        super().__init__()
        self._theme = theme
        self.fields = {entry.key: EntryField(theme, entry) for entry in entries}
        self.button = Button(theme, verb, icon=icon)
        self._above = Text(theme, " ", "small")  # as high as the names beside it
        self._end = QVBoxLayout()
        self._end.setSpacing(4)
        self._end.addWidget(self._above)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addWidget(self.button)
        self._buttons.addStretch(1)
        self._end.addLayout(self._buttons)
        self._end.addStretch(1)
        self._row = QBoxLayout(_BESIDE, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_GAP)
        for field in self.fields.values():
            self._row.addWidget(field, 1)
            field.field.returnPressed.connect(self.given)
        self._row.addLayout(self._end)
        self._row.addStretch(1)
        self.button.clicked.connect(self.given)

    def add_button(self, button: Button) -> None:
        """Put another button behind the first one."""
        self._buttons.insertWidget(self._buttons.count() - 1, button)

    def text(self, key: str) -> str:
        return self.fields[key].field.text()

    def fill(self, **texts: str) -> None:
        """Show other texts; what is in them already is forgotten."""
        for key, text in texts.items():
            self.fields[key].field.setText(text)
            self.fields[key].show_problem("")

    def show_problems(self, problems: Mapping[str, str]) -> bool:
        """Say beside each field what is wrong and go to the first; True where nothing is. What was typed stays."""
        for key, field in self.fields.items():
            field.show_problem(problems.get(key, ""))
        wrong = [self.fields[key].field for key in self.fields if key in problems]
        if wrong:
            wrong[0].setFocus(Qt.FocusReason.OtherFocusReason)
            announce(self, " ".join(problems.values()), urgent=True)
        return not problems

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wanted = sum(field.least_width + _GAP for field in self.fields.values()) + self._end.sizeHint().width()
        direction = _BESIDE if wanted <= self.width() else _BELOW
        if self._row.direction() != direction:
            self._row.setDirection(direction)
            self._above.setVisible(direction == _BESIDE)
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """As narrow as its widest part: it folds."""
        parts = [field.minimumSizeHint().width() for field in self.fields.values()]
        return QSize(max([*parts, self._end.minimumSize().width()]), super().minimumSizeHint().height())


@dataclass(frozen=True)
class Listed:
    """An entry of a list: words, a sentence, and what it is called when it is to be removed."""

    title: str
    note: str
    icon: str = ""


class EntryList(QWidget):
    """`removed` and `edited` carry the place in the list. A problem is said below the entry that it is about."""

    removed = Signal(int)
    edited = Signal(int)

    def __init__(self, theme: Theme, *, editable: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._editable = editable
        self._shown: tuple[Listed, ...] = ()
        self.remove: list[IconButton] = []
        self.edit: list[IconButton] = []
        self._problems: list[Text] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.hide()

    def show_entries(self, entries: Sequence[Listed]) -> None:
        """Show these entries; the same ones change nothing."""
        if tuple(entries) == self._shown:
            return
        self._shown = tuple(entries)
        had_focus = any(button.hasFocus() for button in (*self.remove, *self.edit))
        self.remove, self.edit, self._problems = [], [], []
        while (item := self._column.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for place, entry in enumerate(self._shown):
            self._column.addWidget(self._row(place, entry))
        self.setVisible(bool(self._shown))
        if had_focus and self.remove:
            self.remove[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, place: int, problem: str) -> None:
        """Say why an entry stays; an empty one clears."""
        self._problems[place].setText(problem)
        self._problems[place].setVisible(bool(problem))
        if problem:
            announce(self, problem, urgent=True)

    def _row(self, place: int, entry: Listed) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(self._theme, entry.title, "bodym", wrap=True))
        words.addWidget(Text(self._theme, entry.note, "small", color="text2", wrap=True))
        problem = Text(self._theme, "", "small", color="danger_text", wrap=True)
        problem.hide()
        words.addWidget(problem)
        self._problems.append(problem)
        line.addLayout(words, 1)
        if self._editable:
            change = IconButton(self._theme, "pencil", translate("Costs", "Change {entry}").format(entry=entry.title))
            change.clicked.connect(lambda: self.edited.emit(place))
            self.edit.append(change)
            line.addWidget(change, 0, _MIDDLE)
        remove = IconButton(self._theme, "trash-2", translate("Costs", "Remove {entry}").format(entry=entry.title))
        remove.clicked.connect(lambda: self.removed.emit(place))
        self.remove.append(remove)
        line.addWidget(remove, 0, _MIDDLE)
        return row
