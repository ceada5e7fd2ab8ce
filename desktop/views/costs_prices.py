"""Settings, Costs: what models cost, how old the list is, prices of one's own, and a list from a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.viewmodels.costs_prices import PricesModel
from desktop.views.costs_form import EDGES, FoldingRow, Section
from desktop.views.costs_price_sheet import PriceSheet
from desktop.views.file_dialogs import leaving_no_trace
from desktop.views.told import Told
from desktop.widgets.button import Button
from desktop.widgets.chip import Chip
from desktop.widgets.field import Field
from desktop.widgets.sheet import ConfirmSheet
from desktop.widgets.table import Table
from desktop.widgets.text import Text
from desktop.wordings import costs
from engine.price_records import ListedPrice

translate = QCoreApplication.translate
_WIDTHS = (88, 88, 120, 108, 120)  # read, written, from, source, checked; the model takes the rest
_ROWS = 8


class PriceSettings(Section):
    """Sheets lie over `over`. Nothing is looked up: a newer list comes with a newer version, or from a file."""

    def __init__(self, theme: Theme, model: PricesModel, over: QWidget) -> None:
        super().__init__(theme, translate("Costs", "Prices"))
        self._theme = theme
        self._model = model
        self._over = over
        name = translate("Costs", "Find a price")
        self.field = Field(theme, name, placeholder=name, icon="search")
        self.new = Button(theme, translate("Costs", "Add price"), icon="plus")
        self.import_list = Button(theme, translate("Costs", "Import list"), icon="download")
        self.table = Table(
            theme, translate("Costs", "Prices"), model.table, widths=_WIDTHS, right=frozenset({1, 2}), keep=(0, 1, 2), least=190
        )
        self.change = Button(theme, "", icon="pencil")
        self.remove = Button(theme, translate("Costs", "Remove"), icon="trash-2")
        self.age = Chip(theme)
        self._as_of = Text(theme, "", "small", color="text2", wrap=True)
        self._found = Text(theme, "", "small", color="text2", wrap=True)
        self._told = Told(theme, "caution", "file-warning")
        self.add(self._age_row(), self._table_part())
        self._connect()
        self._show()

    def _age_row(self) -> QWidget:
        row = FoldingRow(self._theme, self._as_of, self.age, stretched=self._as_of, least=260)
        row.setContentsMargins(*EDGES)
        return row

    def _table_part(self) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 13, 0, 13)
        column.setSpacing(10)
        head = FoldingRow(
            self._theme, self.field, FoldingRow(self._theme, self.new, self.import_list), stretched=self.field, least=200
        )
        foot = FoldingRow(
            self._theme, self._found, FoldingRow(self._theme, self.change, self.remove), stretched=self._found, least=200
        )
        for each in (head, foot):
            each.setContentsMargins(EDGES[0], 0, EDGES[2], 0)
        told = QVBoxLayout()
        told.setContentsMargins(EDGES[0], 0, EDGES[2], 0)
        told.addWidget(self._told)
        column.addWidget(head)
        column.addLayout(told)
        column.addWidget(self.table)
        column.addWidget(foot)
        return part

    def _connect(self) -> None:
        self.field.textChanged.connect(self._model.find)
        self.new.clicked.connect(lambda: self._ask(None))
        self.import_list.clicked.connect(self._choose_file)
        self.change.clicked.connect(lambda: self._ask(self.picked))
        self.remove.clicked.connect(self._remove)
        self.table.doubleClicked.connect(lambda _: self._ask(self.picked))
        self.table.selectionModel().selectionChanged.connect(self._show_gestures)
        self._model.table.modelReset.connect(self._show_gestures)
        self._model.changed.connect(self._show)
        self._theme.changed.connect(self._show)

    @property
    def picked(self) -> ListedPrice | None:
        """The price whose row is chosen."""
        rows = self.table.selectionModel().selectedRows()
        return self._model.table.price_at(rows[0].row()) if rows else None

    # ------------------------------------------------------------ gestures
    def _ask(self, price: ListedPrice | None) -> None:
        PriceSheet(self._theme, self._over, self._model, price).ask()

    def _remove(self) -> None:
        if (price := self.picked) is None or price.source != "own":
            return
        title = translate("Costs", "Remove your price of {model}?").format(model=price.model)
        lost = translate(
            "Costs", "From then on the price of the lists counts, if they have one. What is in the books stays as it was counted."
        )
        sheet = ConfirmSheet(self._theme, self._over, title, lost, translate("Costs", "Remove"))
        sheet.confirmed.connect(lambda: self._model.remove(price))
        sheet.ask()

    def _choose_file(self) -> None:
        title, kinds = translate("Costs", "Import a price list"), translate("Costs", "Price lists")
        with leaving_no_trace():
            file, _ = QFileDialog.getOpenFileName(self, title, "", f"{kinds} (*.csv *.json)")
        if file:
            self._model.import_file(Path(file))

    # ------------------------------------------------------------ showing
    def _show(self) -> None:
        model = self._model
        age = costs.price_age(model.as_of, model.age_days)
        self.age.show_status(age.text, age.tone, age.icon)
        self.age.setVisible(model.has_listed)
        words = translate("Costs", "The prices are being read.")
        self._as_of.setText(costs.prices_as_of(model.as_of, model.imported) if model.has_listed else words)
        problem = model.problem
        self._told.say(f"{problem.happened} {problem.kept} {problem.to_do}" if problem else "", problem.title if problem else "")
        self._found.setText(self._found_words())
        rows = max(2, min(model.table.rowCount(), _ROWS))
        self.table.setFixedHeight(self._theme.px(36) + rows * self._theme.size("row") + 2)
        busy = translate("Costs", "Wait until the last change is done") if model.is_busy else ""
        self.import_list.explain(busy)
        self._show_gestures()

    def _found_words(self) -> str:
        model, shown = self._model, self._model.table.rowCount()
        if not model.has_listed:
            return ""
        if not model.n_found:
            return translate("Costs", "No price has this in its name.")
        if model.n_found > shown:
            words = translate("Costs", "{n} of {all} prices. Type a part of the name to find others.")
            return words.format(n=figures.number(shown), all=figures.number(model.n_found))
        return figures.amount(shown, translate("Costs", "price"), translate("Costs", "prices"))

    def _show_gestures(self, *_: object) -> None:
        price = self.picked
        is_own = price is not None and price.source == "own"
        self.change.setText(translate("Costs", "Change") if is_own else translate("Costs", "Enter my price"))
        self.change.setVisible(price is not None)
        self.remove.setVisible(is_own)
