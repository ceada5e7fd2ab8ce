"""One model in the list: name and badge, size and licence, speed, what can be done; or how far its download is.

Painted, because a list of them must appear at once; its buttons are real ones.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.viewmodels.model_rows import Act, Progress, Row
from desktop.widgets.button import Button, IconButton
from desktop.widgets.chip import chip_width, paint_chip
from desktop.widgets.list_row import ListRow
from desktop.widgets.painting import tooltip_of
from desktop.widgets.progress import paint_bar

translate = QCoreApplication.translate
_EDGE = 19
_SIZE, _SPEED, _ACTS = 140, 120, 126  # design pixels of the columns after the name
_NAME = 250  # design pixels that the name keeps; with less, the figures go below it
_GAP = 8
_FOLDED = 96
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


class ModelRow(ListRow):
    """`acted` carries what a button does, such as load or pause."""

    acted = Signal(str)

    def __init__(self, theme: Theme, row: Row, parent: QWidget | None = None) -> None:
        self.row = row
        self._buttons: list[Button] = []
        super().__init__(theme, theme_row_height(), parent)
        self._make_buttons()
        self.show_row(row)

    def show_row(self, row: Row) -> None:
        """Show another state of the same model."""
        if row.acts != self.row.acts:
            self.row = row
            self._make_buttons()
        self.row = row
        self.setAccessibleName(row.spoken)
        self.setAccessibleDescription(row.explained)
        self.setToolTip(tooltip_of(row.explained))
        for button in self._buttons:
            button.setAccessibleDescription(row.name)
        self.update()

    def set_chosen(self, chosen: bool) -> None:
        super().set_chosen(chosen)
        for button in self._buttons:  # Tab goes through the buttons of the chosen row only
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)

    def _make_buttons(self) -> None:
        if any(button.hasFocus() for button in self._buttons):
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # else the next press would hit the button beside it
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = [_button(self.theme, act) for act in self.row.acts]
        for button, act in zip(self._buttons, self.row.acts, strict=True):
            button.setParent(self)
            button.setCursor(Qt.CursorShape.ArrowCursor)
            button.clicked.connect(lambda _=False, act=act: self.acted.emit(act))
            button.show()
        self.set_chosen(self.isChecked())
        self._place_buttons()

    # ------------------------------------------------------------ places
    @property
    def is_folded(self) -> bool:
        """Whether the figures stand below the name, because there is no room beside it."""
        return self.width() < self.theme.px(_NAME + _SIZE + _SPEED + _ACTS) + 2 * _EDGE

    def sizeHint(self) -> QSize:
        return QSize(200, self.theme.px(_FOLDED) if self.is_folded else self.theme.px(self.design_height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.height() != self.sizeHint().height():
            self.updateGeometry()
        self._place_buttons()

    def restyle(self) -> None:
        super().restyle()
        self._place_buttons()

    def _place_buttons(self) -> None:
        right = self.width() - _EDGE + 4
        for button in reversed(self._buttons):
            button.resize(button.sizeHint())
            button.move(right - button.width(), (self.height() - button.height()) // 2)
            right = button.x() - _GAP // 2

    def _room_for_name(self) -> float:
        if self.is_folded:
            taken = sum(button.width() + _GAP // 2 for button in self._buttons)
            if self.row.chip and not self._buttons:
                taken = chip_width(self.theme, self.row.chip.text, self.row.chip.icon)
            return self.width() - 2 * _EDGE - taken - _GAP
        return self.width() - 2 * _EDGE - self.theme.px(_SIZE + _SPEED + _ACTS) - _GAP

    # ------------------------------------------------------------ painting
    def paint_content(self, painter: QPainter, rect: QRectF) -> None:
        lines = self.theme.line("bodyb") + self.theme.line("small") + 2
        folded = self.is_folded
        if folded:
            lines += self.theme.line("small") + 4
        top = round((rect.height() - lines) / 2) - 1
        room = self._room_for_name()
        self._paint_name(painter, top, room)
        self._paint_words(painter, _EDGE, top + self.theme.line("bodyb") + 2, room, self.row.good_for, "small", "text2")
        if folded:
            self._paint_folded(painter, top + self.theme.line("bodyb") + self.theme.line("small") + 6, room)
        elif self.row.progress is not None:
            self._paint_progress(painter, rect, self.row.progress)
        else:
            self._paint_figures(painter, top)
        if self.row.chip is not None:
            self._paint_chip(painter, rect)

    def _paint_name(self, painter: QPainter, top: float, room: float) -> None:
        theme, row, line = self.theme, self.row, self.theme.line("bodyb")
        badge = chip_width(theme, row.badge.text, row.badge.icon) if row.badge else 0
        metrics = theme.metrics("bodyb")
        left_for_name = room - (badge + _GAP if badge else 0)
        name = metrics.elidedText(row.name, Qt.TextElideMode.ElideMiddle, max(40.0, left_for_name))
        painter.setFont(theme.font("bodyb"))
        painter.setPen(theme.color("text"))
        painter.drawText(QRectF(_EDGE, top, room, line), _LEFT, name)
        if row.badge is not None:
            height = theme.size("chip")
            left = _EDGE + metrics.horizontalAdvance(name) + _GAP
            where = QRectF(round(left), round(top + (line - height) / 2), min(badge, max(0.0, _EDGE + room - left)), height)
            paint_chip(painter, theme, where, row.badge.text, tone=row.badge.tone, icon=row.badge.icon)

    def _paint_words(
        self, painter: QPainter, left: float, top: float, room: float, words: str, style: str, color: str, flags: int = _LEFT
    ) -> None:
        painter.setFont(self.theme.font(style))
        painter.setPen(self.theme.color(color))
        shown = self.theme.metrics(style).elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, top, room, self.theme.line(style)), flags, shown)

    def _columns(self) -> tuple[float, float]:
        right = self.width() - _EDGE - self.theme.px(_ACTS)
        return right - self.theme.px(_SIZE + _SPEED), right - self.theme.px(_SPEED)

    def _paint_figures(self, painter: QPainter, top: float) -> None:
        row, below = self.row, top + self.theme.line("bodym") + 2
        size, speed = self._columns()
        wide, narrow = self.theme.px(_SIZE) - _GAP, self.theme.px(_SPEED) - _GAP
        self._paint_words(painter, size, top, wide, row.amount, "bodym", "text")
        self._paint_words(painter, size, below, wide, row.licence, "small", "text2")
        self._paint_words(painter, speed, top, narrow, row.speed, "bodym", "text")
        self._paint_words(painter, speed, below, narrow, row.speed_kind, "small", "text2")

    def _paint_progress(self, painter: QPainter, rect: QRectF, progress: Progress) -> None:
        left, _ = self._columns()
        width = self.theme.px(_SIZE + _SPEED) - _GAP
        line = self.theme.line("small")
        top = round((rect.height() - line - 8) / 2) - 1
        self._paint_progress_words(painter, left, top, width, progress)
        self._paint_bar(painter, QRectF(left, top + line + 5, width, 4), progress)

    def _paint_progress_words(self, painter: QPainter, left: float, top: float, width: float, progress: Progress) -> None:
        small = self.theme.metrics("small")
        if progress.is_problem:
            self._paint_words(painter, left, top, width, progress.left, "smallm", "danger_text")
            return
        done = self.theme.metrics("smallm").horizontalAdvance(progress.amount)
        self._paint_words(painter, left, top, width, progress.amount, "smallm", "text")
        right = small.horizontalAdvance(progress.left)
        if progress.rate and done + 10 + small.horizontalAdvance(progress.rate) + 10 + right <= width:
            self._paint_words(painter, left + done + 10, top, width - done - 10, progress.rate, "small", "text2")
        room = max(0.0, width - done - 10)
        self._paint_words(painter, left + width - room, top, room, progress.left, "small", "text2", _RIGHT)

    def _paint_bar(self, painter: QPainter, where: QRectF, progress: Progress) -> None:
        if progress.share is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.color("track"))
            for dot in range(5):
                painter.drawEllipse(QRectF(where.left() + dot * 12, where.top(), 4, 4))
            return
        paint_bar(painter, self.theme, where, progress.share)

    def _paint_folded(self, painter: QPainter, top: float, room: float) -> None:
        row = self.row
        if row.progress is None:
            words = " · ".join(part for part in (row.amount, row.licence, f"{row.speed} {row.speed_kind}".strip()) if part)
            self._paint_words(painter, _EDGE, top, room, words, "small", "text2")
            return
        self._paint_progress_words(painter, _EDGE, top, room, row.progress)
        self._paint_bar(painter, QRectF(_EDGE, top + self.theme.line("small") + 3, room, 4), row.progress)

    def _paint_chip(self, painter: QPainter, rect: QRectF) -> None:
        chip = self.row.chip
        assert chip is not None
        width, height = chip_width(self.theme, chip.text, chip.icon), self.theme.size("chip")
        right = min((button.x() for button in self._buttons), default=self.width() - _EDGE + 4) - (_GAP if self._buttons else 0)
        if self.is_folded and self._buttons:
            return  # the name and the panel say it; there is no room
        where = QRectF(right - width, round((rect.height() - height) / 2) - 1, width, height)
        paint_chip(painter, self.theme, where, chip.text, tone=chip.tone, icon=chip.icon)


def theme_row_height() -> int:
    """Design pixels of a row."""
    return 74


def _button(theme: Theme, act: Act) -> Button:
    match act:
        case "load":
            button = Button(theme, translate("ModelRow", "Load"))
            button.set_hint(translate("ModelRow", "Answer with this model from now on"))
            return button
        case "download":
            return Button(theme, translate("ModelRow", "Download"), icon="download")
        case "pause":
            return IconButton(theme, "pause", translate("ModelRow", "Pause the download"))
        case "resume":
            return IconButton(theme, "play", translate("ModelRow", "Continue the download"))
        case "cancel":
            return IconButton(theme, "x", translate("ModelRow", "Cancel the download"))
    return IconButton(theme, "trash-2", translate("ModelRow", "Remove this model"))
