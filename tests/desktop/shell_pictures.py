"""Pictures of the first start, the Privacy page, the status bar and the damaged model, to be looked at beside the design.

Run it on a display: python -m tests.desktop.shell_pictures FOLDER [SCENE …]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.main_window import MainWindow
from desktop.theme import Theme
from engine import events, model_events
from engine.settings import Settings
from tests.desktop import shell_samples as samples
from tests.desktop.recording import RecordingBridge, a_day_at_work

Scene = Callable[[MainWindow, RecordingBridge], object]
SIZES = {"wide": (1440, 900, 100), "small": (1024, 640, 100), "large-text": (1440, 900, 150), "largest-text": (1024, 640, 200)}


def first_run(_window: MainWindow, bridge: RecordingBridge) -> None:
    QTest.qWait(900)


def first_run_poor(_window: MainWindow, bridge: RecordingBridge) -> None:
    """Nearly nothing could be read, and nothing else fits."""
    unread = (("graphics", "the driver did not answer"), ("disk", "permission denied"), ("encryption", "not told by this system"))
    poor = samples.hardware(processor=None, bytes_per_s=None, gpus=(), disk_free=None, disk_encrypted=None, unread=unread)
    bridge.send(model_events.HardwareShown(poor), model_events.OffersShown(samples.offers().edition, ()))
    QTest.qWait(900)


def first_run_ask(window: MainWindow, _bridge: RecordingBridge) -> None:
    assert window.first_run.view is not None
    window.first_run.view.choice_wanted.emit(window.first_run.model.choices[0])


def privacy(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(model_events.NetworkChanged(samples.CLOSED), model_events.HubTokenChanged(False))
    bridge.send(model_events.ConnectionsListed(samples.connections(), 7, 1_600))
    window._show_settings_part("privacy")


def privacy_open(window: MainWindow, bridge: RecordingBridge) -> None:
    privacy(window, bridge)
    bridge.send(model_events.NetworkChanged(samples.OPEN), model_events.HubTokenChanged(True))


def privacy_empty(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(model_events.NetworkChanged(samples.CLOSED), model_events.ConnectionsListed((), 7))
    window._show_settings_part("privacy")


def privacy_log(window: MainWindow, bridge: RecordingBridge) -> None:
    privacy(window, bridge)
    QTest.qWait(30)
    bar = window.settings._stack.currentWidget().verticalScrollBar()
    bar.setValue(bar.maximum())


def sources(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(model_events.LibraryProgress("move", "Qwen3 8B", 2_900_000_000, 5_027_000_000))
    window._show_settings_part("models")
    QTest.qWait(30)
    bar = window.settings._stack.currentWidget().verticalScrollBar()
    bar.setValue(bar.maximum())


def damaged(window: MainWindow, bridge: RecordingBridge) -> None:
    window.ask.model.write("Does clause 14.2 allow notice by email?")
    theme, size = window.model.settings.theme, window.model.settings.text_size
    bridge.send(*samples.damaged_model(), samples.check())
    chosen = Settings(theme=theme, text_size=size, model=samples.DAMAGED, first_run_done=True)
    bridge.send(events.SettingsChanged(chosen))


def repairing(window: MainWindow, bridge: RecordingBridge) -> None:
    damaged(window, bridge)
    bridge.send(model_events.NetworkChanged(samples.OPEN), samples.repair("downloading"))


FIRST: dict[str, Scene] = {"first-run": first_run, "first-run-poor": first_run_poor, "first-run-lock": first_run_ask}
SCENES: dict[str, Scene] = {
    "privacy": privacy,
    "privacy-open": privacy_open,
    "privacy-empty": privacy_empty,
    "privacy-log": privacy_log,
    "sources": sources,
    "damaged": damaged,
    "repairing": repairing,
}


def main(folder: Path, wanted: list[str]) -> None:
    """Write one picture for each scene, size and theme."""
    application = QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    theme = Theme(application, "light")
    for size, (width, height, text_size) in SIZES.items():
        for name in ("light", "dark"):
            for scene, play in (FIRST | SCENES).items():
                if wanted and scene not in wanted:
                    continue
                bridge = RecordingBridge()
                window = MainWindow(bridge, theme)
                window.resize(width, height)
                window.show()
                bridge.send(*(samples.first_start() if scene in FIRST else a_day_at_work()))
                bridge.send(events.SettingsChanged(Settings(theme=name, text_size=text_size)))
                QApplication.processEvents()
                play(window, bridge)
                QTest.qWait(80)
                window.grab().save(str(folder / f"{scene}-{size}-{name}.png"))
                window.close()
                window.deleteLater()
                QTest.qWait(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
