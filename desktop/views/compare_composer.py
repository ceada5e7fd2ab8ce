"""Where a prompt for several models is written: text, documents that go with it, what is hidden, Compare.

Ctrl+Enter compares, Enter starts a new line: a prompt is often longer than a question.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.viewmodels.compare import CompareModel
from desktop.views.composer_text import ComposerText
from desktop.views.open_menu import OpenMenu
from desktop.widgets.button import Button
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.painting import Themed, fill_round, painter_for
from desktop.widgets.switch import Switch
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_BESIDE = QBoxLayout.Direction.LeftToRight
_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PromptText(ComposerText):
    """`asked` comes on Ctrl+Enter."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.setAccessibleName(translate("PromptText", "Prompt"))
        self.setAccessibleDescription(translate("PromptText", "Ctrl Enter compares, Enter starts a new line"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _RETURN:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if not event.isAutoRepeat():
                self.asked.emit()
        else:
            QPlainTextEdit.keyPressEvent(self, event)


class PromptComposer(Themed, QWidget):
    """`add_wanted`: the matter has no document that could go with the prompt, and one is to be added."""

    add_wanted = Signal()

    def __init__(self, theme: Theme, model: CompareModel) -> None:
        super().__init__()
        self._model = model
        self._filled: object = None
        self.text = PromptText(theme)
        self.documents = MenuButton(theme, icon="paperclip")
        self.documents.choices = OpenMenu(self.documents)
        words = translate("PromptComposer", "Hide names and numbers")
        self.hides = Switch(theme, words)
        self._hides_label = Text(theme, words, "small", color="text2", elide=True)
        self._options = QBoxLayout(_BESIDE)
        self.compare = Button(theme, translate("PromptComposer", "Compare"), icon="columns-2", kind="primary", size="m")
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
        switch = QHBoxLayout()
        switch.setSpacing(4)
        switch.addWidget(self.hides)
        switch.addWidget(self._hides_label, 1)
        self._options.setSpacing(8)
        self._options.addWidget(self.documents, 0, Qt.AlignmentFlag.AlignLeft)
        self._options.addLayout(switch, 1)
        row = QHBoxLayout()
        row.addLayout(self._options, 1)
        row.addWidget(self.compare, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(row)

    def _connect(self) -> None:
        model = self._model
        self.text.textChanged.connect(lambda: model.write(self.text.toPlainText()))
        self.text.asked.connect(model.compare)
        self.text.focus_changed.connect(self.update)
        self.compare.clicked.connect(model.compare)
        self.hides.toggled.connect(model.set_hides)
        self.documents.choices.aboutToShow.connect(self._fill)
        model.draft_replaced.connect(self.show_draft)

    # ------------------------------------------------------------ showing
    def refresh(self) -> None:
        """Show what goes with the prompt and whether it can be compared."""
        model, prompt = self._model, self._model.prompt
        self.text.setPlaceholderText(translate("PromptComposer", "Write a prompt for every model"))
        n = len(prompt.attached)
        if n == 1:
            self.documents.setText(_shortened(prompt.name_of(prompt.attached[0])))
        else:
            self.documents.setText(figures.documents(n) if n else translate("PromptComposer", "No documents"))
        self.documents.set_hint(translate("PromptComposer", "Documents whose passages go with the prompt"))
        has_remote = model.setup.has_remote
        self.hides.setVisible(has_remote)
        self._hides_label.setVisible(has_remote)
        if self.hides.isChecked() != prompt.hides:
            self.hides.setChecked(prompt.hides)
        self.compare.set_hint(translate("PromptComposer", "Compare (Ctrl Enter). Nothing is sent before you approve it"))
        self.compare.explain(model.why_not_compare)
        self._fit()

    def show_draft(self) -> None:
        """Show another text."""
        if self.text.toPlainText() != self._model.prompt.text:
            self.text.replace(self._model.prompt.text)

    def _fill(self) -> None:
        menu, prompt = self.documents.choices, self._model.prompt
        state = (prompt.attached, tuple((each.id, each.name) for each in prompt.readable))
        if state == self._filled or menu.isVisible():
            return
        self._filled = state
        menu.clear()
        for document in prompt.readable:
            action = menu.addAction(document.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(document.id in prompt.attached)
            action.triggered.connect(lambda on, each=document.id: self._model.attach(each, included=on))
        if not prompt.readable:
            menu.addAction(translate("PromptComposer", "No document of this matter is read yet")).setEnabled(False)
        menu.addSeparator()
        menu.addAction(translate("PromptComposer", "Add documents…")).triggered.connect(self.add_wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The switch stands below the documents where its words do not fit beside them."""
        parts = (self.documents, self.hides, self._hides_label, self.compare)
        needed = sum(part.sizeHint().width() for part in parts if part.isVisibleTo(self)) + 48
        direction = _BESIDE if needed <= self.width() else QBoxLayout.Direction.TopToBottom
        if self._options.direction() != direction:
            self._options.setDirection(direction)

    # ------------------------------------------------------------ painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, rect = painter_for(self), QRectF(self.rect())
        fill_round(painter, rect, 12, self.theme.color("surface"), self.theme.color("border_strong"))
        if self.text.hasFocus():
            painter.setPen(QPen(self.theme.color("primary"), 1.5))
            painter.drawRoundedRect(rect.adjusted(0.75, 0.75, -0.75, -0.75), 11.5, 11.5)


def _shortened(name: str) -> str:
    return name if len(name) <= 32 else f"{name[:31].rstrip()}…"
