"""What leads from the ledger to its sheets: evidence, moving, the calculator, bills; and from one of them to the next.

It also keeps what they need to know of models, prices of electricity and advice, which is told once and not again.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.viewmodels.bills import BillsModel
from desktop.viewmodels.calculator import CalculatorModel
from desktop.viewmodels.evidence import EvidenceModel
from desktop.viewmodels.ledger import LedgerModel
from desktop.viewmodels.move import MoveModel
from desktop.viewmodels.window_model import EngineBridge
from desktop.viewmodels.work_places import WorkPlaces
from desktop.views.bill_sheet import BillSheet
from desktop.views.calculator_sheet import CalculatorSheet
from desktop.views.evidence_sheet import EvidenceSheet
from desktop.views.move_sheet import MoveSheet
from engine.advice_records import Advice


class LedgerGestures(QObject):
    """Made with the window, before the engine has started. Sheets lie over `over`; `screen_wanted` carries a screen's name."""

    screen_wanted = Signal(str)

    def __init__(self, theme: Theme, over: QWidget, bridge: EngineBridge, ledger: LedgerModel) -> None:
        super().__init__(over)
        self._theme, self._over, self._bridge, self._ledger = theme, over, bridge, ledger
        self.places = WorkPlaces(bridge)
        self.places.setParent(self)
        ledger.evidence_wanted.connect(self.show_evidence)
        ledger.move_wanted.connect(self.show_move)
        ledger.calculator_wanted.connect(self.show_calculator)
        ledger.bill_wanted.connect(self.show_bills)

    def show_evidence(self, advice: Advice) -> None:
        """Show what an advice rests on."""
        sheet = EvidenceSheet(self._theme, self._over, EvidenceModel(self._bridge, self.places, advice))
        sheet.move_wanted.connect(self.show_move)
        sheet.vote_wanted.connect(self._ledger.vote_wanted)
        sheet.settings_wanted.connect(self._ledger.settings_wanted)
        sheet.ask()

    def show_move(self, advice: Advice) -> None:
        """Ask where a workload shall run."""
        sheet = MoveSheet(self._theme, self._over, MoveModel(self._bridge, self.places, advice))
        sheet.moved.connect(self._ledger.told)
        sheet.models_wanted.connect(lambda: self.screen_wanted.emit("models"))
        sheet.settings_wanted.connect(self._ledger.settings_wanted)
        sheet.ask()

    def show_calculator(self) -> None:
        """Work out a plan."""
        sheet = CalculatorSheet(self._theme, self._over, CalculatorModel(self._bridge, self.places))
        sheet.settings_wanted.connect(self._ledger.settings_wanted)
        sheet.ask()

    def show_bills(self) -> None:
        """Import what a provider says was used, or remove an earlier import."""
        BillSheet(self._theme, self._over, BillsModel(self._bridge, self.places)).ask()
