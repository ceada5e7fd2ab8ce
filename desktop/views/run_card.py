"""A run of a whole set, over the Compare screen: how far it is, what it has cost, a way to stop it, and what came of it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout

from desktop.theme import Theme
from desktop.viewmodels.evaluation import EvaluationModel
from desktop.widgets.announce import announce
from desktop.widgets.button import Button, IconButton
from desktop.widgets.card import Card
from desktop.widgets.mark import Mark
from desktop.widgets.progress import ProgressBar
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_WORDS = 320  # design pixels that the words need beside the buttons


class RunCard(Card):
    """Hidden while nothing runs and the last end was seen. `result_wanted`, `vote_wanted`: what can be done with the end."""

    result_wanted = Signal()
    vote_wanted = Signal()

    def __init__(self, theme: Theme, model: EvaluationModel) -> None:
        super().__init__(theme)
        self._model = model
        self._mark = Mark(theme, "arrow-up-right", size=20, color="outbound")
        self._title = Text(theme, "", "bodyb", elide=True)
        self._words = Text(theme, "", "small", color="text2", wrap=True)
        self._bar = ProgressBar(theme, "")
        self._bar.set_tone("outbound")
        self.stop = Button(theme, translate("RunCard", "Stop"), icon="square")
        self.stop.set_hint(translate("RunCard", "Nothing more is sent. What was answered counts"))
        self.vote = Button(theme, translate("RunCard", "Judge the pairs"), icon="eye-off", kind="primary")
        self.result = Button(theme, translate("RunCard", "Show the result"))
        self.cross = IconButton(theme, "x", translate("RunCard", "Close"), size="s")
        words = QVBoxLayout()
        words.setSpacing(6)
        for part in (self._title, self._words, self._bar):
            words.addWidget(part)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (self.stop, self.result, self.vote, self.cross):
            buttons.addWidget(button)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        self._buttons = buttons
        self._row = QBoxLayout(_BESIDE, self)
        self._row.setContentsMargins(16, 12, 12, 12)
        self._row.setSpacing(12)
        self._row.addLayout(head, 1)
        self._row.addLayout(buttons)
        self.stop.clicked.connect(model.stop)
        self.cross.clicked.connect(model.forget)
        self.result.clicked.connect(self.result_wanted)
        self.vote.clicked.connect(self.vote_wanted)
        model.changed.connect(self._show)
        model.announced.connect(lambda words, urgent: announce(self, words, urgent=urgent))
        self.hide()

    def _show(self) -> None:
        model = self._model
        runs = model.stage in ("running", "stopping")
        has_ended = model.stage in ("finished", "failed")
        self.setVisible(runs or has_ended)
        if not runs and not has_ended:
            return
        icon, color = ("arrow-up-right", "outbound") if runs else ("check", "primary")
        if model.stage == "failed":
            icon, color = "triangle-alert", "caution_text"
        self._mark.show_icon(icon, color)
        self._title.setText(model.title)
        self._words.setText(model.words)
        self._bar.setVisible(runs)
        self._bar.setAccessibleName(model.title)
        self._bar.set_share(model.share if runs else 0.0)
        self.stop.setVisible(runs)
        self.stop.explain(translate("RunCard", "The last answers are still coming in") if model.stage == "stopping" else "")
        self.vote.setVisible(model.waits_for_votes)
        self.result.setVisible(model.stage == "finished")
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
