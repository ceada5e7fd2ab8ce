"""Documents made by small code, so that a test can say what is in them. Small, but real files of their formats."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable
from email.message import EmailMessage
from pathlib import Path

DATA = Path(__file__).parent / "data"
"""`needs_password.pdf` (password: secret) and `owner_password.pdf`, made with qpdf from `form_pdf`."""

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


# ---------------------------------------------------------------- PDF
def pdf_of(objects: Iterable[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, table)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object with these further dictionary entries."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def text_pdf(*pages: bytes, page_entries: bytes = b"", catalogue: bytes = b"") -> bytes:
    """A PDF with a page for each content stream; `page_entries` go into every page, such as /Rotate 90."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * index) for index in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue,
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)),
        FONT,
    ]
    for index, content in enumerate(pages):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R%s>>"
            % (5 + 2 * index, page_entries)
        )
        objects.append(stream(content))
    return pdf_of(objects)


def line(text: str, x: int = 72, y: int = 700, size: int = 12) -> bytes:
    """A content stream that writes one line of text."""
    shown = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /F1 %d Tf 1 0 0 1 %d %d Tm (%s) Tj ET\n" % (size, x, y, shown)


def image_pdf() -> bytes:
    """A page that is nothing but a picture, as a scanner makes it."""
    picture = stream(bytes(16), b"/Type/XObject/Subtype/Image/Width 4/Height 4/ColorSpace/DeviceGray/BitsPerComponent 8")
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R>>"
    draw = stream(b"q 612 0 0 792 0 0 cm /I Do Q")
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, picture, draw])


def form_pdf(label: str = "Name of tenant:", answer: str = "Jane Tenant") -> bytes:
    """A form with one field that was filled in."""
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(%s)/Rect[200 690 400 715]/F 4/AP<</N 7 0 R>>/DA(/F1 10 Tf 0 g)>>"
    look = stream(
        b"/Tx BMC q BT /F1 10 Tf 2 5 Td (%s) Tj ET Q EMC" % answer.encode(),
        b"/Type/XObject/Subtype/Form/BBox[0 0 200 25]/Resources<</Font<</F1 5 0 R>>>>",
    )
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[6 0 R]>>"
    form = b"/AcroForm<</Fields[6 0 R]/DA(/F1 10 Tf 0 g)/DR<</Font<</F1 5 0 R>>>>>>"
    return pdf_of(
        [
            b"<</Type/Catalog/Pages 2 0 R%s>>" % form,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            page,
            stream(line(label)),
            FONT,
            field % answer.encode(),
            look,
        ]
    )


def deflated(block: bytes, times: int) -> bytes:
    """A zlib stream of `block` repeated, without ever holding it unpacked."""
    packer = zlib.compressobj(9)
    return b"".join([packer.compress(block) for _ in range(times)] + [packer.flush()])


# ---------------------------------------------------------------- DOCX
def paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def docx_of(body: str | Iterable[bytes], parts: dict[str, tuple[str, str]] | None = None) -> bytes:
    """A DOCX with this body (or the raw pieces of its main part). `parts`: file name → (relationship type, XML)."""
    parts = parts or {}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            f'ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        )
        archive.writestr("_rels/.rels", _relationships([("rId1", f"{R}/officeDocument", "word/document.xml")]))
        related = [(f"rId{number}", f"{R}/{kind}", name) for number, (name, (kind, _)) in enumerate(parts.items(), start=5)]
        archive.writestr("word/_rels/document.xml.rels", _relationships(related))
        for name, (_, xml) in parts.items():
            archive.writestr(f"word/{name}", xml)
        with archive.open("word/document.xml", "w", force_zip64=True) as document:
            if isinstance(body, str):
                body = [f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>'.encode()]
            for piece in body:
                document.write(piece)
    return file.getvalue()


def _relationships(related: Iterable[tuple[str, str, str]]) -> str:
    entries = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, kind, target in related)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{entries}</Relationships>'


# ---------------------------------------------------------------- mail
def mail(
    subject: str = "Notice", text: str = "The lease ends in May.", sender: str = "Anna Schmidt <anna@example.org>"
) -> EmailMessage:
    """A mail with one plain text."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "b@example.org", subject
    message["Date"] = "Mon, 01 Jan 2024 10:00:00 +0100"
    message.set_content(text)
    return message
