"""The consent for what the work of a set would send, with a second way where only samples would be sent."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.lock import LockModel
from desktop.viewmodels.work_consent import WorkConsentModel
from desktop.views.consent_sheet import ConsentSheet
from desktop.widgets.button import Button
from desktop.widgets.text import Text

translate = QCoreApplication.translate


class SecondWay(QWidget):
    """Where only samples would be sent, the work can be done without them: says so, with the button for it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        words = translate("Work", "The work can be done without the sample. Then nothing is sent, and nothing is compared.")
        self.go = Button(theme, translate("Work", "Answer here without the sample"), icon="lock")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(Text(theme, words, color="text2", wrap=True))
        column.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)


class WorkConsentSheet(ConsentSheet):
    """`without_wanted`: the work is to be done without the samples, which are all that would be sent."""

    without_wanted = Signal()

    def __init__(self, theme: Theme, over: QWidget, model: WorkConsentModel, lock: LockModel | None = None) -> None:
        super().__init__(theme, over, model, lock)
        self._work = model
        self.second = SecondWay(theme)
        self.body.insertWidget(1, self.second)
        self.second.go.clicked.connect(self.without_wanted)
        model.changed.connect(self._show_second_way)
        self._show_second_way()

    def _show_second_way(self) -> None:
        self.second.setVisible(self._work.only_samples)
        self.second.go.explain(translate("Work", "It is being sent") if self._work.is_sending else "")
