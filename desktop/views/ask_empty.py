"""What the Ask screen shows before the first question: where to begin, or why nothing can be asked yet."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop import wording
from desktop.theme import Theme
from desktop.viewmodels.ask import AskModel
from desktop.views.exchange_view import SIDE
from desktop.widgets.button import Button
from desktop.widgets.drop_zone import DropZone
from desktop.widgets.error_card import ErrorCard
from desktop.widgets.text import Text

_CENTRE = Qt.AlignmentFlag.AlignHCenter


class AskEmpty(QWidget):
    """Shows exactly one of: a drop zone, example questions, or why the model cannot be used."""

    add_wanted = Signal()
    models_wanted = Signal()

    def __init__(self, theme: Theme, model: AskModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self._shown: object = None
        self._zone = DropZone(
            theme, self.tr("Drop documents here"), self.tr("PDF, Word, text, Markdown, web pages and mail"), large=True
        )
        self._add = Button(theme, self.tr("Add documents"), icon="plus", kind="primary", size="m")
        self._zone.body.addSpacing(8)
        self._zone.body.addWidget(self._add, 0, _CENTRE)
        self._zone.setMinimumHeight(theme.px(280))
        self._heading = Text(theme, "", "heading", wrap=True, align=_CENTRE)
        self._hint = Text(theme, "", color="text2", wrap=True, align=_CENTRE)
        self._examples = QWidget()
        self._example_column = QVBoxLayout(self._examples)
        self._example_column.setSpacing(8)
        self._card = ErrorCard(theme)
        self._lay_out()
        self._add.clicked.connect(self.add_wanted)
        self._card.acted.connect(self._act)
        model.changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE, 20, SIDE, 8)
        column.setSpacing(8)
        column.addStretch(1)
        for part in (self._zone, self._card, self._heading, self._hint, self._examples):
            column.addWidget(part)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMaximumWidth(self._theme.size("error_card") + 2 * SIDE)

    def refresh(self) -> None:
        """Show what fits the state; nothing is rebuilt while that stays the same."""
        model = self._model
        scope = model.scope
        state = (model.matter, scope.n_all, scope.n_ready, model.still_reading, model.model_state, tuple(scope.examples))
        if state == self._shown:
            return
        self._shown = state
        failed = model.model_state.phase == "failed"
        without = model.scope.n_all == 0
        self._card.setVisible(failed)
        self._zone.setVisible(without and not failed)
        for part in (self._heading, self._hint, self._examples):
            part.setVisible(not without and not failed)
        if failed:
            self._show_failure()
        elif not without:
            self._show_examples()

    def _show_failure(self) -> None:
        state = self._model.model_state
        words = wording.words_for_kind(state.problem or "", state.problem_facts)
        others = [each for each in self._model.chat_models if each.id != state.model]
        self._card.show_words(words, [("choose_model", self.tr("Choose another model"))] if others else [])

    def _act(self, action: str) -> None:
        if action == "choose_model":
            self.models_wanted.emit()

    def _show_examples(self) -> None:
        scope = self._model.scope
        if scope.n_all == 1:
            self._heading.setText(self.tr("Ask about this document"))
        else:
            self._heading.setText(self.tr("Ask about these {n} documents").format(n=scope.n_all))
        hint = self.tr("Every sentence of an answer is compared with your documents.")
        self._hint.setText(self._model.still_reading or hint)
        while (item := self._example_column.takeAt(0)) is not None:
            if item.widget():
                item.widget().deleteLater()
        for document, question in scope.examples:
            button = Button(self._theme, question, icon="message-square-text")
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, each=document, words=question: self._model.suggest(each, words))
            self._example_column.addWidget(button, 0, _CENTRE)
