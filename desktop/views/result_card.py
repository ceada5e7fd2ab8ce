"""One finished run: what it shows in a sentence, how sure that is, the four counts, what is missing, and what limits it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.viewmodels.evaluation_result import Result
from desktop.views.result_chart import ResultChart
from desktop.widgets.button import Button
from desktop.widgets.card import Card, Divider
from desktop.widgets.chip import Chip
from desktop.widgets.mark import Mark
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_RIGHT = Qt.AlignmentFlag.AlignRight


class ResultCard(Card):
    """Made for one result; the test behind it is folded."""

    def __init__(self, theme: Theme, result: Result) -> None:
        super().__init__(theme)
        self.result = result
        self.setAccessibleName(f"{result.title}. {result.verdict}")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 14, 16, 14)
        self._column.setSpacing(10)
        self._evidence = Text(theme, result.evidence, "small", color="text2", wrap=True)
        self.fold = Button(theme, translate("Result", "See evidence"), icon="chevron-down", kind="ghost", size="s")
        self.chart = ResultChart(theme)
        self._fill_head()
        self._fill_figures()
        self._fill_limits()
        self._fill_evidence()

    def _fill_head(self) -> None:
        theme, result = self.theme, self.result
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(Text(theme, result.title, "subtitle", elide=True))
        head.addStretch(1)
        head.addWidget(Chip(theme, result.chip.text, tone=result.chip.tone, icon=result.chip.icon))
        self._column.addLayout(head)
        self._column.addWidget(Text(theme, result.about, "small", color="text2", wrap=True))
        self._column.addWidget(Text(theme, result.verdict, "bodyb", wrap=True))
        if result.missing:
            self._column.addWidget(Text(theme, result.missing, wrap=True))

    def _fill_figures(self) -> None:
        theme, result = self.theme, self.result
        if not result.found.n:
            return
        if result.found.estimate is not None:
            self._column.addWidget(Divider(theme))
            self._column.addWidget(_row(theme, result.estimate_title, result.estimate_words))
        estimate = result.estimate
        self._column.addWidget(self.chart)
        self.chart.show_estimate(estimate, result.estimate_title, result.spoken)
        self._column.addWidget(Divider(theme))
        self._column.addWidget(Counts(theme, result.cells))
        if result.recall:
            self._column.addWidget(Divider(theme))
            titles = (result.recall_title, result.local, result.remote)
            self._column.addWidget(Columns(theme, titles, result.recall))

    def _fill_limits(self) -> None:
        if not self.result.caveats:
            return
        self._column.addWidget(Divider(self.theme))
        for words in self.result.caveats:
            line = QHBoxLayout()
            line.setSpacing(10)
            line.addWidget(Mark(self.theme, "info", color="text2"), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Text(self.theme, words, color="text2", wrap=True), 1)
            self._column.addLayout(line)

    def _fill_evidence(self) -> None:
        self._evidence.hide()
        if not self.result.evidence:
            self.fold.hide()
            return
        self._column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._evidence)
        self.fold.clicked.connect(self._toggle)

    def _toggle(self) -> None:
        shown = self._evidence.isHidden()
        self._evidence.setVisible(shown)
        self.fold.setText(translate("Result", "Hide evidence") if shown else translate("Result", "See evidence"))
        self.fold.set_icon("chevron-up" if shown else "chevron-down")


class Counts(QWidget):
    """The two by two table of a run, each count under its words."""

    def __init__(self, theme: Theme, cells: Sequence[tuple[str, int]]) -> None:
        super().__init__()
        self.setAccessibleName("; ".join(f"{words}: {figures.number(n)}" for words, n in cells))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        for place, (words, n) in enumerate(cells):
            row, column = divmod(place, 2)
            grid.addWidget(_row(theme, words, figures.number(n)), row, column)
        for column in range(2):
            grid.setColumnStretch(column, 1)


class Columns(QWidget):
    """A small table of words and two columns of figures."""

    def __init__(self, theme: Theme, titles: tuple[str, str, str], rows: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self.setAccessibleName(titles[0])
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(6)
        for column, words in enumerate(titles):
            text = Text(theme, words, "smallm", color="text2", elide=column > 0, wrap=column == 0, align=_side(column))
            grid.addWidget(text, 0, column)
        for row, cells in enumerate(rows, start=1):
            for column, words in enumerate(cells):
                text = Text(theme, words, "bodym" if column == 0 else "body", elide=column == 0, align=_side(column))
                grid.addWidget(text, row, column)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)


def _side(column: int) -> Qt.AlignmentFlag:
    return _RIGHT if column else Qt.AlignmentFlag.AlignLeft


def _row(theme: Theme, words: str, figure: str) -> QWidget:
    part = QWidget()
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    row.addWidget(Text(theme, words, color="text2", wrap=True), 1)
    row.addWidget(Text(theme, figure, "bodyb", wrap=len(figure) > 12, align=_RIGHT), 1 if len(figure) > 12 else 0)
    return part
