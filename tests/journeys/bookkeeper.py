"""Somebody who reads the ledger at the real window, and corrects what it counts with."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QWidget

from desktop.views.ledger import LedgerView
from desktop.views.ledger_advice import AdviceRow
from desktop.views.settings_costs import CostsSettings
from engine.advice_records import Advice
from engine.events import Finished
from engine.ledger_records import Month
from engine.statement_records import LedgerPage
from tests.journeys.comparer import CONTROL, Comparer


class Bookkeeper(Comparer):
    """Uses the Ledger screen, its sheets and the page of costs."""

    story = "ledger"

    def snap(self, name: str) -> None:
        self.steps += 1
        self.picture(f"{self.story}-{self.steps:02d}-{name}")

    # ------------------------------------------------------------ what is there
    @property
    def ledger(self) -> LedgerView:
        return self.window.ledger

    @property
    def page(self) -> LedgerPage:
        page = self.ledger.model.page
        assert page is not None, "no month is shown"
        return page

    @property
    def costs(self) -> CostsSettings:
        page: CostsSettings = self.window.settings.findChild(CostsSettings)
        return page

    def figure(self, name: str) -> Decimal:
        """A figure of the subtraction as it stands on the screen, by its place: avoided, electricity, hardware, net."""
        place = ("avoided", "electricity", "hardware", "net").index(name)
        return amount(self.ledger.headline.equation.figures[place].text())

    @property
    def saved(self) -> str:
        """The figure in the status bar."""
        return self.window.model.saved_words[1]

    def advice_on(self, name: str) -> Advice:
        return self.advice_row(name).item.advice

    def advice_row(self, name: str) -> AdviceRow:
        (row,) = (row for row in self.ledger.advice.rows if row.item.name == name)
        return row

    def wait_for_month(self, month: Month) -> None:
        self.wait(lambda: self.page.statement.month == month and not self.ledger.model.is_updating, f"the month {month}")

    def words_in(self, widget: QWidget) -> str:
        """Every word that can be read in a widget."""
        shown = [part for part in widget.findChildren(QWidget) if part.isVisible() and callable(getattr(part, "text", None))]
        return "\n".join(part.text() for part in shown)

    def button(self, within: QWidget, words: str) -> QPushButton:
        """The button that says so."""
        found = [each for each in within.findChildren(QPushButton) if each.isVisible() and each.text() == words]
        assert len(found) == 1, f"{len(found)} buttons say {words}: {[each.text() for each in within.findChildren(QPushButton)]}"
        return found[0]

    # ------------------------------------------------------------ hands
    def open_ledger(self) -> None:
        self.keys(Qt.Key.Key_5, CONTROL)
        self.wait(lambda: self.window.screen_name == "ledger" and self.ledger.model.page is not None, "the ledger")
        self.wait(lambda: not self.ledger.model.is_updating and self.ledger.model.advice is not None, "its newest figures")

    def open_costs(self) -> None:
        self.keys(Qt.Key.Key_Comma, CONTROL)
        self.press(self.window.settings.parts["costs"])
        self.wait(lambda: self.costs.isVisible(), "the page of costs")

    def evidence(self, name: str) -> QPushButton:
        return self.button(self.advice_row(name), "See evidence")

    def save_as(self, open_dialog: Callable[[], None], file: Path) -> None:
        """Do what opens a dialog for saving, name the file there, and confirm."""
        QTimer.singleShot(400, lambda: self._name_file(file))
        open_dialog()

    def _name_file(self, file: Path) -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            QTimer.singleShot(100, lambda: self._name_file(file))
            return
        name = dialog.findChild(QLineEdit, "fileNameEdit")
        name.setText(str(file))
        QTest.keyClick(name, Qt.Key.Key_Return)

    def ask(self, question: str) -> None:
        """Ask with the model of this computer, and wait for the whole answer."""
        n = len(self.saw(Finished))
        self.keys(Qt.Key.Key_1, CONTROL)
        self.keys(Qt.Key.Key_L, CONTROL)
        self.type(question)
        self.keys(Qt.Key.Key_Return)
        self.wait(lambda: len(self.saw(Finished)) > n, "the answer")


def amount(words: str) -> Decimal:
    """The money in `€1,370.47` or `−€3.20`."""
    sign = -1 if words.startswith("−") else 1
    return sign * Decimal("".join(each for each in words if each.isdigit() or each == "."))
