"""Somebody at the real window: keys, mouse and eyes. Runs in a process of its own, on a display of its own.

Everything goes through the widgets that a person would use; waiting looks at what is on the screen or at the state
that is drawn there. A picture is kept of every step.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from desktop.application import open_window

LONG_S = 200.0


def live(milliseconds: int) -> None:
    """Let Qt run. QTest.qWait would hold Python's lock meanwhile, and the engine's thread would hardly get to work."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Person:
    """Opens Strongroom on a profile and uses it."""

    def __init__(self, profile: Path, pictures: Path, size: tuple[int, int] = (1440, 900)) -> None:
        self._pictures = pictures
        self.events: list[object] = []
        pictures.mkdir(parents=True, exist_ok=True)
        self.application, self.bridge, self.window = open_window(str(profile), [])
        self.window.resize(*size)
        self.bridge.happened.connect(self.events.append)
        self._attend()

    def _attend(self) -> None:
        if not self.window.isActiveWindow():
            self.wait(self._has_focus, "the keyboard", 20)  # without a window manager a window has to ask for it

    def _has_focus(self) -> bool:
        self.window.activateWindow()
        return self.window.isActiveWindow()

    # ------------------------------------------------------------ eyes
    def wait(self, condition: Callable[[], object], what: str, longest_s: float = LONG_S) -> None:
        """Let the window live until something is so; ends the journey when it never is."""
        end = time.monotonic() + longest_s
        while not condition():
            if time.monotonic() > end:
                self.picture("stuck")
                sys.exit(f"waited in vain for: {what}")
            live(20)

    def saw(self, kind: type) -> list:
        return [event for event in self.events if isinstance(event, kind)]

    def picture(self, name: str) -> None:
        """Keep what the screen shows, once the window has painted it."""
        live(250)
        QApplication.primaryScreen().grabWindow(0).save(str(self._pictures / f"{name}.png"))

    # ------------------------------------------------------------ hands
    def keys(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self._attend()
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)
        live(30)

    def type(self, text: str) -> None:
        self._attend()
        focused = QApplication.focusWidget()
        assert focused is not None, "nothing has the keyboard"
        QTest.keyClicks(focused, text)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())
        live(30)

    def choose_files(self, open_dialog: Callable[[], None], *files: Path) -> None:
        """Do what opens a file dialog, type the files into it, and confirm."""
        QTimer.singleShot(400, lambda: self._type_into_dialog(files))
        open_dialog()

    def _type_into_dialog(self, files: tuple[Path, ...]) -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            QTimer.singleShot(100, lambda: self._type_into_dialog(files))
            return
        name = dialog.findChild(QLineEdit, "fileNameEdit")
        name.setText(" ".join(f'"{file}"' for file in files))
        QTest.keyClick(name, Qt.Key.Key_Return)

    def quit(self) -> None:
        """Close the window and wait until the engine has kept everything."""
        self.window.close()
        live(50)
        self.bridge.close_engine(30)
