"""A price of one's own: for which model, what a million tokens cost, from which day, and where that stands."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.viewmodels.costs_prices import PricesModel
from desktop.views.costs_form import Entry, EntryField
from desktop.widgets.button import Button
from desktop.widgets.sheet import Sheet
from desktop.widgets.text import Text
from desktop.wordings import costs
from engine.price_records import ListedPrice

translate = QCoreApplication.translate
_PICO = 1_000_000


class PriceSheet(Sheet):
    """`price` None adds one; a listed one is the beginning of one's own. It stays open until the engine has kept it."""

    def __init__(self, theme: Theme, over: QWidget, model: PricesModel, price: ListedPrice | None) -> None:
        is_own = price is not None and price.source == "own"
        title = translate("Costs", "Change your price") if is_own else translate("Costs", "Add a price of your own")
        super().__init__(theme, over, title, width=560)
        self._model = model
        self._price = price
        about = translate(
            "Costs", "It goes before the lists from its first day on. What is in the books already stays as it was counted."
        )
        self.body.addWidget(Text(theme, about, color="text2", wrap=True))
        entries = (
            Entry("model", translate("Costs", "Model, as provider/model"), "openai/gpt-6.1-sol", 260),
            Entry("prompt", translate("Costs", "Dollars for a million tokens read"), "2", 260),
            Entry("generated", translate("Costs", "Dollars for a million tokens written"), "10", 260),
            Entry("cached", translate("Costs", "The same, read from a cache (if it has a price)"), "", 260),
            Entry("first", translate("Costs", "From this day on (empty: always)"), "2026-11-01", 260),
            Entry("url", translate("Costs", "Where it stands (an address, if you like)"), "https://", 260),
        )
        self.fields = {entry.key: EntryField(theme, entry) for entry in entries}
        for field in self.fields.values():
            self.body.addWidget(field)
            field.field.returnPressed.connect(self._keep)
        self.keep = Button(theme, translate("Costs", "Keep price"), kind="primary", size="m")
        cancel = Button(theme, translate("Costs", "Cancel"), size="m")
        self.buttons.addStretch()
        self.buttons.addWidget(cancel)
        self.buttons.addWidget(self.keep)
        self._fill()
        self.keep.clicked.connect(self._keep)
        cancel.clicked.connect(self.close_sheet)
        model.changed.connect(self._show)
        model.kept.connect(self.close_sheet)
        self.closed.connect(self._leave)

    def ask(self) -> None:
        self._model.forget_problems()
        self.open_sheet(self.fields["model" if self._price is None else "prompt"].field)

    def _fill(self) -> None:
        if (price := self._price) is None:
            return
        texts = {"model": price.model, "prompt": _dollars(price.prompt), "generated": _dollars(price.generated)}
        texts["cached"] = _dollars(price.cached)
        if price.source == "own":
            texts |= {"first": price.first.isoformat() if price.first else "", "url": price.url}
        for key, text in texts.items():
            self.fields[key].field.setText(text)

    def _keep(self) -> None:
        if not self._model.is_busy:
            texts = {key: field.field.text() for key, field in self.fields.items()}
            self._model.keep(**texts, before=self._price)

    def _show(self) -> None:
        problems = self._model.entry_problems
        for key, field in self.fields.items():
            field.show_problem(problems.get(key, ""))
        self.keep.explain(translate("Costs", "It is being kept") if self._model.is_busy else "")
        wrong = [field for key, field in self.fields.items() if key in problems]
        if wrong:
            wrong[0].field.setFocus()

    def _leave(self) -> None:
        self._model.forget_problems()
        self.deleteLater()


def _dollars(pico: int | None) -> str:
    return "" if pico is None else costs.plain_number(Decimal(pico) / _PICO)
