"""A model to choose at the first start: what it is good for, the memory it needs, its pace, its size, and the button."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.first_run import Choice
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.chip import Chip
from desktop.widgets.progress import ProgressBar
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_MEMORY, _SPEED, _DOWNLOAD = 118, 142, 96  # design pixels of the columns of facts, the same in every row
_NAME = 260


class ChoiceRow(Card):
    """`wanted` when its button is pressed. Where the room is short, the facts go below the name."""

    wanted = Signal()

    def __init__(self, theme: Theme, choice: Choice) -> None:
        super().__init__(theme)
        is_here = choice.installed is not None
        verb = translate("FirstRun", "Use") if is_here else translate("FirstRun", "Download")
        self.button = Button(theme, verb, icon="" if is_here else "download", size="m")
        self.button.setAccessibleName(f"{verb} {choice.name}")
        self.button.clicked.connect(self.wanted)
        self._facts = _facts(theme, choice)
        self._rest = QBoxLayout(_BESIDE)
        self._rest.setSpacing(12)
        self._rest.addWidget(self._facts)
        self._rest.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self._row = QBoxLayout(_BESIDE, self)
        self._row.setContentsMargins(16, 13, 16, 13)
        self._row.setSpacing(12)
        self._row.addWidget(_name(theme, choice), 1)
        self._row.addLayout(self._rest)

    def fold(self, width: int) -> None:
        """Lay out for a width. Its own width would not do: what stands beside each other keeps a row from shrinking."""
        room = width - 32
        facts, button = self._facts.sizeHint().width(), self.button.sizeHint().width() + 12
        beside = self.theme.px(_NAME) + facts + button + 12 <= room
        for row, is_beside in ((self._row, beside), (self._rest, beside or facts + button <= room)):
            row.setDirection(_BESIDE if is_beside else _BELOW)


def _name(theme: Theme, choice: Choice) -> QWidget:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(3)
    head = QHBoxLayout()
    head.setSpacing(8)
    head.addWidget(Text(theme, choice.name, "subtitle", elide=True))
    head.addWidget(Chip(theme, choice.fit.text, tone=choice.fit.tone, icon=choice.fit.icon))
    head.addStretch(1)
    column.addStretch(1)
    column.addLayout(head)
    for words in (choice.good_for, choice.note):
        if words:
            column.addWidget(Text(theme, words, "small", color="text2", wrap=True))
    column.addStretch(1)
    return part


def _facts(theme: Theme, choice: Choice) -> QWidget:
    part = QWidget()
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    unknown = translate("FirstRun", "Not known yet")
    memory = _Fact(theme, translate("FirstRun", "Memory needed"), choice.memory or unknown, _MEMORY)
    if choice.memory:
        bar = ProgressBar(theme, f"{translate('FirstRun', 'Memory needed')}: {choice.memory}")
        bar.set_share(choice.memory_share)
        bar.set_tone(choice.memory_tone)
        bar.setFixedWidth(88)
        memory.add(bar)
    speed = _Fact(theme, translate("FirstRun", "Writes about"), choice.speed or unknown, _SPEED)
    if choice.reading:
        speed.add(Text(theme, choice.reading, "small", color="text2", wrap=True))
    title = translate("FirstRun", "Size") if choice.installed is not None else translate("FirstRun", "Download")
    size = _Fact(theme, title, choice.download or unknown, _DOWNLOAD)
    if choice.installed is not None:
        size.add(Text(theme, translate("FirstRun", "already here"), "small", color="text2"))
    for fact in (memory, speed, size):
        row.addWidget(fact, 0, Qt.AlignmentFlag.AlignTop)
    return part


class _Fact(QWidget):
    """A label, a value, and perhaps something below, in a column of fixed width."""

    def __init__(self, theme: Theme, title: str, value: str, width: int) -> None:
        super().__init__()
        self._theme = theme
        self._width = width
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self._column.addWidget(Text(theme, title, "small", color="text2"))
        self._column.addWidget(Text(theme, value, "bodym"))
        theme.changed.connect(self._fit)
        self._fit()

    def add(self, part: QWidget) -> None:
        """Put something below the value."""
        self._column.addWidget(part)

    def _fit(self) -> None:
        self.setFixedWidth(self._theme.px(self._width))
