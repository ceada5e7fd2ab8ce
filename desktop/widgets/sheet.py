"""A sheet over the window: scrim, painted shadow, focus kept inside and given back afterwards.

It covers everything but the status bar, because the lock state must stay in view. Content is the caller's.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.widgets.button import Button, IconButton, Kind
from desktop.widgets.painting import Themed, fill_round, painter_for
from desktop.widgets.scroll_area import ScrollArea
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_SHADOW = 26
_MARGIN = 24


class Sheet(Themed, QWidget):
    """Child of the area it covers. Fill `body` and `buttons`, then `open_sheet`. Escape and the cross close it."""

    closed = Signal()

    def __init__(self, theme: Theme, over: QWidget, title: str, *, width: int = 744, closable: bool = True) -> None:
        super().__init__(over)
        self._width = width
        self._closable = closable
        self._before: QWidget | None = None
        self._shadow: tuple[tuple[int, int, bool], QPixmap] | None = None
        self.panel = QWidget(self)
        self.title = Text(theme, title, "title", wrap=True)
        self.cross = IconButton(theme, "x", translate("Sheet", "Close"))
        if not closable:  # showing it before it has a parent would open a window for a moment and take the keyboard away
            self.cross.hide()
        self.cross.clicked.connect(self.close_sheet)
        content = QWidget()
        self.body = QVBoxLayout(content)
        self.body.setContentsMargins(24, 0, 24, 0)
        self.body.setSpacing(12)
        self.buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.buttons.setContentsMargins(24, 0, 24, 0)
        self.buttons.setSpacing(8)
        self._content = content
        self._scroll = ScrollArea(content)
        self._lay_out_panel()
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title.setContentsMargins(0, 4, 0, 4)  # as high as the cross beside it
        over.installEventFilter(self)
        content.installEventFilter(self)
        self.use_theme(theme)
        self.hide()

    def _lay_out_panel(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(24, 0, 16, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.cross, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self.panel)
        column.setContentsMargins(0, 20, 0, 20)
        column.setSpacing(16)
        column.addLayout(head)
        column.addWidget(self._scroll, 1)
        column.addLayout(self.buttons)

    # ------------------------------------------------------------ opening and closing
    def open_sheet(self, focus: QWidget | None = None) -> None:
        """Show it and put the focus on `focus` (or the first control)."""
        self._before = QApplication.focusWidget()
        self._place()
        self.show()
        self.raise_()
        first = focus or next((control for control in self._controls() if control is not self.cross), self)
        first.setFocus(Qt.FocusReason.TabFocusReason)
        if self._content.isAncestorOf(first):
            QTimer.singleShot(0, first, lambda: self._scroll.ensureWidgetVisible(first))  # when the sheet has its size

    def close_sheet(self) -> None:
        """Hide it, give the focus back to where it was, and say so by `closed`."""
        if self.isHidden():
            return
        self.hide()
        before, self._before = self._before, None
        try:
            if before is not None and before.isVisible():
                before.setFocus(Qt.FocusReason.OtherFocusReason)
        except RuntimeError:  # the control went away while the sheet was open
            pass
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._closable:
            self.close_sheet()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # what lies under the scrim cannot be reached

    def _controls(self) -> list[QWidget]:
        """What Tab reaches inside the sheet, in the order of the focus chain."""
        found: list[QWidget] = []
        control = self.nextInFocusChain()
        while control is not None and control is not self:
            can_tab = control.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
            if can_tab and control.isEnabled() and self.isAncestorOf(control) and control.isVisibleTo(self):
                found.append(control)
            control = control.nextInFocusChain()
        return found

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep the focus inside: after the last control comes the first. Children ask their parents, so this is asked."""
        controls = self._controls()
        if not controls:
            return True
        now = QApplication.focusWidget()
        place = controls.index(now) if now in controls else (-1 if forward else 0)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        controls[(place + (1 if forward else -1)) % len(controls)].setFocus(reason)
        return True

    # ------------------------------------------------------------ place and paint
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        wanted = QEvent.Type.LayoutRequest if watched is self._content else QEvent.Type.Resize
        if event.type() == wanted and not self.isHidden():
            QTimer.singleShot(0, self, self._place)  # when the layout that asks is done
        return False

    def restyle(self) -> None:
        super().restyle()
        if not self.isHidden():
            QTimer.singleShot(0, self, self._place)

    def _place(self) -> None:
        over = self.parentWidget().rect()
        self.setGeometry(over)
        width = min(self.theme.px(self._width), over.width() - 2 * _MARGIN)
        self._fold_buttons(width)
        self.body.invalidate()
        inner = self.body.heightForWidth(width) if self.body.hasHeightForWidth() else self.body.sizeHint().height()
        self._scroll.setFixedHeight(0)
        layout = self.panel.layout()
        frame = layout.heightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()
        height = min(frame + inner, over.height() - 2 * _MARGIN)
        self._scroll.setFixedHeight(max(0, height - frame))
        # A bar that comes for a moment makes the text narrower, thus longer, and then stays.
        fits = height - frame >= inner
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self._scroll.setVerticalScrollBarPolicy(policy)
        self.panel.setGeometry(QRect((over.width() - width) // 2, max(_MARGIN, (over.height() - height) // 3), width, height))

    def _fold_buttons(self, width: int) -> None:
        """Buttons stand below each other where they do not fit beside each other."""
        controls = [item.widget() for place in range(self.buttons.count()) if (item := self.buttons.itemAt(place)).widget()]
        shown = [control.sizeHint().width() for control in controls if control.isVisibleTo(self.panel)]
        beside = sum(shown) + self.buttons.spacing() * len(shown) <= width - 2 * _MARGIN
        self.buttons.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        painter.fillRect(self.rect(), self.theme.scrim)
        panel = self.panel.geometry()
        painter.drawPixmap(panel.left() - _SHADOW, panel.top() - _SHADOW, self._shadow_for(panel))
        fill_round(painter, QRectF(panel), self.theme.radius("sheet"), self.theme.color("surface"), self.theme.color("border"))

    def _shadow_for(self, panel: QRect) -> QPixmap:
        key = panel.width(), panel.height(), self.theme.is_dark
        if self._shadow is None or self._shadow[0] != key:
            self._shadow = key, self._paint_shadow(panel)
        return self._shadow[1]

    def _paint_shadow(self, panel: QRect) -> QPixmap:
        """Rounded rectangles with falling alpha: a blur effect would smear text at fractional scaling."""
        ratio = self.devicePixelRatioF()
        width, height = panel.width() + 2 * _SHADOW, panel.height() + 2 * _SHADOW + 8
        pixmap = QPixmap(round(width * ratio), round(height * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first = 0.03 if self.theme.is_dark else 0.011
        for layer in range(1, _SHADOW + 1):
            alpha = first * (1 - layer / (_SHADOW + 1)) ** 1.6
            rect = QRectF(_SHADOW, _SHADOW + 8, panel.width(), panel.height()).adjusted(-layer, -layer, layer, layer)
            fill_round(painter, rect.intersected(QRectF(0, 0, width, height)), 14 + layer, self.theme.faded("shadow", alpha))
        painter.end()
        return pixmap


class ConfirmSheet(Sheet):
    """A question with its consequences; the focus starts on Cancel. `confirmed` is emitted after it closed."""

    confirmed = Signal()

    def __init__(self, theme: Theme, over: QWidget, title: str, consequence: str, verb: str, *, kind: Kind = "danger") -> None:
        super().__init__(theme, over, title, width=480)
        self.cross.hide()
        self.body.addWidget(Text(theme, consequence, color="text2", wrap=True))
        self.cancel = Button(theme, translate("Sheet", "Cancel"), size="m")
        self.confirm = Button(theme, verb, kind=kind, size="m")
        self.buttons.addStretch()
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.confirm)
        self.cancel.clicked.connect(self.close_sheet)
        self.confirm.clicked.connect(self._confirm)
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        self.open_sheet(self.cancel)

    def _confirm(self) -> None:
        self.close_sheet()
        self.confirmed.emit()
