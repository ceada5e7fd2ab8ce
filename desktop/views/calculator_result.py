"""What a plan comes to: which way is the cheapest, the three ways side by side, and the sentences that belong to them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.widgets.announce import announce
from desktop.widgets.card import Card, Divider
from desktop.widgets.mark import Mark
from desktop.widgets.text import Text
from desktop.wordings import calculator
from desktop.wordings.calculator import Way
from engine.statement_records import Calculation

translate = QCoreApplication.translate
_LEFT, _RIGHT, _TOP = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignTop
_ICONS = (("arrow-up-right", "outbound"), ("building-2", "text2"), ("lock", "primary"))  # in the order of the ways


class WaysTable(QWidget):
    """The three ways: a month's cost, what it saves against the API, from how many items it is cheaper."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._ways: tuple[Way, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        for column, stretch in enumerate((0, 4, 3, 3, 3)):
            self._grid.setColumnStretch(column, stretch)

    def show_ways(self, ways: tuple[Way, ...]) -> None:
        """Show these; the same are left alone."""
        if ways == self._ways:
            return
        self._ways = ways
        while (taken := self._grid.takeAt(0)) is not None:
            taken.widget().hide()
            taken.widget().deleteLater()
        titles = (
            translate("Calculator", "Way"),
            translate("Calculator", "A month"),
            translate("Calculator", "Saved against the API"),
            translate("Calculator", "Cheaper from, items"),
        )
        for column, words in enumerate(titles):
            align = _RIGHT if column else _LEFT
            self._grid.addWidget(Text(self._theme, words, "smallm", color="text2", wrap=True, align=align), 0, column + 1, _TOP)
        for row, way in enumerate(ways, start=1):
            self._grid.addWidget(Divider(self._theme), 2 * row - 1, 0, 1, 5)
            self._show_way(2 * row, way, _ICONS[row - 1])
        self.setAccessibleName(translate("Calculator", "The three ways"))
        self.setAccessibleDescription(". ".join(_spoken(way, titles) for way in ways))

    def _show_way(self, row: int, way: Way, icon: tuple[str, str]) -> None:
        theme, style = self._theme, "bodyb" if way.is_cheapest else "body"
        self._grid.addWidget(Mark(theme, icon[0], color=icon[1]), row, 0, _TOP)
        name = way.name
        if way.is_cheapest:
            name = translate("Calculator", "{name}, the cheapest").format(name=name)
        self._grid.addWidget(Text(theme, name, style, wrap=True), row, 1, _TOP)
        for column, words in enumerate((way.cost, way.saves, way.from_items), start=2):
            self._grid.addWidget(Text(theme, words, style, wrap=True, align=_RIGHT), row, column, _TOP)


class CalculatorResult(Card):
    """Empty words where there is no plan to show."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._shown: Calculation | None = None
        self._title = Text(theme, "", "subtitle", wrap=True)
        self._sums = Text(theme, "", wrap=True)
        self.ways = WaysTable(theme)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        self._basis = Text(theme, "", "small", color="text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        for part in (self._title, self._sums, self.ways):
            column.addWidget(part)
        column.addLayout(self._lines)
        column.addWidget(self._basis)

    def show_calculation(self, found: Calculation | None, why_not: str = "") -> None:
        """Show a plan; without one, why there is none."""
        has_plan = found is not None
        for part in (self._sums, self._basis, self.ways):
            part.setVisible(has_plan)
        if found is None:
            self._title.setText(why_not)
            self.setAccessibleName(why_not)
            self._show_lines(())
        elif found != self._shown:
            self._show(found)
        self._shown = found

    def _show(self, found: Calculation) -> None:
        title, sums = calculator.verdict(found)
        self._title.setText(title)
        self._sums.setText(sums)
        ways = calculator.ways(found)
        self.ways.show_ways(ways)
        self.ways.setVisible(bool(ways))
        self._show_lines((*calculator.sentences(found), calculator.one_item(found)))
        self._basis.setText(calculator.basis(found))
        spoken = f"{title}. {sums}"
        if spoken != self.accessibleName():
            self.setAccessibleName(spoken)
            announce(self, spoken)

    def _show_lines(self, lines: tuple[str, ...]) -> None:
        while (taken := self._lines.takeAt(0)) is not None:
            taken.widget().hide()
            taken.widget().deleteLater()
        for words in lines:
            line = QWidget(self)
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(10)
            mark = Mark(self.theme, "info", color="text2")
            mark.setContentsMargins(0, 3, 0, 0)
            row.addWidget(mark, 0, _TOP)
            row.addWidget(Text(self.theme, words, wrap=True), 1)
            self._lines.addWidget(line)


def _spoken(way: Way, titles: tuple[str, ...]) -> str:
    figures = zip(titles[1:], (way.cost, way.saves, way.from_items), strict=True)
    return f"{way.name}: " + ", ".join(f"{title}: {figure}" for title, figure in figures)
