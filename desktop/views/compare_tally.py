"""The running tally: dots with their ranges on an axis from 0 to 100 per cent, what they mean, and the same as a table."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels import tally as tally_words
from desktop.viewmodels.compare import CompareModel
from desktop.viewmodels.tally import TallyRow, TallyTable
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.chip import Chip
from desktop.widgets.mark import Mark
from desktop.widgets.painting import Themed, hairline, painter_for
from desktop.widgets.table import Table
from desktop.widgets.text import Text
from desktop.wordings import compare

translate = QCoreApplication.translate
_ROW, _AXIS = 24, 20  # design pixels: a model's line, the labels of the axis
_NAME, _FIGURES = 184, 128  # design pixels of the columns beside the axis, at most
_CAP, _POINT, _WIDTH = 8, 12, 2.25


class TallyChart(Themed, QWidget):
    """Shares and ranges, painted. Screen readers get the sentence; the table has the figures."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._rows: list[TallyRow] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.use_theme(theme, "body")

    def show_rows(self, rows: list[TallyRow], spoken: str) -> None:
        self._rows = rows
        self.setAccessibleName(translate("TallyChart", "Chart of the votes"))
        self.setAccessibleDescription(spoken)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(480), self.theme.px(_ROW * len(self._rows) + _AXIS))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.theme.px(220), self.sizeHint().height())

    def _axis(self) -> tuple[float, float]:
        """Left end and length of the axis."""
        names = max((self.fontMetrics().horizontalAdvance(row.name) for row in self._rows), default=0) + 16
        most = min(self.theme.px(_NAME), self.width() * 0.3)
        left = min(float(names), most)
        return left, max(40.0, self.width() - left - self.theme.px(_FIGURES) - 16)

    # ------------------------------------------------------------ painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_for(self)
        left, length = self._axis()
        bottom = self.theme.px(_ROW) * len(self._rows)
        self._paint_grid(painter, left, length, bottom)
        for at, row in enumerate(self._rows):
            self._paint_row(painter, row, left, length, (at + 0.5) * self.theme.px(_ROW))

    def _paint_grid(self, painter: QPainter, left: float, length: float, bottom: float) -> None:
        painter.setFont(self.theme.font("small"))
        step = 1 if length >= self.theme.px(200) else 2  # a narrow axis has fewer labels
        for at in range(5):
            x = left + length * at / 4
            hairline(painter, QPointF(x, 0), QPointF(x, bottom), self.theme.color("grid"))
            if at % step == 0:
                painter.setPen(self.theme.color("text2"))
                label = QRectF(x - 40, bottom, 80, self.theme.px(_AXIS))
                painter.drawText(label, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom), f"{25 * at}%")

    def _paint_row(self, painter: QPainter, row: TallyRow, left: float, length: float, middle: float) -> None:
        color, height = self.theme.color(row.color), self.theme.px(_ROW)
        painter.setFont(self.theme.font("body"))
        painter.setPen(self.theme.color("text"))
        name = self.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, int(left - 12))
        painter.drawText(QRectF(0, middle - height / 2, left, height), int(Qt.AlignmentFlag.AlignVCenter), name)
        low, high, point = (left + length * value for value in (row.low, row.high, row.share))
        painter.setPen(QPen(color, _WIDTH))
        painter.drawLine(QPointF(low, middle), QPointF(high, middle))
        for end in (low, high):
            painter.drawLine(QPointF(end, middle - _CAP / 2), QPointF(end, middle + _CAP / 2))
        painter.setPen(QPen(self.theme.color("surface"), 2))
        painter.setBrush(color)
        painter.drawEllipse(QPointF(point, middle), _POINT / 2, _POINT / 2)
        self._paint_figures(painter, row, left + length + 16, middle, height)

    def _paint_figures(self, painter: QPainter, row: TallyRow, left: float, middle: float, height: float) -> None:
        painter.setFont(self.theme.font("bodyb"))
        painter.setPen(self.theme.color("text"))
        percent = self.theme.metrics("bodyb").horizontalAdvance("100%")
        place = QRectF(left, middle - height / 2, percent, height)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), row.percent)
        painter.setFont(self.theme.font("small"))
        painter.setPen(self.theme.color("text2"))
        rest = QRectF(left + percent + 10, middle - height / 2, self.width() - left - percent - 10, height)
        painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter), row.range)


class TallyCard(Card):
    """Shows the tally of the chosen set; while names are hidden it says only that it is hidden."""

    def __init__(self, theme: Theme, model: CompareModel) -> None:
        super().__init__(theme)
        self._model = model
        self._shows_table = False
        self._mark = Mark(theme, "eye-off")
        self._title = Text(theme, "", "subtitle", elide=True)
        self._set = Text(theme, "", "small", color="text2", elide=True)
        self.badge = Chip(theme)
        self.as_table = Button(theme, "", kind="ghost", size="s")
        self.chart = TallyChart(theme)
        self._rows = TallyTable(self)
        self.table = Table(
            theme, translate("TallyCard", "Votes"), self._rows, widths=(120, 120, 100), right=frozenset({1, 2, 3}), keep=(0, 1, 2)
        )
        self.sentence = Text(theme, "", "small", color="text2", wrap=True)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        self.as_table.clicked.connect(self._toggle)
        self.refresh()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._mark)
        head.addWidget(self._title)
        head.addWidget(self._set, 1)
        head.addWidget(self.badge)
        head.addWidget(self.as_table)
        self._beside.setSpacing(16)
        self._beside.addWidget(self.chart, 3)
        self._beside.addWidget(self.table, 3)
        words = QWidget()
        inside = QVBoxLayout(words)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addStretch()
        inside.addWidget(self.sentence)
        inside.addStretch()
        self._beside.addWidget(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 15, 14)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(self._beside)

    # ------------------------------------------------------------ showing
    def refresh(self) -> None:
        """Show what the votes say now."""
        model, tally, vote_set = self._model, self._model.votes.tally, self._model.votes.vote_set
        hidden = not model.shows_tally
        self.setVisible(vote_set is not None)
        if vote_set is None:
            return
        self._mark.setVisible(hidden)
        counted = compare.votes(model.votes.n_votes)
        if hidden:
            self._title.setText(translate("TallyCard", "The tally is hidden while names are hidden"))
            self._set.setText(translate("TallyCard", "{votes} in this set").format(votes=counted))
            words = translate(
                "TallyCard", "Answers are shuffled for each prompt, so your vote cannot follow a name or a position."
            )
            self.sentence.setText(words)
        else:
            self._title.setText(translate("TallyCard", "Running tally"))
            self._set.setText(f"{vote_set.name}, {counted}")
        has_shares = not hidden and tally is not None and bool(tally.shares)
        self.badge.setVisible(has_shares)
        self.as_table.setVisible(has_shares)
        self.chart.setVisible(has_shares and not self._shows_table)
        self.table.setVisible(has_shares and self._shows_table)
        if not hidden:
            self._show_tally()
        self._fit()

    def _show_tally(self) -> None:
        tally, name_of = self._model.votes.tally, self._model.setup.name_of
        if tally is None:
            self.sentence.setText(translate("TallyCard", "Shares and their ranges appear here after your first vote."))
            return
        rows = tally_words.rows_of(tally, name_of)
        words = tally_words.badge(tally, name_of)
        self.badge.show_status(words.text, words.tone, words.icon)
        said = tally_words.sentence(tally, name_of)
        self.chart.show_rows(rows, tally_words.spoken(tally, name_of))
        self._rows.show_rows(rows)
        self.sentence.setText(" ".join([said, *tally_words.notes(tally)]))
        self.table.setFixedHeight(self.theme.px(36) + self.theme.size("row") * max(1, len(rows)) + 2)
        self.as_table.setText(
            translate("TallyCard", "Show as chart") if self._shows_table else translate("TallyCard", "Show as table")
        )

    def _toggle(self) -> None:
        self._shows_table = not self._shows_table
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The sentence stands below the chart where there is no room beside it."""
        beside = self.width() >= self.theme.px(760)
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._beside.direction() != direction:
            self._beside.setDirection(direction)
