"""Marks in an answer: hidden details that came back, placeholders that stayed, words that differ, names that are masked.

Pure: blocks and marks in, blocks with marked stretches out. Masked words are taken out of the text, so that neither
copying nor a screen reader finds them. Knows no colours and no Qt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from desktop.viewmodels.answer_blocks import Block, Run
from desktop.viewmodels.cited_blocks import CitedBlock, CitedStretch

MarkKind = Literal["restored", "placeholder", "differs", "masked"]
NUMBERS: dict[MarkKind, int] = {"restored": 1, "placeholder": 2, "differs": 3, "masked": 4}

_PLACEHOLDER = re.compile(r"\[(?:Person|Organisation|Address|Email|Phone|Account|Reference|Birth date|Web|Term) \d{1,5}\]")


@dataclass(frozen=True)
class Mark:
    """Characters `start` to `end` of the raw answer."""

    start: int
    end: int
    kind: MarkKind


def placeholders(text: str) -> Iterator[Mark]:
    """Placeholders that stand in a text as they were sent."""
    for found in _PLACEHOLDER.finditer(text):
        yield Mark(found.start(), found.end(), "placeholder")


def marked(blocks: Sequence[Block], marks: Iterable[Mark], mask: str) -> tuple[CitedBlock, ...]:
    """The blocks with every mark in its place; `mask` is what stands for words that are not shown."""
    ordered = sorted(marks, key=lambda each: (each.start, each.end))
    return tuple(_marked_block(block, ordered, mask) for block in blocks)


def _marked_block(block: Block, marks: Sequence[Mark], mask: str) -> CitedBlock:
    if not block.places:
        return CitedBlock(block)
    first, last = block.places[0], block.places[-1]
    inside = [mark for mark in marks if mark.start <= last and mark.end > first]
    if not inside:
        return CitedBlock(block)
    shown = _with_looks(block, inside, mask)
    return CitedBlock(shown, stretches=tuple(_stretches(shown, inside)))


def _with_looks(block: Block, marks: Sequence[Mark], mask: str) -> Block:
    """Masked words replaced, placeholders bold: what a mark over finished text cannot do."""
    if not any(mark.kind in ("masked", "placeholder") for mark in marks):
        return block
    masked: set[int] = set()  # marks that are written already: one may cover several runs

    def look(runs: Sequence[Run]) -> tuple[Run, ...]:
        return tuple(piece for run in runs for piece in _pieces(run, marks, mask, masked))

    return replace(block, runs=look(block.runs), cells=tuple(tuple(look(cell) for cell in row) for row in block.cells))


def _pieces(run: Run, marks: Sequence[Mark], mask: str, masked: set[int]) -> Iterator[Run]:
    start = 0
    while start < len(run.text):
        which = _look_at(run.places[start], marks)
        end = start + 1
        while end < len(run.text) and _look_at(run.places[end], marks) == which:
            end += 1
        text, places = run.text[start:end], run.places[start:end]
        start = end
        if which < 0:
            yield replace(run, text=text, places=places)
        elif marks[which].kind == "placeholder":
            yield replace(run, text=text, places=places, bold=True)
        elif which not in masked:
            masked.add(which)
            yield Run(mask, (places[0],) * len(mask))


def _look_at(place: int, marks: Sequence[Mark]) -> int:
    """The mark that changes how a character is written; a mask goes before everything else. -1 without one."""
    found = -1
    for at, mark in enumerate(marks):
        if mark.start <= place < mark.end:
            if mark.kind == "masked":
                return at
            if mark.kind == "placeholder":
                found = at
    return found


def _stretches(block: Block, marks: Sequence[Mark]) -> Iterator[CitedStretch]:
    """Stretches that do not overlap, each with the numbers of all its marks."""
    places = block.places
    start, numbers = 0, _numbers_at(places[0], marks)
    for at in range(1, len(places) + 1):
        now = _numbers_at(places[at], marks) if at < len(places) else ()
        if at == len(places) or now != numbers:
            if numbers:
                yield CitedStretch(start, at, numbers, supported=True)
            start, numbers = at, now


def _numbers_at(place: int, marks: Sequence[Mark]) -> tuple[int, ...]:
    found = {NUMBERS[mark.kind] for mark in marks if mark.start <= place < mark.end}
    return (NUMBERS["masked"],) if NUMBERS["masked"] in found else tuple(sorted(found))
