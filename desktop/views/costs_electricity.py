"""Settings, Costs: what a kilowatt-hour costs and since when, what a plug meter showed, and what is used otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from desktop.theme import Theme
from desktop.viewmodels.costs import CostsModel
from desktop.views.costs_form import Block, Entry, EntryForm, EntryList, Listed, Section
from desktop.widgets.button import Button
from desktop.widgets.saved_field import SavedField
from desktop.widgets.setting_row import SettingRow
from desktop.widgets.switch import Switch
from desktop.wordings import costs

translate = QCoreApplication.translate
_EXAMPLE = Decimal("0.25")


class ElectricitySettings(Section):
    """Energy is counted in any case; what it costs follows from the price of its day."""

    def __init__(self, theme: Theme, model: CostsModel) -> None:
        super().__init__(theme, translate("Costs", "Electricity"))
        self._model = model
        self._co2_problem = ""
        self._add_tariffs(theme)
        self._add_watts(theme)
        self._add_rest(theme)
        self.tariff.given.connect(self._add_tariff)
        self.tariffs.removed.connect(lambda place: model.remove_tariff(model.tariffs[place][0]))
        self.watts.given.connect(self._measure)
        self.forget.clicked.connect(self._forget)
        self.on_anyway.toggled.connect(lambda on: model.change(is_on_anyway=on))
        self.co2.saved.connect(self._use_co2)
        model.changed.connect(self._show)
        self.tariff.fill(currency=model.ledger.currency, day=date.today().isoformat())
        self._show()

    def _add_tariffs(self, theme: Theme) -> None:
        self._tariff_block = Block(theme, translate("Costs", "Price of a kilowatt-hour"))
        self.tariffs = EntryList(theme)
        self.tariff = EntryForm(
            theme,
            [
                Entry("price", translate("Costs", "Price"), costs.plain_number(_EXAMPLE), 110),
                Entry("currency", translate("Costs", "Currency"), "EUR", 100),
                Entry("day", translate("Costs", "From this day on"), date.today().isoformat(), 140),
            ],
            translate("Costs", "Add price"),
        )
        self._tariff_block.column.addWidget(self.tariffs)
        self._tariff_block.column.addWidget(self.tariff)
        self.add(self._tariff_block)

    def _add_watts(self, theme: Theme) -> None:
        self._watts_block = Block(theme, translate("Costs", "Watts from a plug meter"))
        self.watts = EntryForm(
            theme,
            [
                Entry("idle", translate("Costs", "Watts at rest"), "38", 120),
                Entry("busy", translate("Costs", "Watts while answering"), "120", 160),
            ],
            translate("Costs", "Use these"),
            icon="check",
        )
        self.forget = Button(theme, translate("Costs", "Forget"), kind="ghost")
        self.forget.setAccessibleName(translate("Costs", "Forget the measured watts"))
        self.watts.add_button(self.forget)
        self._watts_block.column.addWidget(self.watts)
        self.add(self._watts_block)

    def _add_rest(self, theme: Theme) -> None:
        on_anyway, co2 = translate("Costs", "The computer is on anyway"), translate("Costs", "Grams of CO₂ for a kilowatt-hour")
        self.on_anyway = Switch(theme, on_anyway)
        self.co2 = SavedField(theme, co2, translate("Costs", "Use"), placeholder=translate("Costs", "Not counted"), width=140)
        self._anyway_row = SettingRow(theme, "gauge", on_anyway, "", self.on_anyway)
        self._otherwise = SettingRow(theme, "cpu", translate("Costs", "Where nothing was measured"), "")
        co2_note = translate("Costs", "Your supplier names it. Without it nothing is said about CO₂.")
        self.add(self._otherwise, self._anyway_row, SettingRow(theme, "info", co2, co2_note, self.co2))

    # ------------------------------------------------------------ wishes
    def _add_tariff(self) -> None:
        texts = (self.tariff.text(key) for key in ("price", "currency", "day"))
        if self.tariff.show_problems(self._model.add_tariff(*texts)):
            self.tariff.fill(price="")

    def _measure(self) -> None:
        self.watts.show_problems(self._model.measure(self.watts.text("idle"), self.watts.text("busy")))

    def _forget(self) -> None:
        self.watts.fill(idle="", busy="")
        self.watts.fields["idle"].field.setFocus()
        self._model.forget_watts()

    def _use_co2(self, typed: str) -> None:
        self._co2_problem = self._model.use_co2(typed)
        if not self._co2_problem:
            self.co2.field.setText(self._grams)
        self._show()

    # ------------------------------------------------------------ showing
    def _show(self) -> None:
        model, now = self._model, self._model.ledger
        self.tariffs.show_entries(
            [Listed(costs.tariff(tariff), costs.tariff_note(tariff, is_used)) for tariff, is_used in model.tariffs]
        )
        self._tariff_block.set_note(
            translate("Costs", "A later price does not change an earlier month.")
            if now.tariffs
            else translate("Costs", "Until you enter one, an example price is used and marked as one.")
        )
        self._watts_block.set_note(f"{costs.how_to_measure()} {costs.watts(now.watts)}")
        self._fill_watts()
        self.forget.setVisible(now.watts is not None)
        self._otherwise.set_note(costs.otherwise(model.methods))
        self._anyway_row.set_note(costs.on_anyway(now.is_on_anyway))
        self.on_anyway.blockSignals(True)
        self.on_anyway.setChecked(now.is_on_anyway)
        self.on_anyway.blockSignals(False)
        self.co2.show_value(self._grams, self._co2_problem)

    @property
    def _grams(self) -> str:
        grams = self._model.ledger.co2_g_per_kwh
        return "" if grams is None else str(grams)

    def _fill_watts(self) -> None:
        """What counts is shown in the fields, unless something else is being typed there."""
        if (watts := self._model.ledger.watts) is not None:
            for key, value in (("idle", watts.idle), ("busy", watts.busy)):
                if not self.watts.text(key):
                    self.watts.fill(**{key: str(value)})
