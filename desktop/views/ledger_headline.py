"""The month's result, large, with the subtraction beside it, and what other models would have made of the same month."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels import ledger_headline as words
from desktop.viewmodels.ledger import LedgerModel
from desktop.viewmodels.ledger_headline import Against, Headline, Term
from desktop.widgets.card import Card, Divider
from desktop.widgets.painting import Themed, painter_for, tooltip_of
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_BESIDE, _IN_A_ROW = 860, 620  # design widths of the card from which its parts stand beside each other
_SIGNS = ("", "–", "–", "=")
_RIGHT, _DOWN = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


class HeadlineCard(Card):
    """Shows a Headline; every figure can be read with its range in a tooltip and in the description."""

    def __init__(self, theme: Theme, model: LedgerModel) -> None:
        super().__init__(theme)
        self._model = model
        self._title = Text(theme, "", "bodyb", color="local_text", wrap=True)
        self.figure = Text(theme, "", "hero", elide=True)
        self._below = Text(theme, "", "small", color="text2", wrap=True)
        self._line = _Upright(theme)
        self.equation = Equation(theme)
        self.against = AgainstStrip(theme)
        self._divider = Divider(theme)
        self._beside = QBoxLayout(_RIGHT)
        self._lay_out()

    def _lay_out(self) -> None:
        left = QWidget()
        inside = QVBoxLayout(left)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(1)
        inside.addStretch(1)
        for part in (self._title, self.figure, self._below):
            inside.addWidget(part)
        inside.addStretch(1)
        self._beside.setContentsMargins(24, 17, 24, 17)
        self._beside.setSpacing(32)
        self._beside.addWidget(left, 10)
        self._beside.addWidget(self._line)
        self._beside.addWidget(self.equation, 22)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._beside)
        column.addWidget(self._divider)
        column.addWidget(self.against)

    def refresh(self) -> None:
        page = self._model.page
        if page is None:
            return
        shown = words.headline(page.statement)
        self._title.setText(shown.title)
        self._title.set_color("local_text" if shown.is_saving else "text2")
        self.figure.setText(shown.figure)
        self._below.setText(shown.below)
        self.equation.show_headline(shown, words.token_counts(page.statement))
        hints = [words.hint(*pair, page.statement) for pair in zip(shown.against, page.statement.references, strict=False)]
        self.against.show_all(shown.against, hints)
        self._divider.setVisible(bool(shown.against))
        self.against.setVisible(bool(shown.against))
        self._fit()
        self.setAccessibleName(shown.title)
        self.setAccessibleDescription(shown.spoken)

    # ------------------------------------------------------------ room
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "against"):
            self._fit()

    def _fit(self) -> None:
        width = self.width() / self.theme.scale
        is_beside = width >= _BESIDE
        direction = _RIGHT if is_beside else _DOWN
        if self._beside.direction() != direction:
            self._beside.setDirection(direction)
            self._beside.setSpacing(32 if is_beside else 14)
        self._line.setVisible(is_beside)
        self.equation.set_in_a_row(width >= _IN_A_ROW)
        self.against.fit(self.width())


class _Upright(Themed, QWidget):
    """A hairline between the result and its parts."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFixedWidth(1)
        self.use_theme(theme)

    def paintEvent(self, _event: object) -> None:
        painter_for(self).fillRect(self.rect(), self.theme.color("border"))


class Equation(QWidget):
    """Four terms with the signs between them: in a row, or one below the other where the room is short."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._signs = [Text(theme, sign, "num", color="text3") for sign in _SIGNS]
        self._names = [Text(theme, "", "small", color="text2", wrap=True) for _ in _SIGNS]
        self.figures = [Text(theme, "", "num", elide=True) for _ in _SIGNS]
        self._belows = [Text(theme, "", "small", color="text2", wrap=True) for _ in _SIGNS]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._is_in_a_row = False
        self.set_in_a_row(True)

    def show_headline(self, shown: Headline, counts: str) -> None:
        for at, term in enumerate(shown.terms):
            self._show_term(at, term, counts if at == 0 else "")
        self.figures[-1].set_color("local_text" if shown.is_saving else "text")

    def _show_term(self, at: int, term: Term, more: str) -> None:
        self._names[at].setText(term.name)
        self.figures[at].setText(term.figure)
        self._belows[at].setText(term.below)
        self._belows[at].setVisible(bool(term.below))
        hint = "\n".join(part for part in (term.hint, more) if part)
        for label in (self._names[at], self._belows[at]):  # the figure's own tooltip is for what was cut off
            label.setToolTip(tooltip_of(hint))
        self.figures[at].setAccessibleName(f"{term.name} {term.said or term.figure}")
        self.figures[at].setAccessibleDescription(", ".join(part for part in (term.below, term.hint) if part))

    def set_in_a_row(self, in_a_row: bool) -> None:
        if in_a_row == self._is_in_a_row:
            return
        self._is_in_a_row = in_a_row
        while self._grid.takeAt(0) is not None:
            pass
        for column in range(2 * len(_SIGNS)):
            self._grid.setColumnStretch(column, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4 if in_a_row else 2)
        for row in (0, 4):  # in a row the terms stand in the middle of the card
            self._grid.setRowStretch(row, 1 if in_a_row else 0)
        for at in range(len(_SIGNS)):
            self._place_in_row(at) if in_a_row else self._place_below(at)

    def _place_in_row(self, at: int) -> None:
        top = Qt.AlignmentFlag.AlignTop
        column = 2 * at
        if at:
            self._grid.addWidget(self._signs[at], 2, column - 1)
        for row, part in enumerate((self._names[at], self.figures[at], self._belows[at]), start=1):
            self._grid.addWidget(part, row, column, top) if row != 2 else self._grid.addWidget(part, row, column)
        self._grid.setColumnStretch(column, 5 if at == 0 else 4)

    def _place_below(self, at: int) -> None:
        row = 2 * at
        self._signs[at].setVisible(bool(_SIGNS[at]))
        self._grid.addWidget(self._signs[at], row, 0)
        self._grid.addWidget(self._names[at], row, 1, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(self.figures[at], row, 2, Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(self._belows[at], row + 1, 1, 1, 2)
        self._grid.setColumnStretch(1, 1)


class AgainstStrip(QWidget):
    """The net of the month beside each reference model, so that it can also say that an API would be cheaper."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.cells: list[AgainstCell] = []
        self._row = QBoxLayout(_RIGHT, self)
        self._row.setContentsMargins(24, 8, 24, 9)
        self._row.setSpacing(24)

    def show_all(self, shown: tuple[Against, ...], hints: list[str]) -> None:
        while len(self.cells) < len(shown):
            cell = AgainstCell(self._theme)
            self.cells.append(cell)
            self._row.addWidget(cell, 1)
        for at, cell in enumerate(self.cells):
            cell.setVisible(at < len(shown))
            if at < len(shown):
                cell.show_one(shown[at], hints[at])

    def fit(self, width: int) -> None:
        """Beside each other only where nothing has to be shortened for it."""
        shown = [cell for cell in self.cells if not cell.isHidden()]
        widest = max((cell.sizeHint().width() for cell in shown), default=0)
        in_a_row = len(shown) * (widest + 24) + 24 <= width
        direction = _RIGHT if in_a_row else _DOWN
        if self._row.direction() != direction:
            self._row.setDirection(direction)
            self._row.setSpacing(24 if in_a_row else 4)


class AgainstCell(QWidget):
    """`Against GPT-6 Luna −€46.10, the API would be cheaper`."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._name = Text(theme, "", "small", color="text2", elide=True)
        self.figure = Text(theme, "", "smallb")
        self.note = Text(theme, "", "small", color="text2", elide=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._name)
        row.addWidget(self.figure)
        row.addWidget(self.note, 1)

    def show_one(self, shown: Against, hint: str) -> None:
        self._name.setText(translate("AgainstStrip", "Against {model}").format(model=shown.name))
        self.figure.setText(shown.figure + ("," if shown.note else ""))
        self.note.setText(shown.note)
        self.setToolTip(tooltip_of(hint))
        self.setAccessibleName(f"{self._name.text()} {shown.figure} {shown.note}".strip())
        self.setAccessibleDescription(hint)
