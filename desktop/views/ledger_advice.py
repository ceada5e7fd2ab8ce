"""What to move next: each workload with its label, one sentence with the figures, and the way to the evidence."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels import ledger_advice
from desktop.viewmodels.ledger import LedgerModel
from desktop.viewmodels.ledger_advice import AdviceItem
from desktop.widgets.button import Button
from desktop.widgets.card import Card, Divider
from desktop.widgets.chip import Chip
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_SHOWN = 4  # more of them are folded
_EDGE = 16


class AdviceRow(QWidget):
    """`wanted` goes straight to the model's signals."""

    def __init__(self, theme: Theme, item: AdviceItem, model: LedgerModel) -> None:
        super().__init__()
        self._theme = theme
        self.item = item
        self.chip = Chip(theme, item.chip.text, tone=item.chip.tone, icon=item.chip.icon)
        self.name = Text(theme, item.name, "bodyb", elide=True)
        self.sentence = Text(theme, item.sentence, "small", color="text2", wrap=True)
        self.buttons = [self._button(model, act) for act in item.acts]
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.name, 1)
        head.addWidget(self.chip)
        acts = QHBoxLayout()
        acts.setSpacing(6)
        for button in self.buttons:
            acts.addWidget(button)
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._below.setSpacing(12)
        self._below.addWidget(self.sentence, 1)
        self._below.addLayout(acts)
        self._below.setAlignment(acts, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE, 9, _EDGE, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(self._below)

    def _button(self, model: LedgerModel, act: str) -> Button:
        advice = self.item.advice
        is_first = act == self.item.acts[0]
        button = Button(self._theme, ledger_advice.verb(act, advice), size="s", kind="secondary" if is_first else "ghost")
        button.setAccessibleDescription(f"{self.item.name}: {self.item.chip.text}")
        signals = {"evidence": model.evidence_wanted, "move": model.move_wanted}
        if act == "vote":
            button.clicked.connect(partial(model.vote, advice.workload.id))
        elif act == "return":
            button.clicked.connect(partial(model.give_back, advice.workload.id))
        else:
            button.clicked.connect(lambda _=False: signals[act].emit(advice))
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        taken = sum(button.sizeHint().width() + 6 for button in self.buttons)
        is_beside = self.width() - 2 * _EDGE - taken >= self._theme.px(170)
        direction = QBoxLayout.Direction.LeftToRight if is_beside else QBoxLayout.Direction.TopToBottom
        if self._below.direction() != direction:
            self._below.setDirection(direction)


class AdviceCard(Card):
    """The first few workloads; the rest unfold."""

    def __init__(self, theme: Theme, model: LedgerModel) -> None:
        super().__init__(theme)
        self._model = model
        self._items: tuple[AdviceItem, ...] | None = None
        self._is_unfolded = False
        self.rows: list[AdviceRow] = []
        self._source = Text(theme, "", "small", color="text2", elide=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._empty = QWidget()
        self.compare = Button(theme, translate("AdviceCard", "Go to Compare"), icon="columns-2", size="s")
        self.more = Button(theme, "", kind="ghost", size="s")
        head = QHBoxLayout()
        head.setContentsMargins(_EDGE, 0, _EDGE, 4)
        head.setSpacing(12)
        head.addWidget(Text(theme, translate("AdviceCard", "What to move next"), "subtitle"))
        head.addStretch(1)
        head.addWidget(self._source)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 12, 1, 6)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(self._list)
        column.addWidget(self._empty)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._fill_empty()
        self.compare.clicked.connect(lambda: model.vote_wanted.emit(""))
        self.more.clicked.connect(self._toggle)
        self.more.hide()

    def _fill_empty(self) -> None:
        words = translate(
            "AdviceCard",
            "Give work that you do again and again a name in Compare, and vote on its answers. Once there are enough votes, "
            "this says whether it can move to this computer.",
        )
        inside = QVBoxLayout(self._empty)
        inside.setContentsMargins(_EDGE, 8, _EDGE, 8)
        inside.setSpacing(12)
        inside.addWidget(Text(self.theme, words, color="text2", wrap=True))
        inside.addWidget(self.compare, 0, Qt.AlignmentFlag.AlignLeft)

    def refresh(self) -> None:
        """Show other advice; the same is left alone, so that focus stays where it is."""
        model = self._model
        found = ledger_advice.items(model.advice or (), model.advice_currency)
        self._source.setText(ledger_advice.source(tuple(item.advice for item in found)))
        self._empty.setVisible(not found and model.advice is not None)
        if found != self._items:
            self._items = found
            self._fill()

    def _fill(self) -> None:
        at, key = self._focus_place()
        while (taken := self._list.takeAt(0)) is not None:
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = []
        items = self._items or ()
        for item in items if self._is_unfolded else items[:_SHOWN]:
            if self.rows:
                self._list.addWidget(Divider(self.theme))
            row = AdviceRow(self.theme, item, self._model)
            self.rows.append(row)
            self._list.addWidget(row)
        self.more.setVisible(len(items) > _SHOWN)
        every = translate("AdviceCard", "Show all {n}").format(n=len(items))
        self.more.setText(translate("AdviceCard", "Show fewer") if self._is_unfolded else every)
        self._put_focus_back(at, key)

    def _focus_place(self) -> tuple[int, str]:
        for row in self.rows:
            for at, button in enumerate(row.buttons):
                if button.hasFocus():
                    return at, row.item.advice.workload.id
        return 0, ""

    def _put_focus_back(self, at: int, key: str) -> None:
        row = next((row for row in self.rows if row.item.advice.workload.id == key), None)
        if key and row is not None:
            row.buttons[min(at, len(row.buttons) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)

    def _toggle(self) -> None:
        self._is_unfolded = not self._is_unfolded
        self._fill()
