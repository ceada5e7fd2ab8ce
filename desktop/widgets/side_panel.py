"""Content with a panel at its right: beside it where there is room, over it where there is not."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import Theme
from desktop.widgets.painting import Themed

_NARROW = 1280  # design width of the window below which panels lie over their content
_WIDEST = 1.35  # how far a panel grows with the text


class SidePanelArea(Themed, QWidget):
    """`panel` is hidden until `show_panel`. Its place follows the width of the window, not of this area."""

    panel_shown = Signal(bool)

    def __init__(self, theme: Theme, content: QWidget, panel: QWidget, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = content
        self.panel = panel
        self._width = width
        content.setParent(self)
        panel.setParent(self)
        panel.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.use_theme(theme)

    @property
    def is_overlay(self) -> bool:
        """Whether the panel lies over the content."""
        return self.window().width() < _NARROW * self.theme.scale

    @property
    def is_panel_shown(self) -> bool:
        return not self.panel.isHidden()

    def show_panel(self, shown: bool) -> None:
        """Open or close the panel."""
        if shown == self.is_panel_shown:
            return
        self.panel.setVisible(shown)
        self.place()
        self.panel_shown.emit(shown)

    def restyle(self) -> None:
        super().restyle()
        self.place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def place(self) -> None:
        """Put content and panel where they belong at this size."""
        width = min(round(self._width * min(self.theme.scale, _WIDEST)), self.width() - 48)
        docked = self.is_panel_shown and not self.is_overlay
        self.content.setGeometry(0, 0, self.width() - width if docked else self.width(), self.height())
        self.panel.setGeometry(self.width() - width, 0, width, self.height())
        if self.is_panel_shown:
            self.panel.raise_()

    def sizeHint(self) -> QSize:
        return self.content.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.content.minimumSizeHint()
