"""The locked PySide6 does not lose references to None, which ends the program after a few thousand painter calls."""

from __future__ import annotations

import sys

from PySide6.QtGui import QImage, QPainter

CALLS = 20_000


def test_painting_keeps_the_references_to_none(qapp):
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        painter.drawPoint(1, 1)
    lost = before - sys.getrefcount(None)
    painter.end()
    assert lost < CALLS // 100
