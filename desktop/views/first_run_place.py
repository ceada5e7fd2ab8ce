"""Where the first start is shown: in place of the shell while it is wanted, gone for good afterwards."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.viewmodels.first_run import Choice, FirstRunModel
from desktop.views.first_run import FirstRunView
from desktop.views.open_lock import ask_to_open
from desktop.widgets.notice import Notice


class FirstRunPlace(QObject):
    """`left` carries the screen that follows. The view is made when it is wanted: later starts never need it."""

    left = Signal(str)

    def __init__(self, theme: Theme, model: FirstRunModel, area: QWidget, shell: QWidget) -> None:
        super().__init__(area)
        self._theme = theme
        self.model = model
        self._area = area
        self._shell = shell
        self.view: FirstRunView | None = None
        model.wanted_changed.connect(self._show)
        model.gate.asked.connect(lambda question: ask_to_open(theme, area, model.gate, question))

    @property
    def notice(self) -> Notice | None:
        """Its own line for what just happened; None while the shell is shown."""
        return self.view.notice if self.view is not None else None

    def leave(self) -> None:
        """Something else was begun: the choice is made."""
        if self.view is not None:
            self.model.finish()

    def _show(self) -> None:
        if self.model.is_wanted and self.view is None:
            self.view = FirstRunView(self._theme, self.model)
            self.view.start_wanted.connect(lambda: self.model.finish("ask"))
            self.view.all_wanted.connect(lambda: self.model.finish("models"))
            self.view.choice_wanted.connect(self._choose)
            self._area.layout().addWidget(self.view)
            self._shell.hide()
            self.view.focus_first()
        elif not self.model.is_wanted and self.view is not None:
            view, self.view = self.view, None
            self._shell.show()
            view.hide()
            view.deleteLater()
            self.left.emit(self.model.leads_to)

    def _choose(self, choice: Choice) -> None:
        if choice.installed is not None:
            self.model.use(choice)
            self.model.finish("ask")
        else:
            self.model.download(choice)
