"""The right side of the window: a toolbar row, a line for what just happened, and the page that is shown.

A page is a widget with a `toolbar` for the toolbar row and `focus_first()`. Pages may be made when first shown.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.widgets.card import Panel
from desktop.widgets.notice import Notice

translate = QCoreApplication.translate


class PageStack(QWidget):
    """`shown` is the name of the page that is shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pages: dict[str, QWidget] = {}
        self._makers: dict[str, Callable[[], QWidget]] = {}
        self.shown = ""
        self.toolbars = Panel(theme, "canvas", edge="bottom")
        self.page_area = QWidget()
        self.notice = Notice(theme, close_name=translate("MainWindow", "Close"))
        self._toolbar_stack = QStackedLayout()
        self._page_stack = QStackedLayout()
        page_column = QVBoxLayout(self.page_area)
        page_column.setContentsMargins(0, 0, 0, 0)
        page_column.setSpacing(0)
        page_column.addWidget(self.notice)
        page_column.addLayout(self._page_stack, 1)
        toolbar_row = QHBoxLayout(self.toolbars)
        toolbar_row.setContentsMargins(24, 0, 16, 1)
        toolbar_row.addLayout(self._toolbar_stack)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbars)
        column.addWidget(self.page_area, 1)
        theme.changed.connect(self._fit)
        self._fit()

    def add(self, name: str, page: QWidget) -> None:
        """Take a page that is there."""
        self._pages[name] = page
        self._page_stack.addWidget(page)
        self._toolbar_stack.addWidget(page.toolbar)  # type: ignore[attr-defined]

    def add_later(self, name: str, make: Callable[[], QWidget]) -> None:
        """Take a page that is made when it is first looked at: the window is on the screen sooner without it."""
        self._makers[name] = make

    def page(self, name: str) -> QWidget:
        """A page by its name, made now if it was not; raises KeyError for an unknown name."""
        if name not in self._pages:
            self.add(name, self._makers[name]())
        return self._pages[name]

    def show_page(self, name: str, *, focus: bool) -> None:
        """Show a page with its toolbar."""
        page = self.page(name)
        self.shown = name
        self._page_stack.setCurrentWidget(page)
        self._toolbar_stack.setCurrentWidget(page.toolbar)  # type: ignore[attr-defined]
        if focus:
            page.focus_first()  # type: ignore[attr-defined]

    def _fit(self) -> None:
        self.toolbars.setFixedHeight(self._theme.size("toolbar"))
