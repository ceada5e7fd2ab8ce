"""A conversation as Markdown, with the source of every sentence. Written only to a file that the user chose.

What a model or a document says never becomes a picture or HTML in it: whichever program shows the file later would
fetch them, and an address can carry away what the answer says.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from engine.errors import DiskFull
from engine.records import Conversation, Evidence, Message, Sentence

VERDICTS = {
    "exact": "quoted word for word",
    "near": "close match",
    "altered": "the wording differs, check it",
    "not_found": "not found in the documents",
}


_PICTURE, _HTML = re.compile(r"!\["), re.compile(r"<(?=[A-Za-z/!?])")


def conversation_as_markdown(conversation: Conversation, messages: Iterable[Message]) -> str:
    """Questions as headings, answers as they were written, then the sources in the order of the sentences."""
    parts = [f"# {_line(conversation.title)}\n"]
    for message in messages:
        if message.role == "user":
            parts.append(f"## {_line(message.text)}\n")
        else:
            parts.append(harmless(message.text.strip()) + "\n")
            parts.append(sources(message))
    return "\n".join(part for part in parts if part)


def sources(message: Message) -> str:
    """The source list of one answer, unsupported sentences included."""
    lines = [line for sentence in message.sentences if sentence.checkable for line in _lines(sentence)]
    return "\n".join(["**Sources**", "", *lines, ""]) if lines else ""


def _lines(sentence: Sentence) -> list[str]:
    if not sentence.evidence:
        return [f"- “{_short(sentence.text)}”: {VERDICTS['not_found']}"]
    return [
        f"- “{_short(sentence.text)}”: {_place(each)}, {VERDICTS[each.verdict]}: “{_short(each.quote)}”"
        for each in sentence.evidence
    ]


def _place(evidence: Evidence) -> str:
    return f"{_line(evidence.document_name)}, page {evidence.page}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return harmless(line if len(line) <= 240 else line[:240].rsplit(" ", 1)[0] + "…")


def _line(text: str) -> str:
    return harmless(" ".join(text.split()))


def harmless(text: str) -> str:
    """Markdown that shows the same letters and fetches nothing; inside of code one sees what was done."""
    # No backslash before "<": one that is there already would take it back.
    return _HTML.sub("&lt;", _PICTURE.sub(r"!\\[", text))


def write_file(file: Path, text: str) -> None:
    """Write beside the target first, so that a full disk leaves an older export whole. Raises DiskFull, OSError.

    Only its owner may read the file. What lies at the place beside it is replaced, never written through.
    """
    partial = file.with_name(file.name + ".part")
    try:
        partial.unlink(missing_ok=True)
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file_beside:
            file_beside.write(text)
        os.replace(partial, file)
    except OSError as error:
        partial.unlink(missing_ok=True)
        if error.errno == errno.ENOSPC:
            raise DiskFull(free=shutil.disk_usage(file.parent).free) from error
        raise
