"""Draws the cells of tables: words with an icon, figures at the right, chips, bars, hairlines, the chosen row."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.cells import CELL, StatusCell, TextCell
from desktop.icons import paint_icon
from desktop.theme import Theme
from desktop.widgets.chip import chip_width, paint_chip
from desktop.widgets.painting import focus_ring, hairline
from desktop.widgets.progress import paint_bar

EDGE = 14  # left and right of a cell's contents
_GAP = 10
_BAR = 72
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


class TableDelegate(QStyledItemDelegate):
    """Asks the model for a Cell and draws it in the theme of now."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(40, self._theme.size("row"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        self._paint_ground(painter, option, index, rect)
        cell = index.data(CELL)
        inside = rect.adjusted(EDGE, 0, -EDGE, 0)
        if isinstance(cell, StatusCell):
            self._paint_status(painter, inside, cell)
        elif isinstance(cell, TextCell):
            self._paint_text(painter, inside, cell)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, rect: QRectF
    ) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, self._theme.color("row_selected"))
            if index.column() == 0:
                painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), self._theme.color("primary"))
        elif index.row() == getattr(option.widget, "hovered_row", -1):
            painter.fillRect(rect, self._theme.color("sunken"))
        view = option.widget
        is_last = index.row() == index.model().rowCount() - 1
        if not (is_last and getattr(view, "ends_open", False)):
            start, end = QPointF(rect.left(), rect.bottom()), QPointF(rect.right(), rect.bottom())
            hairline(painter, start, end, self._theme.color("divider"))
        has_focus = option.state & QStyle.StateFlag.State_HasFocus and getattr(view, "shows_focus", True)
        if has_focus and index.column() == 0 and isinstance(view, QAbstractItemView):
            whole = QRectF(rect.left(), rect.top(), view.viewport().width(), rect.height())
            painter.save()
            painter.setClipping(False)
            focus_ring(painter, whole.adjusted(0, 0, 0, -1), 4, self._theme.color("primary"))
            painter.restore()

    def _paint_text(self, painter: QPainter, rect: QRectF, cell: TextCell) -> None:
        left = rect.left()
        if cell.icon:
            side = self._theme.px(16)
            where = QRectF(left, round(rect.center().y() - side / 2), side, side)
            paint_icon(painter, where, cell.icon, self._theme.color(cell.icon_color))
            left += side + _GAP
        style = "mono" if cell.mono else "bodyb" if cell.bold else "bodym" if cell.strong else "body"
        painter.setFont(self._theme.font(style))
        painter.setPen(self._theme.color("text" if cell.strong or cell.mono or cell.bold else "text2"))
        room = QRectF(left, rect.top(), rect.right() - left, rect.height())
        shown = self._theme.metrics(style).elidedText(cell.text, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, _RIGHT if cell.right else _LEFT, shown)

    def _paint_status(self, painter: QPainter, rect: QRectF, cell: StatusCell) -> None:
        left = rect.left()
        if cell.share is not None:
            bar = min(_BAR, rect.width())
            paint_bar(painter, self._theme, QRectF(left, rect.center().y() - 2, bar, 4), cell.share)
            left += bar + _GAP
        else:
            height = self._theme.size("chip")
            width = min(chip_width(self._theme, cell.status.text, cell.status.icon), rect.width())
            where = QRectF(left, round(rect.center().y() - height / 2), width, height)
            paint_chip(painter, self._theme, where, cell.status.text, tone=cell.status.tone, icon=cell.status.icon)
            left += width + _GAP
        if cell.note and left < rect.right():
            painter.setFont(self._theme.font("body"))
            painter.setPen(self._theme.color("text2"))
            room = QRectF(left, rect.top(), rect.right() - left, rect.height())
            shown = self._theme.metrics("body").elidedText(cell.note, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, _LEFT, shown)
