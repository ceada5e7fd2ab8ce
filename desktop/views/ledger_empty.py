"""The ledger before anything was counted: what it will show, and the formula."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.ledger import LedgerModel
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_CENTRE = Qt.AlignmentFlag.AlignHCenter


class EmptyLedger(QWidget):
    """Leads to the two things that need no answer yet: the calculator and a bill of today."""

    def __init__(self, theme: Theme, model: LedgerModel) -> None:
        super().__init__()
        self.calculator = Button(theme, translate("EmptyLedger", "Calculate a plan"), icon="scale")
        self.bill = Button(theme, translate("EmptyLedger", "Import a bill"), icon="receipt-text")
        card = Card(theme)
        formula = QVBoxLayout(card)
        formula.setContentsMargins(24, 18, 24, 18)
        formula.setSpacing(8)
        words = translate("EmptyLedger", "Saved = API price avoided − electricity − hardware share")
        formula.addWidget(Text(theme, words, "bodyb", wrap=True, align=_CENTRE))
        for sentence in _sentences():
            formula.addWidget(Text(theme, sentence, color="text2", wrap=True, align=_CENTRE))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.calculator)
        buttons.addWidget(self.bill)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 24, 0, 24)
        column.setSpacing(16)
        column.addStretch(2)
        heading = translate("EmptyLedger", "Savings appear after your first answers")
        column.addWidget(Text(theme, heading, "heading", wrap=True, align=_CENTRE))
        framed = QHBoxLayout()
        framed.addStretch(1)
        framed.addWidget(card, 4)
        framed.addStretch(1)
        column.addLayout(framed)
        column.addLayout(buttons)
        column.addStretch(3)
        self.calculator.clicked.connect(model.calculator_wanted)
        self.bill.clicked.connect(model.bill_wanted)


def _sentences() -> tuple[str, ...]:
    return (
        translate("EmptyLedger", "API price avoided: what the model that you would use otherwise charges for the same work."),
        translate("EmptyLedger", "Electricity: what this computer took for it, beyond an idle one."),
        translate("EmptyLedger", "Hardware share: the computer’s price, spread over the years of its use."),
    )
