"""The text of PDF pages, by PDFium. Runs in a sealed worker.

Invariants, on which highlighting and citations stand:
- len(text) is PDFium's count of characters on the page, and character i of the text is character i of PDFium's list.
- Cleaning replaces one character by one character and never inserts or removes any: the carriage return of PDFium's
  line ends becomes a space, the marker that it leaves where a word was split at a line's end becomes a soft hyphen
  (U+00AD), other control characters and lone surrogates become U+FFFD.
- A character outside the Basic Multilingual Plane, which PDFium counts as two, is followed by a word joiner (U+2060).

Knows nothing of passages, of pictures or of other formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from engine.documents.protocol import PageText
from engine.errors import DocumentEncrypted, DocumentUnreadable

SOFT_HYPHEN = "\u00ad"
WORD_JOINER = "\u2060"
_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_SPLIT_WORD_MARKERS = ("\x02", "\ufffe")  # PDFium's list of characters has the first, its text the second

_ONE_TO_ONE = {code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFFFF)}
_ONE_TO_ONE |= {ord("\r"): " ", ord("\n"): "\n", ord("\t"): "\t", ord("\f"): "\n", ord("\v"): "\n"}
_ONE_TO_ONE |= {ord(marker): SOFT_HYPHEN for marker in _SPLIT_WORD_MARKERS}
_TO_CLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def open_pdf(name: str, content: bytes, password: str | None = None) -> pypdfium2.PdfDocument:
    """Open a PDF held in memory; raises DocumentEncrypted or DocumentUnreadable (damaged)."""
    try:
        pdf = pypdfium2.PdfDocument(content, password=password)
        pdf.init_forms()  # or filled-in fields would be flattened without what was filled in
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise DocumentEncrypted(name, tried=password is not None) from None
        raise DocumentUnreadable(name, "damaged", _detail(error.err_code)) from None
    return pdf


def load_page(pdf: pypdfium2.PdfDocument, index: int) -> pypdfium2.PdfPage:
    """Page `index` (from 0) as it is seen; raises PdfiumError if it is broken.

    What was typed into fields or onto the page is made part of the page, since a filled-in form without its answers is
    half a document. Text and pictures both come from pages loaded here, or their offsets would differ.
    """
    page = pdf[index]
    if not _has_typed_text(page):
        return page
    pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)  # if it fails, the page stays as it was
    page.close()
    return pdf[index]


def read_pages(pdf: pypdfium2.PdfDocument, first: int = 1) -> Iterator[PageText]:
    """The pages from number `first` on; one that cannot be read is `failed` and does not stop the others."""
    for index in range(first - 1, len(pdf)):
        try:
            yield read_page(pdf, index)
        except (pypdfium2.PdfiumError, ValueError, UnicodeError):
            yield PageText(index + 1, "", "failed", _label(pdf, index))


def read_page(pdf: pypdfium2.PdfDocument, index: int) -> PageText:
    """Page `index` (from 0) with its size in points as it is shown; raises PdfiumError if it is broken."""
    page = load_page(pdf, index)
    try:
        width, height = page.get_size()
        text = clean(characters(page))
        return PageText(index + 1, text, "text" if text.strip() else "empty", _label(pdf, index), width, height)
    finally:
        page.close()


def clean(text: str) -> str:
    """Make a page's characters fit to store and to show, one for one."""
    text = text.replace("\r", " ")
    if not _TO_CLEAN.search(text):  # as on most pages
        return text
    return _SURROGATE_PAIR.sub(_joined_pair, text).translate(_ONE_TO_ONE)


def _joined_pair(pair: re.Match[str]) -> str:
    return pair.group().encode("utf-16", "surrogatepass").decode("utf-16") + WORD_JOINER


def characters(page: pypdfium2.PdfPage) -> str:
    """PDFium's list of characters of a page as a string of the same length."""
    text_page = page.get_textpage()
    try:
        n_characters = text_page.count_chars()
        if n_characters == 0:
            return ""
        text = _in_one_call(text_page, n_characters)
        return text if text is not None else _one_by_one(text_page, n_characters)
    finally:
        text_page.close()


def _in_one_call(text_page: pypdfium2.PdfTextPage, n_characters: int) -> str | None:
    """The fast way, right only while PDFium's text leaves out none of its characters; None when it does."""
    if pdfium.FPDFText_GetTextIndexFromCharIndex(text_page, n_characters - 1) != n_characters - 1:
        return None
    text = text_page.get_text_range(0, n_characters, errors="surrogatepass")
    return text if len(text) == n_characters else None


def _one_by_one(text_page: pypdfium2.PdfTextPage, n_characters: int) -> str:
    codes = (pdfium.FPDFText_GetUnicode(text_page, index) for index in range(n_characters))
    return "".join(chr(code) if code < 0x110000 else "\ufffd" for code in codes)


def _has_typed_text(page: pypdfium2.PdfPage) -> bool:
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        subtype = pdfium.FPDFAnnot_GetSubtype(annotation)
        pdfium.FPDFPage_CloseAnnot(annotation)
        if subtype in (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP):
            return True
    return False


def _label(pdf: pypdfium2.PdfDocument, index: int) -> str:
    """The page's own number, such as `iv`, where the document gives one that differs from its position."""
    try:
        label = pdf.get_page_label(index)
    except UnicodeDecodeError:
        return ""
    return label if label and label != str(index + 1) else ""


def _detail(code: int | None) -> str:
    return {
        pdfium.FPDF_ERR_FILE: "file",
        pdfium.FPDF_ERR_FORMAT: "format",
        pdfium.FPDF_ERR_SECURITY: "security",
        pdfium.FPDF_ERR_PAGE: "page",
    }.get(code or 0, "unknown")
