"""The sealed process that draws pages of one PDF, so that the window never parses a document.

Keeps the PDF of the last OpenDocument in memory. Answers one RenderPage after the other; a picture that would be too
large is drawn smaller. Knows the pipe and PDFium; no cache, no store.
"""

from __future__ import annotations

import pypdfium2

from engine.documents.incoming import receive_content
from engine.documents.page_geometry import quads_of
from engine.documents.pdf_text import load_page, open_pdf
from engine.documents.protocol import DocumentOpen, NotRendered, OpenDocument, Rendered, RenderPage, ToRenderer
from engine.errors import DocumentEncrypted, DocumentError
from engine.records import Seal
from engine.wire import Channel, Start, WireBroken

MIN_WIDTH, MAX_WIDTH = 32, 8_000  # pixels
MAX_PIXELS = 24_000_000
MAX_SPANS = 200

_KNOWN_ERRORS = (pypdfium2.PdfiumError, ValueError, UnicodeError)


def main(channel: Channel[Start], start: Start, seal: Seal) -> int:
    """Open and draw until the program closes the pipe."""
    wire: Channel[ToRenderer] = channel.expecting(ToRenderer)
    pdf: pypdfium2.PdfDocument | None = None
    while (wanted := wire.receive()) is not None:
        if isinstance(wanted, OpenDocument):
            if pdf is not None:
                pdf.close()
            pdf = _open(wire, wanted)
        elif isinstance(wanted, RenderPage):
            wire.send(_drawn(pdf, wanted) if pdf is not None else NotRendered(wanted.request, "damaged"))
        else:
            raise WireBroken("a chunk of no document")
    return 0


def _open(wire: Channel[ToRenderer], wanted: OpenDocument) -> pypdfium2.PdfDocument | None:
    try:
        pdf = open_pdf("", receive_content(wire, ""), wanted.password)
    except DocumentError as error:
        wire.send(NotRendered(None, "encrypted" if isinstance(error, DocumentEncrypted) else "damaged"))
        return None
    wire.send(DocumentOpen(len(pdf)))
    return pdf


def _drawn(pdf: pypdfium2.PdfDocument, wanted: RenderPage) -> Rendered | NotRendered:
    if not 1 <= wanted.page <= len(pdf):
        return NotRendered(wanted.request, "no_page")
    try:
        page = load_page(pdf, wanted.page - 1)
    except _KNOWN_ERRORS:
        return NotRendered(wanted.request, "damaged")
    try:
        return draw(page, wanted)
    except _KNOWN_ERRORS:
        return NotRendered(wanted.request, "damaged")
    finally:
        page.close()


def draw(page: pypdfium2.PdfPage, wanted: RenderPage) -> Rendered:
    """The picture of a page in 24-bit colour, and the places of the spans on it."""
    width, height = page.get_size()
    scale = scale_for(width, height, wanted.width)
    bitmap = page.render(scale=scale, rev_byteorder=True, fill_color=(255, 255, 255, 255))
    try:
        rgb = _packed(bitmap)
        quads = tuple(quads_of(page, wanted.spans[:MAX_SPANS]))
        return Rendered(wanted.request, bitmap.width, bitmap.height, rgb, quads)
    finally:
        bitmap.close()


def scale_for(width: float, height: float, wanted_width: int) -> float:
    """Pixels per point for a page of this size (points), within what a picture may measure."""
    width, height = max(width, 1.0), max(height, 1.0)
    # A hair less than wanted, because PDFium rounds up to whole pixels.
    scale = (min(max(wanted_width, MIN_WIDTH), MAX_WIDTH) - 0.001) / width
    if (n_pixels := scale * width * scale * height) > MAX_PIXELS:
        scale *= (MAX_PIXELS / n_pixels) ** 0.5
    return scale


def _packed(bitmap: pypdfium2.PdfBitmap) -> bytes:
    """The rows of a bitmap without padding between them."""
    block, row = memoryview(bitmap.buffer), bitmap.width * 3
    if bitmap.stride == row:
        return bytes(block)
    return b"".join(block[start : start + row] for start in range(0, bitmap.stride * bitmap.height, bitmap.stride))
