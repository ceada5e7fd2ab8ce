"""How far a download is, step by step: space, data, checksum, speed test."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.document_detail import Step
from desktop.widgets.mark import Mark
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_MARKS = {
    "done": ("circle-check", "primary"),
    "working": ("loader-circle", "primary"),
    "not_started": ("circle-dashed", "text3"),
    "needs_you": ("pause", "text2"),
    "failed": ("circle-alert", "danger"),
}


class DownloadSteps(QWidget):
    """Hidden while there are no steps."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._title = Text(theme, "", "bodyb")
        self._rows = [_StepRow(theme) for _ in range(4)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._title)
        for row in self._rows:
            column.addWidget(row)

    def show_steps(self, title: str, steps: list[Step]) -> None:
        self.setVisible(bool(steps))
        self._title.setText(title)
        for row, step in zip(self._rows, steps, strict=False):
            row.show_step(step)


class _StepRow(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._mark = Mark(theme, "circle-dashed", size=16)
        self._title = Text(theme, "", "bodym")
        self._note = Text(theme, "", "small", color="text2", elide=True, align=Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(9)
        row.addWidget(self._mark)
        row.addWidget(self._title)
        row.addWidget(self._note, 1)

    def show_step(self, step: Step) -> None:
        self._mark.show_icon(*_MARKS[step.state])
        self._title.setText(step.title)
        self._note.setText(step.note)
        states = {
            "done": translate("DownloadSteps", "done"),
            "working": translate("DownloadSteps", "running"),
            "not_started": translate("DownloadSteps", "not started"),
            "needs_you": translate("DownloadSteps", "paused"),
            "failed": translate("DownloadSteps", "failed"),
        }
        self.setAccessibleName(f"{step.title}, {states[step.state]}, {step.note}")
