"""What is read out of DOCX and Markdown, and that nothing a person wrote is lost on the way."""

from __future__ import annotations

import pytest

from engine.documents import formats
from engine.documents.office_text import read_office
from engine.documents.sections import Block
from engine.errors import DocumentUnreadable
from tests.engine.documents.made_documents import W, docx_of, paragraph


def read(content: bytes) -> list[Block]:
    return read_office("x.docx", content, formats.DOCX)


def test_headings_paragraphs_and_tables_come_in_order_without_marks() -> None:
    rows = (("Item", "Price"), ("Bolt", "2"))
    cells = "".join(f"<w:tr><w:tc>{paragraph(a)}</w:tc><w:tc>{paragraph(b)}</w:tc></w:tr>" for a, b in rows)
    body = paragraph("Service Agreement", "Heading1") + paragraph("All * # goods_within_time [x] &lt;b&gt;.")
    body += paragraph("Payment", "Heading2") + paragraph("30 days. Größe café.") + f"<w:tbl>{cells}</w:tbl>"
    assert read(docx_of(body)) == [
        Block("Service Agreement", 1),
        Block("All * # goods_within_time [x] <b>."),
        Block("Payment", 2),
        Block("30 days. Größe café."),
        Block("Item\tPrice\nBolt\t2"),
    ]


def test_notes_and_headers_follow_the_body_and_struck_words_are_gone() -> None:
    body = '<w:p><w:r><w:t xml:space="preserve">The rent </w:t></w:r>'
    body += '<w:del w:id="1"><w:r><w:delText>of 400</w:delText></w:r></w:del>'
    body += '<w:ins w:id="2"><w:r><w:t>of 500</w:t></w:r></w:ins><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    notes = f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{paragraph("Plus tax.")}</w:footnote></w:footnotes>'
    header = f'<w:hdr xmlns:w="{W}">{paragraph("Draft of May")}</w:hdr>'
    blocks = read(docx_of(body, {"footnotes.xml": ("footnotes", notes), "header1.xml": ("header", header)}))
    assert blocks[0] == Block("The rent of 500[2]")
    assert Block("Plus tax.", part="Notes") in blocks
    assert "400" not in "".join(block.text for block in blocks)


@pytest.mark.parametrize(
    "wrapped",
    [
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>",
        "<w:p><w:r><w:pict><v:textbox xmlns:v='urn:schemas-microsoft-com:vml'><w:txbxContent>{}</w:txbxContent>"
        "</v:textbox></w:pict></w:r></w:p>",
    ],
)
def test_words_in_controls_nested_tables_and_text_boxes_are_found(wrapped: str) -> None:
    blocks = read(docx_of(paragraph("Before.") + wrapped.format(paragraph("Hidden deep inside."))))
    assert "Hidden deep inside." in " ".join(block.text for block in blocks)


def test_a_broken_document_is_damaged() -> None:
    with pytest.raises(DocumentUnreadable) as raised:
        read(docx_of([b"<w:document><w:body><w:p>"]).replace(b"word/document.xml", b"word/documents.xm"))
    assert raised.value.reason == "damaged"


def test_markdown_loses_its_marks_but_no_word() -> None:
    text = b"# Title *one*\n\nSome **bold** `code_x` and [link](http://x.y).\n\n- one\n- two\n\n"
    text += b"| A | B |\n|---|---|\n| 1 | 2 |\n\n![logo](a.png)\n"
    blocks = read_office("x.md", text, formats.MARKDOWN)
    assert blocks[0] == Block("Title one", 1)
    assert [block.text for block in blocks[1:]] == ["Some bold code_x and link.", "one", "two", "A\tB\n1\t2"]
