"""The network log: every connection that was tried, for the period that is chosen, with a way to take it along."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.privacy import PERIODS, PrivacyModel
from desktop.views.file_dialogs import leaving_no_trace
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.mark import Mark
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.painting import Themed
from desktop.widgets.table import Table
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_WIDTHS = (156, 198, 80, 92, 112)  # time, host, sent, received, result; the purpose takes the rest
_MOST_ROWS = 12  # beyond them the table scrolls by itself
_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


def period_words(days: int | None) -> str:
    """What a period is called in the menu."""
    return {
        7: translate("Privacy", "Last 7 days"),
        30: translate("Privacy", "Last 30 days"),
        None: translate("Privacy", "Everything"),
    }[days]


class NetworkLog(Themed, QWidget):
    """Heading, period, export, table, and how much text left."""

    def __init__(self, theme: Theme, model: PrivacyModel) -> None:
        super().__init__()
        self._model = model
        title = translate("Privacy", "Network log")
        self.period = MenuButton(theme, period_words(model.days), icon="clock", kind="secondary")
        self.export = Button(theme, translate("Privacy", "Export"), icon="download")
        self.table = Table(theme, title, model.log, widths=_WIDTHS, right=frozenset({3, 4}), keep=(0, 1, 2, 5), stretch=2)
        self._card = Card(theme)
        self._nothing = Text(theme, "", color="text2", wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        self._mark = Mark(theme, "shield-check", color="primary")
        self._left = Text(theme, "", "small", color="text2", wrap=True)
        self._lay_out(theme, title)
        self._fill_periods()
        self.export.clicked.connect(self._choose_file)
        model.changed.connect(self._show)
        model.log.rowsInserted.connect(self._show)
        self.use_theme(theme)

    def _lay_out(self, theme: Theme, title: str) -> None:
        words = QWidget()
        named = QHBoxLayout(words)
        named.setContentsMargins(0, 0, 0, 0)
        named.setSpacing(10)
        named.addWidget(Text(theme, title, "subtitle"))
        kept = translate("Privacy", "Every connection Strongroom tried to open. Kept on this computer for 2 years.")
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        named.addWidget(Text(theme, kept, "small", color="text2", wrap=True, align=middle), 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.period)
        buttons.addWidget(self.export)
        buttons.addStretch(1)
        self._head = QBoxLayout(_BESIDE)
        self._head.setSpacing(8)
        self._head.addWidget(words, 1)
        self._head.addLayout(buttons)
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(1, 3, 1, 6)
        inside.setSpacing(0)
        inside.addWidget(self.table)
        self._nothing.setContentsMargins(16, 18, 16, 16)
        inside.addWidget(self._nothing)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._mark, 0, _MIDDLE)
        foot.addWidget(self._left, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._head)
        column.addWidget(self._card)
        column.addLayout(foot)

    def _fill_periods(self) -> None:
        group = QActionGroup(self.period.choices)
        for days in PERIODS:
            action = QAction(period_words(days), group)
            action.setCheckable(True)
            action.setChecked(days == self._model.days)
            action.triggered.connect(lambda _=False, days=days: self._model.choose_period(days))
            self.period.choices.addAction(action)

    # ------------------------------------------------------------ showing
    def restyle(self) -> None:
        super().restyle()
        self._show()

    def _show(self) -> None:
        model = self._model
        rows = model.log.rowCount()
        words = period_words(model.days)
        self.period.setText(words)
        self.period.setAccessibleName(translate("Privacy", "Period: {period}").format(period=words))
        self.export.explain("" if rows else translate("Privacy", "There is nothing to export in this period"))
        self.table.setVisible(rows > 0)
        self._nothing.setVisible(rows == 0)
        self._nothing.setText(self._empty_words())
        self._left.setText(model.left_words)
        self._mark.setVisible(bool(model.left_words))
        height = self.table.horizontalHeader().height() + min(rows, _MOST_ROWS) * self.theme.size("row")
        self.table.setFixedHeight(height + 2)

    def _empty_words(self) -> str:
        if not self._model.has_listed:
            return translate("Privacy", "The log is read when the store is open.")
        if self._model.days is None:
            return translate("Privacy", "No connection has been opened.")
        return translate("Privacy", "No connection has been opened in this period.")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        buttons = self.period.sizeHint().width() + self.export.sizeHint().width()
        beside = self.theme.px(320) + buttons <= self.width()
        if (self._head.direction() == _BESIDE) != beside:
            self._head.setDirection(_BESIDE if beside else _BELOW)

    def _choose_file(self) -> None:
        title = translate("Privacy", "Export the network log")
        with leaving_no_trace():
            file, _ = QFileDialog.getSaveFileName(self, title, "network-log.csv", translate("Privacy", "Tables") + " (*.csv)")
        if file:
            self._model.export(Path(file))
