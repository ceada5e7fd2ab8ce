"""Work of a set under way, over the Compare screen: how far it is, a way to stop it, and at its end the answers to export."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout

from desktop.theme import Theme
from desktop.viewmodels.work_run import WorkRunModel
from desktop.widgets.announce import announce
from desktop.widgets.button import Button, IconButton
from desktop.widgets.card import Card
from desktop.widgets.mark import Mark
from desktop.widgets.progress import ProgressBar
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_WORDS = 320  # design pixels that the words need beside the buttons


class WorkCard(Card):
    """Hidden while nothing is under way and the last end was seen. `export_wanted`: the answers are to be written to a file."""

    export_wanted = Signal()

    def __init__(self, theme: Theme, model: WorkRunModel) -> None:
        super().__init__(theme)
        self._model = model
        self._mark = Mark(theme, "lock", size=20, color="primary")
        self._title = Text(theme, "", "bodyb", elide=True)
        self._words = Text(theme, "", "small", color="text2", wrap=True)
        self._bar = ProgressBar(theme, "")
        self.stop = Button(theme, translate("WorkCard", "Stop"), icon="square")
        self.stop.set_hint(translate("WorkCard", "Nobody is asked anything more. What was answered is kept"))
        self.export = Button(theme, translate("WorkCard", "Export answers"), icon="download")
        self.cross = IconButton(theme, "x", translate("WorkCard", "Close"), size="s")
        self._lay_out()
        self.stop.clicked.connect(model.stop)
        self.cross.clicked.connect(model.forget)
        self.export.clicked.connect(self.export_wanted)
        model.changed.connect(self._show)
        model.announced.connect(lambda words, urgent: announce(self, words, urgent=urgent))
        self.hide()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(6)
        for part in (self._title, self._words, self._bar):
            words.addWidget(part)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        for button in (self.stop, self.export, self.cross):
            self._buttons.addWidget(button)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        self._row = QBoxLayout(_BESIDE, self)
        self._row.setContentsMargins(16, 12, 12, 12)
        self._row.setSpacing(12)
        self._row.addLayout(head, 1)
        self._row.addLayout(self._buttons)

    def _show(self) -> None:
        model = self._model
        runs, has_ended = model.stage in ("running", "stopping"), model.stage in ("finished", "failed")
        self.setVisible(runs or has_ended)
        if not runs and not has_ended:
            return
        icon, color = ("arrow-up-right", "outbound") if model.sends else ("lock", "primary")
        if has_ended:
            icon, color = ("check", "primary") if model.stage == "finished" else ("triangle-alert", "caution_text")
        self._mark.show_icon(icon, color)
        self._title.setText(model.title)
        self._words.setText(model.words)
        self._bar.setVisible(runs)
        self._bar.set_tone("outbound" if model.sends else "local")
        self._bar.setAccessibleName(model.title)
        self._bar.set_share(model.share if runs else 0.0)
        self.stop.setVisible(runs)
        self.stop.explain(translate("WorkCard", "The last answers are still coming in") if model.stage == "stopping" else "")
        self.export.setVisible(has_ended and model.n_answered > 0)
        self.cross.setVisible(has_ended)
        self.setAccessibleName(f"{model.title}. {model.words}")
        self._fold()

    def _fold(self) -> None:
        """The buttons stand below the words where there is too little room beside them."""
        needed = self._buttons.sizeHint().width() + self.theme.px(_WORDS)
        self._row.setDirection(_BESIDE if needed <= self.width() else _BELOW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()
