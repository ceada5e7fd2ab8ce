"""An area with the ledger's sheets over it, as the window makes them, over a bridge that writes down wishes. For tests only."""

from __future__ import annotations

from typing import TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desktop.theme import Theme
from desktop.viewmodels.ledger import LedgerModel
from desktop.views.ledger_gestures import LedgerGestures
from desktop.widgets.button import Button
from desktop.widgets.card import Panel
from desktop.widgets.sheet import Sheet
from engine.events import Event
from tests.desktop import compare_samples
from tests.desktop.recording import RecordingBridge

SheetKind = TypeVar("SheetKind", bound=Sheet)


class SheetStage:
    """`behind` is what had the focus before a sheet opened."""

    def __init__(self, application: QApplication, *, text_size: int = 100) -> None:
        self.bridge = RecordingBridge()
        self.theme = Theme(application, "light")
        self.theme.choose("light", text_size=text_size, reduced_motion=True)
        self.area = Panel(self.theme, "canvas")
        self.area.resize(1024, 600)
        self.behind = Button(self.theme, "Behind", parent=self.area)
        self.ledger = LedgerModel(self.bridge)
        self.gestures = LedgerGestures(self.theme, self.area, self.bridge, self.ledger)
        self.area.show()
        self.area.activateWindow()
        assert QTest.qWaitForWindowActive(self.area)
        self.behind.setFocus()
        self.bridge.send(*compare_samples.a_day_of_comparing())
        self.bridge.wishes.clear()

    def send(self, *happenings: Event) -> None:
        self.bridge.send(*happenings)
        QApplication.processEvents()

    def sheet(self, kind: type[SheetKind]) -> SheetKind:
        QApplication.processEvents()
        return next(one for one in self.area.findChildren(kind) if not one.isHidden())

    @property
    def has_sheet(self) -> bool:
        return any(not one.isHidden() for one in self.area.findChildren(Sheet))

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.area, key)
        QApplication.processEvents()

    def close(self) -> None:
        self.area.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        shiboken6.delete(self.area)
        shiboken6.delete(self.ledger)
        shiboken6.delete(self.theme)


def texts(root: QWidget) -> str:
    """All words that can be seen in a part of the window."""
    QApplication.processEvents()
    return "\n".join(label.text() for label in root.findChildren(QLabel) if label.isVisibleTo(root))


def clipped(sheet: Sheet) -> list[str]:
    """Buttons and labels in a sheet that stand outside of its panel's width."""
    QApplication.processEvents()
    width = sheet.panel.width()
    found = []
    for each in [*sheet.panel.findChildren(QLabel), *sheet.panel.findChildren(Button)]:
        if each.isVisible():
            right = each.mapTo(sheet.panel, each.rect().topRight()).x()
            if right > width or each.mapTo(sheet.panel, each.rect().topLeft()).x() < 0:
                found.append(each.text())
    return found
