"""The text of HTML with the standard library's parser. Pure; runs in a sealed worker.

Every piece of text between tags is kept, whatever the tags are and however they are nested, apart from what a browser
does not show (scripts, styles, templates). Nothing is fetched: pictures, frames and links are tags like others.
"""

from __future__ import annotations

import codecs
import re
from html.parser import HTMLParser

from engine.documents import text_encoding
from engine.documents.sections import Block

_NOT_SHOWN = {"script", "style", "template", "title"}
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset"),
    *(
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
    ),
    *("section", "select", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "caption", "textarea", "button"),
}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)


def read_web_page(content: bytes) -> list[Block]:
    """The blocks of an HTML file in whatever encoding it declares or has."""
    return blocks_of(decode(content))


def blocks_of(html: str) -> list[Block]:
    """The blocks of HTML that is already text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.finish()


def decode(content: bytes) -> str:
    """A byte order mark wins, then the declared encoding if the bytes agree with it, then what the bytes look like."""
    declared = _DECLARED.search(content[:2048])
    if declared and not content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        label = declared.group(1).decode("ascii").lower()
        try:
            # Browsers read what calls itself Latin-1 as Windows-1252, its superset.
            return content.decode("cp1252" if label in ("iso-8859-1", "latin1", "us-ascii", "ascii") else label)
        except (LookupError, UnicodeError):
            pass
    return text_encoding.decode(content) or content.decode("utf-8", errors="replace")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[Block] = []
        self._text: list[str] = []
        self._level = 0
        self._hidden = 0
        self._as_typed = 0
        self._cells = 0

    def finish(self) -> list[Block]:
        self._end_block()
        return self._blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._hidden = 0  # a title that was never closed must not hide the page
        if tag in _NOT_SHOWN:
            self._hidden += 1
        elif tag == "br":
            self._text.append("\n")
        elif tag in _HEADINGS:
            self._end_block()
            self._level = _HEADINGS[tag]
        elif tag in ("td", "th"):
            self._text.append("\t" if self._cells else "")
            self._cells += 1
        elif tag in _BLOCKS:
            self._end_block()
            self._as_typed += tag == "pre"
            self._cells = 0 if tag == "tr" else self._cells

    def handle_endtag(self, tag: str) -> None:
        if tag in _NOT_SHOWN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _HEADINGS or tag in _BLOCKS:
            self._end_block()
            self._as_typed = max(0, self._as_typed - (tag == "pre"))
            self._cells = 0 if tag in ("tr", "table") else self._cells

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self._text.append(data if self._as_typed else re.sub(r"\s+", " ", data))

    def _end_block(self) -> None:
        text = "".join(self._text)
        self._text = []
        if not self._as_typed:
            text = "\n".join(line.strip(" ") for line in re.sub(r" {2,}", " ", text).split("\n"))
        if text.strip():
            self._blocks.append(Block(text.strip("\n"), level=self._level))
        self._level = 0
