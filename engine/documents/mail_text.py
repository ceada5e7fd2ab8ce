"""The text of a mail (EML): headers, message, attachments and attached mails, each under its own name.

Pure but for the reader of attachments, which it is given. Runs in a sealed worker. Of a message in several versions
the plain one is taken, else the HTML one. An attachment that cannot be read becomes an unread part, never a gap.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from engine.documents import text_encoding, web_text
from engine.documents.sections import LABEL_SEPARATOR, Block
from engine.errors import DocumentError, DocumentUnreadable

ReadAttachment = Callable[[str, bytes], list[Block]]

_SHOWN_HEADERS = ("Subject", "From", "To", "Cc", "Bcc", "Date")
_MAX_DEPTH = 8  # mails within mails; deeper ones are shown as unread


def read_mail(name: str, content: bytes, read_attachment: ReadAttachment) -> list[Block]:
    """The blocks of a mail; raises DocumentUnreadable if it has neither headers nor text."""
    message = BytesParser(policy=policy.default).parsebytes(content)
    assert isinstance(message, EmailMessage)  # what policy.default builds
    blocks = list(_message(message, "", read_attachment, _MAX_DEPTH))
    if not blocks:
        raise DocumentUnreadable(name, "empty")
    return blocks


def _message(message: EmailMessage, part: str, read_attachment: ReadAttachment, depth: int) -> Iterator[Block]:
    headers = "\n".join(f"{header}: {_header(message, header)}" for header in _SHOWN_HEADERS if _header(message, header))
    if headers:
        yield Block(headers, part=part)
    body = _body(message)
    if body is not None:
        yield from (dataclasses.replace(block, part=part) for block in _body_blocks(body))
    for attachment in _attachments(message, body):
        yield from _attachment(attachment, part, read_attachment, depth)


def _header(message: EmailMessage, header: str) -> str:
    try:
        return " ".join(str(message[header] or "").split())
    except (ValueError, IndexError, AttributeError):  # the standard library's parser gives up on some broken headers so
        return ""


def _body(message: EmailMessage) -> EmailMessage | None:
    try:
        body = message.get_body(preferencelist=("plain", "html"))
    except (ValueError, KeyError, AttributeError):
        return None
    return body if isinstance(body, EmailMessage) else None


def _body_blocks(body: EmailMessage) -> list[Block]:
    content = _bytes(body)
    if body.get_content_type() != "text/html":
        return [Block(_text(body, content))]
    return web_text.blocks_of(_text(body, content)) if body.get_content_charset() else web_text.read_web_page(content)


def _attachments(message: EmailMessage, body: EmailMessage | None) -> Iterator[EmailMessage]:
    """Every part that holds something, except the body and the other versions of it."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        if message is not body:
            yield message
        return
    is_choice = message.get_content_type() == "multipart/alternative" and body is not None
    for child in message.iter_parts():
        if isinstance(child, EmailMessage) and child is not body and not (is_choice and child.get_content_maintype() == "text"):
            yield from _attachments(child, body)


def _attachment(message: EmailMessage, part: str, read_attachment: ReadAttachment, depth: int) -> Iterator[Block]:
    if message.get_content_type() == "message/rfc822":
        yield from _attached_mail(message, part, read_attachment, depth)
        return
    content, name = _bytes(message), _name(message)
    if message.get_content_maintype() == "image" and message.get_content_disposition() != "attachment":
        return  # a logo or a picture within the message; there is no text in it
    label = LABEL_SEPARATOR.join(filter(None, (part, name)))
    try:
        blocks = read_attachment(name, content)
    except DocumentError:
        yield Block("", part=label, source="failed")
        return
    for block in blocks:
        inner = LABEL_SEPARATOR.join(filter(None, (label, block.part)))
        yield dataclasses.replace(block, part=inner)


def _attached_mail(message: EmailMessage, part: str, read_attachment: ReadAttachment, depth: int) -> Iterator[Block]:
    payload = message.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    subject = _header(inner, "Subject") if isinstance(inner, EmailMessage) else ""
    label = LABEL_SEPARATOR.join(filter(None, (part, subject or _name(message))))
    if depth == 0 or not isinstance(inner, EmailMessage):
        yield Block("", part=label, source="failed")
    else:
        yield from _message(inner, label, read_attachment, depth - 1)


def _name(message: EmailMessage) -> str:
    try:
        name = message.get_filename()
    except (ValueError, KeyError, AttributeError, LookupError):
        name = None
    return " ".join((name or message.get_content_type()).split())[:120]


def _bytes(message: EmailMessage) -> bytes:
    content = message.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(message: EmailMessage, content: bytes) -> str:
    """In the declared encoding, unless that is unknown or ASCII, which is declared by those who do not know."""
    charset = message.get_content_charset() or "ascii"
    if charset not in ("us-ascii", "ascii"):
        try:
            return content.decode(charset, errors="replace").replace("\r\n", "\n")
        except (LookupError, ValueError):
            pass
    return text_encoding.decode(content) or ""
