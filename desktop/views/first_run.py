"""The first start: what this computer is, the model that is ready at once, and those that are worth a download.

It takes the place of everything but the status bar, where the lock state stays in view. Draws the model, decides nothing.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.viewmodels.first_run import Choice, FirstRunModel
from desktop.views.choice_row import ChoiceRow
from desktop.views.hardware_card import HardwareCard
from desktop.widgets.button import Button
from desktop.widgets.card import Card, Panel
from desktop.widgets.chip import Chip
from desktop.widgets.mark import Mark, Sign
from desktop.widgets.notice import Notice
from desktop.widgets.scroll_area import ScrollArea
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_EDGE = 56
_LEFT = 400  # design pixels of the column about this computer
_BETWEEN = 48
_BESIDE_FROM = 1240  # design width from which both columns have room
_STARTER = 640  # design pixels that the starter model needs for everything in one line
_WIDEST = 1440
_BAR = 14  # what a scroll bar takes
_UNBOUND = 16_777_215  # Qt's own largest width
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class FirstRunView(Panel):
    """`start_wanted`: ask with what is there. `all_wanted`: look at every model. `choice_wanted` carries a Choice."""

    start_wanted = Signal()
    all_wanted = Signal()
    choice_wanted = Signal(object)

    def __init__(self, theme: Theme, model: FirstRunModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, "canvas", parent=parent)
        self._model = model
        self._shown: tuple[Choice, ...] | None = None
        self.setAccessibleName(translate("FirstRun", "First start"))
        self.notice = Notice(theme, close_name=translate("MainWindow", "Close"))
        self._heading = Text(theme, model.heading, "display", wrap=True)
        self.hardware = HardwareCard(theme, model.hardware_rows)
        self.start = Button(theme, translate("FirstRun", "Start asking"), icon="message-square-text", kind="primary", size="l")
        self._starter_state = Chip(theme)
        self._starter_line = Text(theme, "", color="text2", wrap=True)
        self._starter_speed = Text(theme, "", "bodym")
        self._speed_part = _stacked(theme, translate("FirstRun", "Writes about"), self._starter_speed)
        self._nothing = Text(theme, "", color="text2", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self._licences = Text(theme, "", "small", color="text2", wrap=True, align=Qt.AlignmentFlag.AlignLeft | _MIDDLE)
        self.all_models = Button(theme, translate("FirstRun", "See all models"), kind="ghost")
        self._lay_out(theme)
        self.start.clicked.connect(self.start_wanted)
        self.all_models.clicked.connect(self.all_wanted)
        model.changed.connect(self._show)
        self._show()

    # ------------------------------------------------------------ building
    def _lay_out(self, theme: Theme) -> None:
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(_EDGE, 36, _EDGE, 32)
        inside.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Sign(theme, size=32))
        head.addWidget(Text(theme, "Strongroom", "title"), 1)
        inside.addLayout(head)
        inside.addSpacing(40)
        self._intro, self._computer, self._models = self._make_intro(theme), self._make_computer(theme), self._make_models(theme)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(_BETWEEN)
        self._is_beside: bool | None = None
        inside.addLayout(self._grid)
        inside.addStretch(1)
        content.setMaximumWidth(theme.px(_WIDEST))
        self._content = content
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(ScrollArea(_centred(content)), 1)
        self._fit()

    def _make_intro(self, theme: Theme) -> QWidget:
        intro = QWidget()
        column = QVBoxLayout(intro)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        measured = translate("FirstRun", "Strongroom measured your hardware and chose models that fit. The check ran here.")
        nothing = translate("FirstRun", "Nothing was sent.")
        column.addWidget(self._heading)
        column.addWidget(Text(theme, f"{measured} {nothing}", color="text2", wrap=True))
        return intro

    def _make_computer(self, theme: Theme) -> QWidget:
        computer = QWidget()
        column = QVBoxLayout(computer)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.hardware)
        column.addWidget(_offline_card(theme))
        column.addStretch(1)
        return computer

    def _make_models(self, theme: Theme) -> QWidget:
        models = QWidget()
        column = QVBoxLayout(models)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.addWidget(Text(theme, translate("FirstRun", "Choose a model to start with"), "title", wrap=True), 1)
        head.addWidget(Text(theme, translate("FirstRun", "You can change it at any time"), "small", color="text2", elide=True))
        column.addLayout(head)
        column.addSpacing(16)
        column.addWidget(self._make_starter(theme))
        column.addSpacing(24)
        column.addLayout(self._make_better(theme))
        column.addSpacing(10)
        column.addWidget(self._nothing)
        column.addLayout(self._rows)
        column.addSpacing(12)
        column.addLayout(self._make_foot(theme))
        column.addStretch(1)
        return models

    def _make_better(self, theme: Theme) -> QBoxLayout:
        estimates = translate("FirstRun", "Speeds are estimates. Strongroom replaces them with what it measures.")
        note = QHBoxLayout()
        note.setSpacing(8)
        note.addWidget(Mark(theme, "info"), 0, _MIDDLE)
        note.addWidget(Text(theme, estimates, "small", color="text2", elide=True), 1)
        self._better = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._better.setSpacing(4)
        self._better.addWidget(Text(theme, translate("FirstRun", "Better answers after one download"), "bodyb"), 1)
        self._better.addLayout(note)
        return self._better

    def _make_starter(self, theme: Theme) -> Card:
        card = Card(theme, outline="primary")
        words = QVBoxLayout()
        words.setSpacing(3)
        name = QHBoxLayout()
        name.setSpacing(8)
        name.addWidget(Text(theme, translate("FirstRun", "Starter model"), "subtitle"))
        name.addWidget(self._starter_state)
        name.addStretch(1)
        words.addLayout(name)
        words.addWidget(self._starter_line)
        go = QHBoxLayout()
        go.setSpacing(24)
        go.addWidget(self._speed_part, 0, _MIDDLE)
        go.addWidget(self.start, 0, _MIDDLE)
        go.addStretch(1)
        self._starter = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._starter.setSpacing(16)
        self._starter.addLayout(words, 1)
        self._starter.addLayout(go)
        row = QHBoxLayout(card)
        row.setContentsMargins(20, 18, 20, 18)
        row.setSpacing(16)
        row.addWidget(Sign(theme, size=40), 0, _MIDDLE)
        row.addLayout(self._starter, 1)
        return card

    def _make_foot(self, theme: Theme) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        self._scale = Mark(theme, "scale")
        foot.addWidget(self._scale, 0, _MIDDLE)
        foot.addWidget(self._licences, 1)
        foot.addWidget(self.all_models, 0, _MIDDLE)
        return foot

    # ------------------------------------------------------------ showing
    def focus_first(self) -> None:
        """The one obvious action."""
        self.start.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        model = self._model
        self._heading.setText(model.heading)
        self.hardware.show_rows(model.hardware_rows)
        state = model.starter_state
        self._starter_state.show_status(state.text, state.tone, state.icon)
        self._starter_line.setText(model.starter_line)
        self._starter_speed.setText(model.starter_speed)
        self._speed_part.setVisible(bool(model.starter_speed))
        self._show_choices()
        self._licences.setText(model.licence_line)
        self._scale.setVisible(bool(model.licence_line))
        n_models = figures.number(model.n_models)
        words = translate("FirstRun", "See all {n} models").format(n=n_models) if model.n_models else ""
        self.all_models.setText(words or translate("FirstRun", "See all models"))

    def _show_choices(self) -> None:
        choices = self._model.choices
        self._nothing.setVisible(not choices)
        if not self._model.knows_offers:
            self._nothing.setText(translate("FirstRun", "Models are being compared with this computer."))
        elif not choices:
            words = translate("FirstRun", "No larger model fits into the memory that is free now. The starter model does.")
            self._nothing.setText(words)
        if choices == self._shown:
            return
        self._shown = choices
        while (item := self._rows.takeAt(0)) is not None:
            if item.widget():
                item.widget().deleteLater()
        for choice in choices:
            row = ChoiceRow(self.theme, choice)
            row.wanted.connect(lambda choice=choice: self.choice_wanted.emit(choice))
            self._rows.addWidget(row)
        self._fold_rows()

    # ------------------------------------------------------------ size
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_grid"):
            QTimer.singleShot(0, self, self._fit)  # when the parts have taken the new size as well

    def _fit(self) -> None:
        """Models beside what is known of this computer, or between the heading and it where the room is short."""
        beside = self.width() >= _BESIDE_FROM * self.theme.scale
        self._content.setMaximumWidth(self.theme.px(_WIDEST))
        for part in (self._intro, self._computer):
            part.setMinimumWidth(self.theme.px(_LEFT) if beside else 0)
            part.setMaximumWidth(self.theme.px(_LEFT) if beside else _UNBOUND)
        roomy = self.width() - 2 * _EDGE >= _STARTER * self.theme.scale
        self._starter.setDirection(QBoxLayout.Direction.LeftToRight if roomy else QBoxLayout.Direction.TopToBottom)
        self._fold_rows()
        if beside == self._is_beside:
            return
        self._is_beside = beside
        self._better.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        self._grid.setVerticalSpacing(24)
        places = ((0, 0, 1), (1, 0, 1), (0, 1, 2)) if beside else ((0, 0, 1), (2, 0, 1), (1, 0, 1))
        for part, (row, column, rows) in zip((self._intro, self._computer, self._models), places, strict=True):
            self._grid.removeWidget(part)
            self._grid.addWidget(part, row, column, rows, 1)
        self._grid.setColumnStretch(0, 0 if beside else 1)
        self._grid.setColumnStretch(1, 1 if beside else 0)
        self._grid.setRowStretch(1, 1)

    def _fold_rows(self) -> None:
        room = min(self.width() - _BAR, self.theme.px(_WIDEST)) - 2 * _EDGE
        if self.width() >= _BESIDE_FROM * self.theme.scale:
            room -= self.theme.px(_LEFT) + _BETWEEN
        for place in range(self._rows.count()):
            self._rows.itemAt(place).widget().fold(room)


def _centred(content: QWidget) -> QWidget:
    around = QWidget()
    row = QHBoxLayout(around)
    row.setContentsMargins(0, 0, 0, 0)
    row.addStretch(1)
    row.addWidget(content, 1000)
    row.addStretch(1)
    return around


def _stacked(theme: Theme, title: str, value: Text) -> QWidget:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(1)
    column.addWidget(Text(theme, title, "small", color="text2"))
    column.addWidget(value)
    return part


def _offline_card(theme: Theme) -> Card:
    card = Card(theme, tone="local")
    words = QVBoxLayout()
    words.setSpacing(1)
    words.addWidget(Text(theme, translate("FirstRun", "Works offline now"), "bodyb", color="local_text"))
    unplug = translate("FirstRun", "Unplug the network and everything here keeps working.")
    words.addWidget(Text(theme, unplug, "small", color="local_text", wrap=True))
    row = QHBoxLayout(card)
    row.setContentsMargins(16, 13, 16, 13)
    row.setSpacing(14)
    row.addWidget(Mark(theme, "wifi-off", size=20, color="local_text"), 0, _MIDDLE)
    row.addLayout(words, 1)
    return card
