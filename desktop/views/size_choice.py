"""Which size? Cards with a radio button each: in words, the quantisation in grey, bytes, and what it costs and brings."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.viewmodels.model_sizes import SizeCard
from desktop.widgets.painting import KeyboardFocus, Themed, fill_round, focus_ring, is_hovered, painter_for, tooltip_of
from desktop.widgets.text import Text
from desktop.wordings import fit_sum
from desktop.wordings.fit import badge as fit_badge

translate = QCoreApplication.translate
_RADIO = 18


class SizeChoice(QWidget):
    """`chosen` carries the key of a size that was picked by hand."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._cards: tuple[SizeCard, ...] = ()
        self.buttons: dict[str, SizeButton] = {}
        self._title = Text(theme, translate("SizeChoice", "Which size?"), "bodyb")
        self._note = Text(theme, _note(0), "small", color="text2", wrap=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addWidget(self._note)
        column.addSpacing(6)
        column.addLayout(self._list)

    def show_sizes(self, cards: list[SizeCard], chosen: str | None) -> None:
        """Show these sizes; one of a single size is shown too, since it says what is fetched."""
        self.setVisible(bool(cards))
        if [card.key for card in cards] != list(self.buttons):
            self._fill(cards)
        for card in cards:
            self.buttons[card.key].show_card(card)
        for key, button in self.buttons.items():
            button.blockSignals(True)
            button.setChecked(key == chosen)
            button.blockSignals(False)
        self._note.setVisible(len(cards) > 1)
        self._note.setText(_note(cards[-1].n_left_out if cards else 0))

    def _fill(self, cards: list[SizeCard]) -> None:
        for button in self.buttons.values():
            button.hide()
            button.deleteLater()
        self.buttons = {}
        for card in cards:
            button = self.buttons[card.key] = SizeButton(self._theme, self)
            button.toggled.connect(lambda on, key=card.key: self.chosen.emit(key) if on else None)
            self._list.addWidget(button)


def _note(n_left_out: int) -> str:
    note = translate("SizeChoice", "Smaller files are faster but lose some detail.")
    if not n_left_out:
        return note
    further = translate("SizeChoice", "This repository has {n} further files, which are not shown.")
    return f"{note} {further.format(n=figures.number(n_left_out))}"


class SizeButton(KeyboardFocus, Themed, QRadioButton):
    """A radio button as a card. Its labels take no clicks, so that the whole card can be pressed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Text(theme, "", "bodyb", elide=True)
        self._code = Text(theme, "", "small", color="text3", elide=True)
        self._amount = Text(theme, "", "bodym")
        self._note = Text(theme, "", "small", color="text2", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(9)
        head.addWidget(self._title)
        head.addWidget(self._code, 1)
        head.addWidget(self._amount)
        words = QVBoxLayout(self)
        words.setSpacing(1)
        words.addLayout(head)
        words.addWidget(self._note)
        for label in (self._title, self._code, self._amount, self._note):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.use_theme(theme)

    def show_card(self, card: SizeCard) -> None:
        self._title.setText(card.title)
        self._code.setText(card.code)
        self._amount.setText(card.amount)
        badge = fit_badge(card.fit)
        here = translate("SizeChoice", "On this computer.") if card.is_here else ""
        notes = " ".join(part for part in (here, card.note) if part)
        self._note.setText(notes)
        self.setToolTip(tooltip_of(f"{card.key}. {badge.text}: {fit_sum.explained(card.fit)}"))
        self.setAccessibleName(", ".join((card.title, card.key, card.amount, badge.text)))
        self.setAccessibleDescription(notes)
        self.updateGeometry()

    def restyle(self) -> None:
        self.layout().setContentsMargins(self.theme.px(_RADIO) + 24, 12, 14, 12)
        super().restyle()

    # ------------------------------------------------------------ measuring: a radio button would ask for its own text
    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self.layout().heightForWidth(width)

    def sizeHint(self) -> QSize:
        return self.layout().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.layout().minimumSize()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        rect, color, on = QRectF(self.rect()), self.theme.color, self.isChecked()
        radius = self.theme.radius("control_large")
        fill = color("row_selected") if on else color("sunken") if is_hovered(self) else color("surface")
        outline = color("border_strong") if self.theme.high_contrast else color("border")
        fill_round(painter, rect, radius, fill, None if on else outline)
        if on:
            painter.setPen(QPen(color("primary"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius - 1, radius - 1)
        side = self.theme.px(_RADIO)
        circle = QRectF(13, 13, side, side)
        fill_round(painter, circle, side / 2, color("surface"), color("primary" if on else "border_strong"))
        if on:
            dot = side * 0.28
            fill_round(painter, circle.adjusted(dot, dot, -dot, -dot), side / 2, color("primary"))
        if self.shows_focus:
            focus_ring(painter, rect.adjusted(2, 2, -2, -2), radius - 1, color("primary"))
