"""Lucide icons as vectors: recoloured SVG drawn straight into a painter, sharp at every scale.

A name without a file draws nothing and is reported once in the log, so that a broken installation
still has a working window. Knows nothing of themes; callers give the colour.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop.tokens import RESOURCES, tokens

_log = logging.getLogger(__name__)
_STROKE = re.compile(r'stroke-width="[^"]*"')
_SMALL = 14  # logical pixels at and below which the heavier stroke is used


@lru_cache(maxsize=256)
def _source(name: str, resources: Path) -> str | None:
    try:
        return (resources / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    except OSError:
        _log.warning("icon %s is missing from this installation", name)
        return None


@lru_cache(maxsize=512)
def _renderer(name: str, color: str, stroke: float, resources: Path) -> QSvgRenderer | None:
    source = _source(name, resources)
    if source is None:
        return None
    coloured = _STROKE.sub(f'stroke-width="{stroke}"', source.replace("currentColor", color))
    return QSvgRenderer(QByteArray(coloured.encode()))


def exists(name: str, resources: Path = RESOURCES) -> bool:
    """Whether this installation has the icon."""
    return (resources / "icons" / f"{name}.svg").is_file()


def paint_icon(painter: QPainter, where: QRectF, name: str, color: QColor) -> None:
    """Draw an icon into a square; the stroke follows the design's rule for small sizes."""
    values = tokens()
    small = where.width() <= _SMALL
    renderer = _renderer(name, color.name(), values.icon_stroke_small if small else values.icon_stroke, RESOURCES)
    if renderer is not None:
        renderer.render(painter, where)


def icon_pixmap(name: str, color: QColor, size: int) -> QPixmap:
    """A picture of an icon for places that only take pixmaps, such as menus; sharp on the densest screen."""
    ratio = max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
    pixmap = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_icon(painter, QRectF(0, 0, size, size), name, color)
    painter.end()
    return pixmap


def make_icon(name: str, color: QColor, size: int = 16) -> QIcon:
    """A QIcon for menus and system dialogs."""
    return QIcon(icon_pixmap(name, color, size))
