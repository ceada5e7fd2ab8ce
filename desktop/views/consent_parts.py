"""Parts of the consent sheet: leaks in the text, the box to tick, and going through the texts of a batch."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.icons import paint_icon
from desktop.theme import Theme
from desktop.viewmodels.batch_consent import BatchConsentModel
from desktop.viewmodels.consent_rows import LeakRow
from desktop.views.told import Told
from desktop.widgets.announce import announce
from desktop.widgets.button import Button, IconButton
from desktop.widgets.painting import fill_round, focus_ring, is_hovered, painter_for
from desktop.widgets.text import Text
from desktop.widgets.tick import Tick
from desktop.wordings import consent

translate = QCoreApplication.translate
_BOX, _GAP = 18, 10
_AT_ONCE = 12  # leaks that are listed; the others are marked in the text all the same


class LeakList(Told):
    """Hidden details that would still be sent. `show_wanted` and `hide_wanted` carry the row, `text_wanted` which text."""

    show_wanted = Signal(object)
    hide_wanted = Signal(object)
    text_wanted = Signal(int)

    def __init__(self, theme: Theme, *, can_hide: bool) -> None:
        super().__init__(theme, "danger", "triangle-alert")
        self._can_hide = can_hide
        self._shown: Sequence[LeakRow] = ()
        self._first: int | None = None
        self.go = Button(theme, translate("Consent", "Show the text"), icon="eye", size="s")
        self.go.hide()
        self.go.clicked.connect(lambda: self.text_wanted.emit(self._first or 0))
        self._rows = QWidget()
        self._rows_column = QVBoxLayout(self._rows)
        self._rows_column.setContentsMargins(0, 6, 0, 0)
        self._rows_column.setSpacing(2)
        self.column.addWidget(self._rows)
        self.column.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)

    def show_rows(self, rows: Sequence[LeakRow], n_all: int, first: int | None) -> None:
        """Show the leaks of one text; `n_all` are those of all texts, `first` is the first text that has any."""
        self.say(consent.leaks(n_all) if n_all else "")
        self._first = first
        self.go.setVisible(bool(n_all) and not rows)
        if list(rows) == list(self._shown):
            return
        self._shown = rows
        while (item := self._rows_column.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for row in rows[:_AT_ONCE]:
            self._rows_column.addWidget(self._line(row))
        if len(rows) > _AT_ONCE:
            more = translate("Consent", "The others are marked in the text too.")
            self._rows_column.addWidget(Text(self.theme, more, "small", color="danger_text", wrap=True))
        self._rows.setVisible(bool(rows))

    def _line(self, row: LeakRow) -> QWidget:
        line = QWidget()
        parts = QHBoxLayout(line)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(8)
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        parts.addWidget(Text(self.theme, row.words, "smallm", color="danger_text", wrap=True, align=middle), 1)
        if row.start is not None:
            parts.addWidget(self._button(translate("Consent", "Show"), "eye", row, self.show_wanted))
        if row.start is not None and self._can_hide:
            parts.addWidget(self._button(translate("Consent", "Hide"), "eraser", row, self.hide_wanted))
        return line

    def _button(self, verb: str, icon: str, row: LeakRow, wanted: SignalInstance) -> Button:
        button = Button(self.theme, verb, icon=icon, size="s")
        button.setAccessibleName(f"{verb}: {row.words}")
        button.clicked.connect(lambda: wanted.emit(row))
        return button


class Agreement(Tick):
    """The box to tick before sending: copper, because what it agrees to is that something leaves."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__(theme, text)

    def show_words(self, text: str, why_not: str) -> None:
        """Show what is agreed to, and why it cannot be, if so."""
        self._text = text
        self.setAccessibleName(text)
        self.setEnabled(not why_not)
        self.setAccessibleDescription(why_not)
        self.update()

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self._text)
        return QSize(self.theme.px(_BOX) + _GAP + words + 8, self.theme.size("button"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        rect, color, on = QRectF(self.rect()), self.theme.color, self.isChecked()
        side = self.theme.px(_BOX)
        box = QRectF(1, round((rect.height() - side) / 2), side, side)
        outline = color("outbound" if is_hovered(self) else "border_strong" if self.isEnabled() else "border")
        fill_round(painter, box, 4, color("outbound" if on else "surface"), None if on else outline)
        if on:
            paint_icon(painter, box.adjusted(2, 2, -2, -2), "check", color("on_outbound"))
        painter.setFont(self.font())
        painter.setPen(color("text" if self.isEnabled() else "text_disabled"))
        left = box.right() + _GAP
        painter.drawText(QRectF(left, 0, rect.right() - left, rect.height()), Qt.AlignmentFlag.AlignVCenter, self._text)
        if self.shows_focus:
            focus_ring(painter, rect, self.theme.radius("control"), color("primary"))


class TextPages(QWidget):
    """Previous and next text of a batch, and which one is shown."""

    def __init__(self, theme: Theme, model: BatchConsentModel) -> None:
        super().__init__()
        self._model = model
        self.previous = IconButton(theme, "chevron-left", translate("Consent", "Previous text"), size="s")
        self.next = IconButton(theme, "chevron-right", translate("Consent", "Next text"), size="s")
        self._words = Text(theme, "", "smallm", color="text2")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.previous)
        row.addWidget(self._words)
        row.addWidget(self.next)
        self.previous.clicked.connect(lambda: model.show_text(model.place - 1))
        self.next.clicked.connect(lambda: model.show_text(model.place + 1))
        self.refresh()

    def refresh(self) -> None:
        """Show which text is looked at."""
        words = self._model.place_words
        if words != self._words.text():
            self._words.setText(words)
            announce(self, words)
        self.previous.explain("" if self._model.place else translate("Consent", "This is the first text"))
        is_last = self._model.place + 1 >= len(self._model.previews)
        self.next.explain(translate("Consent", "This is the last text") if is_last else "")
