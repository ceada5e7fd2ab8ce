"""A few choices below each other, each with a sentence, one chosen. Radio buttons: arrows move, the whole box can be pressed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.widgets.painting import KeyboardFocus, Themed, fill_round, focus_ring, is_hovered, painter_for
from desktop.widgets.text import Text

_RING, _DOT = 16, 8  # design pixels
_LEFT, _GAP, _EDGE = 12, 10, 10


class Option(KeyboardFocus, Themed, QRadioButton):
    """A choice with its name and a sentence about it."""

    def __init__(self, theme: Theme, name: str, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAccessibleDescription(about)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._name = Text(theme, name, "bodym")
        self._about = Text(theme, about, "small", color="text2", wrap=True)
        column = QVBoxLayout(self)
        column.setSpacing(1)
        for part in (self._name, self._about):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(part)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.toggled.connect(self._follow)
        self.use_theme(theme)

    def _follow(self, on: bool) -> None:
        """Tab reaches the choice that was made; arrows go on from there."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)

    def restyle(self) -> None:
        self.layout().setContentsMargins(self._words_left(), _EDGE, 14, _EDGE)
        super().restyle()

    # ------------------------------------------------------------ measuring
    def _words_left(self) -> int:
        return _LEFT + self.theme.px(_RING) + _GAP

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        inside = max(1, width - self._words_left() - 14)
        return 2 * _EDGE + 1 + self._name.sizeHint().height() + self._about.heightForWidth(inside)

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(320), self.heightForWidth(self.width() or self.theme.px(320)))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.heightForWidth(max(160, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    # ------------------------------------------------------------ painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        rect, color, on = QRectF(self.rect()), self.theme.color, self.isChecked()
        radius = self.theme.radius("control_large")
        ground = "row_selected" if on else "sunken" if is_hovered(self) else "surface"
        fill_round(painter, rect, radius, color(ground), color("primary") if on else self.theme.outline())
        side, dot = self.theme.px(_RING), self.theme.px(_DOT)
        middle = _EDGE + self._name.height() / 2
        ring = QRectF(_LEFT, round(middle - side / 2), side, side)
        fill_round(painter, ring, side / 2, color("surface"), color("primary") if on else color("border_strong"))
        if on:
            inset = (side - dot) / 2
            fill_round(painter, ring.adjusted(inset, inset, -inset, -inset), dot / 2, color("primary"))
        if self.shows_focus:
            focus_ring(painter, rect, radius, color("primary"))


class OptionList(QWidget):
    """`chosen` carries the key of the choice that the user made."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, name: str, choices: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.options: dict[str, Option] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for key, title, about in choices:
            option = Option(theme, title, about, self)
            option.toggled.connect(lambda on, key=key: self.chosen.emit(key) if on else None)
            column.addWidget(option)
            self.options[key] = option

    @property
    def key(self) -> str:
        """The choice; empty before one was made."""
        return next((key for key, option in self.options.items() if option.isChecked()), "")

    def choose(self, key: str) -> None:
        """Choose from the program; emits nothing."""
        self.blockSignals(True)
        self.options[key].setChecked(True)
        self.blockSignals(False)
