"""Settings, Costs: the remote models that work is compared with, and the sheet in which one is found."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.costs import CostsModel
from desktop.viewmodels.costs_prices import PriceSearch
from desktop.views.costs_form import FoldingRow, Section
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.field import Field
from desktop.widgets.setting_row import SettingRow
from desktop.widgets.sheet import Sheet
from desktop.widgets.switch import Switch
from desktop.widgets.table import Table
from desktop.widgets.text import Text
from desktop.wordings import costs
from engine.statement_records import ROLES, Role

translate = QCoreApplication.translate
_WIDTHS = (104, 104, 100, 100, 100)  # read, written; what follows them is not shown here
_ROWS = 7


class ReferenceSettings(Section):
    """Sheets lie over `over`; `search` makes what a sheet looks for prices with."""

    def __init__(self, theme: Theme, model: CostsModel, search: Callable[[], PriceSearch], over: QWidget) -> None:
        about = translate("Costs", "What your work would have cost elsewhere depends on what you would have used there.")
        super().__init__(theme, translate("Costs", "Models to compare with"), about)
        self._theme = theme
        self._model = model
        self._search = search
        self._over = over
        self.choose: dict[Role, Button] = {}
        self.suggest: dict[Role, Button] = {}
        self._settings: dict[Role, SettingRow] = {}
        for role in ROLES:
            self.add(self._row(theme, role))
        batch = translate("Costs", "It would have been asked in batches")
        self.batch = Switch(theme, batch)
        batch_note = translate("Costs", "Then half of its price counts, as companies charge for work that may wait for hours.")
        self.add(SettingRow(theme, "layers", batch, batch_note, self.batch))
        self.batch.toggled.connect(lambda on: model.change(would_use_batch=on))
        model.changed.connect(self._show)
        self._show()

    def _row(self, theme: Theme, role: Role) -> SettingRow:
        name = costs.role(role)
        self.choose[role] = Button(theme, translate("Costs", "Choose"))
        self.choose[role].setAccessibleName(translate("Costs", "Choose: {role}").format(role=name))
        self.suggest[role] = Button(theme, translate("Costs", "Use the suggestion"), kind="ghost")
        self.suggest[role].setAccessibleName(translate("Costs", "Use the suggestion: {role}").format(role=name))
        control = FoldingRow(theme, self.suggest[role], self.choose[role])
        self.choose[role].clicked.connect(partial(self._ask, role))
        self.suggest[role].clicked.connect(partial(self._suggest, role))
        self._settings[role] = SettingRow(theme, "scale", name, "", control)
        return self._settings[role]

    def _ask(self, role: Role, *_: object) -> None:
        sheet = ReferenceSheet(self._theme, self._over, role, self._search())
        sheet.chosen.connect(partial(self._model.choose_reference, role))
        sheet.ask()

    def _suggest(self, role: Role, *_: object) -> None:
        self._model.choose_reference(role, "")
        self.choose[role].setFocus()

    def _show(self) -> None:
        for role, row in self._settings.items():
            chosen = str(getattr(self._model.ledger, role)).strip()
            known = self._model.reference(role)
            words = costs.reference(*known) if known else chosen or translate("Costs", "Suggested by Strongroom.")
            row.set_note(f"{words} {costs.role_note(role)}" if known else words)
            self.suggest[role].setVisible(bool(chosen))
        self.batch.blockSignals(True)
        self.batch.setChecked(self._model.ledger.would_use_batch)
        self.batch.blockSignals(False)


class ReferenceSheet(Sheet):
    """`chosen` carries the model as `PROVIDER/MODEL`. It looks into the lists that are here; nothing is asked of anybody."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, over: QWidget, role: Role, search: PriceSearch) -> None:
        super().__init__(theme, over, costs.role(role), width=640)
        self._search = search
        self.body.addWidget(Text(theme, costs.role_note(role), color="text2", wrap=True))
        name = translate("Costs", "Find a model")
        self.field = Field(theme, name, placeholder=translate("Costs", "Part of its name, or provider/model"), icon="search")
        self.table = Table(
            theme,
            translate("Costs", "Models with a price"),
            search.table,
            widths=_WIDTHS,
            right=frozenset({1, 2}),
            keep=(0, 1, 2),
        )
        self.table.leave_out(frozenset({3, 4, 5}))
        self._note = Text(theme, "", "small", color="text2", wrap=True)
        cancel = Button(theme, translate("Costs", "Cancel"), size="m")
        self.use = Button(theme, translate("Costs", "Compare with this"), kind="primary", size="m")
        self._lay_out(cancel)
        self.field.textChanged.connect(search.find)
        self.field.returnPressed.connect(self._use)
        self.table.doubleClicked.connect(self._use)
        self.table.activated.connect(self._use)
        self.table.selectionModel().selectionChanged.connect(self._check)
        search.changed.connect(self._show)
        self.use.clicked.connect(self._use)
        cancel.clicked.connect(self.close_sheet)
        self.closed.connect(self.deleteLater)
        theme.changed.connect(self._fit)
        self._fit()
        self._show()

    def _lay_out(self, cancel: Button) -> None:
        card = Card(self.theme)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 3, 1, 6)
        inside.addWidget(self.table)
        self.body.addWidget(self.field)
        self.body.addWidget(card)
        self.body.addWidget(self._note)
        self.buttons.addStretch()
        self.buttons.addWidget(cancel)
        self.buttons.addWidget(self.use)

    def ask(self) -> None:
        self._search.find("")
        self.open_sheet(self.field)

    @property
    def picked(self) -> str:
        """The model of the row that is chosen, or the one that was typed in full."""
        rows = self.table.selectionModel().selectedRows()
        price = self._search.table.price_at(rows[0].row()) if rows else None
        if price is not None:
            return price.model
        typed = self.field.text().strip()
        provider, _, model = typed.partition("/")
        return typed if provider and model and " " not in typed else ""

    def _use(self, *_: object) -> None:
        if picked := self.picked:
            self.close_sheet()
            self.chosen.emit(picked)

    def _fit(self) -> None:
        self.table.setFixedHeight(self.theme.px(36) + _ROWS * self.theme.size("row") + 2)

    def _show(self) -> None:
        found, shown = self._search.n_found, len(self._search.prices or ())
        if self._search.prices is None:
            words = translate("Costs", "Prices are dollars for a million tokens.")
        elif not found:
            words = translate(
                "Costs",
                "No model with a price has this in its name. One that is written as provider/model can be used all the same; "
                "until you enter its price, nothing is counted as saved against it.",
            )
        elif found > shown:
            words = translate("Costs", "{n} more have this in their names. Type more of it.").format(n=found - shown)
        else:
            words = translate("Costs", "Prices are dollars for a million tokens.")
        self._note.setText(words)
        self._check()

    def _check(self, *_: object) -> None:
        self.use.explain("" if self.picked else translate("Costs", "Choose a model first"))
