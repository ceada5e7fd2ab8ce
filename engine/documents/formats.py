"""What a file is, told by its content and not by its name. Pure, apart from `openable`, which asks the file system.

The name decides only where content cannot: between Markdown and plain text. A file that is something else than its
name says is read as what it is, if Strongroom reads that.
"""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
from pathlib import Path

from engine.documents.text_encoding import decode
from engine.errors import DocumentError, DocumentTooLarge, DocumentUnreadable, OriginalMissing

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = "text/html"
MAIL = "message/rfc822"
MARKDOWN = "text/markdown"
TEXT = "text/plain"

READABLE = ("PDF", "DOCX", "TXT", "MD", "HTML", "EML")
"""The formats that are read, as a person would name them."""

MAX_BYTES = 512 * 1024 * 1024
"""The largest file that is read."""

_ENDINGS = {
    **dict.fromkeys((".pdf",), PDF),
    **dict.fromkeys((".docx", ".docm", ".dotx"), DOCX),
    **dict.fromkeys((".txt", ".text", ".log"), TEXT),
    **dict.fromkeys((".md", ".markdown"), MARKDOWN),
    **dict.fromkeys((".html", ".htm", ".xhtml"), HTML),
    **dict.fromkeys((".eml",), MAIL),
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # older Office files, and newer ones under a password
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_SIGNATURES = (
    (_OLE, "OLE"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"{\\rtf", "RTF"),
    (b"%!PS", "PostScript"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "RAR"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
    (b"GGUF", "GGUF"),
    (b"SQLite format 3\0", "SQLite"),
)
_IN_ZIP = (
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", "XLSX"),
    ("xl/workbook.bin", "XLSX"),
    ("ppt/presentation.xml", "PPTX"),
    ("META-INF/container.xml", "EPUB"),
    ("content.xml", "OpenDocument"),
)
# Possessive, so that a file of nothing but comments is not tried in every possible split.
_HTML_START = re.compile(
    r"\s*+(?>(?:<\?xml[^>]*+>|<!--.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_HEADER_LINE = re.compile(r"([A-Za-z][A-Za-z0-9-]*):[ \t]*\S")
_MAIL_HEADERS = {
    "from", "to", "cc", "subject", "date", "message-id", "received", "return-path", "mime-version", "delivered-to",
    "content-type", "reply-to", "sender", "x-mailer", "dkim-signature", "in-reply-to",
}  # fmt: skip


def media_type_of(name: str, content: bytes) -> str:
    """The media type of a document that can be read; raises DocumentUnreadable (empty, damaged, wrong or unsupported format)."""
    if not content.strip(b"\0 \t\r\n"):
        raise DocumentUnreadable(name, "empty")
    if b"%PDF-" in content[:1024]:
        return PDF
    if content.startswith(b"PK"):
        return _in_zip(name, content)
    if content.startswith(_OLE) and _PROTECTED in content:
        raise DocumentUnreadable(name, "unsupported_format", "password-protected Office")
    for signature, what in _SIGNATURES:
        if content.startswith(signature):
            raise _not_read(name, what)
    text = decode(content)
    if text is None:
        raise _not_read(name, "")
    return _of_text(name, text)


def openable(path: Path) -> DocumentError | None:
    """Why the file at `path` must not even be opened: not a regular file (a link is followed), or too large."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return OriginalMissing(path.name, changed=False)
    if not stat.S_ISREG(found.st_mode):
        return DocumentUnreadable(path.name, "unreachable", _kind_of_file(found.st_mode))
    if found.st_size > MAX_BYTES:
        return DocumentTooLarge(path.name, found.st_size, MAX_BYTES)
    return None if found.st_size else DocumentUnreadable(path.name, "empty")


def _of_text(name: str, text: str) -> str:
    head = text[:4096]
    if _HTML_START.match(head):
        return HTML
    if _is_mail(head):
        return MAIL
    claimed = _ENDINGS.get(_ending(name))
    return claimed if claimed in (MARKDOWN, HTML) else TEXT


def _is_mail(head: str) -> bool:
    """A mail starts with header lines, of which at least three are those of a mail."""
    seen = set()
    for line in head.lstrip("\n").splitlines():
        if line.startswith((" ", "\t", "From ")):
            continue
        match = _HEADER_LINE.match(line)
        if match is None:
            break
        seen.add(match.group(1).lower())
    return len(seen & _MAIL_HEADERS) >= 3 and "from" in seen


def _in_zip(name: str, content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise DocumentUnreadable(name, "damaged", "zip") from None
    for member, what in _IN_ZIP:
        if member in inside:
            if what == DOCX:
                return DOCX
            raise _not_read(name, what)
    raise _not_read(name, "ZIP")


def _not_read(name: str, what: str) -> DocumentUnreadable:
    """A name that promises a readable format makes it the wrong one; otherwise it is one that is not supported."""
    promised = _ENDINGS.get(_ending(name))
    return DocumentUnreadable(name, "wrong_format" if promised else "unsupported_format", what)


def _ending(name: str) -> str:
    return Path(name).suffix.lower()


def _kind_of_file(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "folder"
    return "pipe" if stat.S_ISFIFO(mode) else "device"
