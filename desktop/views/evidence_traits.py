"""What the user says of a kind of work: who may read it, how much there is, how long an answer may take."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from desktop.theme import Theme
from desktop.viewmodels.evidence import EvidenceModel
from desktop.views.option_list import OptionList
from desktop.views.told import Told
from desktop.widgets.card import Card
from desktop.widgets.saved_field import SavedField
from desktop.widgets.switch import Switch
from desktop.widgets.text import Text
from desktop.wordings import routes
from engine.advice_records import SENSITIVITIES, Sensitivity

translate = QCoreApplication.translate
_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class TraitsCard(Card):
    """Choices count at once, figures once they are confirmed."""

    def __init__(self, theme: Theme, model: EvidenceModel) -> None:
        super().__init__(theme)
        self._model = model
        title = translate("Evidence", "What you say of this work")
        self.setAccessibleName(title)
        who = translate("Evidence", "Who may read it")
        self.sensitivity = OptionList(theme, who, [(each, *routes.sensitivity(each)) for each in SENSITIVITIES])
        keep = translate("Evidence", "Use")
        items = translate("Evidence", "Items a month")
        counted = translate("Evidence", "as many as counted")
        self.items = SavedField(theme, items, keep, placeholder=counted, width=170)
        wait = translate("Evidence", "Longest wait for an answer, in seconds")
        self.wait = SavedField(theme, wait, keep, placeholder=translate("Evidence", "any"), width=170)
        hard = translate("Evidence", "It needs the strongest reasoning there is")
        self.reasoning = Switch(theme, hard)
        self._problem = Told(theme, "caution", "circle-alert")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(Text(theme, title, "bodyb", wrap=True))
        column.addWidget(self._problem)
        column.addWidget(Text(theme, who, "smallb", color="text2"))
        column.addWidget(self.sensitivity)
        for words, field in ((items, self.items), (wait, self.wait)):
            column.addWidget(Text(theme, words, "smallb", color="text2", wrap=True))
            column.addWidget(field)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.reasoning)
        row.addWidget(Text(theme, hard, wrap=True, align=_MIDDLE), 1)
        column.addLayout(row)
        self.sensitivity.chosen.connect(self._choose)
        self.items.saved.connect(model.set_items)
        self.wait.saved.connect(model.set_wait)
        self.reasoning.toggled.connect(model.set_reasoning)

    def _choose(self, key: str) -> None:
        chosen: Sensitivity = next(each for each in SENSITIVITIES if each == key)
        self._model.set_sensitivity(chosen)

    def refresh(self) -> None:
        """Show what counts now."""
        model = self._model
        self._problem.say(model.problem)
        self.sensitivity.choose(model.traits.sensitivity)
        self.items.show_value(model.items_text, model.items_problem)
        self.wait.show_value(model.wait_text, model.wait_problem)
        self.reasoning.blockSignals(True)
        self.reasoning.setChecked(model.traits.is_reasoning)
        self.reasoning.blockSignals(False)
