"""The ledger: what was saved in a month with its costs subtracted in view, month by month, by workload, and what to move next.

It shows what the engine worked out. Cards stand beside each other in a wide window and stack in a narrow one.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.ledger import LedgerModel
from desktop.views.ledger_advice import AdviceCard
from desktop.views.ledger_break_even import BreakEvenCard
from desktop.views.ledger_empty import EmptyLedger
from desktop.views.ledger_headline import HeadlineCard
from desktop.views.ledger_months import MonthsCard
from desktop.views.ledger_notes import BudgetsCard, NotesCard
from desktop.views.ledger_toolbar import LedgerToolbar
from desktop.views.ledger_workloads import WorkloadsCard
from desktop.widgets.notice import Notice
from desktop.widgets.painting import Themed
from desktop.widgets.scroll_area import ScrollArea
from desktop.wordings.words import Words

translate = QCoreApplication.translate
_STACKS = 1280  # design width of the window below which cards stack
_WIDE, _SLIM = 642, 445  # how two cards share a row
_RIGHT, _DOWN = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


class LedgerView(Themed, QWidget):
    """A page: `toolbar` goes into the window's toolbar row. Sheets are asked for by the signals of `model`."""

    def __init__(self, theme: Theme, model: LedgerModel) -> None:
        super().__init__()
        self.model = model
        self.setAccessibleName(translate("LedgerView", "Ledger"))
        self.toolbar = LedgerToolbar(theme, model)
        self.notice = Notice(theme, close_name=translate("LedgerView", "Close"))
        self.notice.layout().setContentsMargins(0, 0, 0, 0)
        self.urgent = [NotesCard(theme, model, "danger"), NotesCard(theme, model, "caution")]
        self.headline = HeadlineCard(theme, model)
        self.months = MonthsCard(theme, model)
        self.break_even = BreakEvenCard(theme, model)
        self.workloads = WorkloadsCard(theme, model)
        self.advice = AdviceCard(theme, model)
        self.budgets = BudgetsCard(theme, model)
        self.notes = NotesCard(theme, model, "neutral")
        self.empty = EmptyLedger(theme, model)
        self._rows: list[QBoxLayout] = []
        self._waits_for_focus = False  # it was to have the focus before there was anything to give it to
        self._focused_then: QWidget | None = None
        self._lay_out()
        self._connect()
        self.use_theme(theme)
        self._show()

    def _lay_out(self) -> None:
        content = QWidget()
        self._figures = QWidget()
        cards = QVBoxLayout(self._figures)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(16)
        cards.addWidget(self.headline)
        cards.addLayout(self._pair(self.months, self.break_even), 1)
        cards.addLayout(self._pair(self.workloads, self.advice))
        cards.addLayout(self._pair(self.budgets, self.notes))
        column = QVBoxLayout(content)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        column.addWidget(self.notice)
        for card in self.urgent:
            column.addWidget(card)
        column.addWidget(self._figures, 1)
        column.addWidget(self.empty, 1)
        column.addStretch()  # as long as nothing is known yet, a notice shall not fill the page
        self.scroll_area = ScrollArea(content)
        whole = QStackedLayout(self)
        whole.addWidget(self.scroll_area)

    def _pair(self, wide: QWidget, slim: QWidget) -> QBoxLayout:
        row = QBoxLayout(_RIGHT)
        row.setSpacing(16)
        row.addWidget(wide, _WIDE)
        row.addWidget(slim, _SLIM)
        self._rows.append(row)
        return row

    def _connect(self) -> None:
        model = self.model
        model.changed.connect(self._show)
        model.advice_changed.connect(self.advice.refresh)
        model.failed.connect(self._tell_failure)

    # ------------------------------------------------------------ page protocol
    def focus_first(self) -> None:
        """The month, or, before anything was counted, the calculator; as soon as it is known which of them."""
        self._waits_for_focus = self.model.page is None
        self._focused_then = QApplication.focusWidget()
        if not self._waits_for_focus:
            first = self.empty.calculator if self.model.is_empty else self.toolbar.month
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.model.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._waits_for_focus = False
        if not event.spontaneous():
            self.model.watch(False)

    # ------------------------------------------------------------ showing
    def _show(self) -> None:
        model = self.model
        has_figures = model.page is not None and not model.is_empty
        self._figures.setVisible(has_figures)
        self.empty.setVisible(model.page is not None and model.is_empty)
        for urgent in self.urgent:
            urgent.refresh()
        if self._waits_for_focus and model.page is not None and QApplication.focusWidget() is self._focused_then:
            self.focus_first()  # nobody has gone elsewhere meanwhile
        if not has_figures:
            return
        for card in (self.headline, self.months, self.break_even, self.workloads, self.advice, self.budgets, self.notes):
            card.refresh()

    def _tell_failure(self, words: Words) -> None:
        self.notice.tell(words.line, tone=words.tone)

    # ------------------------------------------------------------ room
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "scroll_area"):
            self._fit()

    def _fit(self) -> None:
        direction = _RIGHT if self.window().width() >= _STACKS * self.theme.scale else _DOWN
        for row in self._rows:
            if row.direction() != direction:
                row.setDirection(direction)
        for chart in (self.months.chart, self.break_even.chart):
            chart.set_stacked(direction == _DOWN)
