"""The chosen model cannot answer: the card in place of the conversation, with what was being written below it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.ask import AskModel
from desktop.viewmodels.model_failure import ModelFailure
from desktop.views.regions import first_control
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.error_card import ErrorCard
from desktop.widgets.mark import Mark
from desktop.widgets.progress import ProgressBar
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class ModelFailureView(QWidget):
    """`models_wanted`: look at other models. `reading_wanted`: show the conversation all the same."""

    models_wanted = Signal()
    reading_wanted = Signal()

    def __init__(self, theme: Theme, failure: ModelFailure, ask: AskModel) -> None:
        super().__init__()
        self._theme = theme
        self._failure = failure
        self._ask = ask
        self._shown: object = None
        self.card = ErrorCard(theme)
        self._progress = QWidget()
        self._progress_words = Text(theme, "", "small", color="text2")
        self._bar = ProgressBar(theme, translate("ModelFailure", "Progress"))
        self.draft = _DraftRow(theme)
        self._lay_out()
        self.card.acted.connect(self._act)
        failure.changed.connect(self.refresh)
        ask.changed.connect(self.refresh)
        theme.changed.connect(self._fit)
        self._fit()
        self.refresh()

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._progress)
        inside.setContentsMargins(2, 0, 2, 0)
        inside.setSpacing(6)
        inside.addWidget(self._progress_words)
        inside.addWidget(self._bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 20, 0, 20)
        column.setSpacing(12)
        column.addStretch(1)
        for part in (self.card, self._progress, self.draft):
            column.addWidget(part)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def refresh(self) -> None:
        """Show what is wrong now; buttons are made anew only where they differ, so that the focus stays."""
        failure = self._failure
        if not failure.is_shown:
            return
        words, remedies = failure.words, failure.remedies
        offered = [(remedy.key, remedy.verb) for remedy in remedies]
        if self._ask.exchanges:
            offered.append(("read", translate("ModelFailure", "Read the conversation")))
        if (words, offered) != self._shown:
            self._shown = (words, offered)
            self.card.show_words(words, offered, {remedy.key: remedy.icon for remedy in remedies})
        for remedy in remedies:
            self.card.explain(remedy.key, remedy.why_not)
        self._progress.setVisible(bool(failure.progress_words))
        self._progress_words.setText(failure.progress_words)
        if failure.progress_words:
            self._bar.set_share(failure.progress_share)
        self.draft.show_draft(self._ask.draft, self._ask.why_not_ask)

    def focus_first(self) -> None:
        """The first thing that can be done."""
        if (control := first_control(self)) is not None:
            control.setFocus(Qt.FocusReason.OtherFocusReason)

    def _act(self, key: str) -> None:
        if key == "choose_model":
            self.models_wanted.emit()
        elif key == "read":
            self.reading_wanted.emit()
        else:
            self._failure.act(key)

    def _fit(self) -> None:
        self.setMaximumWidth(self._theme.size("error_card"))
        self.card.setMaximumWidth(self._theme.size("error_card"))


class _DraftRow(Card):
    """What was being written, in one line, and why it cannot be asked now. Hidden without a draft."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._draft = Text(theme, "", elide=True)
        self.ask = Button(theme, translate("ModelFailure", "Ask"), icon="arrow-up", kind="primary", size="m")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Text(theme, translate("ModelFailure", "Draft saved"), "small", color="text2"))
        words.addWidget(self._draft)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 11, 12, 11)
        row.setSpacing(12)
        row.addWidget(Mark(theme, "pen-line"), 0, _MIDDLE)
        row.addLayout(words, 1)
        row.addWidget(self.ask, 0, _MIDDLE)
        self.hide()

    def show_draft(self, draft: str, why_not: str) -> None:
        self.setVisible(bool(draft.strip()))
        self._draft.setText(" ".join(draft.split()))
        self.ask.explain(why_not)
