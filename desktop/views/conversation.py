"""The column of questions and answers. It opens at its end and fills upwards as the reader goes there.

Keeps what the reader looks at where it is: it follows a growing answer only from the end of the conversation.
Knows exchanges as views; nothing of how they come about.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.exchange import Exchange
from desktop.views.exchange_view import SIDE, ExchangeView
from desktop.widgets.scroll_area import ScrollArea

AT_ONCE = 4  # exchanges that are built before the first painting: more than a screen shows
_FILL_MS = 10  # between two earlier exchanges, so that scrolling stays smooth
_GUTTER = 8  # narrower only where the window is
_NEAR_END = 24  # logical pixels from the end within which the view follows


class Conversation(ScrollArea):
    """`make` builds the view of an exchange."""

    def __init__(self, theme: Theme, make: Callable[[Exchange], ExchangeView], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._theme = theme
        self._make = make
        self._views: list[ExchangeView] = []
        self._earlier: list[Exchange] = []
        self._follows = True
        self._from_end = 0
        self._moving = False
        self._content = QWidget()
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 20, 0, 4)
        self._column.setSpacing(0)
        self._column.addStretch()
        self._row = row = QHBoxLayout(self._content)
        row.setContentsMargins(_GUTTER, 0, _GUTTER, 0)
        self._middle = QWidget()
        self._middle.setLayout(self._column)
        self._middle.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.addStretch(1)
        row.addWidget(self._middle, 1000)
        row.addStretch(1)
        self.set_content(self._content)
        self._fill = QTimer(self, interval=_FILL_MS)
        self._fill.timeout.connect(self._add_earlier)
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._scrolled)
        bar.rangeChanged.connect(self._range_changed)
        theme.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self._middle.setMaximumWidth(self._theme.size("reading_column") + 2 * SIDE)

    # ------------------------------------------------------------ exchanges
    @property
    def views(self) -> tuple[ExchangeView, ...]:
        """The views that are built so far, oldest first."""
        return tuple(self._views)

    def show_exchanges(self, exchanges: list[Exchange]) -> None:
        """Show another conversation from its end."""
        self._fill.stop()
        for view in self._views:
            self._column.removeWidget(view)
            view.hide()
            view.deleteLater()
        self._views.clear()
        self._follows = True
        self._earlier = exchanges[:-AT_ONCE]
        for exchange in exchanges[-AT_ONCE:]:
            self._append(exchange)
        self._fill.start()

    def add(self, exchange: Exchange) -> None:
        """A new question at the end, and go there."""
        self._append(exchange)
        self.to_end()

    def remove(self, exchange: Exchange) -> None:
        view = self.view_of(exchange)
        if view is not None:
            self._views.remove(view)
            self._column.removeWidget(view)
            view.hide()
            view.deleteLater()

    def view_of(self, exchange: Exchange) -> ExchangeView | None:
        return next((view for view in self._views if view.exchange is exchange), None)

    def _append(self, exchange: Exchange) -> None:
        view = self._make(exchange)
        self._views.append(view)
        self._column.insertWidget(self._column.count() - 1, view)

    def _add_earlier(self) -> None:
        if not self._earlier or self.verticalScrollBar().value() > self.viewport().height():
            self._fill.stop()
            return
        view = self._make(self._earlier.pop())
        self._views.insert(0, view)
        self._column.insertWidget(0, view)

    # ------------------------------------------------------------ scrolling
    def to_end(self) -> None:
        """Show the end and follow what grows there."""
        self._follows = True
        self._move_to(self.verticalScrollBar().maximum())

    def show_part(self, view: ExchangeView, top: float, height: float) -> None:
        """Bring a part of an exchange into sight, if it is not."""
        bar = self.verticalScrollBar()
        start = view.mapTo(self._content, view.rect().topLeft()).y() + round(top)
        if start < bar.value() + SIDE:
            bar.setValue(start - 40)
        elif start + height > bar.value() + self.viewport().height() - SIDE:
            bar.setValue(round(start + height) - self.viewport().height() + 40)

    def _move_to(self, value: int) -> None:
        self._moving = True
        self.verticalScrollBar().setValue(value)
        self._moving = False

    def _scrolled(self, value: int) -> None:
        self._from_end = self.verticalScrollBar().maximum() - value
        if self._earlier and value <= self.viewport().height():
            self._fill.start()
        if not self._moving:
            self._follows = self._from_end <= _NEAR_END

    def _range_changed(self, _lowest: int, highest: int) -> None:
        # As much room at the left as the bar takes at the right: the column stays over the composer.
        self._row.setContentsMargins(_GUTTER + (self.verticalScrollBar().sizeHint().width() if highest > 0 else 0), 0, _GUTTER, 0)
        if self._follows:
            self._move_to(highest)
        elif self._fill.isActive():
            self._move_to(highest - self._from_end)  # what came in lies above
        else:
            self._from_end = highest - self.verticalScrollBar().value()
