"""Settings, Costs: whether the computer is owned already, or what it cost and over how many months that is spread."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication

from desktop.theme import Theme
from desktop.viewmodels.costs import CostsModel
from desktop.views.costs_form import Block, Entry, EntryForm, Section
from desktop.widgets.segmented import Choice, Segmented
from desktop.widgets.setting_row import SettingRow
from desktop.wordings import costs
from engine.ledger_settings import Hardware

translate = QCoreApplication.translate
_FIELDS = ("price", "currency", "bought", "n_months", "share")


class HardwareSettings(Section):
    """Owned already: nothing of it counts. Else its price is spread evenly."""

    def __init__(self, theme: Theme, model: CostsModel) -> None:
        super().__init__(theme, translate("Costs", "Hardware"))
        self._model = model
        self._shown: Hardware | None = None
        self._is_entering = False
        title = translate("Costs", "This computer")
        choices = [Choice("owned", translate("Costs", "Owned already")), Choice("price", translate("Costs", "Count its price"))]
        self.choice = Segmented(theme, title, choices)
        self._row = SettingRow(theme, "monitor", title, "", self.choice)
        self.form = EntryForm(
            theme,
            [
                Entry("price", translate("Costs", "Price"), "2800", 100),
                Entry("currency", translate("Costs", "Currency"), "EUR", 84),
                Entry("bought", translate("Costs", "Bought on"), date.today().isoformat(), 116),
                Entry("n_months", translate("Costs", "Months"), "48", 80),
                Entry("share", translate("Costs", "Share of use, %"), "100", 110),
            ],
            translate("Costs", "Use these"),
            icon="check",
        )
        self._block = Block(
            theme,
            translate("Costs", "Its price"),
            translate(
                "Costs",
                "The price is spread evenly over these months. If the computer also does other work, enter which part of its use "
                "this work is.",
            ),
        )
        self._block.column.addWidget(self.form)
        self.add(self._row)
        self.card.layout().addWidget(self._block)
        self.choice.chosen.connect(self._choose)
        self.form.given.connect(self._use)
        model.changed.connect(self._show)
        self._show()

    def _choose(self, key: str) -> None:
        self._is_entering = key == "price"
        if key == "owned":
            self._model.own_already()
        elif self._model.ledger.hardware is None:
            self.form.fill(currency=self._model.ledger.currency, n_months="48", share="100")
        self._show()
        if self._is_entering:
            self.form.fields["price"].field.setFocus()

    def _use(self) -> None:
        texts = (self.form.text(key) for key in _FIELDS)
        if self.form.show_problems(self._model.use_hardware(*texts)):
            self._is_entering = False
            self._show()

    def _show(self) -> None:
        hardware = self._model.ledger.hardware
        counts = hardware is not None or self._is_entering
        self.choice.choose("price" if counts else "owned")
        self._row.set_note(costs.hardware(hardware))
        self._block.setVisible(counts)
        if hardware is not None and hardware != self._shown:
            self.form.fill(
                price=costs.plain_number(hardware.price),
                currency=hardware.currency,
                bought=hardware.bought.isoformat(),
                n_months=str(hardware.n_months),
                share=str(hardware.share_percent),
            )
        self._shown = hardware
