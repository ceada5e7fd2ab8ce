"""An answer as a text document: blocks and citations drawn into it, and only what changed drawn again.

It loads nothing, whatever a name in the text may be. Knows blocks, citations and formats; nothing of widgets,
of Markdown or of how an answer comes about.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QTextBlockFormat, QTextCursor, QTextDocument, QTextList

from desktop.theme import Theme
from desktop.viewmodels.answer_blocks import Run
from desktop.viewmodels.cited_blocks import Cited, CitedBlock, CitedStretch
from desktop.views.answer_formats import INDENT, AnswerFormats
from desktop.views.citation import JOINER, STAND_IN, CitationPainter, insert_citation

_BOXES = ("table", "code")  # Qt keeps an empty line behind these, into which the next block is written


@dataclass(frozen=True)
class Stretch:
    """A sentence's characters in the document."""

    start: int
    end: int
    numbers: tuple[int, ...]
    supported: bool


@dataclass
class _Written:
    """A block of the document: where it starts, and what is needed to go on behind it."""

    cited: CitedBlock
    start: int
    after: QTextBlockFormat = field(default_factory=QTextBlockFormat)
    in_list: QTextList | None = None
    stretches: list[Stretch] = field(default_factory=list)


class AnswerDocument(QTextDocument):
    """Draws cited blocks. `show` may be called as often as the answer grows."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._formats = AnswerFormats(theme)
        self._written: list[_Written] = []
        self.setUndoRedoEnabled(False)
        self.setDocumentMargin(0)
        self.setIndentWidth(INDENT)
        self.setDefaultFont(theme.font("answer"))
        self.citations = CitationPainter(theme, self)

    def loadResource(self, _kind: int, _name: QUrl) -> None:
        """Nothing is ever loaded: what a model writes may name any file or host."""
        return None

    # ------------------------------------------------------------ showing
    def show(self, blocks: Sequence[CitedBlock]) -> None:
        """Show these blocks. Those at the beginning that are shown already are left alone."""
        kept = _common(self._written, blocks)
        if kept == len(blocks) == len(self._written):
            return
        cursor = QTextCursor(self)
        cursor.beginEditBlock()
        self._cut(cursor, kept)
        for block in blocks[kept:]:
            self._write(cursor, block)
        cursor.endEditBlock()

    def restyle(self) -> None:
        """Draw everything again in the theme of now."""
        blocks = [each.cited for each in self._written]
        self._formats = AnswerFormats(self._theme)
        self.setDefaultFont(self._theme.font("answer"))
        cursor = QTextCursor(self)
        cursor.beginEditBlock()
        self._cut(cursor, 0)
        for block in blocks:
            self._write(cursor, block)
        cursor.endEditBlock()

    def stretches(self, number: int | None = None) -> Iterator[Stretch]:
        """The sentences' places, all of them or those that carry a number."""
        for written in self._written:
            yield from (each for each in written.stretches if number is None or number in each.numbers)

    def plain_text(self) -> str:
        """What is shown, without citations."""
        return without_citations(self.toPlainText())

    # ------------------------------------------------------------ writing
    def _cut(self, cursor: QTextCursor, kept: int) -> None:
        if kept == len(self._written):
            cursor.movePosition(QTextCursor.MoveOperation.End)
            return
        cursor.setPosition(self._written[kept].start)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        del self._written[kept:]
        # Joining two paragraphs may keep the format of the second, which is gone.
        wanted = self._written[-1].after if self._written else QTextBlockFormat()
        if cursor.blockFormat() != wanted:
            cursor.setBlockFormat(wanted)

    def _write(self, cursor: QTextCursor, cited: CitedBlock) -> None:
        before = self._written[-1].cited.block if self._written else None
        written = _Written(cited, cursor.position())
        if cited.block.kind in _BOXES:
            if before is None:
                self._to_spacer(cursor)
            self._write_box(cursor, written)
        else:
            shape, text = self._formats.paragraph(cited.block, before), self._formats.text(cited.block)
            if before is None or before.kind in _BOXES:
                cursor.setBlockFormat(shape)
                cursor.setBlockCharFormat(text)
            else:
                cursor.insertBlock(shape, text)
            self._join_list(cursor, written)
            self._write_runs(cursor, written, cited.block.runs, 0)
        written.after = cursor.blockFormat()
        self._written.append(written)

    def _write_box(self, cursor: QTextCursor, written: _Written) -> None:
        block = written.cited.block
        if block.kind == "code":
            cursor.insertFrame(self._formats.code_frame(block))
            cursor.setBlockFormat(self._formats.code())
            self._write_runs(cursor, written, block.runs, 0)
        else:
            self._write_table(cursor, written)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        self._to_spacer(cursor)

    def _write_table(self, cursor: QTextCursor, written: _Written) -> None:
        block = written.cited.block
        columns = max((len(row) for row in block.cells), default=1)
        table = cursor.insertTable(max(1, len(block.cells)), max(1, columns), self._formats.table(block))
        done = 0
        for at, row in enumerate(block.cells):
            is_header = at == 0 and not block.continues
            for column, runs in enumerate(row):
                cell = table.cellAt(at, column)
                cell.setFormat(self._formats.cell(is_header=is_header))
                inside = cell.firstCursorPosition()
                inside.setBlockFormat(self._formats.cell_paragraph(block.alignments[column : column + 1]))
                shown = tuple(_bold(run) for run in runs) if is_header else runs
                self._write_runs(inside, written, shown, done)
                done += sum(len(run.text) for run in runs)

    def _to_spacer(self, cursor: QTextCursor) -> None:
        shape, text = self._formats.spacer()
        cursor.setBlockFormat(shape)
        cursor.setBlockCharFormat(text)

    def _join_list(self, cursor: QTextCursor, written: _Written) -> None:
        marker, depth = written.cited.block.marker, written.cited.block.depth
        if marker is None:
            return
        for earlier in reversed(self._written):
            block = earlier.cited.block
            if earlier.in_list is not None and block.marker and (block.marker.list_id, block.depth) == (marker.list_id, depth):
                earlier.in_list.add(cursor.block())
                written.in_list = earlier.in_list
                return
        written.in_list = cursor.createList(self._formats.item(marker, depth))

    def _write_runs(self, cursor: QTextCursor, written: _Written, runs: Sequence[Run], done: int) -> None:
        """Write runs whose first character is character `done` of the block's text, citations and tints included."""
        cited = written.cited
        if done == 0 and runs:  # a sentence of which nothing is shown has its citation before the first word
            self._write_citations(cursor, written, [each for each in cited.citations if each.at == 0])
        for run in runs:
            plain = self._formats.run(cited.block, run, doubtful=False)
            for start, end, stretch, citations in _pieces(cited, done, done + len(run.text)):
                text = run.text[start - done : end - done].replace("\n", "\u2028")
                doubtful = stretch is not None and not stretch.supported
                place = cursor.position()
                if doubtful:
                    cursor.insertText(text, self._formats.run(cited.block, run, doubtful=True))
                else:
                    cursor.insertText(text, plain)
                if stretch is not None and text:
                    written.stretches.append(Stretch(place, cursor.position(), stretch.numbers, stretch.supported))
                self._write_citations(cursor, written, citations)
            done += len(run.text)

    def _write_citations(self, cursor: QTextCursor, written: _Written, citations: Sequence[Cited]) -> None:
        for each in citations:
            insert_citation(cursor, each.source, self._theme, self._formats.text(written.cited.block))


def without_citations(text: str) -> str:
    """Text of a document as one would type it."""
    return text.replace(JOINER, "").replace(STAND_IN, "").replace("\u2028", "\n").replace("\u2029", "\n")


def _bold(run: Run) -> Run:
    return Run(run.text, run.places, True, run.italic, run.strike, run.code)


def _common(written: Sequence[_Written], blocks: Sequence[CitedBlock]) -> int:
    kept = 0
    for old, new in zip(written, blocks, strict=False):
        if old.cited is not new and old.cited != new:
            break
        kept += 1
    return kept


def _pieces(cited: CitedBlock, start: int, end: int) -> Iterator[tuple[int, int, CitedStretch | None, Sequence[Cited]]]:
    """Cut a run where sentences begin and end and where citations stand; each piece with the citations behind it."""
    first = bisect_right(cited.stretches, start, key=lambda each: each.end)
    last = bisect_left(cited.stretches, end, key=lambda each: each.start)
    stretches = cited.stretches[first:last]
    behind = cited.citations[
        bisect_right(cited.citations, start, key=lambda each: each.at) : bisect_right(
            cited.citations, end, key=lambda each: each.at
        )
    ]
    if not stretches and not behind:
        yield start, end, None, ()
        return
    cuts = {start, end}
    cuts.update(place for each in stretches for place in (each.start, each.end) if start < place < end)
    cuts.update(each.at for each in behind)
    for place, following in pairwise(sorted(cuts)):
        stretch = next((each for each in stretches if each.start <= place < each.end), None)
        yield place, following, stretch, [each for each in behind if each.at == following]
