"""A sheet of A4 to write and draw on: fonts, colours, words that fit. Knows nothing of the ledger.

Places are in points (a 72nd of an inch) from the top left corner. Only places and widths are floats; amounts come as text.
"""

from __future__ import annotations

import io
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase.pdfmetrics import registerFont  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from engine.paths import resources

WIDTH, HEIGHT = 595.28, 841.89
MARGIN = 44.0
LEFT, RIGHT = MARGIN, WIDTH - MARGIN

#: Of the design tokens, light: green stays on this computer, copper leaves it.
INK, SOFT, QUIET, LINE, BAND = "#161D19", "#48524C", "#5C6660", "#E2E5E0", "#F2F4F1"
GREEN, PALE_GREEN, COPPER = "#0B5B4B", "#5C9E8B", "#A8410B"

REGULAR, MEDIUM, BOLD, DISPLAY = "Inter", "Inter-Medium", "Inter-SemiBold", "InterDisplay-SemiBold"
_FILES = {REGULAR: "Inter-Regular", MEDIUM: "Inter-Medium", BOLD: "Inter-SemiBold", DISPLAY: "InterDisplay-SemiBold"}
_MISSING = "\u25a1"
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")


class Paper:
    """One sheet, filled from anywhere."""

    def __init__(self, title: str, subject: str, dated: date) -> None:
        fonts()
        self._target = io.BytesIO()
        # `invariant` leaves out the moment and the machine: the same month is the same file.
        self._canvas = Canvas(self._target, pagesize=(WIDTH, HEIGHT), invariant=1, lang="en", initialFontName=REGULAR)
        self._canvas.setTitle(title)
        self._canvas.setSubject(subject)
        for setter in (self._canvas.setAuthor, self._canvas.setCreator, self._canvas.setProducer):
            setter("Strongroom")
        self._canvas.setDateFormatter(lambda *_: f"D:{dated:%Y%m%d}000000Z")

    def content(self) -> bytes:
        """The file; the sheet is done then."""
        self._canvas.showPage()
        self._canvas.save()
        return self._target.getvalue()

    # ---------------------------------------------------------------- words
    def text(
        self, x: float, y: float, text: str, *, size: float = 9, font: str = REGULAR, colour: str = INK, align: str = "left"
    ) -> float:
        """One line with its baseline at `y`. Returns its width."""
        shown = readable(text, font)
        width = width_of(shown, size, font)
        self._canvas.setFillColor(colour)
        self._canvas.setFont(font, size)
        self._canvas.drawString(x - {"left": 0.0, "center": width / 2, "right": width}[align], HEIGHT - y, shown)
        return width

    def fitted(
        self, x: float, y: float, text: str, room: float, *, size: float = 9, least: float = 6.5, font: str = REGULAR,
        colour: str = INK, align: str = "left",
    ) -> None:  # fmt: skip
        """One line that is as small as it has to be, down to `least`, and then cut."""
        while size > least and width_of(readable(text, font), size, font) > room:
            size = max(least, size - 0.5)
        self.text(x, y, cut(text, room, size, font), size=size, font=font, colour=colour, align=align)

    def figure(
        self, x: float, y: float, figure: str, room: float, *, size: float, font: str = REGULAR, colour: str = INK,
        align: str = "right",
    ) -> None:  # fmt: skip
        """A figure, as small as it has to be. It is never cut: what is left would be another one."""
        wide = width_of(readable(figure, font), size, font)
        self.text(x, y, figure, size=size * min(1.0, room / wide) if wide else size, font=font, colour=colour, align=align)

    # ---------------------------------------------------------------- shapes
    def rule(self, y: float, *, left: float = LEFT, right: float = RIGHT, colour: str = LINE, width: float = 0.6) -> None:
        self._canvas.setStrokeColor(colour)
        self._canvas.setLineWidth(width)
        self._canvas.line(left, HEIGHT - y, right, HEIGHT - y)

    def upright(self, x: float, top: float, bottom: float, *, colour: str = LINE, width: float = 0.6) -> None:
        self._canvas.setStrokeColor(colour)
        self._canvas.setLineWidth(width)
        self._canvas.line(x, HEIGHT - top, x, HEIGHT - bottom)

    def box(self, x: float, top: float, width: float, height: float, colour: str) -> None:
        if width > 0 and height > 0:
            self._canvas.setFillColor(colour)
            self._canvas.rect(x, HEIGHT - top - height, width, height, stroke=0, fill=1)


@cache
def fonts() -> dict[str, Any]:
    """The fonts that come with the program, made known to the library once."""
    folder: Path = resources() / "fonts"
    known = {name: TTFont(name, str(folder / f"{file}.ttf")) for name, file in _FILES.items()}
    for font in known.values():
        registerFont(font)
    return known


def readable(text: str, font: str) -> str:
    """The text in one line, with a box for each letter that the font does not have."""
    letters = fonts()[font].face.charToGlyph
    line = " ".join(_UNSHOWN.sub(" ", text).split(" ")).strip()
    return "".join(each if ord(each) in letters else _MISSING for each in line)


def width_of(shown: str, size: float, font: str) -> float:
    return float(fonts()[font].stringWidth(shown, size))


def cut(text: str, room: float, size: float, font: str = REGULAR) -> str:
    """The beginning of a text that is too long, with three dots."""
    shown = readable(text[:1000], font)
    if width_of(shown, size, font) <= room:
        return shown
    while shown and width_of(shown + "…", size, font) > room:
        shown = shown[:-1]
    return shown.rstrip() + "…"


def wrapped(text: str, room: float, size: float, font: str = REGULAR) -> list[str]:
    """A text in lines; a word that is longer than a line is cut."""
    lines: list[str] = []
    line = ""
    for word in readable(text, font).split(" "):
        longer = f"{line} {word}".strip()
        if line and width_of(longer, size, font) > room:
            lines.append(line)
            longer = word
        line = cut(longer, room, size, font)
    return [*lines, line] if line else lines
