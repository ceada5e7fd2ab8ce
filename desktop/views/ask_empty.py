"""What the Ask screen shows before the first question: where to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.ask import AskModel
from desktop.views.exchange_view import SIDE
from desktop.widgets.button import Button
from desktop.widgets.drop_zone import DropZone
from desktop.widgets.text import Text

_CENTRE = Qt.AlignmentFlag.AlignHCenter


class AskEmpty(QWidget):
    """Shows a drop zone, or example questions once there are documents."""

    add_wanted = Signal()

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
        self._lay_out()
        self._add.clicked.connect(self.add_wanted)
        model.changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE, 20, SIDE, 8)
        column.setSpacing(8)
        column.addStretch(1)
        for part in (self._zone, self._heading, self._hint, self._examples):
            column.addWidget(part)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMaximumWidth(self._theme.size("error_card") + 2 * SIDE)

    def refresh(self) -> None:
        """Show what fits the state; nothing is rebuilt while that stays the same."""
        model = self._model
        scope = model.scope
        state = (model.matter, scope.n_all, scope.n_ready, model.still_reading, tuple(scope.examples))
        if state == self._shown:
            return
        self._shown = state
        without = scope.n_all == 0
        self._zone.setVisible(without)
        for part in (self._heading, self._hint, self._examples):
            part.setVisible(not without)
        if not without:
            self._show_examples()

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
