"""The evidence for an advice: each reason with its figures, quality, money, room and time, and what the user says of the work."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSlider, QWidget

from desktop.theme import Theme
from desktop.viewmodels.evidence import EvidenceModel
from desktop.views.evidence_quality import QualityCard
from desktop.views.evidence_reasons import ReasonsCard, Verdict
from desktop.views.evidence_traits import TraitsCard
from desktop.views.figure_rows import FigureCard
from desktop.widgets.announce import announce
from desktop.widgets.button import Button
from desktop.widgets.sheet import Sheet

translate = QCoreApplication.translate
_PAGES = {
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
}


class EvidenceSheet(Sheet):
    """`move_wanted` (with the Advice), `vote_wanted` (with the workload) and `settings_wanted` (with the part) are emitted after
    it closed. It deletes itself.
    """

    move_wanted = Signal(object)
    vote_wanted = Signal(str)
    settings_wanted = Signal(str)

    def __init__(self, theme: Theme, over: QWidget, model: EvidenceModel) -> None:
        super().__init__(theme, over, translate("Evidence", "{name}: evidence").format(name=model.name))
        self.model = model
        model.setParent(self)
        self.verdict = Verdict(theme)
        self.reasons = ReasonsCard(theme)
        self.quality = QualityCard(theme)
        self.money = FigureCard(theme, translate("Evidence", "Money"))
        self.room = FigureCard(theme, translate("Evidence", "Room and time"))
        self.traits = TraitsCard(theme, model)
        for part in (self.verdict, self.reasons, self.quality, self.money, self.room, self.traits):
            self.body.addWidget(part)
        self.rules = Button(theme, translate("Evidence", "How advice is decided"), icon="settings", kind="ghost", size="m")
        self.vote = Button(theme, translate("Evidence", "Vote now"), icon="thumbs-up", size="m")
        self.done = Button(theme, translate("Evidence", "Close"), size="m")
        self.move_it = Button(
            theme, translate("Evidence", "Move…"), kind="primary" if model.advice.label == "migrate" else "secondary", size="m"
        )
        self.buttons.addWidget(self.rules)
        self.buttons.addStretch()
        for button in (self.vote, self.done, self.move_it):
            self.buttons.addWidget(button)
        self._connect()
        self._show()

    def _connect(self) -> None:
        model = self.model
        self.rules.clicked.connect(lambda: self._leave_for(self.settings_wanted, "costs"))
        self.vote.clicked.connect(lambda: self._leave_for(self.vote_wanted, model.advice.workload.id))
        self.move_it.clicked.connect(lambda: self._leave_for(self.move_wanted, model.advice))
        self.done.clicked.connect(self.close_sheet)
        model.changed.connect(self._show)
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        self.open_sheet(self.done)

    def _leave_for(self, wanted: object, about: object) -> None:
        self.close_sheet()
        wanted.emit(about)  # type: ignore[attr-defined]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys turn the evidence also while a button below it has the focus."""
        step = _PAGES.get(Qt.Key(event.key()))
        if step is not None:
            self._scroll.verticalScrollBar().triggerAction(step)
        super().keyPressEvent(event)

    def _show(self) -> None:
        model = self.model
        before = self.verdict.accessibleName()
        self.verdict.refresh(model)
        self.reasons.show_reasons(model.reasons)
        self.quality.refresh(model)
        self.money.show_rows(model.money, model.money_note)
        self.room.show_rows(model.room, model.room_note)
        self.traits.refresh()
        is_begun = model.quality.n > 0
        self.vote.setText(translate("Evidence", "Test more") if is_begun else translate("Evidence", "Vote now"))
        if before and before != self.verdict.accessibleName():
            announce(self, self.verdict.accessibleName())
