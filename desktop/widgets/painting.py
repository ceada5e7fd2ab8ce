"""Strokes that every painted control shares: crisp outlines, focus rings, focus that shows for the keyboard.

Knows the theme and nothing of any single control.
"""

from __future__ import annotations

import html

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPen, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from desktop.theme import Theme

_MOUSE = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


def painter_for(widget: QWidget) -> QPainter:
    """A painter with smooth edges and text."""
    painter = QPainter(widget)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    return painter


def fill_round(painter: QPainter, rect: QRectF, radius: float, fill: QColor | None, outline: QColor | None = None) -> None:
    """A rounded rectangle whose one-pixel outline lies on whole pixels inside `rect`."""
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    if outline is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, radius, radius)
        return
    painter.setPen(QPen(outline, 1))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5, radius - 0.5)


def focus_ring(painter: QPainter, rect: QRectF, radius: float, color: QColor) -> None:
    """The two-pixel ring of the design, one pixel inside `rect`."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, 2))
    painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), max(1.0, radius - 2), max(1.0, radius - 2))


def hairline(painter: QPainter, start: QPointF, end: QPointF, color: QColor) -> None:
    """A one-pixel line that is not smeared over two rows."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(color, 1))
    painter.drawLine(start, end)
    painter.restore()


def tooltip_of(text: str) -> str:
    """Text for a tooltip shown letter for letter: Qt would read markup in a document's name."""
    return html.escape(text).replace("\n", "<br>") if text else ""


class KeyboardFocus:
    """Mixed into a widget class: `shows_focus` is true while focus came from the keyboard, not from a click."""

    _focus_visible = False

    @property
    def shows_focus(self) -> bool:
        return self._focus_visible and self.hasFocus()  # type: ignore[attr-defined]

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._focus_visible = event.reason() not in _MOUSE or (
            event.reason() == Qt.FocusReason.ActiveWindowFocusReason and self._focus_visible
        )
        super().focusInEvent(event)  # type: ignore[misc]


class Themed:
    """Mixed into a widget class: font, size and colours follow the theme.

    Connecting a bound method lets Qt drop the connection with the widget; a closure would outlive it.
    """

    theme: Theme
    type_style: str

    def use_theme(self, theme: Theme, type_style: str = "body") -> None:
        """Take the theme; call once, at the end of the constructor."""
        self.theme = theme
        self.type_style = type_style
        theme.changed.connect(self.restyle)
        self.restyle()

    def showEvent(self, event: QShowEvent) -> None:
        """Put the font right: a style sheet that is set before a widget is first shown brings its old font back then."""
        super().showEvent(event)  # type: ignore[misc]
        if any(part.font() != self.theme.font(self.type_style) for part in self._parts()):
            self.restyle()

    def _parts(self) -> list[QWidget]:
        """The widget and, where it scrolls, the viewport: text and placeholders are painted with the viewport's font."""
        own: QWidget = self  # type: ignore[assignment]
        return [own, own.viewport()] if isinstance(own, QAbstractScrollArea) else [own]

    def restyle(self) -> None:
        """Lay out and paint again in the theme of now."""
        for part in self._parts():
            part.setFont(self.theme.font(self.type_style))
        self.updateGeometry()  # type: ignore[attr-defined]
        self.update()  # type: ignore[attr-defined]


def is_hovered(widget: QWidget) -> bool:
    """Whether the pointer is over a control that can be used."""
    return widget.isEnabled() and widget.underMouse()
