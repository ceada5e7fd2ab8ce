"""The four ways in which a workload can run, one chosen; each says whether its text leaves this computer."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.views.option_list import Option
from desktop.widgets.chip import Chip
from desktop.wordings import routes
from engine.advice_records import RouteKind

translate = QCoreApplication.translate


class RouteOption(Option):
    """A way with a chip beside its name: green where it stays here, copper where it leaves."""

    def __init__(self, theme: Theme, kind: RouteKind, parent: QWidget) -> None:
        words = routes.chip(kind)
        self.chip: Chip | None = None
        super().__init__(theme, routes.name(kind), routes.about(kind), parent)
        self.chip = Chip(theme, words.text, tone=words.tone, icon=words.icon, parent=self)
        self.chip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleDescription(f"{words.text}. {routes.about(kind)}")
        self._place_chip()

    def _place_chip(self) -> None:
        """After the name, or at the right where the name takes the room."""
        if self.chip is None:
            return
        size = self.chip.sizeHint()
        left = self._name.x() + round(self.theme.metrics("bodym").horizontalAdvance(self._name.text())) + 10
        middle = self._name.y() + self._name.height() // 2
        self.chip.setGeometry(
            min(left, self.width() - size.width() - 10), middle - size.height() // 2, size.width(), size.height()
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.layout().activate()
        self._place_chip()

    def restyle(self) -> None:
        super().restyle()
        if self.chip is not None:
            self.layout().activate()
            self._place_chip()


class RouteList(QWidget):
    """`chosen` carries the kind that the user picked."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(translate("Move", "Where it runs"))
        self.options: dict[RouteKind, RouteOption] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for kind in routes.KINDS:
            option = self.options[kind] = RouteOption(theme, kind, self)
            option.toggled.connect(lambda on, kind=kind: self.chosen.emit(kind) if on else None)
            column.addWidget(option)

    def choose(self, kind: RouteKind) -> None:
        """Choose from the program; emits nothing."""
        self.blockSignals(True)
        self.options[kind].setChecked(True)
        self.blockSignals(False)
