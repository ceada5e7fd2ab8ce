"""Pictures of the ledger in a real window, to be looked at beside the design.

Run it on a display: python -m tests.desktop.ledger_pictures FOLDER [SCENE …]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.views.ledger import LedgerView
from engine import events
from engine.settings import Settings
from engine.statement_records import BreakEven
from tests.desktop import ledger_samples as samples
from tests.desktop.recording import RecordingBridge, a_day_at_work

Scene = Callable[[LedgerView, RecordingBridge], object]


def full(_view: LedgerView, bridge: RecordingBridge) -> None:
    bridge.send(*samples.a_month_of_work())


def tables(view: LedgerView, bridge: RecordingBridge) -> None:
    full(view, bridge)
    view.months.as_table.click()
    view.break_even.as_table.click()


def empty(_view: LedgerView, bridge: RecordingBridge) -> None:
    bridge.send(*samples.a_month_of_work(samples.empty_page(), ()))


def dear(_view: LedgerView, bridge: RecordingBridge) -> None:
    """The API would have been cheaper, and the computer never pays for itself."""
    bridge.send(*samples.a_month_of_work(samples.dear_page(), ()))


def no_hardware(_view: LedgerView, bridge: RecordingBridge) -> None:
    page = replace(samples.page(), break_even=BreakEven("no_hardware", 0))
    bridge.send(*samples.a_month_of_work(page))


def alert(_view: LedgerView, bridge: RecordingBridge) -> None:
    bridge.send(*samples.a_month_of_work(None, samples.alerting_advices()))


def troubled(_view: LedgerView, bridge: RecordingBridge) -> None:
    bridge.send(*samples.a_month_of_work(samples.troubled_page()))


def bottom(view: LedgerView, bridge: RecordingBridge) -> None:
    troubled(view, bridge)
    QTest.qWait(30)
    bar = view.scroll_area.verticalScrollBar()
    bar.setValue(bar.maximum())


def middle(view: LedgerView, bridge: RecordingBridge) -> None:
    full(view, bridge)
    QTest.qWait(30)
    bar = view.scroll_area.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)


SCENES: dict[str, Scene] = {
    "full": full,
    "middle": middle,
    "tables": tables,
    "empty": empty,
    "dear": dear,
    "no-hardware": no_hardware,
    "alert": alert,
    "troubled": troubled,
    "bottom": bottom,
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
                bridge = RecordingBridge()
                window = MainWindow(bridge, theme)
                window.resize(width, height)
                window.show()
                settings = Settings(theme=name, text_size=text_size, first_run_done=True)  # type: ignore[arg-type]
                bridge.send(*a_day_at_work(), events.SettingsChanged(settings))
                window.show_screen("ledger")
                QApplication.processEvents()
                SCENES[scene](window.ledger, bridge)
                QTest.qWait(80)
                window.grab().save(str(folder / f"{scene}-{size}-{name}.png"))
                window.close()
                window.deleteLater()
                QTest.qWait(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
