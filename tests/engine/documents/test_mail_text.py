"""A mail's headers, message, attachments and attached mails, each under its own name."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from engine.documents.extraction import extract
from engine.documents.protocol import PageText
from tests.engine.documents.made_documents import docx_of, line, mail, paragraph, text_pdf


def read(message: EmailMessage | bytes) -> dict[str, PageText]:
    return {page.label: page for page in extract("x.eml", bytes(message)).pages}


def test_headers_are_decoded_and_stand_above_the_message() -> None:
    page = read(mail(subject="Kündigung des Vertrags", text="Größe * und #.\n"))[""]
    assert page.text.startswith(
        "Subject: Kündigung des Vertrags\nFrom: Anna Schmidt <anna@example.org>\nTo: b@example.org\nDate: "
    )
    assert page.text.endswith("\n\nGröße * und #.")


def test_of_several_versions_one_is_read() -> None:
    message = mail(text="The plain one.")
    message.add_alternative("<p>The <i>HTML</i> one.</p>", subtype="html")
    assert "plain one" in read(message)[""].text
    assert "HTML one" not in read(message)[""].text


def test_a_message_in_html_only_is_read_as_text() -> None:
    message = mail()
    message.set_content("<h1>Hello</h1><p>The lease<br>ends.</p>", subtype="html")
    assert any(page.text.endswith("The lease\nends.") for page in read(message).values())


def test_attachments_are_read_under_their_names() -> None:
    message = mail()
    word = docx_of(paragraph("Scope", "Heading1") + paragraph("All floors."))
    message.add_attachment(word, maintype="application", subtype="octet-stream", filename="lease.docx")
    message.add_attachment(
        text_pdf(line("Page one"), line("Page two")), maintype="application", subtype="pdf", filename="plan.pdf"
    )
    message.add_attachment("Größe".encode("cp1252"), maintype="text", subtype="plain", filename="note.txt")
    pages = read(message)
    assert pages["lease.docx \u203a Scope"].text == "Scope\n\nAll floors."
    assert pages["plan.pdf \u203a p. 2"].text == "Page two"
    assert pages["note.txt"].text == "Größe"


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(60), text_pdf(line("x"))[:80]])
def test_an_attachment_that_cannot_be_read_is_shown_as_failed(content: bytes) -> None:
    message = mail()
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename="thing.bin")
    assert read(message)["thing.bin"].source == "failed"


def test_an_attached_mail_keeps_its_own_headers() -> None:
    message, inner = mail(), mail(subject="First notice", text="Inner words.", sender="inner@example.org")
    message.add_attachment(inner)
    page = read(message)["First notice"]
    assert page.text.startswith("Subject: First notice\nFrom: inner@example.org")
    assert page.text.endswith("Inner words.")


def test_mails_nested_without_end_do_not_go_on_without_end() -> None:
    message = mail(text="innermost")
    for _ in range(30):
        outer = mail(subject="again")
        outer.add_attachment(message)
        message = outer
    pages = list(extract("x.eml", bytes(message)).pages)
    assert pages[-1].source == "failed"


@pytest.mark.parametrize(
    "content",
    [
        b"From: a\nSubject: =?utf-8?q?broken=\nTo: <<>>\nDate: never\nContent-Type: text/plain; charset=no-such\n\nGr\xf6\xdfe",
        b"From: a\nSubject: x\nTo: b\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nGr\xf6\xdfe",
        b"From: a\nSubject: x\nTo: b\nContent-Type: multipart/mixed\n\nGr\xf6\xdfe\n",
        b"From: a\nSubject: x\nTo: b\nContent-Type: message/rfc822\n\nSubject: y\n\nGr\xf6\xdfe\n",
    ],
)
def test_a_broken_mail_is_read_as_far_as_it_goes(content: bytes) -> None:
    assert any("Größe" in page.text for page in extract("x.eml", content).pages)
