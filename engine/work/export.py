"""A conversation as Markdown, with the source of every sentence. Written only to a file that the user chose.

What a model or a document says never becomes a picture or HTML in it: whichever program shows the file later would
fetch them, and an address can carry away what the answer says.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

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


def write_file(file: Path, content: str | bytes) -> None:
    """Write a whole file, so that a full disk leaves an older one as it was. Raises DiskFull, OSError."""
    with FileBeside(file) as beside:
        beside.write(content)


class FileBeside:
    """A file that takes the place of `file` when all of it is written, and until then lies beside it.

    Only its owner may read it. What lies at the place beside it is replaced, never written through. All of it raises
    DiskFull, OSError, and then an older file is as it was.
    """

    def __init__(self, file: Path) -> None:
        self._file, self._partial = file, file.with_name(file.name + ".part")
        self._opened: BinaryIO | None = None

    def write(self, content: str | bytes) -> None:
        """The next part; text becomes UTF-8."""
        with self._told_as_full_disk():
            self._open().write(content.encode() if isinstance(content, str) else content)

    def finish(self) -> None:
        """Everything is written: take the place of the older file."""
        with self._told_as_full_disk():
            self._open().close()
            os.replace(self._partial, self._file)

    def drop(self) -> None:
        """Leave nothing behind, where it cannot be finished."""
        if self._opened is not None:
            with contextlib.suppress(OSError):  # what could not be written is not missed
                self._opened.close()
            self._partial.unlink(missing_ok=True)

    def _open(self) -> BinaryIO:
        if self._opened is None:
            self._partial.unlink(missing_ok=True)
            self._opened = os.fdopen(os.open(self._partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        return self._opened

    def __enter__(self) -> FileBeside:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.drop()
            return
        try:
            self.finish()
        except BaseException:
            self.drop()
            raise

    @contextmanager
    def _told_as_full_disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise DiskFull(free=shutil.disk_usage(self._file.parent).free) from error
            raise
