"""Pictures of the window's screens in a real window, to be looked at beside the design.

Run it on a display: python -m tests.desktop.window_pictures FOLDER
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.main_window import MainWindow
from desktop.theme import Theme
from engine import events
from engine.errors import DiskFull, StoreLocked
from engine.settings import Settings
from tests.desktop.recording import RecordingBridge, a_day_at_work

Scene = Callable[[MainWindow, RecordingBridge], object]


def documents(window: MainWindow, _bridge: RecordingBridge) -> None:
    window.show_screen("documents")
    window.documents.show_document("d4")


def password(window: MainWindow, _bridge: RecordingBridge) -> None:
    window.show_screen("documents")
    window.documents.show_document("d7")


def trouble(window: MainWindow, bridge: RecordingBridge) -> None:
    window.show_screen("documents")
    bridge.send(events.Trouble(DiskFull(12_000_000), "Lease, Unit 4.pdf"))


def unlock(_window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(events.StoreNeedsKey(StoreLocked("no_keyring"), True))


SCENES: dict[str, Scene] = {
    "ask": lambda window, _bridge: window.show_screen("ask"),
    "documents": documents,
    "password": password,
    "trouble": trouble,
    "privacy": lambda window, _bridge: window._show_settings_part("privacy"),
    "models": lambda window, _bridge: window._show_settings_part("models"),
    "general": lambda window, _bridge: window._show_settings_part("general"),
    "jump": lambda window, _bridge: window.open_jump(),
    "help": lambda window, _bridge: window.open_help(),
    "delete": lambda window, _bridge: window.sidebar.delete_wanted.emit(window.model.rows.rows[0]),
    "unlock": unlock,
}
SIZES = {"wide": (1440, 900, 100), "small": (1024, 640, 100), "large-text": (1440, 900, 150), "largest-text": (1024, 640, 200)}


def main(folder: Path) -> None:
    """Write one picture for each scene, size and theme."""
    application = QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    theme = Theme(application, "light")
    for size, (width, height, text_size) in SIZES.items():
        for name in ("light", "dark"):
            for scene, play in SCENES.items():
                bridge = RecordingBridge()
                window = MainWindow(bridge, theme)
                window.resize(width, height)
                window.show()
                bridge.send(*a_day_at_work(), events.SettingsChanged(Settings(theme=name, text_size=text_size)))
                QApplication.processEvents()
                play(window, bridge)
                QTest.qWait(80)
                window.grab().save(str(folder / f"{scene}-{size}-{name}.png"))
                window.close()
                window.deleteLater()
                QTest.qWait(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
