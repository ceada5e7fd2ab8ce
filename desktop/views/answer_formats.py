"""How the parts of an answer look: text document formats made from the theme.

Knows the theme and the kinds of blocks; nothing of citations, positions or when something is drawn.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QBrush,
    QTextBlockFormat,
    QTextCharFormat,
    QTextFrameFormat,
    QTextLength,
    QTextListFormat,
    QTextTableCellFormat,
    QTextTableFormat,
)

from desktop.theme import Theme
from desktop.viewmodels.answer_blocks import Block, Marker, Run

_PLAIN = Run("", ())
INDENT = 24  # design pixels for each list or quote
_FIXED = QTextBlockFormat.LineHeightTypes.FixedHeight.value
_ALIGNMENTS = {"l": Qt.AlignmentFlag.AlignLeft, "c": Qt.AlignmentFlag.AlignHCenter, "r": Qt.AlignmentFlag.AlignRight}
_BULLETS = (QTextListFormat.Style.ListDisc, QTextListFormat.Style.ListCircle, QTextListFormat.Style.ListSquare)


class AnswerFormats:
    """Formats in the theme of now; make a new one when the theme changes."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._runs: dict[tuple[object, ...], QTextCharFormat] = {}

    # ------------------------------------------------------------ characters
    def text(self, block: Block) -> QTextCharFormat:
        """The plain text of a block."""
        return self.run(block, _PLAIN, doubtful=False)

    def run(self, block: Block, run: Run, *, doubtful: bool) -> QTextCharFormat:
        """A run of a block; `doubtful` marks what nothing supports. Made once for each look."""
        in_quote, in_code = block.quote > 0, block.kind == "code"
        look = (_style(block), in_quote, in_code, run.bold, run.italic, run.strike, run.code, doubtful)
        if look not in self._runs:
            self._runs[look] = self._make_run(block, run, doubtful)
        return self._runs[look]

    def _make_run(self, block: Block, run: Run, doubtful: bool) -> QTextCharFormat:
        shape = QTextCharFormat()
        font = self._theme.font(_style(block))
        shape.setForeground(self._theme.color("text2" if block.quote else "text"))
        if run.code:
            font = self._theme.font("mono")
            font.setPixelSize(max(1, self._theme.px(13)))
            if block.kind != "code":
                shape.setBackground(self._theme.color("sunken"))
        font.setItalic(run.italic)
        font.setStrikeOut(run.strike)
        if run.bold:
            font.setWeight(font.Weight.DemiBold)
        shape.setFont(font)
        if doubtful:
            shape.setBackground(self._theme.color("caution_bg"))
            shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DashUnderline)
            shape.setUnderlineColor(self._theme.color("caution"))
        return shape

    # ------------------------------------------------------------ blocks
    def paragraph(self, block: Block, before: Block | None) -> QTextBlockFormat:
        """A paragraph, heading or rule; the gap to the block before it is its top margin."""
        shape = QTextBlockFormat()
        shape.setLineHeight(self._theme.line(_style(block)), _FIXED)
        shape.setTopMargin(self._gap(block, before))
        if block.marker is None:
            shape.setIndent(block.depth + block.quote)
        else:
            shape.setIndent(block.quote)
        if block.level:
            shape.setHeadingLevel(block.level)
        if block.kind == "rule":
            full = QTextLength(QTextLength.Type.PercentageLength, 100)
            shape.setProperty(QTextBlockFormat.Property.BlockTrailingHorizontalRulerWidth, full)
            shape.setBackground(QBrush(self._theme.color("border")))
        return shape

    def _gap(self, block: Block, before: Block | None) -> int:
        if before is None:
            return 2  # without it the first line's ascenders are cut
        if block.kind == "heading":
            return self._theme.px(18)
        if block.marker is not None and before.depth:
            return self._theme.px(2 if block.tight else 6)
        return self._theme.px(10 if not block.marker else 6)

    def spacer(self) -> tuple[QTextBlockFormat, QTextCharFormat]:
        """The empty line that Qt keeps around tables and frames, made as low as it can be."""
        block, text = QTextBlockFormat(), QTextCharFormat()
        block.setLineHeight(1, _FIXED)
        text.setFont(self._theme.font("small"))
        return block, text

    def item(self, marker: Marker, depth: int) -> QTextListFormat:
        """A list at a depth (1 is outermost)."""
        shape = QTextListFormat()
        shape.setIndent(depth)
        shape.setStyle(QTextListFormat.Style.ListDecimal if marker.ordered else _BULLETS[(depth - 1) % len(_BULLETS)])
        if marker.ordered:
            shape.setStart(marker.number)
        return shape

    # ------------------------------------------------------------ boxes
    def code_frame(self, block: Block) -> QTextFrameFormat:
        """The box around a code block."""
        shape = QTextFrameFormat()
        shape.setBackground(self._theme.color("sunken"))
        shape.setBorder(1)
        shape.setBorderBrush(self._theme.color("border"))
        shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        shape.setPadding(11)
        shape.setTopMargin(self._theme.px(10))
        shape.setBottomMargin(self._theme.px(6))  # Qt takes no notice of the next paragraph's own margin here
        shape.setLeftMargin(INDENT * (block.depth + block.quote))
        return shape

    def code(self) -> QTextBlockFormat:
        shape = QTextBlockFormat()
        shape.setLineHeight(self._theme.px(20), _FIXED)
        return shape

    def table(self, block: Block) -> QTextTableFormat:
        """A table as wide as the column, with hairlines between rows."""
        shape = QTextTableFormat()
        shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        shape.setBorder(0)
        shape.setBorderCollapse(True)
        shape.setCellSpacing(0)
        shape.setCellPadding(0)
        shape.setTopMargin(0 if block.continues else self._theme.px(10))
        shape.setLeftMargin(INDENT * (block.depth + block.quote))
        shape.setHeaderRowCount(0 if block.continues else 1)
        if block.widths:
            shape.setColumnWidthConstraints([QTextLength(QTextLength.Type.PercentageLength, each) for each in block.widths])
        return shape

    def cell(self, *, is_header: bool) -> QTextTableCellFormat:
        shape = QTextTableCellFormat()
        shape.setTopPadding(6)
        shape.setBottomPadding(6)
        shape.setRightPadding(12)
        shape.setBottomBorder(1)
        shape.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        shape.setBottomBorderBrush(self._theme.color("border" if is_header else "divider"))
        return shape

    def cell_paragraph(self, alignment: str) -> QTextBlockFormat:
        shape = QTextBlockFormat()
        shape.setLineHeight(self._theme.px(22), _FIXED)
        shape.setAlignment(_ALIGNMENTS.get(alignment, Qt.AlignmentFlag.AlignLeft))
        return shape


def _style(block: Block) -> str:
    if block.kind != "heading":
        return "answer"
    return "title" if block.level <= 2 else "subtitle"
