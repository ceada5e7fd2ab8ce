"""Settings, Costs: the currency that amounts are shown in, and the rates that the user looked up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.costs import CostsModel
from desktop.views.costs_form import Block, Entry, EntryForm, EntryList, Listed, Section
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.saved_field import SavedField
from desktop.wordings import costs

translate = QCoreApplication.translate
_EXAMPLE = Decimal("0.92")


class CurrencySettings(Section):
    """Nothing is looked up: a rate counts from the day on which the user looked it up."""

    def __init__(self, theme: Theme, model: CostsModel) -> None:
        super().__init__(theme, translate("Costs", "Currency"))
        self._model = model
        self._problem = ""
        name = translate("Costs", "Currency")
        self.code = SavedField(theme, name, translate("Costs", "Use"), placeholder="EUR", width=100)
        self.common = MenuButton(theme, translate("Costs", "Choose"), kind="secondary")
        self.common.setAccessibleName(translate("Costs", "Choose a common currency"))
        control = QWidget()
        row = QHBoxLayout(control)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.code, 1)
        row.addWidget(self.common, 0, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        note = translate("Costs", "Models are priced in dollars. Each figure of the ledger is exchanged once.")
        self.rates = EntryList(theme)
        self.form = EntryForm(
            theme,
            [
                Entry("currency", translate("Costs", "Currency"), "EUR", 100),
                Entry("per_usd", translate("Costs", "One dollar is"), costs.plain_number(_EXAMPLE), 140),
                Entry("day", translate("Costs", "Looked up on"), date.today().isoformat(), 140),
            ],
            translate("Costs", "Add rate"),
        )
        rates = Block(
            theme,
            translate("Costs", "Exchange rates"),
            translate("Costs", "A month goes by the newest rate of its last day or before. Earlier months keep theirs."),
        )
        rates.column.addWidget(self.rates)
        rates.column.addWidget(self.form)
        shown = Block(theme, translate("Costs", "Amounts are shown in"), note)
        shown.column.addWidget(control)
        self.add(shown, rates)
        self._fill_common()
        self.code.saved.connect(self._use)
        self.form.given.connect(self._add)
        self.rates.removed.connect(self._remove)
        model.changed.connect(self._show)
        self.form.fill(day=date.today().isoformat())
        self._show()

    def _fill_common(self) -> None:
        for code in costs.COMMON_CURRENCIES:
            self.common.choices.addAction(code).triggered.connect(partial(self._choose, code))

    def _choose(self, code: str, *_: object) -> None:
        self.code.field.setText(code)
        self._use(code)

    def _use(self, typed: str) -> None:
        self._problem = self._model.use_currency(typed)
        if self._problem and typed.strip().isalpha() and not self.form.text("currency"):
            self.form.fill(currency=typed.strip().upper())  # what is missing can be entered at once
        elif not self._problem:
            self.code.field.setText(self._model.ledger.currency)
        self._show()

    def _add(self) -> None:
        texts = (self.form.text(key) for key in ("currency", "per_usd", "day"))
        if self.form.show_problems(self._model.add_rate(*texts)):
            self._problem = ""
            self.form.fill(currency="", per_usd="")
            self._show()

    def _remove(self, place: int) -> None:
        rate, _ = self._model.rates[place]
        if problem := self._model.remove_rate(rate):
            self.rates.say(place, problem)

    def _show(self) -> None:
        self.code.show_value(self._model.ledger.currency, self._problem)
        self.rates.show_entries([Listed(costs.rate(rate), costs.rate_note(rate, is_used)) for rate, is_used in self._model.rates])
