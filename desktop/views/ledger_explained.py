"""How this is worked out: every figure of the month that is shown, opened, with the setting behind each."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractSlider, QGridLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels import ledger_explained as explained
from desktop.widgets.announce import announce
from desktop.widgets.button import Button
from desktop.widgets.card import Divider
from desktop.widgets.painting import Themed
from desktop.widgets.sheet import Sheet
from desktop.widgets.text import Text
from desktop.wordings import ledger
from engine.statement_records import LedgerPage

translate = QCoreApplication.translate
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_FOLDS = 430  # design pixels below which a formula's values stand under their names
_PAGES = {
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
}


class ExplainedSheet(Sheet):
    """`setting_wanted` carries a part of the settings, after it closed. It deletes itself."""

    setting_wanted = Signal(str)

    def __init__(self, theme: Theme, over: QWidget, page: LedgerPage) -> None:
        title = translate("Explained", "How {month} was worked out").format(month=ledger.month(page.statement.month))
        super().__init__(theme, over, title)
        self._page = page
        about = translate("Explained", "Every number here stands in the ledger. What is not known is left out and said to be.")
        self.body.addWidget(Text(theme, about, color="text2", wrap=True))
        self.parts: list[PartView] = []
        for part in explained.parts(page):
            self.body.addWidget(Divider(theme))
            view = PartView(theme, part)
            view.wanted.connect(self._leave_for)
            self.parts.append(view)
            self.body.addWidget(view)
        self.copy = Button(theme, translate("Explained", "Copy as text"), icon="copy", size="m")
        self._done = Button(theme, translate("Explained", "Close"), size="m")
        self.buttons.addWidget(self.copy)
        self.buttons.addStretch()
        self.buttons.addWidget(self._done)
        self.copy.clicked.connect(self._copy)
        self._done.clicked.connect(self.close_sheet)
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        self.open_sheet(self._done)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(explained.text(self._page))
        words = translate("Explained", "Copied")
        self.copy.setText(words)
        self.copy.set_icon("check")
        announce(self, words)

    def _leave_for(self, setting: str) -> None:
        self.close_sheet()
        self.setting_wanted.emit(setting)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page and arrow keys turn the sheet also while a button has the focus."""
        step = _PAGES.get(Qt.Key(event.key()))
        if step is not None:
            self._scroll.verticalScrollBar().triggerAction(step)
        super().keyPressEvent(event)


class PartView(QWidget):
    """A figure: its name, what it means, its formula, what to know about it, and the way to its setting."""

    wanted = Signal(str)

    def __init__(self, theme: Theme, part: explained.Part) -> None:
        super().__init__()
        self.part = part
        self.button: Button | None = None
        self.setAccessibleName(part.title)
        self.setAccessibleDescription(part.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(Text(theme, part.title, "subtitle", wrap=True))
        for sentence in part.sentences:
            column.addWidget(Text(theme, sentence, color="text2", wrap=True))
        if part.formula:
            column.addWidget(FormulaView(theme, part.formula))
        for note in part.notes:
            column.addWidget(Text(theme, note, "small", color="text2", wrap=True))
        if part.setting:
            self.button = Button(theme, part.verb, icon="arrow-right", kind="ghost", size="s")
            self.button.setAccessibleName(f"{part.title}: {part.verb}")
            self.button.clicked.connect(lambda: self.wanted.emit(part.setting))
            column.addWidget(self.button, 0, _LEFT)


class FormulaView(Themed, QWidget):
    """Signs, names and values below each other, values at the right; where the room is short they stand under their names."""

    def __init__(self, theme: Theme, lines: tuple[explained.Line, ...]) -> None:
        super().__init__()
        self._lines = lines
        self._folded: bool | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 4)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(2, 1)
        self._cells = [self._make(theme, line) for line in lines]
        self._rules = {at: Divider(theme, self) for at, line in enumerate(lines) if line.is_result and line.sign == "="}
        self.use_theme(theme)
        self._lay_out(False)

    def _make(self, theme: Theme, line: explained.Line) -> tuple[Text, Text, Text]:
        style, color = ("bodyb", "text") if line.is_result else ("body", "text2")
        sign = Text(theme, line.sign, style, color=color, parent=self)
        name = Text(theme, line.name, style, color=color, wrap=True, parent=self)
        value = Text(theme, line.value, style if line.is_result else "bodym", wrap=True, align=_RIGHT, parent=self)
        value.setAccessibleName(f"{line.name}: {line.value}")
        return sign, name, value

    def _lay_out(self, folded: bool) -> None:
        if folded == self._folded:
            return
        self._folded = folded
        while self._grid.takeAt(0) is not None:
            pass
        row = 0
        for at, (sign, name, value) in enumerate(self._cells):
            if at in self._rules:
                self._grid.addWidget(self._rules[at], row, 0, 1, 3)
                row += 1
            self._grid.addWidget(sign, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(name, row, 1, 1, 2 if folded else 1)
            if folded:
                row += 1
            self._grid.addWidget(value, row, 1 if folded else 2, 1, 2 if folded else 1)
            row += 1
        self._grid.setColumnMinimumWidth(0, self.theme.px(10))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out(self.width() < self.theme.px(_FOLDS))
