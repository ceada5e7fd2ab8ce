"""Where a question is written: text, attach, scope, model, Ask. It never loses a word.

Draws the model of the Ask screen and passes gestures on. Enter asks, Shift+Enter starts a new line.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QActionGroup, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.viewmodels.ask import AskModel
from desktop.views.composer_text import ComposerText
from desktop.views.open_menu import OpenMenu
from desktop.widgets.button import Button, IconButton
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.painting import Themed, fill_round, painter_for
from engine.records import DocumentId

_LONGEST_NAME = 28


class Composer(Themed, QWidget):
    """`attach_wanted`: the user wants to add documents."""

    attach_wanted = Signal()

    def __init__(self, theme: Theme, model: AskModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._scope_filled: object = None
        self._models_filled: object = None
        self.text = ComposerText(theme)
        self._attach = IconButton(theme, "paperclip", self.tr("Add documents"))
        self._scope = MenuButton(theme, icon="files")
        self._scope.choices = OpenMenu(self._scope)
        self._chosen_model = MenuButton(theme, icon="lock", icon_color="primary")
        self.ask_button = Button(theme, self.tr("Ask"), icon="arrow-up", kind="primary", size="m")
        self._lay_out()
        self._connect()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.use_theme(theme)
        self.refresh()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 10)
        column.setSpacing(8)
        column.addWidget(self.text)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self._attach)
        row.addWidget(self._scope)
        row.addWidget(self._chosen_model)
        row.addStretch()
        row.addWidget(self.ask_button)
        column.addLayout(row)

    def _connect(self) -> None:
        self.text.textChanged.connect(lambda: self._model.write(self.text.toPlainText()))
        self.text.asked.connect(self._model.ask)
        self.text.focus_changed.connect(self.update)
        self.ask_button.clicked.connect(self._model.ask)
        self._attach.clicked.connect(self.attach_wanted)
        self._model.changed.connect(self.refresh)
        self._model.draft_replaced.connect(self._show_draft)

    # ------------------------------------------------------------ showing
    def refresh(self) -> None:
        """Show what can be asked now, about what, and with which model."""
        scope = self._model.scope
        has_documents = scope.n_all > 0
        self._scope.setVisible(has_documents)
        self._scope.setText(_shortened(scope.label))
        self._scope.set_hint(self.tr("Which documents the question is about"))
        self.text.setPlaceholderText(self._placeholder())
        self._chosen_model.setText(_shortened(self._model.model_name))
        self._chosen_model.set_hint(self.tr("Answers on this computer. Choose another model"))
        self.text.setEnabled(self._model.matter is not None)
        self.ask_button.set_hint(self.tr("Ask (Enter). Shift Enter starts a new line"))
        self.ask_button.explain(self._model.why_not_ask)
        self._fill_menus()

    def _placeholder(self) -> str:
        scope = self._model.scope
        if self._model.matter is None:
            return self.tr("Add documents to ask about them")
        if scope.n_all == 0:
            return self.tr("Ask a question, or add documents to ask about")
        if scope.documents is not None:
            return self.tr("Ask about {documents}").format(documents=scope.label)
        if scope.n_all == 1:
            return self.tr("Ask about the document in this matter")
        return self.tr("Ask about the {n} documents in this matter").format(n=figures.number(scope.n_all))

    def _show_draft(self) -> None:
        if self.text.toPlainText() != self._model.draft:
            self.text.replace(self._model.draft)

    def open_models(self) -> None:
        """Let the user choose another model."""
        self._chosen_model.setFocus()
        self._chosen_model.open_menu()

    # ------------------------------------------------------------ menus
    def _fill_menus(self) -> None:
        """Fill what has changed, but never a menu that is open."""
        scope = self._model.scope
        documents = (scope.documents, tuple((each.id, each.name) for each in scope.all))
        models = (self._model.model_state.model, tuple(self._model.chat_models))
        if documents != self._scope_filled and not self._scope.choices.isVisible():
            self._scope_filled = documents
            self._fill_scope()
        if models != self._models_filled and not self._chosen_model.choices.isVisible():
            self._models_filled = models
            self._fill_models()

    def _fill_scope(self) -> None:
        menu, scope = self._scope.choices, self._model.scope
        menu.clear()
        everything = menu.addAction(self.tr("All documents"))
        everything.setCheckable(True)
        everything.setChecked(scope.documents is None)
        everything.triggered.connect(self._ask_all)
        menu.addSeparator()
        for document in scope.all:
            action = menu.addAction(document.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(scope.includes(document.id))
            action.triggered.connect(lambda on, each=document.id: self._ask_about(each, on))

    def _ask_all(self) -> None:
        self._model.choose_documents(None, included=True)
        self._tick_scope()

    def _ask_about(self, document: DocumentId, on: bool) -> None:
        self._model.choose_documents(document, included=on)
        self._tick_scope()

    def _tick_scope(self) -> None:
        """Let the ticks of the menu, which may be open, say what is chosen."""
        scope = self._model.scope
        everything, *rest = (action for action in self._scope.choices.actions() if not action.isSeparator())
        everything.setChecked(scope.documents is None)
        for action, document in zip(rest, scope.all, strict=False):
            action.setChecked(scope.includes(document.id))

    def _fill_models(self) -> None:
        menu = self._chosen_model.choices
        menu.clear()
        group = QActionGroup(menu)
        for each in self._model.chat_models:
            label = f"{each.name}   {figures.size(each.n_bytes)}".replace("&", "&&")
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setChecked(each.id == self._model.model_state.model)
            action.triggered.connect(lambda _=False, model=each.id: self._model.choose_model(model))
            group.addAction(action)
        if menu.isEmpty():
            menu.addAction(self.tr("No model is on this computer")).setEnabled(False)

    # ------------------------------------------------------------ painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, rect = painter_for(self), QRectF(self.rect())
        focused = self.text.hasFocus()
        fill_round(painter, rect, 12, self.theme.color("surface"), self.theme.color("border_strong"))
        if focused:
            painter.setPen(QPen(self.theme.color("primary"), 1.5))
            painter.drawRoundedRect(rect.adjusted(0.75, 0.75, -0.75, -0.75), 11.5, 11.5)


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"
