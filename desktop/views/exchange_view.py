"""A question with its answer on the screen: bubble, text, progress, sources, what can be done, what went wrong.

Draws an Exchange and passes gestures on. Knows the model of the Ask screen only for words that need it.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop import wording
from desktop.theme import Theme
from desktop.viewmodels import answer_words
from desktop.viewmodels.ask import AskModel
from desktop.viewmodels.exchange import Exchange
from desktop.views.answer_body import AnswerBody
from desktop.views.answer_progress import AnswerProgress
from desktop.views.question_bubble import QuestionBubble
from desktop.views.source_list import SourceList
from desktop.widgets.button import Button
from desktop.widgets.error_card import ErrorCard
from desktop.widgets.text import Text

SIDE = 8  # the composer and buttons reach this far out of the reading column


class ExchangeView(QWidget):
    """`acted` carries what to do: copy, again, stop, choose_model."""

    cited = Signal(object, int)
    acted = Signal(object, str)
    grew = Signal()

    def __init__(self, theme: Theme, model: AskModel, exchange: Exchange, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.exchange = exchange
        self._theme = theme
        self._model = model
        self._was_running = exchange.is_running
        self.bubble = QuestionBubble(theme, exchange.question)
        self.body = AnswerBody(theme, exchange)
        self.progress: AnswerProgress | None = None
        self.sources = SourceList(theme, model.scope.record)
        self._note = Text(theme, "", "small", color="text3", wrap=True)
        self._card: ErrorCard | None = None
        self._rows: list[tuple[QHBoxLayout, QWidget, int]] = []
        self._buttons = self._make_buttons(theme)
        self._column = self._lay_out()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._connect()
        self.refresh()

    # ------------------------------------------------------------ building
    def _make_buttons(self, theme: Theme) -> QWidget:
        row = QWidget()
        self._copy = Button(theme, self.tr("Copy with sources"), icon="copy", kind="ghost", size="s")
        self._copy.set_hint(self.tr("Copy the answer with its sources (Ctrl Shift C)"))
        self._again = Button(theme, self.tr("Ask again"), icon="rotate-ccw", kind="ghost", size="s")
        self._pace = Text(theme, "", "small", color="text3")
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, SIDE, 0)
        line.setSpacing(4)
        line.addWidget(self._copy)
        line.addWidget(self._again)
        line.addStretch()
        line.addWidget(self._pace)
        return row

    def _lay_out(self) -> QVBoxLayout:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 24)
        column.setSpacing(0)
        for part, above in ((self.bubble, 0), (self.body, 16), (self.sources, 12), (self._note, 8)):
            column.addLayout(self._inset(part, above))
        column.addSpacing(4)
        column.addWidget(self._buttons)
        return column

    def _inset(self, part: QWidget, above: int) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(part)
        self._rows.append((row, part, above))
        return row

    def _close_gaps(self) -> None:
        """A layout keeps its margins around a hidden part: take them away."""
        for row, part, above in self._rows:
            row.setContentsMargins(SIDE, 0 if part.isHidden() else above, SIDE, 0)

    def _connect(self) -> None:
        self.body.cited.connect(lambda number: self.cited.emit(self.exchange, number))
        self.body.hovered.connect(self.sources.select_hovered)
        self.body.grew.connect(self._after_growth)
        self.sources.opened.connect(lambda number: self.cited.emit(self.exchange, number))
        self.sources.hovered.connect(self.body.point_out)
        self._copy.clicked.connect(lambda: self.acted.emit(self.exchange, "copy"))
        self._again.clicked.connect(lambda: self.acted.emit(self.exchange, "again"))

    # ------------------------------------------------------------ showing
    def refresh(self) -> None:
        """Show the exchange as it is now; text that still grows is drawn a little later, with what follows it."""
        running = self.exchange.is_running
        if running and self._was_running and self.exchange.text:
            self.body.show_soon()
        else:
            self.body.show_now()
        self._was_running = running
        self.body.setVisible(bool(self.exchange.text))
        self._show_progress(running)
        self._buttons.setVisible(not running)
        self._copy.setVisible(bool(self.exchange.text))
        self._again.setVisible(self.exchange.problem is None)  # the card offers the same
        self._again.setText(self.tr("Ask again") if self.exchange.text else self.tr("Ask this again"))
        self._show_end()
        self._close_gaps()

    def _show_progress(self, running: bool) -> None:
        if running and self.progress is None:
            self.progress = AnswerProgress(self._theme, self.exchange, self._progress_words)
            self.progress.stopped.connect(lambda: self.acted.emit(self.exchange, "stop"))
            self._column.insertLayout(2, self._inset(self.progress, 10))
        if self.progress is not None:
            self.progress.setVisible(running)
            self.progress.refresh()

    def _after_growth(self) -> None:
        # A list that grows under the words being read would push them about: it comes with the last word.
        self.sources.show_sources(() if self.exchange.is_running else self.exchange.citations.sources)
        self._close_gaps()
        self.grew.emit()

    def _show_end(self) -> None:
        answer = self.exchange.answer
        self._pace.setText(answer_words.pace(answer) if answer else "")
        notes = []
        if answer is not None:
            notes = [wording.stop_reason(answer.stop_reason) if answer.stop_reason else "", answer_words.left_out(answer.reading)]
        elif not self.exchange.is_running and self.exchange.problem is None:
            notes = [self.tr("This question was not answered.")]
        note = " ".join(each for each in notes if each)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._show_problem()

    def _show_problem(self) -> None:
        problem = self.exchange.problem
        if problem is None:
            if self._card is not None:
                self._card.hide()
            return
        if self._card is None:
            self._card = ErrorCard(self._theme)
            self._card.acted.connect(lambda action: self.acted.emit(self.exchange, action))
            self._column.insertLayout(self._column.count() - 2, self._inset(self._card, 12))
        words = wording.words_for_kind(*problem)
        actions = [("try_again", self.tr("Try again"))]
        if "choose_model" in words.actions and len(self._model.chat_models) > 1:
            actions.append(("choose_model", self.tr("Choose another model")))
        self._card.show_words(words, actions)
        self._card.show()

    def _progress_words(self) -> str:
        return answer_words.progress(self.exchange.progress, self._model.scope.n_asked, self._model.model_starts)

    # ------------------------------------------------------------ citations
    def select(self, number: int) -> None:
        """Show which source's page is open, 0 for none."""
        self.body.select(number)
        self.sources.select(number)

    def place_of(self, number: int) -> QRectF | None:
        """Where a citation stands in this view, if it was drawn."""
        rect = self.body.place_of(number)
        return rect.translated(self.body.pos()) if rect is not None else None
