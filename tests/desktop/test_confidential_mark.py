"""The mark of a confidential matter: set at once from its menu, taken away only after a question, seen and read out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.viewmodels.matter_rows import MatterRow
from desktop.widgets.sheet import ConfirmSheet
from engine import compare_intents, events
from tests.desktop.recording import HARLOW, RecordingBridge, a_day_at_work, matters

MARKED = (replace(HARLOW, is_confidential=True), *matters()[1:])


@pytest.fixture
def bridge(qapp: QApplication) -> RecordingBridge:
    return RecordingBridge()


@pytest.fixture
def window(qtbot, qapp: QApplication, bridge: RecordingBridge) -> Iterator[MainWindow]:
    theme = Theme(qapp, "light")
    window = MainWindow(bridge, theme)
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    bridge.send(*a_day_at_work())
    QApplication.processEvents()
    bridge.wishes.clear()
    yield window
    window.close()
    shiboken6.delete(window)
    shiboken6.delete(theme)


def row(window: MainWindow, kind: str = "matter") -> MatterRow:
    return next(one for one in window.model.rows.rows if one.kind == kind)


def choose(window: MainWindow, words: str, kind: str = "matter") -> bool:
    """Choose an entry of the row's menu; whether there is one."""
    window.sidebar._open_menu(row(window, kind), QPoint(10, 10))
    menu = next(one for one in window.sidebar.findChildren(QMenu) if one.isVisible())
    entry = next((action for action in menu.actions() if action.text() == words), None)
    if entry is not None:
        entry.trigger()
    menu.close()
    return entry is not None


def test_a_matter_is_marked_from_its_menu_at_once(window: MainWindow, bridge: RecordingBridge) -> None:
    assert choose(window, "Mark as confidential")
    assert bridge.wishes == [compare_intents.MarkConfidential(HARLOW.id, True)]
    assert not choose(window, "Mark as confidential", "conversation"), "only matters are marked"


def test_the_mark_is_taken_away_only_after_a_question(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(events.MattersChanged(MARKED))
    assert choose(window, "No longer confidential")
    (sheet,) = window.area.findChildren(ConfirmSheet)
    assert bridge.wishes == [] and QApplication.focusWidget() is sheet.cancel
    sheet.confirm.click()
    assert bridge.wishes == [compare_intents.MarkConfidential(HARLOW.id, False)]


def test_the_mark_is_seen_explained_and_read_out(window: MainWindow, bridge: RecordingBridge) -> None:
    matters_list, rows = window.sidebar.matters, window.model.rows
    before = matters_list.grab().toImage()
    assert rows.data(rows.index(0), Qt.ItemDataRole.ToolTipRole) == ""
    bridge.send(events.MattersChanged(MARKED))
    QApplication.processEvents()
    assert "nothing of this matter can be sent" in rows.data(rows.index(0), Qt.ItemDataRole.ToolTipRole)
    assert rows.data(rows.index(0), Qt.ItemDataRole.AccessibleTextRole).endswith("confidential")
    assert matters_list.grab().toImage() != before
