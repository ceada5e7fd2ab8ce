"""Settings, Costs: requests whose cost is not known, each with a field for what the invoice says."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication

from desktop.theme import Theme
from desktop.viewmodels.costs_calls import OpenCallsModel
from desktop.views.costs_form import Block, Entry, EntryForm, Section
from desktop.widgets.text import Text
from desktop.wordings import costs
from engine.ledger_records import OpenCall

translate = QCoreApplication.translate
_AT_ONCE = 20


class OpenCallSettings(Section):
    """The rows of requests stay as long as they are not resolved, with what was typed in them."""

    def __init__(self, theme: Theme, model: OpenCallsModel) -> None:
        about = translate("Costs", "A request that broke off, or whose model has no price, counts as the most it can have cost.")
        super().__init__(theme, translate("Costs", "Requests of unknown cost"), about)
        self._theme = theme
        self._model = model
        self.forms: dict[str, EntryForm] = {}
        self._blocks: dict[str, Block] = {}
        self._none = Text(theme, "", color="text2", wrap=True)
        self._none.setContentsMargins(19, 13, 18, 13)
        self._more = Text(theme, "", "small", color="text2", wrap=True)
        self._more.setContentsMargins(19, 6, 18, 10)
        self.card.layout().addWidget(self._none)
        self.card.layout().addWidget(self._more)
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        calls = self._model.calls[:_AT_ONCE]
        for key in [key for key in self._blocks if key not in {call.id for call in calls}]:
            block = self._blocks.pop(key)
            del self.forms[key]
            self.card.layout().removeWidget(block)
            block.hide()
            block.deleteLater()
        for place, call in enumerate(calls):
            if call.id not in self._blocks:
                self._blocks[call.id] = self._block(call)
                self.card.layout().insertWidget(place, self._blocks[call.id])
            problem = self._model.problems.get(call.id, "")
            self.forms[call.id].fields["cost"].show_problem(problem)
        left = len(self._model.calls) - len(calls)
        none = translate("Costs", "There are none.") if self._model.has_listed else translate("Costs", "They are being read.")
        self._none.setText(none)
        self._none.setVisible(not calls)
        self._more.setText(translate("Costs", "{n} more follow once these are entered.").format(n=left))
        self._more.setVisible(left > 0)

    def _block(self, call: OpenCall) -> Block:
        block = Block(self._theme, costs.open_call(call), costs.open_call_note(call))
        name = translate("Costs", "Dollars on the invoice")
        form = EntryForm(self._theme, [Entry("cost", name, "0", 180)], translate("Costs", "Enter"), icon="check")
        form.button.setAccessibleName(translate("Costs", "Enter the cost of {request}").format(request=costs.open_call(call)))
        form.given.connect(partial(self._resolve, call))
        self.forms[call.id] = form
        block.column.addWidget(form)
        return block

    def _resolve(self, call: OpenCall) -> None:
        self._model.resolve(call, self.forms[call.id].text("cost"))
