"""A segmented filter: two to five choices with counts, one chosen. Radio buttons underneath; arrow keys move."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from desktop.theme import Theme
from desktop.widgets.painting import KeyboardFocus, Themed, fill_round, focus_ring, is_hovered, painter_for

_PADDING = 12
_GAP = 8
_INSET = 2


@dataclass(frozen=True)
class Choice:
    """One segment; `count` None shows no count."""

    key: str
    label: str
    count: int | None = None


class Segmented(Themed, QWidget):
    """`chosen` is emitted with the key when the user picks another segment."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, name: str, choices: list[Choice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._segments = {choice.key: _Segment(theme, choice, self) for choice in choices}
        row = QHBoxLayout(self)
        row.setContentsMargins(_INSET, _INSET, _INSET, _INSET)
        row.setSpacing(0)
        for key, segment in self._segments.items():
            row.addWidget(segment)
            segment.toggled.connect(lambda on, key=key: self.chosen.emit(key) if on else None)
        next(iter(self._segments.values())).setChecked(True)
        self.use_theme(theme)

    @property
    def key(self) -> str:
        """The chosen segment."""
        return next(key for key, segment in self._segments.items() if segment.isChecked())

    def choose(self, key: str) -> None:
        """Choose a segment from the program; emits nothing."""
        self.blockSignals(True)
        self._segments[key].setChecked(True)
        self.blockSignals(False)

    def set_count(self, key: str, count: int | None) -> None:
        self._segments[key].show_choice(Choice(key, self._segments[key].choice.label, count))

    def paintEvent(self, _event: QPaintEvent) -> None:
        dark, strong = self.theme.is_dark, self.theme.high_contrast
        outline = self.theme.color("border_strong") if strong else self.theme.color("border") if dark else None
        ground = self.theme.color("sunken" if dark else "hover")
        fill_round(painter_for(self), QRectF(self.rect()), self.theme.radius("control_large"), ground, outline)


class _Segment(KeyboardFocus, Themed, QRadioButton):
    def __init__(self, theme: Theme, choice: Choice, parent: QWidget) -> None:
        super().__init__(parent)
        self.choice = choice
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.use_theme(theme, "bodym")
        self.show_choice(choice)

    def show_choice(self, choice: Choice) -> None:
        self.choice = choice
        self.setAccessibleName(choice.label if choice.count is None else f"{choice.label}, {choice.count}")
        self.updateGeometry()
        self.update()

    @property
    def _count(self) -> str:
        return "" if self.choice.count is None else self.locale().toString(self.choice.count)

    def sizeHint(self) -> QSize:
        width = 2 * _PADDING + self.fontMetrics().horizontalAdvance(self.choice.label)
        if self._count:
            width += _GAP + round(self.theme.metrics("small").horizontalAdvance(self._count))
        return QSize(width + 1, self.theme.size("button") - 2 * _INSET)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        rect, color = QRectF(self.rect()), self.theme.color
        on = self.isChecked()
        if on:
            fill_round(painter, rect, self.theme.radius("control"), color("selected"), color("border"))
        painter.setFont(self.font())
        painter.setPen(color("text" if on or is_hovered(self) else "text2"))
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(rect.adjusted(_PADDING, 0, 0, 0), flags, self.choice.label)
        left = _PADDING + self.fontMetrics().horizontalAdvance(self.choice.label) + _GAP
        painter.setFont(self.theme.font("small"))
        painter.setPen(color("text2" if on else "text3"))
        painter.drawText(rect.adjusted(left, 0, 0, 0), flags, self._count)
        if self.shows_focus:
            focus_ring(painter, rect, self.theme.radius("control"), color("primary"))
