"""Where spans of a page's text lie on its picture. Runs in a sealed worker, on PDFium's pages.

The box of each character is taken in the picture's coordinates, so that turned pages and cropped pages need no special
case, and boxes that follow each other on a line are merged into one. Knows nothing of rendering.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

Fractions = tuple[float, float, float, float]  # left, top, right, bottom

_FINE = 1_000_000  # units on a side of an imagined picture, because PDFium rounds to whole ones
_WIDEST_GAP = 1.8  # times the height of a line; words are closer, columns are not


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float
    is_upright: bool  # written from top to bottom or from bottom to top on the picture

    @property
    def is_visible(self) -> bool:
        return (
            self.right > self.left
            and self.bottom > self.top
            and self.right > 0
            and self.bottom > 0
            and self.left < 1
            and self.top < 1
        )

    def joined(self, other: _Box) -> _Box:
        left, top = min(self.left, other.left), min(self.top, other.top)
        return _Box(left, top, max(self.right, other.right), max(self.bottom, other.bottom), self.is_upright)

    def clipped(self) -> Fractions:
        return max(self.left, 0.0), max(self.top, 0.0), min(self.right, 1.0), min(self.bottom, 1.0)


def quads_of(page: pypdfium2.PdfPage, spans: Iterable[tuple[int, int]]) -> list[Fractions]:
    """The rectangles that cover `spans` (character offsets, end exclusive), one for each line of each span."""
    text_page = page.get_textpage()
    try:
        n_characters = text_page.count_chars()
        found: list[Fractions] = []
        for start, end in spans:
            characters = range(max(start, 0), min(end, n_characters))
            found += [box.clipped() for box in _lines(_boxes(page, text_page, characters), _shape(page))]
        return found
    finally:
        text_page.close()


def _boxes(page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage, characters: range) -> Iterator[_Box]:
    """The boxes of the characters that leave a mark on the page."""
    is_turned = page.get_rotation() in (90, 270)
    for index in characters:
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if code <= 0x20 or code == 0xA0 or pdfium.FPDFText_IsGenerated(text_page, index) == 1:
            continue
        rectangle = pdfium.FS_RECTF()
        if not pdfium.FPDFText_GetLooseCharBox(text_page, index, rectangle):
            continue
        is_upright = (abs(math.sin(pdfium.FPDFText_GetCharAngle(text_page, index))) > 0.7) != is_turned
        box = _on_picture(page, rectangle, is_upright)
        if box.is_visible:
            yield box


def _on_picture(page: pypdfium2.PdfPage, rectangle: pdfium.FS_RECTF, is_upright: bool) -> _Box:
    x1, y1 = _point(page, rectangle.left, rectangle.top)
    x2, y2 = _point(page, rectangle.right, rectangle.bottom)
    return _Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2), is_upright)


def _point(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, _FINE, _FINE, 0, x, y, across, down)
    return across.value / _FINE, down.value / _FINE


def _shape(page: pypdfium2.PdfPage) -> float:
    """Height of the page in widths, so that gaps and heights can be compared."""
    width, height = page.get_size()
    return height / width if width else 1.0


def _lines(boxes: Iterable[_Box], shape: float) -> Iterator[_Box]:
    line: _Box | None = None
    for box in boxes:
        if line is None:
            line = box
        elif _continues(line, box, shape):
            line = line.joined(box)
        else:
            yield line
            line = box
    if line is not None:
        yield line


def _continues(line: _Box, box: _Box, shape: float) -> bool:
    """Whether `box` stands on the same line and near enough. Along: the direction of writing; across: the height of the line."""
    if line.is_upright != box.is_upright:
        return False
    if line.is_upright:
        along, across = (line.top, line.bottom, box.top, box.bottom), (line.left, line.right, box.left, box.right)
        stretch = shape
    else:
        along, across = (line.left, line.right, box.left, box.right), (line.top, line.bottom, box.top, box.bottom)
        stretch = 1 / shape
    thinner = min(across[1] - across[0], across[3] - across[2])
    overlap = min(across[1], across[3]) - max(across[0], across[2])
    gap = max(along[2] - along[1], along[0] - along[3], 0.0)
    return overlap >= thinner / 2 and gap * stretch <= _WIDEST_GAP * (across[1] - across[0])
