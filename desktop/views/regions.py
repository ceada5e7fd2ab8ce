"""F6 and Shift F6: the regions of the window in the design's order, and the focus that walks through them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def focus_region(regions: Sequence[QWidget], way: int) -> None:
    """Put the focus into the next (`way` 1) or previous (-1) region that has something to focus."""
    now = QApplication.focusWidget()
    holding = [at for at, region in enumerate(regions) if now is not None and region.isAncestorOf(now)]
    place = holding[-1] if holding else (-1 if way > 0 else 0)  # a panel lies inside its page and is named after it
    for step in range(1, len(regions) + 1):
        region = regions[(place + way * step) % len(regions)]
        others = [other for other in regions if other is not region and region.isAncestorOf(other)]
        if region.isVisible() and (control := first_control(region, outside=others)) is not None:
            control.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return


def first_control(region: QWidget, outside: Sequence[QWidget] = ()) -> QWidget | None:
    """The first control of a region that Tab reaches and that lies in none of `outside`, in the focus chain's order."""
    control = region.nextInFocusChain()
    while control is not None and control is not region:
        can_tab = control.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
        is_here = region.isAncestorOf(control) and not any(other.isAncestorOf(control) for other in outside)
        if can_tab and is_here and control.isEnabled() and control.isVisible():
            return control
        control = control.nextInFocusChain()
    return None
