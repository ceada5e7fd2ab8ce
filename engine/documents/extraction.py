"""Bytes of a document in, its pages out. Runs in a sealed worker; knows no process, no wire and no store.

Which reader takes which format is decided here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.documents import formats, mail_text, pdf_text, sections, text_encoding, web_text
from engine.documents.protocol import PageText
from engine.documents.sections import Block
from engine.errors import DocumentUnreadable


@dataclass(frozen=True)
class Extraction:
    """A document that could be opened. `pages` may be read once, and reading them is the expensive part for a PDF."""

    media_type: str
    n_pages: int
    pages: Iterable[PageText]


def extract(name: str, content: bytes, password: str | None = None, *, first_page: int = 1) -> Extraction:
    """Open a document of any format that is read; raises DocumentEncrypted or DocumentUnreadable.

    Of a PDF the pages from `first_page` on are read; other formats are read whole or not at all.
    """
    media_type = formats.media_type_of(name, content)
    if media_type == formats.PDF:
        pdf = pdf_text.open_pdf(name, content, password)
        return Extraction(media_type, len(pdf), pdf_text.read_pages(pdf, first_page))
    pages = _text_pages(content) if media_type == formats.TEXT else sections.pages_of(_blocks(name, content, media_type))
    if not pages:
        raise DocumentUnreadable(name, "no_text")
    return Extraction(media_type, len(pages), pages)


def _text_pages(content: bytes) -> list[PageText]:
    """Plain text as it is: the pages joined are the text of the file."""
    cut = sections.pieces(text_encoding.decode(content) or "")
    return [PageText(number, text, "text") for number, text in enumerate(cut, start=1)]


def _blocks(name: str, content: bytes, media_type: str) -> list[Block]:
    if media_type == formats.HTML:
        return web_text.read_web_page(content)
    if media_type == formats.MAIL:
        return mail_text.read_mail(name, content, _attachment_blocks)
    from engine.documents import office_text  # xberg is large; a PDF does not wait for it

    if media_type == formats.MARKDOWN:
        return _markdown_blocks(name, content)
    return office_text.read_office(name, content, media_type)


def _markdown_blocks(name: str, content: bytes) -> list[Block]:
    """Without its marks, if that loses no word; otherwise just as it was typed."""
    from engine.documents import office_text

    text = text_encoding.decode(content) or ""
    blocks = office_text.read_office(name, text.encode(), formats.MARKDOWN)
    kept = {word for block in blocks for word in _words(block.text)}
    return blocks if kept.issuperset(_words(_LINK_TARGETS.sub("", text))) else [Block(text)]


_LINK_TARGETS = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)|(?<=\])\([^)\n]*\)|(?m:^\s*\[[^\]\n]+\]:.*$)|(?m:^\s*(?:```|~~~).*$)")


def _words(text: str) -> Iterator[str]:
    return (match.group() for match in re.finditer(r"[^\W_]+", text))


def _attachment_blocks(name: str, content: bytes) -> list[Block]:
    """An attachment's text; pages of a PDF become parts. Mails within mails are mail_text's own matter."""
    media_type = formats.media_type_of(name, content)
    if media_type == formats.PDF:
        pages = list(pdf_text.read_pages(pdf_text.open_pdf(name, content)))
        return [Block(page.text, part=f"p. {page.number}", source=page.source) for page in pages]
    if media_type in (formats.TEXT, formats.MAIL):
        return [Block(text_encoding.decode(content) or "")]
    return _blocks(name, content, media_type)
