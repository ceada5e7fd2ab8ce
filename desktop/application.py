"""Build the window, then the engine behind it; one profile, one window; the last net under Qt's slots."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import signal
import sys
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, qVersion
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from desktop.bridge import Bridge
from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.tokens import RESOURCES

if TYPE_CHECKING:  # the engine is imported behind the window
    from engine.service import Service

log = logging.getLogger(__name__)

CLOSING_PATIENCE_S = 10.0
UNSAFE_QT = (6, 12)  # on Python 3.11 it releases None once too often and aborts after some thousand painter calls


def main(argv: list[str] | None = None) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    options, qt_arguments = _options(argv if argv is not None else sys.argv[1:])
    application, bridge, window = open_window(options.profile, qt_arguments)
    _quit_on_signals(application)
    code = application.exec()
    window.hide()
    bridge.close_engine(CLOSING_PATIENCE_S)
    return code


def open_window(profile: str | None, qt_arguments: list[str]) -> tuple[QApplication, Bridge, MainWindow]:
    """Show the window on a profile and start the engine behind it as soon as Qt's loop runs."""
    refuse_unsafe_qt()
    _without_a_display_say_so()
    application = QApplication([sys.argv[0], *qt_arguments])
    application.setApplicationName("Strongroom")
    application.setApplicationDisplayName("Strongroom")
    application.setDesktopFileName("strongroom")
    application.setWindowIcon(QIcon(str(RESOURCES / "icons" / "strongroom.svg")))
    sys.excepthook = _write_down
    bridge = Bridge(application)
    theme = Theme(application)
    theme.apply()
    window = MainWindow(bridge, theme)
    window.show()
    # What the window is made of stays until the end. Looking through it for garbage again and again would hold up
    # answers that stream for up to 50 ms at a time.
    gc.collect()
    gc.freeze()
    QTimer.singleShot(0, lambda: bridge.start_engine(_engine_factory(profile, bridge)))
    return application, bridge, window


def refuse_unsafe_qt() -> None:
    """Leave with a sentence rather than crash later."""
    version = tuple(int(part) for part in qVersion().split(".")[:2])
    if version >= UNSAFE_QT and sys.version_info < (3, 12):
        sys.exit(f"PySide6 {qVersion()} is not safe on Python 3.11. Run `make run` again: it installs the version that is.")


def _options(argv: list[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(prog="strongroom", add_help=False)
    parser.add_argument("--profile", default=None)
    return parser.parse_known_args(argv)


def _engine_factory(profile: str | None, bridge: Bridge) -> Callable[[], Service]:
    def make() -> Service:
        from engine.service import open_service

        return open_service(profile, bridge.receive)

    return make


def _without_a_display_say_so() -> None:
    needs_display = sys.platform.startswith("linux") and os.environ.get("QT_QPA_PLATFORM", "") in ("", "xcb", "wayland")
    if needs_display and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        sys.exit(
            "There is no screen to open a window on (DISPLAY and WAYLAND_DISPLAY are empty). "
            "`strongroom --help` lists what works without."
        )


def _write_down(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """A fault in a slot must neither end the window nor put document text into a log: keep its type and place."""
    places = traceback.extract_tb(trace)
    where = f"{os.path.basename(places[-1].filename)}:{places[-1].lineno}" if places else "?"
    log.error("fault in the window: %s at %s", kind.__name__, where)


def _quit_on_signals(application: QGuiApplication) -> None:
    """Close as if by hand on Ctrl C and at log-out, so that everything is kept."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: application.quit())
    # Python runs signal handlers between bytecodes only, and Qt's loop runs none by itself.
    tick = QTimer(application, interval=500)
    tick.timeout.connect(lambda: None)
    tick.start()
