"""The page about costs in the real window: what it asks, how it is found, the way to a section, and the smallest size."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QLocale
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.viewmodels.jump import jump_targets
from desktop.views.ledger_explained import ExplainedSheet
from desktop.views.settings_costs import CostsSettings
from engine import events, ledger_intents
from engine.ledger_settings import LedgerSettings
from tests.desktop import costs_samples as samples
from tests.desktop import ledger_samples
from tests.desktop.recording import RecordingBridge, a_day_at_work


@pytest.fixture(scope="module")
def bridge(qapp: QApplication) -> RecordingBridge:
    return RecordingBridge()


@pytest.fixture(scope="module")
def window(qapp: QApplication, bridge: RecordingBridge) -> Iterator[MainWindow]:
    """One for all tests here, each of which goes to where it begins."""
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    theme = Theme(qapp, "light")
    window = MainWindow(bridge, theme)
    window.resize(1024, 640)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    bridge.send(*a_day_at_work(), events.SettingsChanged(samples.settings_of(LedgerSettings())))
    yield window
    window.close()
    shiboken6.delete(window)
    shiboken6.delete(theme)
    QLocale.setDefault(before)


def page_of(window: MainWindow) -> CostsSettings:
    return window.settings.findChild(CostsSettings)


def test_looking_at_it_asks_the_engine_and_leaving_it_stops_that(window: MainWindow, bridge: RecordingBridge) -> None:
    window._show_settings_part("general")
    bridge.wishes.clear()
    window._show_settings_part("costs")
    for kind in (ledger_intents.ShowLedger, ledger_intents.ListPrices, ledger_intents.ListOpenCalls):
        assert len(bridge.wished(kind)) == 1
    bridge.wishes.clear()
    bridge.send(events.SettingsChanged(samples.settings_of(samples.FULL)))
    assert len(bridge.wished(ledger_intents.ShowLedger)) == 1
    window.settings.show_part("general")
    bridge.send(events.SettingsChanged(samples.settings_of(LedgerSettings())))
    assert len(bridge.wished(ledger_intents.ShowLedger)) == 1


def test_it_is_found_by_its_name_and_by_its_sections(qtbot, window: MainWindow) -> None:
    assert jump_targets(window.model, "Costs")[0].key == "costs"
    (prices,) = [target for target in jump_targets(window.model, "Prices") if target.kind == "settings"]
    window._jump(prices)
    page = page_of(window)
    bar = next(area for area in window.settings.findChildren(QScrollArea) if area.isAncestorOf(page)).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() > 0)
    assert page.prices.isAncestorOf(QApplication.focusWidget())


def test_the_way_from_a_figure_to_its_setting(qtbot, window: MainWindow, bridge: RecordingBridge) -> None:
    window.show_screen("ledger")
    bridge.send(*ledger_samples.a_month_of_work())
    window.ledger.model.explain_wanted.emit()
    sheet = window.area.findChild(ExplainedSheet)
    next(part for part in sheet.parts if part.part.setting == "costs:hardware").button.click()
    hardware = page_of(window).hardware
    qtbot.waitUntil(lambda: hardware.isAncestorOf(QApplication.focusWidget()))
    assert window.screen_name == "settings"
    assert not window.area.findChildren(ExplainedSheet)


def test_it_fits_the_smallest_window(window: MainWindow, bridge: RecordingBridge) -> None:
    window._show_settings_part("costs")
    bridge.send(*samples.a_page_of_costs())
    QApplication.processEvents()
    page = page_of(window)
    page.thresholds.fold.click()
    for text_size in (100, 200):
        window.theme.choose("light", text_size=text_size, reduced_motion=True)
        QApplication.processEvents()
        QApplication.processEvents()
        hint = window.settings.minimumSizeHint()
        assert hint.width() <= 1024 and hint.height() <= 640
        for section in page.sections.values():
            assert section.minimumSizeHint().width() <= section.width() <= page.width(), section.accessibleName()
