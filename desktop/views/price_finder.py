"""Find a model that has a price: a field to type a part of its name into, and what was found, with prices."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import figures, money
from desktop.theme import Theme
from desktop.viewmodels.calculator import CalculatorModel
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.field import Field
from desktop.widgets.text import Text
from desktop.wordings import ledger
from engine.price_records import Currency, ListedPrice

translate = QCoreApplication.translate
_USD = Currency()
_SHOWN = 8
_NANO_A_MILLION = 1_000  # nano-dollars for a million tokens at a pico-dollar each


class PriceFinder(Card):
    """`chosen` carries `PROVIDER/MODEL`. Escape closes it, and not the sheet around it."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, model: CalculatorModel) -> None:
        super().__init__(theme)
        self._model = model
        name = translate("Calculator", "Find a model by its name")
        self.field = Field(theme, name, placeholder=name, icon="search")
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._more = Text(theme, "", "small", color="text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        for part in (self.field, self._list, self._more):
            column.addWidget(part)
        self.buttons: list[Button] = []
        self.field.textEdited.connect(model.seek)
        self.field.returnPressed.connect(self._choose_first)
        model.models_changed.connect(self._fill)
        self._fill()

    def _choose_first(self) -> None:
        if self._model.found:
            self.chosen.emit(self._model.found[0].model)

    def _fill(self) -> None:
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(each) for each in self._model.found[:_SHOWN]]
        for button in self.buttons:
            self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        left = self._model.n_found - len(self.buttons)
        more = translate("Calculator", "{n} more. Type a part of the name to find them.").format(n=figures.number(left))
        none = translate("Calculator", "No model with a price has this in its name.")
        self._more.setText(more if left > 0 else "" if self.buttons else none)
        self._more.setVisible(bool(self._more.text()))

    def _button(self, price: ListedPrice) -> Button:
        text = translate("Calculator", "{name}, {provider}: {read} and {written} for a million tokens")
        read, written = (money.amount(rate * _NANO_A_MILLION, _USD) for rate in (price.prompt, price.generated))
        provider = price.model.partition("/")[0]
        words = text.format(name=ledger.model(price.model), provider=provider, read=read, written=written)
        button = Button(self.theme, words, kind="ghost", parent=self._list)
        button.clicked.connect(lambda: self.chosen.emit(price.model))
        return button

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.parentWidget().setFocus()
            self.hide()
            event.accept()
            return
        super().keyPressEvent(event)
