"""What a file is follows from its content; its name only promises."""

from __future__ import annotations

import io
import os
import time
import zipfile
from pathlib import Path

import pytest

from engine.documents import formats
from engine.documents.formats import media_type_of, openable
from engine.errors import DocumentTooLarge, DocumentUnreadable, OriginalMissing
from tests.engine.documents.made_documents import docx_of, line, mail, paragraph, text_pdf

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HTML = b"<!DOCTYPE html><html><body><p>The lease.</p></body></html>"


def archive_with(member: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(member, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("lease.pdf", text_pdf(line("The lease.")), formats.PDF),
        ("lease.txt", b"junk before\n" + text_pdf(line("The lease.")), formats.PDF),
        ("lease.docx", docx_of(paragraph("The lease.")), formats.DOCX),
        ("lease.pdf", docx_of(paragraph("The lease.")), formats.DOCX),
        ("lease.html", HTML, formats.HTML),
        ("lease.pdf", HTML, formats.HTML),
        ("lease", b"<!-- made by hand -->\n<?xml version='1.0'?>\n<HTML><p>x", formats.HTML),
        ("part.html", b"<p>no head, no body", formats.HTML),
        ("lease.eml", bytes(mail()), formats.MAIL),
        ("lease.txt", bytes(mail()), formats.MAIL),
        ("lease.docx", b"Just a text.", formats.TEXT),
        ("notes.md", b"# Lease\n", formats.MARKDOWN),
        ("notes.txt", b"# Lease\n", formats.TEXT),
        ("notes", "Größe\n".encode("cp1252"), formats.TEXT),
        ("minutes.txt", b"From: here on\nwe agreed: nothing\n", formats.TEXT),
    ],
)
def test_content_decides(name: str, content: bytes, expected: str) -> None:
    assert media_type_of(name, content) == expected


@pytest.mark.parametrize(
    ("name", "content", "reason", "what"),
    [
        ("empty.pdf", b"", "empty", ""),
        ("blank.txt", b" \r\n\t ", "empty", ""),
        ("zeros.pdf", bytes(1000), "empty", ""),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "unsupported_format", "PNG"),
        ("picture.pdf", b"\x89PNG\r\n\x1a\n" + bytes(50), "wrong_format", "PNG"),
        ("sheet.xlsx", archive_with("xl/workbook.xml"), "unsupported_format", "XLSX"),
        ("sheet.docx", archive_with("xl/workbook.xml"), "wrong_format", "XLSX"),
        ("files.zip", archive_with("a.txt"), "unsupported_format", "ZIP"),
        ("old.doc", OLE + bytes(500), "unsupported_format", "OLE"),
        (
            "locked.docx",
            OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "unsupported_format",
            "password-protected Office",
        ),
        ("noise.pdf", bytes(range(256)) * 8, "wrong_format", ""),
        ("noise.bin", bytes(range(256)) * 8, "unsupported_format", ""),
        ("torn.docx", docx_of(paragraph("x"))[:300], "damaged", "zip"),
    ],
)
def test_what_is_not_read_says_why(name: str, content: bytes, reason: str, what: str) -> None:
    with pytest.raises(DocumentUnreadable) as raised:
        media_type_of(name, content)
    assert (raised.value.reason, raised.value.detail, raised.value.name) == (reason, what, name)


def test_thousands_of_comments_are_looked_at_only_once() -> None:
    started = time.process_time()
    assert media_type_of("x", b"<!---->" * 500 + b"text") == formats.TEXT
    assert time.process_time() - started < 2  # a second try for every split would take until the end of the world


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    file = tmp_path / "lease.pdf"
    file.write_bytes(b"%PDF-1.7")
    (tmp_path / "link.pdf").symlink_to(file)
    (tmp_path / "loop.pdf").symlink_to(tmp_path / "loop.pdf")
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "empty.pdf").touch()
    assert openable(file) is None
    assert openable(tmp_path / "link.pdf") is None
    assert isinstance(openable(tmp_path / "gone.pdf"), OriginalMissing)
    assert isinstance(openable(tmp_path / "loop.pdf"), OriginalMissing)
    found = {name: openable(tmp_path / name) for name in ("pipe.pdf", "empty.pdf")} | {"device": openable(Path("/dev/zero"))}
    found["folder"] = openable(tmp_path)
    reasons = {name: error.facts["reason"] for name, error in found.items() if error is not None}
    assert reasons == {"pipe.pdf": "unreachable", "empty.pdf": "empty", "device": "unreachable", "folder": "unreachable"}


def test_a_file_over_the_limit_is_not_opened(tmp_path: Path) -> None:
    file = tmp_path / "huge.pdf"
    with file.open("wb") as handle:
        handle.truncate(formats.MAX_BYTES + 1)
    error = openable(file)
    assert isinstance(error, DocumentTooLarge)
    assert (error.n_bytes, error.limit) == (formats.MAX_BYTES + 1, formats.MAX_BYTES)
