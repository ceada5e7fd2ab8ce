"""Do the work of a set: who would answer how many of its prompts by its route. Nothing is sent from here."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.work_run import WorkRunModel
from desktop.views.figure_rows import FigureCard
from desktop.views.told import Told
from desktop.views.work_consent import SecondWay
from desktop.widgets.button import Button
from desktop.widgets.progress import ProgressBar
from desktop.widgets.sheet import Sheet
from desktop.widgets.switch import Switch
from desktop.widgets.text import Text
from desktop.wordings import work_run

translate = QCoreApplication.translate


class WorkSheet(Sheet):
    """Closed before anything began, what was prepared is dropped. `review_wanted` and `route_wanted` are emitted after it
    closed. It deletes itself.
    """

    review_wanted = Signal()
    route_wanted = Signal()

    def __init__(self, theme: Theme, over: QWidget, model: WorkRunModel) -> None:
        name = model.sets.vote_set.name if model.sets.vote_set else ""
        super().__init__(theme, over, translate("Work", "Do the work of {name}").format(name=name))
        self.model = model
        self._is_leaving = False
        self._problem = Told(theme, "caution", "triangle-alert")
        self._route = Text(theme, "", color="text2", wrap=True)
        self._bar = ProgressBar(theme, translate("Work", "Getting the work ready"))
        self._about = Text(theme, "", wrap=True)
        self.figures = FigureCard(theme, translate("Work", "What would be done"))
        hides = translate("Work", "Hide names, numbers and other details in what is sent")
        self.hides = Switch(theme, hides)
        self._hides = QWidget()
        self.route = Button(theme, translate("Work", "Where it runs…"), icon="settings", size="s")
        self.cancel = Button(theme, translate("Work", "Cancel"), size="m")
        self.second = SecondWay(theme)
        self.go = Button(theme, "", kind="primary", size="m")
        self._lay_out(hides)
        self._connect()
        self._show()

    def _lay_out(self, hides: str) -> None:
        row = QHBoxLayout(self._hides)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.hides)
        row.addWidget(Text(self.theme, hides, wrap=True), 1)
        for part in (self._problem, self._route, self._bar, self._about, self.figures, self._hides, self.second):
            self.body.addWidget(part)
        self.body.insertWidget(2, self.route, 0, Qt.AlignmentFlag.AlignLeft)
        self.buttons.addStretch()
        for button in (self.cancel, self.go):
            self.buttons.addWidget(button)

    def _connect(self) -> None:
        model = self.model
        self.hides.toggled.connect(model.set_hides)
        self.route.clicked.connect(lambda: self._leave_for(self.route_wanted))
        self.cancel.clicked.connect(self.close_sheet)
        self.second.go.clicked.connect(model.start_here)
        self.go.clicked.connect(self._go)
        model.changed.connect(self._show)
        model.begun.connect(self._leave)
        self.closed.connect(self._drop)
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        """Get the work ready, and open."""
        self.open_sheet(self.cancel)
        self.model.begin()

    # ------------------------------------------------------------ gestures
    def _go(self) -> None:
        prepared = self.model.prepared
        if prepared is None:
            return
        if prepared.receivers:
            self._is_leaving = True
            self._leave_for(self.review_wanted)
        else:
            self.model.start_here()

    def _leave(self) -> None:
        self._is_leaving = True
        self.close_sheet()

    def _leave_for(self, wanted: object) -> None:
        self.close_sheet()
        wanted.emit()  # type: ignore[attr-defined]

    def _drop(self) -> None:
        if not self._is_leaving:
            self.model.drop()

    # ------------------------------------------------------------ showing
    def _show(self) -> None:
        model, prepared = self.model, self.model.prepared
        problem = model.problem
        self._problem.say(f"{problem.happened} {problem.to_do}" if problem else model.why_not)
        self._route.setText(model.route_words)
        self._route.setVisible(bool(model.route_words))
        waits = model.stage in ("preparing", "beginning")
        self._bar.setVisible(waits)
        self._bar.set_share(None if waits else 0.0)
        self._about.setText(model.about)
        self._about.setVisible(prepared is not None)
        has_work = prepared is not None and bool(model.rows)
        self.figures.setVisible(has_work)
        self.figures.show_rows(model.rows)
        self._hides.setVisible(prepared is not None and bool(prepared.receivers))
        if self.hides.isChecked() != model.hides:
            self.hides.setChecked(model.hides)
        self._show_buttons()

    def _show_buttons(self) -> None:
        model, prepared = self.model, self.model.prepared
        self.second.setVisible(prepared is not None and work_run.only_samples(prepared))
        had_focus = self.go.hasFocus() or self.second.go.hasFocus()
        why_not = "" if model.stage == "ready" else translate("Work", "The work is being made ready")
        if prepared is None:
            words = translate("Work", "Getting ready") if model.stage == "preparing" else translate("Work", "Answer")
            why_not = why_not if model.stage == "preparing" else translate("Work", "Nothing can be answered yet")
        elif prepared.receivers:
            words = translate("Work", "Review what is sent")
        else:
            words = work_run.go(prepared)
        self.go.setText(words)
        self.go.explain(why_not)
        self.second.go.explain(why_not)
        if had_focus and not self.go.isEnabled():
            self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
