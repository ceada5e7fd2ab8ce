"""A table in the design: painted header and cells, whole rows chosen, one column takes the room that is left.

Where the room is short, columns that can be missed go away from the right.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QAbstractItemModel, QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from desktop.icons import paint_icon
from desktop.theme import Theme
from desktop.widgets.painting import KeyboardFocus, Themed, hairline
from desktop.widgets.table_delegate import EDGE, TableDelegate

_NAME = 220  # design pixels that the stretching column keeps


class Table(KeyboardFocus, Themed, QTableView):
    """`widths` are design pixels of all columns but the one that takes the rest, which is `stretch`.

    Columns in `right` hold figures; those in `keep` are shown also where the room is short. `row` names the size of a row,
    `least` is what the column that takes the rest keeps.
    """

    def __init__(
        self,
        theme: Theme,
        name: str,
        model: QAbstractItemModel,
        *,
        widths: tuple[int, ...],
        right: frozenset[int] = frozenset(),
        keep: tuple[int, ...] = (0,),
        stretch: int = 0,
        row: Literal["row", "row_dense"] = "row",
        least: int = _NAME,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._row = row
        self._least = least
        self.ends_open = False  # whether the last row has no hairline below it, for the card ends there
        self._left_out: frozenset[int] = frozenset()
        self._stretch = stretch
        columns = (column for column in range(len(widths) + 1) if column != stretch)
        self._widths = dict(zip(columns, widths, strict=True))
        self._keep = keep
        self._hovered = -1
        self.setAccessibleName(name)
        self.setModel(model)
        self.setItemDelegate(TableDelegate(theme, self))
        self.setHorizontalHeader(_Header(theme, right, self))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSortingEnabled(True)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.horizontalHeader().setSortIndicatorClearable(True)
        self.use_theme(theme)

    def restyle(self) -> None:
        super().restyle()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.row_height)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(24)
        header.setFixedHeight(self.theme.px(36))
        header.setSectionResizeMode(self._stretch, QHeaderView.ResizeMode.Stretch)
        for column, width in self._widths.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, self.theme.px(width))
        self._fit_columns()

    @property
    def row_height(self) -> int:
        return self.theme.size(self._row)

    def leave_out(self, columns: frozenset[int]) -> None:
        """Never show these columns, however much room there is."""
        if columns != self._left_out:
            self._left_out = columns
            self._fit_columns()

    @property
    def hovered_row(self) -> int:
        """The row under the pointer, -1 without one; a row lights up as a whole."""
        return self._hovered

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_columns()
        super().resizeEvent(event)

    def _fit_columns(self) -> None:
        room = self.viewport().width() - self.theme.px(self._least)
        taken = sum(self.theme.px(width) for column, width in self._widths.items() if column not in self._left_out)
        for column in reversed(self._widths):
            hide = column not in self._left_out and taken > room and column not in self._keep
            if hide:
                taken -= self.theme.px(self._widths[column])
            self.setColumnHidden(column, hide or column in self._left_out)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.horizontalHeader().height() + 2 * self.row_height)

    def viewportSizeHint(self) -> QSize:
        rows = self.model().rowCount() if self.model() else 0
        return QSize(400, rows * self.row_height)


class _Header(QHeaderView):
    def __init__(self, theme: Theme, right: frozenset[int], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._right = right
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = "smallm"
        inside = QRectF(rect).adjusted(EDGE, 0, -EDGE, 0)
        text = str(self.model().headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        painter.setFont(self._theme.font(style))
        painter.setPen(self._theme.color("text2"))
        side = Qt.AlignmentFlag.AlignRight if logicalIndex in self._right else Qt.AlignmentFlag.AlignLeft
        shown = self._theme.metrics(style).elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
        if self.sortIndicatorSection() == logicalIndex:
            self._paint_arrow(painter, inside, self._theme.metrics(style).horizontalAdvance(shown), side)
        whole = QRectF(rect)
        hairline(
            painter, QPointF(whole.left(), whole.bottom() - 1), whole.bottomRight() - QPointF(0, 1), self._theme.color("border")
        )
        painter.restore()

    def _paint_arrow(self, painter: QPainter, inside: QRectF, words: float, side: Qt.AlignmentFlag) -> None:
        size = self._theme.px(12)
        up = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        left = inside.left() + words + 3 if side == Qt.AlignmentFlag.AlignLeft else inside.right() - words - 3 - size
        where = QRectF(left, round(inside.center().y() - size / 2), size, size)
        paint_icon(painter, where, "chevron-up" if up else "chevron-down", self._theme.color("text2"))
