"""File dialogs that leave no list of the folders somebody looked into, for their names may be those of clients.

When a dialog is gone, Qt writes the last folders into settings that all of its programs share, in clear, also when the
system drew the dialog. What the system's own dialog keeps is up to the system.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSettings

_FOLDERS = ("FileDialog/history", "FileDialog/lastVisited")
_HAS_SETTINGS_FILE = sys.platform not in ("win32", "darwin")  # those two have a registry, which cannot be moved away


@contextmanager
def leaving_no_trace() -> Iterator[None]:
    """Open and close file dialogs inside of this."""
    if _HAS_SETTINGS_FILE:
        # A folder that cannot be: nothing reaches the disk, not even for a moment. Dialogs do without the settings.
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, os.devnull)
        yield
        return
    shared = QSettings(QSettings.Scope.UserScope, "QtProject")
    before = {name: shared.value(name) for name in _FOLDERS}
    try:
        yield
    finally:
        for name, folders in before.items():
            if folders is None:
                shared.remove(name)
            else:
                shared.setValue(name, folders)
        shared.sync()
