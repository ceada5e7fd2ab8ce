"""Settings, Costs: currency, electricity, hardware, what work is compared with, budgets, prices, and how advice is decided."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.costs_pages import CostsPages
from desktop.views.costs_budgets import BudgetSettings
from desktop.views.costs_calls import OpenCallSettings
from desktop.views.costs_currency import CurrencySettings
from desktop.views.costs_electricity import ElectricitySettings
from desktop.views.costs_hardware import HardwareSettings
from desktop.views.costs_prices import PriceSettings
from desktop.views.costs_references import ReferenceSettings
from desktop.views.costs_thresholds import ThresholdSettings
from desktop.views.told import Told

translate = QCoreApplication.translate
_MOST_TRIES = 8
_ABOVE = 12  # pixels that stay above a section that was gone to


class CostsSettings(QWidget):
    """Made when it is first looked at, for it has many parts. Sheets lie over `over`."""

    def __init__(self, models: CostsPages, theme: Theme, over: QWidget) -> None:
        super().__init__()
        self._models = models
        self._theme = theme
        self._over = over
        self.sections: dict[str, QWidget] = {}
        self._wanted: QWidget | None = None
        self._n_tries = 0

    def _make(self) -> None:
        theme, models, over = self._theme, self._models, self._over
        self.currency = CurrencySettings(theme, models.costs)
        self.electricity = ElectricitySettings(theme, models.costs)
        self.hardware = HardwareSettings(theme, models.costs)
        self.references = ReferenceSettings(theme, models.costs, models.search, over)
        self.budgets = BudgetSettings(theme, models.costs, over)
        self.prices = PriceSettings(theme, models.prices, over)
        self.calls = OpenCallSettings(theme, models.calls)
        self.thresholds = ThresholdSettings(theme, models.thresholds)
        self.sections = {
            "currency": self.currency,
            "electricity": self.electricity,
            "hardware": self.hardware,
            "references": self.references,
            "budgets": self.budgets,
            "prices": self.prices,
            "calls": self.calls,
            "thresholds": self.thresholds,
        }
        about = Told(theme, "local", "lock")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(20)
        column.addWidget(about)
        for section in self.sections.values():
            column.addWidget(section)
        column.addStretch()
        about.say(
            translate(
                "Costs",
                "Strongroom looks up no price and no exchange rate. What you do not enter is left out, or an example stands in "
                "for it that is named as one.",
            ),
            translate("Costs", "What the ledger counts with is yours"),
        )

    def showEvent(self, event: QShowEvent) -> None:
        if not self.sections:
            self._make()
        super().showEvent(event)
        self._models.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._models.watch(False)

    def show_section(self, name: str) -> None:
        """Scroll to one of `sections` and put the focus into it; a name that is none changes nothing."""
        if not self.sections:
            self._make()
        if (section := self.sections.get(name)) is not None:
            self._wanted, self._n_tries = section, _MOST_TRIES
            QTimer.singleShot(0, self, self._scroll_to_wanted)

    def _scroll_to_wanted(self) -> None:
        """The page has its height a few rounds after it was shown; until then there is nowhere to scroll to."""
        section, area = self._wanted, self._scroll_area()
        if section is None or area is None or (content := area.widget()) is None:
            return
        self._n_tries -= 1
        bar, top = area.verticalScrollBar(), section.mapTo(content, section.rect().topLeft()).y() - _ABOVE
        if self._n_tries > 0 and (section.y() <= 0 or bar.maximum() <= 0):
            QTimer.singleShot(0, self, self._scroll_to_wanted)
            return
        self._wanted = None
        bar.setValue(top)
        controls = section.findChildren(QWidget)
        first = next((each for each in controls if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _scroll_area(self) -> QScrollArea | None:
        above: QWidget | None = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        return above
