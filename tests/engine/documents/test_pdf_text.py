"""The text of PDF pages, and the invariant that everything stands on: character i of the text is PDFium's character i."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from engine.documents.pdf_text import SOFT_HYPHEN, WORD_JOINER, clean, load_page, open_pdf, read_page, read_pages
from engine.errors import DocumentEncrypted, DocumentUnreadable
from tests.engine.documents.made_documents import DATA, form_pdf, image_pdf, line, pdf_of, stream, text_pdf


def characters_one_by_one(pdf: pypdfium2.PdfDocument, index: int) -> list[int]:
    page = load_page(pdf, index)
    text_page = page.get_textpage()
    return [pdfium.FPDFText_GetUnicode(text_page, place) for place in range(text_page.count_chars())]


def test_every_character_of_a_real_document_keeps_its_place(policy_pdf: Path) -> None:
    pdf = open_pdf("policy.pdf", policy_pdf.read_bytes())
    pages = list(read_pages(pdf))
    assert len(pages) > 150
    for page in pages[::5]:
        codes = characters_one_by_one(pdf, page.number - 1)
        assert len(page.text) == len(codes)
        assert page.text == clean("".join(map(chr, codes)))
        for character, code in zip(page.text, codes, strict=True):
            if code >= 0x20 and code != 0xFFFE:
                assert character == chr(code)


def test_words_split_at_a_line_end_are_marked_by_a_soft_hyphen(policy_pdf: Path) -> None:
    text = "".join(page.text for page in read_pages(open_pdf("policy.pdf", policy_pdf.read_bytes())))
    assert text.count(SOFT_HYPHEN) > 50
    assert not {"\r", "\x02", "\ufffe", "\0"} & set(text)


def test_the_fast_and_the_slow_way_agree_where_characters_lie_beyond_two_bytes() -> None:
    # A font whose map to Unicode sends the letter A to an emoji, B to a control character and C to nothing at all.
    to_unicode = b"""/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange
        3 beginbfchar <41> <D83DDE00> <42> <0007> <43> <0000> endbfchar endcmap end"""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R>>"
    made = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, font]
    pdf = open_pdf("emoji.pdf", pdf_of([*made, stream(line("xAyBzCw")), stream(to_unicode)]))
    text = read_page(pdf, 0).text
    assert len(text) == len(characters_one_by_one(pdf, 0))
    assert text.startswith(f"x\U0001f600{WORD_JOINER}y")
    text.encode()  # nothing of half a character is left
    assert text.endswith("w")


def test_cleaning_is_one_for_one() -> None:
    everything = "".join(map(chr, range(0x11000)))
    assert len(clean(everything)) == len(everything)
    assert clean("a\r\nb\x02c\ufffed\0e\tf") == f"a \nb{SOFT_HYPHEN}c{SOFT_HYPHEN}d\ufffde\tf"


def test_what_was_filled_into_a_form_is_text_of_the_page() -> None:
    page = read_page(open_pdf("form.pdf", form_pdf()), 0)
    assert "Name of tenant:" in page.text
    assert "Jane Tenant" in page.text


def test_a_picture_of_text_is_an_empty_page_with_its_size() -> None:
    page = read_page(open_pdf("scan.pdf", image_pdf()), 0)
    assert (page.source, page.text, page.width, page.height) == ("empty", "", 612.0, 792.0)


def test_a_broken_page_does_not_stop_the_others() -> None:
    whole = text_pdf(line("first"), line("second"), line("third"))
    torn = whole.replace(b"6 0 obj\n<</Type/Page", b"6 0 obj\n[[/Type/Page", 1)  # the second page's object
    pages = list(read_pages(open_pdf("torn.pdf", torn)))
    assert [(page.number, page.source, page.text.strip()) for page in pages] == [
        (1, "text", "first"),
        (2, "failed", ""),
        (3, "text", "third"),
    ]


def test_a_page_is_as_large_as_it_is_shown() -> None:
    turned = read_page(open_pdf("t.pdf", text_pdf(line("x"), page_entries=b"/Rotate 90")), 0)
    cropped = read_page(open_pdf("c.pdf", text_pdf(line("x"), page_entries=b"/CropBox[50 100 350 500]")), 0)
    assert (turned.width, turned.height) == (792.0, 612.0)
    assert (cropped.width, cropped.height) == (300.0, 400.0)


def test_a_page_has_the_label_that_is_printed_on_it() -> None:
    labels = b"/PageLabels<</Nums[0<</S/r>> 2<</S/D>>]>>"
    pages = list(read_pages(open_pdf("l.pdf", text_pdf(*[line("x")] * 3, catalogue=labels))))
    assert [page.label for page in pages] == ["i", "ii", "1"]


def test_an_encrypted_document_wants_its_password() -> None:
    content = (DATA / "needs_password.pdf").read_bytes()
    for password, tried in ((None, False), ("wrong", True)):
        with pytest.raises(DocumentEncrypted) as raised:
            open_pdf("needs.pdf", content, password)
        assert raised.value.tried is tried
    assert "Jane Tenant" in read_page(open_pdf("needs.pdf", content, "secret"), 0).text


def test_a_document_that_only_forbids_changes_is_read() -> None:
    assert "Jane Tenant" in read_page(open_pdf("owner.pdf", (DATA / "owner_password.pdf").read_bytes()), 0).text


def test_half_a_document_is_damaged(policy_pdf: Path) -> None:
    with pytest.raises(DocumentUnreadable) as raised:
        open_pdf("half.pdf", policy_pdf.read_bytes()[:200_000])
    assert raised.value.reason == "damaged"
