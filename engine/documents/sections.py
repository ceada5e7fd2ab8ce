"""Documents without pages, cut into numbered sections that stand in for pages. Pure.

A reader of such a format yields blocks: headings, and stretches of plain text. Each heading starts a section, and
the section's label is the path of headings that leads to it. Headings without text of their own stay with the
section that follows. A section longer than MAX_CHARACTERS continues in the next one under the same label.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from engine.documents.protocol import PageText
from engine.records import PageSource

MAX_CHARACTERS = 6_000
LABEL_SEPARATOR = " \u203a "  # a single angle quotation mark
_MAX_LABEL = 200
_BREAKS = ("\n\n", "\n", ". ", " ")


@dataclass(frozen=True)
class Block:
    """A heading of `level` 1 and deeper, or plain text (`level` 0). `part` names the mail part or attachment it is in.

    A part whose `source` is not text, such as an attachment that could not be read, becomes a page of that kind, so
    that it is not missed.
    """

    text: str
    level: int = 0
    part: str = ""
    source: PageSource = "text"


def pages_of(blocks: Iterable[Block]) -> list[PageText]:
    """The sections as pages numbered from 1; empty if the blocks hold no text."""
    pages: list[PageText] = []
    for source, stretch in itertools.groupby(blocks, key=lambda block: block.source):
        if source != "text":
            pages += [PageText(0, "", source, _label(block.part, [])) for block in stretch]
        else:
            pages += [PageText(0, piece, "text", label) for label, text in _sections(stretch) for piece in pieces(text)]
    return [msgspec.structs.replace(page, number=number) for number, page in enumerate(pages, start=1)]


def pieces(text: str, limit: int = MAX_CHARACTERS) -> list[str]:
    """Cut `text` into pieces of at most `limit` characters that join to the same text, at the best break in reach."""
    found, start = [], 0
    while len(text) - start > limit:
        end = _cut(text, start, start + limit)
        found.append(text[start:end])
        start = end
    if text[start:].strip():
        found.append(text[start:])
    elif found:
        found[-1] += text[start:]
    return found


def _cut(text: str, start: int, end: int) -> int:
    """After the last paragraph, else line, else sentence, else word in the second half; else in the middle of a word."""
    for mark in _BREAKS:
        found = text.rfind(mark, start + (end - start) // 2, end - len(mark))
        if found >= 0:
            return found + len(mark)
    return end


def _sections(blocks: Iterable[Block]) -> Iterator[tuple[str, str]]:
    path: list[tuple[int, str]] = []
    lines: list[str] = []
    part, label, has_body = "", "", False
    for block in blocks:
        text = block.text.strip("\n")
        if not text.strip():
            continue
        if block.part != part or (block.level and has_body):
            if lines:
                yield label, "\n\n".join(lines)
            lines, has_body = [], False
        if block.part != part:
            part, path = block.part, []
        if block.level:
            path = [*((level, heading) for level, heading in path if level < block.level), (block.level, " ".join(text.split()))]
        has_body = has_body or not block.level
        label = _label(part, path)
        lines.append(text)
    if lines:
        yield label, "\n\n".join(lines)


def _label(part: str, path: list[tuple[int, str]]) -> str:
    names = [name for name in (part, *(heading for _, heading in path)) if name]
    label = LABEL_SEPARATOR.join(names)
    return label if len(label) <= _MAX_LABEL else "…" + label[1 - _MAX_LABEL :]
