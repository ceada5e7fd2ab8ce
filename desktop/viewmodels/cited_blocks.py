"""Where in an answer's blocks the citations stand, and which stretches nothing supports.

Pure: blocks, sentences and numbers in, placed blocks out. A citation stands behind the last rendered character of its
sentence, wherever Markdown put that: in a list, a table's cell or a code block. Knows no text layout and no Qt.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from desktop.viewmodels.answer_blocks import Block, Run
from desktop.viewmodels.citations import Citations, Mark, Source
from engine.records import Sentence

# The model is shown its passages as [1], [2] …; small models repeat these marks, which then say nothing.
_MODEL_MARK = re.compile(r"[ \t]*\[(?:S|Source |source )?\d{1,3}(?:\s*[,;]\s*(?:S|Source |source )?\d{1,3})*\]")
_Stretch = tuple[int, int]


@dataclass(frozen=True)
class Cited:
    """A citation in a block: `at` characters of the block's text stand before it."""

    at: int
    source: Source


@dataclass(frozen=True)
class CitedStretch:
    """Characters `start` to `end` of a block's text that belong to the sentence of these numbers."""

    start: int
    end: int
    numbers: tuple[int, ...]
    supported: bool


@dataclass(frozen=True)
class CitedBlock:
    """A block with the citations and sentences in it. `numbers` of an uncited sentence are empty."""

    block: Block
    citations: tuple[Cited, ...] = ()
    stretches: tuple[CitedStretch, ...] = ()


def model_marks(raw: str, sentences: Sequence[Sentence]) -> tuple[_Stretch, ...]:
    """Stretches of the raw answer with marks that the model wrote and the engine left out of its sentences."""
    ordered = sorted(sentences, key=lambda each: each.start)
    hidden: list[_Stretch] = []
    starts = [each.start for each in ordered[1:]] + [len(raw)]
    for sentence, stop in zip(ordered, starts, strict=False):
        inside = raw[sentence.start : sentence.end]
        if inside != sentence.text:
            hidden += [
                (sentence.start + found.start(), sentence.start + found.end())
                for found in _MODEL_MARK.finditer(inside)
                if found[0].strip() not in sentence.text
            ]
        cursor = sentence.end
        while (found := _MODEL_MARK.match(raw, cursor, stop)) is not None:
            hidden.append(found.span())
            cursor = found.end()
    return tuple(hidden)


def place_citations(
    blocks: Sequence[Block],
    sentences: Sequence[Sentence],
    citations: Citations,
    hidden: Sequence[_Stretch] = (),
    before: Sequence[CitedBlock] = (),
) -> tuple[CitedBlock, ...]:
    """Place every mark. Blocks that are as they were in `before` are taken over from there as the same objects."""
    visible = [shown for block in blocks if _shows_something(shown := _without(block, hidden))]
    starts = [block.places[0] if block.places else -1 for block in visible]
    known: list[int] = [place for place in starts if place >= 0]
    with_text = [at for at, place in enumerate(starts) if place >= 0]
    cited: list[list[Cited]] = [[] for _ in visible]
    stretches: list[list[CitedStretch]] = [[] for _ in visible]
    by_end: dict[_Stretch, list[Mark]] = {}
    for mark in citations.marks:
        by_end.setdefault((mark.start, mark.end), []).append(mark)
    for sentence in sentences:
        marks = by_end.get((sentence.start, sentence.end), [])
        numbers = tuple(mark.number for mark in marks)
        first = max(bisect_left(known, sentence.start) - 1, 0)
        last = max(bisect_left(known, sentence.end) - 1, 0)  # what shows nothing yet stands before the first word
        for order in range(first, last + 1) if known else ():
            at = with_text[order]
            places = visible[at].places
            start, end = bisect_left(places, sentence.start), bisect_left(places, sentence.end)
            if start < end and (numbers or not _is_carried(sentence)):
                stretches[at].append(CitedStretch(start, end, numbers, _is_carried(sentence)))
            if order == last:
                cited[at] += [Cited(end, mark.source) for mark in marks]
    placed = [CitedBlock(*each) for each in zip(visible, map(_in_order, cited), map(tuple, stretches), strict=True)]
    return tuple(_taken_over(placed, before))


def _is_carried(sentence: Sentence) -> bool:
    return sentence.supported or not sentence.checkable


def _in_order(cited: list[Cited]) -> tuple[Cited, ...]:
    return tuple(sorted(cited, key=lambda each: (each.at, each.source.number)))


def _taken_over(placed: Sequence[CitedBlock], before: Sequence[CitedBlock]) -> Iterator[CitedBlock]:
    for at, block in enumerate(placed):
        yield before[at] if at < len(before) and before[at] == block else block


# ---------------------------------------------------------------- hiding the model's own marks
def _shows_something(block: Block) -> bool:
    return block.kind != "paragraph" or block.marker is not None or bool(block.text.strip())


def _without(block: Block, hidden: Sequence[_Stretch]) -> Block:
    if not block.places:
        return block
    first, last = block.places[0], block.places[-1]
    if not any(start <= last and end > first for start, end in hidden):
        return block
    cells = tuple(tuple(_visible(cell, hidden) for cell in row) for row in block.cells)
    return replace(block, runs=_visible(block.runs, hidden), cells=cells)


def _visible(runs: Sequence[Run], hidden: Sequence[_Stretch]) -> tuple[Run, ...]:
    kept = (_visible_part(run, hidden) for run in runs)
    return tuple(run for run in kept if run.text)


def _visible_part(run: Run, hidden: Sequence[_Stretch]) -> Run:
    shown = [at for at, place in enumerate(run.places) if not any(start <= place < end for start, end in hidden)]
    if len(shown) == len(run.text):
        return run
    return replace(run, text="".join(run.text[at] for at in shown), places=tuple(run.places[at] for at in shown))
