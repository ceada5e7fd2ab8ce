"""Where a text goes: each model that is asked, with its host, what is known about keeping, and what it may cost."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.consent_rows import ReceiverRow
from desktop.widgets.card import Card, Divider
from desktop.widgets.mark import Mark
from desktop.widgets.text import Text

_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_LONG = 24  # characters from which a name may need more than one line
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


class ConsentReceivers(Card):
    """A card with a row for each receiver; filled anew when they change."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._shown: list[ReceiverRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)

    def show_rows(self, rows: Sequence[ReceiverRow]) -> None:
        """Show these receivers."""
        if list(rows) == self._shown:
            return
        self._shown = list(rows)
        while (item := self._column.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for place, row in enumerate(rows):
            if place:
                self._column.addWidget(Divider(self.theme))
            self._column.addWidget(_Row(self.theme, row))


class _Row(QWidget):
    """Name, model and host at the left; terms and cost at the right, or below where the room is short."""

    def __init__(self, theme: Theme, row: ReceiverRow) -> None:
        super().__init__()
        self._theme = theme
        self._row = row
        self._both = QBoxLayout(_BESIDE)
        self._both.setSpacing(4)
        self._both.addWidget(_who(theme, row), 1)
        self._facts = _facts(theme, row, _RIGHT)
        self._both.addWidget(self._facts, 1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(15, 8, 14, 8)
        outer.setSpacing(13)
        outer.addWidget(Mark(theme, "arrow-up-right", color="outbound"), 0, Qt.AlignmentFlag.AlignVCenter)
        outer.addLayout(self._both, 1)
        spoken = (row.name, row.model, row.host, row.terms, row.terms_note, row.cost, row.note)
        self.setAccessibleName(", ".join(filter(None, spoken)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        direction = _BESIDE if self.width() >= self._theme.px(560) else _BELOW
        if direction != self._both.direction():
            self._both.setDirection(direction)
            facts = _facts(self._theme, self._row, _RIGHT if direction == _BESIDE else _LEFT)
            self._both.replaceWidget(self._facts, facts)
            self._facts.deleteLater()
            self._facts = facts


def _facts(theme: Theme, row: ReceiverRow, align: Qt.AlignmentFlag) -> QWidget:
    facts = QWidget()
    line = QHBoxLayout(facts)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(22)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addStretch(1)
    for text in filter(None, (row.terms, row.terms_note)):
        words.addWidget(Text(theme, text, "small", color="text2", wrap=True, align=align))
    words.addStretch(1)
    line.addLayout(words, 1)
    line.addWidget(Text(theme, row.cost, "bodyb", align=align), 0, Qt.AlignmentFlag.AlignVCenter)
    return facts


def _who(theme: Theme, row: ReceiverRow) -> QWidget:
    who = QWidget()
    column = QVBoxLayout(who)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(1)
    head = QHBoxLayout()
    head.setSpacing(8)
    head.addWidget(Text(theme, row.name, "bodyb", wrap=len(row.name) > _LONG))
    head.addWidget(Text(theme, row.model, "body", color="text2", wrap=True), 1)
    column.addLayout(head)
    column.addWidget(Text(theme, row.host, "mono", color="text2", wrap=True))
    if row.note:
        column.addWidget(Text(theme, row.note, "small", color="text2", wrap=True))
    return who
