"""The sidebar's matters, and the conversations of the open one: a list drawn like a tree of two levels."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop import figures
from desktop.icons import paint_icon
from desktop.theme import Theme
from desktop.viewmodels.matter_rows import ROW, MatterRow, MatterRows
from desktop.widgets.painting import KeyboardFocus, Themed, fill_round, focus_ring

_EDGE = 9
_GAP = 10
_PITCH = {"matter": 34, "conversation": 32}
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


class MatterList(KeyboardFocus, Themed, QListView):
    """`opened` on click or Enter; `menu_wanted` with a screen position; F2 and Delete act on the row in focus."""

    opened = Signal(object)
    menu_wanted = Signal(object, QPoint)
    rename_wanted = Signal(object)
    delete_wanted = Signal(object)

    def __init__(self, theme: Theme, name: str, rows: MatterRows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._focused_key = ""
        self.setAccessibleName(name)
        self.setModel(rows)
        self.setItemDelegate(_MatterDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(self._open)
        rows.modelAboutToBeReset.connect(self._remember)
        rows.modelReset.connect(self._restore)
        self.use_theme(theme)

    def row_at(self, index: QModelIndex | QPersistentModelIndex) -> MatterRow | None:
        row = index.data(ROW) if index.isValid() else None
        return row if isinstance(row, MatterRow) else None

    def minimumSizeHint(self) -> QSize:
        return QSize(48, self.theme.px(2 * _PITCH["matter"]))

    def restyle(self) -> None:
        super().restyle()
        self.scheduleDelayedItemsLayout()

    # ------------------------------------------------------------ gestures
    def _open(self, index: QModelIndex) -> None:
        row = self.row_at(index)
        if row is not None:
            self.opened.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.row_at(self.currentIndex())
        wanted = {
            Qt.Key.Key_Return: self.opened,
            Qt.Key.Key_Enter: self.opened,
            Qt.Key.Key_F2: self.rename_wanted,
            Qt.Key.Key_Delete: self.delete_wanted,
        }.get(Qt.Key(event.key()))
        if row is not None and wanted is not None:
            wanted.emit(row)
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        row = self.row_at(index)
        if row is not None:
            place = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft()) if by_key else event.globalPos()
            self.menu_wanted.emit(row, place)

    # ------------------------------------------------------------ rows that come and go
    def _remember(self) -> None:
        row = self.row_at(self.currentIndex())
        self._focused_key = row.key if row else ""

    def _restore(self) -> None:
        place = self._rows.place_of(self._focused_key)
        if place is not None:
            self.setCurrentIndex(self._rows.index(place))


class _MatterDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: MatterList) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row = index.data(ROW)
        return QSize(40, self._theme.px(_PITCH[row.kind if isinstance(row, MatterRow) else "matter"]))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        row = index.data(ROW)
        if not isinstance(row, MatterRow):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect).adjusted(0, 1, 0, -1)
        hovered = option.state & QStyle.StateFlag.State_MouseOver
        if row.is_current or hovered:
            fill_round(painter, rect, self._theme.radius("control"), self._theme.color("hover"))
        (self._paint_matter if row.kind == "matter" else self._paint_conversation)(painter, rect, row)
        view = option.widget
        if option.state & QStyle.StateFlag.State_HasFocus and getattr(view, "shows_focus", True):
            focus_ring(painter, rect, self._theme.radius("control"), self._theme.color("primary"))
        painter.restore()

    def _paint_matter(self, painter: QPainter, rect: QRectF, row: MatterRow) -> None:
        color, side = self._theme.color, self._theme.px(16)
        where = QRectF(rect.left() + _EDGE, round(rect.center().y() - side / 2), side, side)
        paint_icon(painter, where, "folder-open" if row.is_open else "folder", color("text2"))
        count = figures.number(row.count or 0)
        taken = self._theme.metrics("small").horizontalAdvance(count)
        if row.is_confidential:
            taken += self._paint_lock(painter, rect, taken)
        painter.setFont(self._theme.font("small"))
        painter.setPen(color("text3"))
        painter.drawText(rect.adjusted(0, 0, -_EDGE, 0), _RIGHT, count)
        self._paint_title(painter, rect.adjusted(_EDGE + side + _GAP, 0, -(_EDGE + taken + 6), 0), row, "bodym", "text")

    def _paint_lock(self, painter: QPainter, rect: QRectF, taken: float) -> float:
        """The mark of a confidential matter, left of the count; gives the room that it takes."""
        side = self._theme.px(14)
        left = rect.right() - _EDGE - taken - 6 - side
        where = QRectF(round(left), round(rect.center().y() - side / 2), side, side)
        paint_icon(painter, where, "lock", self._theme.color("local_text"))
        return side + 6

    def _paint_conversation(self, painter: QPainter, rect: QRectF, row: MatterRow) -> None:
        left = _EDGE + self._theme.px(16) + _GAP
        if row.is_current:
            height = self._theme.px(14)
            mark = QRectF(rect.left() + left - 13, rect.center().y() - height / 2, 3, height)
            fill_round(painter, mark, 1.5, self._theme.color("primary"))
        self._paint_title(painter, rect.adjusted(left, 0, -_EDGE, 0), row, "body", "text" if row.is_current else "text2")

    def _paint_title(self, painter: QPainter, rect: QRectF, row: MatterRow, style: str, color: str) -> None:
        painter.setFont(self._theme.font(style))
        painter.setPen(self._theme.color(color))
        shown = self._theme.metrics(style).elidedText(row.title, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, _LEFT, shown)
