"""Notes beside the figures: the urgent ones above the page, the others below it; and the budgets of the month."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme, ToneName
from desktop.viewmodels.ledger import LedgerModel
from desktop.widgets.announce import announce
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.chip import Chip
from desktop.widgets.mark import Mark
from desktop.widgets.progress import ProgressBar
from desktop.widgets.text import Text
from desktop.wordings import ledger_notes
from desktop.wordings.ledger_notes import Note
from engine.price_records import Currency
from engine.statement_records import BudgetState

translate = QCoreApplication.translate
_ICONS = {"neutral": "info", "caution": "triangle-alert", "danger": "circle-alert"}


class NotesCard(Card):
    """The notes of one tone, hidden while there are none. Urgent ones are tinted; neutral ones stand under a title."""

    def __init__(self, theme: Theme, model: LedgerModel, tone: ToneName) -> None:
        urgent = tone != "neutral"
        super().__init__(theme, tone=tone if urgent else None)
        self._model = model
        self._tone: ToneName = tone
        self._urgent = urgent
        self._notes: tuple[Note, ...] = ()
        self.buttons: list[Button] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8 if urgent else 12, 12, 8 if urgent else 10)
        column.setSpacing(6)
        if not urgent:
            column.addWidget(Text(theme, translate("NotesCard", "About these figures"), "subtitle"))
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        column.addLayout(self._list)
        if not urgent:
            column.addStretch(1)
        self.hide()

    def refresh(self) -> None:
        notes = tuple(note for note in self._model.notes if note.tone == self._tone)
        if notes != self._notes:
            self._notes = notes
            self._fill()
            if self._urgent and notes:
                announce(self, " ".join(note.text for note in notes))
        self.setVisible(bool(notes))

    def _fill(self) -> None:
        while (taken := self._list.takeAt(0)) is not None:
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = []
        for note in self._notes:
            self._list.addWidget(self._row(note))
        self.setAccessibleName(" ".join(note.text for note in self._notes))

    def _row(self, note: Note) -> QWidget:
        color = f"{self._tone}_text" if self._urgent else "text2"
        row = QWidget()
        inside = QHBoxLayout(row)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(10)
        inside.addWidget(Mark(self.theme, _ICONS[note.tone], color=color), 0, Qt.AlignmentFlag.AlignVCenter)
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        inside.addWidget(
            Text(self.theme, note.text, "body" if self._urgent else "small", color=color, wrap=True, align=middle), 1
        )
        if note.action:
            button = Button(self.theme, note.verb, size="s", kind="secondary" if self._urgent else "ghost")
            button.clicked.connect(partial(self._model.act, note.action))
            button.setAccessibleDescription(note.text)
            self.buttons.append(button)
            inside.addWidget(button)
        return row


class BudgetsCard(Card):
    """Each budget with what was paid of it; hidden while there are none."""

    def __init__(self, theme: Theme, model: LedgerModel) -> None:
        super().__init__(theme)
        self._model = model
        self._shown: tuple[tuple[BudgetState, ...], Currency] = ((), Currency())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addWidget(Text(theme, translate("BudgetsCard", "Budgets of this month"), "subtitle"))
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        column.addLayout(self._list)
        column.addStretch(1)
        self.hide()

    def refresh(self) -> None:
        page = self._model.page
        shown = (page.statement.budgets, page.statement.currency) if page is not None else ((), Currency())
        self.setVisible(bool(shown[0]))
        if shown == self._shown:
            return
        self._shown = shown
        while (taken := self._list.takeAt(0)) is not None:
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for budget in shown[0]:
            self._list.addWidget(self._row(budget, shown[1]))

    def _row(self, budget: BudgetState, currency: Currency) -> QWidget:
        name, amounts = ledger_notes.budget_name(budget), ledger_notes.budget_amounts(budget, currency)
        status = ledger_notes.budget_status(budget)
        row = QWidget()
        row.setAccessibleName(f"{name}: {amounts}. {status.text}")
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(Text(self.theme, name, "bodym", elide=True))
        head.addWidget(Chip(self.theme, status.text, tone=status.tone, icon=status.icon))
        head.addStretch(1)
        head.addWidget(Text(self.theme, amounts, "small", color="text2"))
        bar = ProgressBar(self.theme, f"{name}: {amounts}")
        bar.set_tone("outbound")  # what was paid has left
        bar.set_share(min(1.0, budget.spent / budget.limit) if budget.limit else float(budget.spent > 0))
        column.addLayout(head)
        column.addWidget(bar)
        return row
