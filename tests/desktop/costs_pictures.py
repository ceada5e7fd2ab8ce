"""Pictures of the settings of costs and of how the ledger is worked out, to be looked at beside the design.

Run it on a display: python -m tests.desktop.costs_pictures FOLDER [SCENE …]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.views.ledger_explained import ExplainedSheet
from desktop.views.settings_costs import CostsSettings
from engine import events
from engine.errors import PricesUnfit
from engine.ledger_events import LedgerRefused, OpenCallsListed
from engine.ledger_settings import LedgerSettings
from engine.statement_records import LedgerPage
from tests.desktop import costs_samples as samples
from tests.desktop import ledger_samples
from tests.desktop.recording import RecordingBridge, a_day_at_work

Scene = Callable[[MainWindow, CostsSettings, RecordingBridge], object]


def section(name: str) -> Scene:
    return lambda window, _page, _bridge: window._show_settings_part(f"costs:{name}")


def empty(_window: MainWindow, _page: CostsSettings, bridge: RecordingBridge) -> None:
    bridge.send(*samples.a_page_of_costs(LedgerSettings()), OpenCallsListed(()))


def problems(_window: MainWindow, page: CostsSettings, bridge: RecordingBridge) -> None:
    """Nonsense in every form of the first sections."""
    empty(_window, page, bridge)
    page.currency.code.field.setText("PLN")
    page.currency.code.use.click()
    page.currency.form.fill(currency="PL", per_usd="1,085", day="3 Smarch")
    page.currency.form.button.click()
    page.electricity.tariff.fill(price="cheap", currency="CHF")
    page.electricity.tariff.button.click()
    page.electricity.watts.fill(idle="120", busy="38")
    page.electricity.watts.button.click()


def hardware(window: MainWindow, page: CostsSettings, bridge: RecordingBridge) -> None:
    section("hardware")(window, page, bridge)


def old(window: MainWindow, page: CostsSettings, bridge: RecordingBridge) -> None:
    """A very old list, an import that was refused, a price that is chosen."""
    bridge.send(samples.listed(age_days=193, imported="prices-september.csv"))
    page.prices._model.import_file(Path("/home/anna/prices.csv"))
    bridge.send(LedgerRefused("ImportPrices", PricesUnfit("bad_number", "prices.csv", 14, "output")))
    page.prices.table.selectRow(0)
    section("prices")(window, page, bridge)


def thresholds(window: MainWindow, page: CostsSettings, bridge: RecordingBridge) -> None:
    page.thresholds.fold.click()
    section("thresholds")(window, page, bridge)


def reference(_window: MainWindow, page: CostsSettings, bridge: RecordingBridge) -> None:
    page.references.choose["would_use"].click()
    bridge.send(samples.listed())


def budget(_window: MainWindow, page: CostsSettings, _bridge: RecordingBridge) -> None:
    page.budgets.list.edit[0].click()


def price(_window: MainWindow, page: CostsSettings, _bridge: RecordingBridge) -> None:
    page.prices.table.selectRow(0)
    page.prices.change.click()


def explained(page: LedgerPage, at: float = 0.0) -> Scene:
    """How a month was worked out, scrolled to a part of its length."""

    def scene(window: MainWindow, _page: CostsSettings, bridge: RecordingBridge) -> None:
        window.show_screen("ledger")
        bridge.send(*ledger_samples.a_month_of_work(page))
        window.ledger.model.explain_wanted.emit()
        QTest.qWait(80)
        bar = window.area.findChild(ExplainedSheet)._scroll.verticalScrollBar()
        bar.setValue(round(at * bar.maximum()))

    return scene


SCENES: dict[str, Scene] = {
    "explained": explained(ledger_samples.page()),
    "explained-troubled": explained(ledger_samples.troubled_page(), 0.35),
    "explained-end": explained(ledger_samples.troubled_page(), 0.8),
    "explained-dear": explained(ledger_samples.dear_page(), 0.3),
    "explained-empty": explained(ledger_samples.empty_page()),
    "top": lambda *_: None,
    "empty": empty,
    "problems": problems,
    "electricity": section("electricity"),
    "hardware": hardware,
    "references": section("references"),
    "budgets": section("budgets"),
    "prices": section("prices"),
    "old": old,
    "calls": section("calls"),
    "thresholds": thresholds,
    "reference": reference,
    "budget": budget,
    "price": price,
}
SIZES = {"wide": (1440, 900, 100), "small": (1024, 640, 100), "large-text": (1440, 900, 150), "largest-text": (1024, 640, 200)}


def main(folder: Path, scenes: list[str]) -> None:
    """Write one picture for each scene, size and theme."""
    application = QApplication([])
    QLocale.setDefault(QLocale("en_GB"))
    folder.mkdir(parents=True, exist_ok=True)
    theme = Theme(application, "light")
    for size, (width, height, text_size) in SIZES.items():
        for name in ("light", "dark"):
            for scene in scenes or SCENES:
                picture(theme, scene, width, height, text_size, name).save(str(folder / f"{scene}-{size}-{name}.png"))


def picture(theme: Theme, scene: str, width: int, height: int, text_size: int, name: str) -> QPixmap:
    """One scene in a window of its own."""
    bridge = RecordingBridge()
    window = MainWindow(bridge, theme)
    window.resize(width, height)
    window.show()
    bridge.send(*a_day_at_work(), events.SettingsChanged(samples.settings_of(samples.FULL)))
    theme.choose(name, text_size=text_size, reduced_motion=True)  # type: ignore[arg-type]
    window._show_settings_part("costs")
    bridge.send(*samples.a_page_of_costs()[1:])
    QApplication.processEvents()
    SCENES[scene](window, window.settings.findChild(CostsSettings), bridge)
    theme.choose(name, text_size=text_size, reduced_motion=True)  # type: ignore[arg-type]
    QTest.qWait(400)
    made = window.grab()
    window.close()
    window.deleteLater()
    QTest.qWait(1)
    return made


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
