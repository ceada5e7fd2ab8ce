"""Search or jump to: type a few letters, arrows choose, Enter goes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.icons import paint_icon
from desktop.theme import Theme
from desktop.viewmodels.jump import JumpTarget, jump_targets
from desktop.viewmodels.window_model import WindowModel
from desktop.widgets.field import Field
from desktop.widgets.painting import fill_round
from desktop.widgets.sheet import Sheet
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_TARGET = Qt.ItemDataRole.UserRole + 1
_ROW = 36
_SHOWN = 8
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class JumpSheet(Sheet):
    """`chosen` carries the place to go to."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, over: QWidget, model: WindowModel) -> None:
        super().__init__(theme, over, translate("JumpSheet", "Search or jump to"), width=560)
        self._model = model
        self.field = Field(
            theme,
            self.title.text(),
            placeholder=translate("JumpSheet", "A matter, conversation, document or screen"),
            icon="search",
        )
        self.list = _List(theme)
        self._nothing = Text(theme, translate("JumpSheet", "Nothing has this in its name."), color="text2")
        self.body.setSpacing(8)
        self.body.addWidget(self.field)
        self.body.addWidget(self.list)
        self.body.addWidget(self._nothing)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._search)
        self.field.returnPressed.connect(lambda: self._go(self.list.currentIndex()))
        self.list.activated.connect(self._go)
        self.list.clicked.connect(self._go)
        self.closed.connect(self.deleteLater)
        self._search("")

    def ask(self) -> None:
        self.open_sheet(self.field)

    def _search(self, typed: str) -> None:
        targets = jump_targets(self._model, typed)
        self.list.show_targets(targets)
        self.list.setVisible(bool(targets))
        self._nothing.setVisible(not targets)

    def _go(self, index: QModelIndex) -> None:
        target = index.data(_TARGET)
        if isinstance(target, JumpTarget):
            self.close_sheet()
            self.chosen.emit(target)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys move in the list while the field keeps the focus."""
        pressed = event if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress else None
        if watched is self.field and pressed is not None and pressed.key() in _MOVES:
            self.list.keyPressEvent(pressed)
            return True
        return super().eventFilter(watched, event)


class _List(QListView):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        self.setItemDelegate(_Delegate(theme, self))
        self.setAccessibleName(translate("JumpSheet", "Places"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)

    def show_targets(self, targets: list[JumpTarget]) -> None:
        self._items.clear()
        for target in targets:
            item = QStandardItem(target.title)
            item.setData(target, _TARGET)
            item.setData(f"{target.detail}: {target.title}", Qt.ItemDataRole.AccessibleTextRole)
            self._items.appendRow(item)
        if targets:
            self.setCurrentIndex(self._items.index(0, 0))
        self.setFixedHeight(self._theme.px(_ROW) * min(_SHOWN, max(1, len(targets))) + 2)


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(80, self._theme.px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        target = index.data(_TARGET)
        color, metrics = self._theme.color, self._theme.metrics
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = option.state & QStyle.StateFlag.State_Selected
            fill_round(painter, rect, self._theme.radius("control"), color("row_selected" if chosen else "sunken"))
        side = self._theme.px(16)
        paint_icon(
            painter, QRectF(rect.left() + 10, round(rect.center().y() - side / 2), side, side), target.icon, color("text2")
        )
        detail = metrics("small").horizontalAdvance(target.detail)
        words = rect.adjusted(10 + side + 10, 0, -(10 + detail + 12), 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self._theme.font("bodym"))
        painter.setPen(color("text"))
        painter.drawText(
            words, int(middle), metrics("bodym").elidedText(target.title, Qt.TextElideMode.ElideMiddle, words.width())
        )
        painter.setFont(self._theme.font("small"))
        painter.setPen(color("text3"))
        painter.drawText(rect.adjusted(0, 0, -10, 0), int(middle | Qt.AlignmentFlag.AlignRight), target.detail)
        painter.restore()
