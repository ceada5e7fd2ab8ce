"""The keyboard map as data: which keys do what. Views with keys of their own (lists, fields) handle those themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

KEYS: dict[str, tuple[str, ...]] = {
    "jump": ("Ctrl+K",),
    "ask": ("Ctrl+1",),
    "documents": ("Ctrl+2",),
    "compare": ("Ctrl+3",),
    "ledger": ("Ctrl+5",),
    "models": ("Ctrl+6",),
    "settings": ("Ctrl+,",),
    "help": ("F1",),
    "new_conversation": ("Ctrl+N",),
    "new_matter": ("Ctrl+Shift+N",),
    "compose": ("Ctrl+L",),
    "copy": ("Ctrl+Shift+C",),
    "add_documents": ("Ctrl+O",),
    "close_lock": ("Ctrl+Shift+L",),
    "next_region": ("F6",),
    "previous_region": ("Shift+F6",),
    "viewer": ("Ctrl+\\",),
    "larger": ("Ctrl++", "Ctrl+="),
    "smaller": ("Ctrl+-",),
    "as_designed": ("Ctrl+0",),
    **{f"source_{n}": (f"Alt+{n}",) for n in range(1, 10)},
}


def install(window: QWidget, actions: Mapping[str, Callable[[], None]], allowed: Callable[[str], bool]) -> None:
    """Make the keys work in `window`; `allowed` is asked each time, by the action's name."""

    def run(name: str) -> None:
        if allowed(name):
            actions[name]()

    for name in actions:
        for keys in KEYS[name]:
            shortcut = QShortcut(QKeySequence(keys), window)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(lambda name=name: run(name))
