"""Each format goes to its reader, and the pages of a text are the text."""

from __future__ import annotations

import pytest

from engine.documents import formats
from engine.documents.extraction import extract
from engine.errors import DocumentUnreadable
from tests.engine.documents.made_documents import docx_of, line, paragraph, text_pdf


def test_the_pages_of_a_text_file_joined_are_the_file() -> None:
    text = "".join(f"Clause {number}.\n\nThe tenant pays, and the landlord heats.\n" for number in range(600))
    document = extract("lease.txt", text.encode("utf-16"))
    pages = list(document.pages)
    assert "".join(page.text for page in pages) == text
    assert document.n_pages == len(pages) > 3


def test_mislabelled_files_are_read_as_what_they_are() -> None:
    assert extract("lease.docx", text_pdf(line("x"))).media_type == formats.PDF
    assert extract("lease.pdf", docx_of(paragraph("x"))).media_type == formats.DOCX


@pytest.mark.parametrize("content", [b"<html><body></body></html>", b"<html><script>only()</script></html>"])
def test_a_document_without_any_text_says_so(content: bytes) -> None:
    with pytest.raises(DocumentUnreadable) as raised:
        extract("x.html", content)
    assert raised.value.reason == "no_text"


def test_markdown_that_would_lose_words_is_kept_as_typed() -> None:
    # Between digits, stars are multiplication to a person and emphasis to Markdown, which would make it 532.
    (page,) = extract("sum.md", b"The sum is 5*3*2 in all.\n").pages
    assert page.text == "The sum is 5*3*2 in all."
