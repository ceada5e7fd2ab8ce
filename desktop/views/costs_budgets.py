"""Settings, Costs: limits for what is paid to remote models in a month, and the sheet in which one is entered."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.costs import CostsModel
from desktop.views.costs_form import Block, Entry, EntryField, EntryList, Listed, Section
from desktop.widgets.button import Button
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.setting_row import SettingCard, SettingRow
from desktop.widgets.sheet import Sheet
from desktop.widgets.switch import Switch
from desktop.widgets.text import Text
from desktop.wordings import costs
from engine.ledger_settings import Budget

translate = QCoreApplication.translate
_LEFT = Qt.AlignmentFlag.AlignLeft
_WARNS = "50, 80, 100"


class BudgetSettings(Section):
    """Sheets lie over `over`."""

    def __init__(self, theme: Theme, model: CostsModel, over: QWidget) -> None:
        super().__init__(theme, translate("Costs", "Budgets"))
        self._theme = theme
        self._model = model
        self._over = over
        note = translate(
            "Costs", "What is paid to remote models in a month, through Strongroom and by imported bills, may have limits."
        )
        block = Block(theme, translate("Costs", "Limits a month"), note)
        self.list = EntryList(theme, editable=True)
        self.new = Button(theme, translate("Costs", "Add budget"), icon="plus")
        block.column.addWidget(self.list)
        block.column.addWidget(self.new, 0, _LEFT)
        self.add(block)
        self.new.clicked.connect(lambda: self._ask(None))
        self.list.edited.connect(lambda place: self._ask(model.ledger.budgets[place]))
        self.list.removed.connect(lambda place: model.remove_budget(model.ledger.budgets[place]))
        model.changed.connect(self._show)
        self._show()

    def _ask(self, budget: Budget | None) -> None:
        BudgetSheet(self._theme, self._over, self._model, budget).ask()

    def _show(self) -> None:
        names = self._model.scopes
        self.list.show_entries(
            [Listed(costs.budget(each, names), costs.budget_note(each)) for each in self._model.ledger.budgets]
        )


class BudgetSheet(Sheet):
    """`budget` None adds one. It stays open until what was typed does."""

    def __init__(self, theme: Theme, over: QWidget, model: CostsModel, budget: Budget | None) -> None:
        title = translate("Costs", "Change budget") if budget else translate("Costs", "Add a budget")
        super().__init__(theme, over, title, width=560)
        self._model = model
        self._budget = budget
        self._scope = budget.scope if budget else ""
        self.scope = MenuButton(theme, "", kind="secondary")
        self.limit = EntryField(theme, Entry("limit", translate("Costs", "Limit a month"), "50", 260))
        self.currency = EntryField(theme, Entry("currency", translate("Costs", "Currency"), "EUR", 260))
        self.warn = EntryField(theme, Entry("warn", translate("Costs", "Warn at these per cent of it"), _WARNS, 260))
        stop = translate("Costs", "Stop at the limit")
        self.hard = Switch(theme, stop)
        self._hard_row = SettingRow(theme, "ban", stop, "", self.hard)
        self.keep = Button(theme, translate("Costs", "Keep"), kind="primary", size="m")
        self._cancel = Button(theme, translate("Costs", "Cancel"), size="m")
        self._lay_out()
        self._fill()
        self.hard.toggled.connect(self._say_hard)
        self.keep.clicked.connect(self._keep)
        self._cancel.clicked.connect(self.close_sheet)
        self.closed.connect(self.deleteLater)
        for field in (self.limit, self.currency, self.warn):
            field.field.returnPressed.connect(self._keep)

    def _lay_out(self) -> None:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Text(self.theme, translate("Costs", "What it is for"), "small", color="text2"))
        column.addWidget(self.scope, 0, _LEFT)
        for each in (part, self.limit, self.currency, self.warn, SettingCard(self.theme, [self._hard_row])):
            self.body.addWidget(each)
        self.buttons.addStretch()
        self.buttons.addWidget(self._cancel)
        self.buttons.addWidget(self.keep)

    def ask(self) -> None:
        self.open_sheet(self.limit.field)

    def _fill(self) -> None:
        budget, group = self._budget, QActionGroup(self.scope.choices)
        scopes = self._model.scopes
        if self._scope not in scopes:
            scopes = {**scopes, self._scope: costs.scope(self._scope, scopes)}
        for key, name in scopes.items():
            action = self.scope.choices.addAction(name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(key == self._scope)
            action.triggered.connect(partial(self._choose, key, name))
            group.addAction(action)
        self._choose(self._scope, scopes[self._scope])
        self.limit.field.setText(costs.plain_number(budget.limit) if budget else "")
        self.currency.field.setText(budget.currency if budget else self._model.ledger.currency)
        self.warn.field.setText(", ".join(map(str, budget.warn_percent)) if budget else _WARNS)
        self.hard.setChecked(budget is not None and budget.is_hard)
        self._say_hard(self.hard.isChecked())

    def _choose(self, key: str, name: str, *_: object) -> None:
        self._scope = key
        self.scope.setText(name)
        self.scope.setAccessibleName(translate("Costs", "What it is for: {scope}").format(scope=name))

    def _say_hard(self, on: bool) -> None:
        meaning = translate(
            "Costs",
            "A request that could pass the limit is not sent. What it can cost at most counts, and so do requests under way; one "
            "whose price is not known is not sent either.",
        )
        self._hard_row.set_note(meaning if on else costs.hard(False))

    def _keep(self) -> None:
        fields = {"limit": self.limit, "currency": self.currency, "warn": self.warn}
        texts = {key: field.field.text() for key, field in fields.items()}
        problems = self._model.keep_budget(self._scope, **texts, is_hard=self.hard.isChecked(), before=self._budget)
        for key, field in fields.items():
            field.show_problem(problems.get(key, ""))
        wrong = [field for key, field in fields.items() if key in problems]
        if wrong:
            wrong[0].field.setFocus()
        else:
            self.close_sheet()
