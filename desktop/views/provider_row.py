"""A company or server in the settings: name, host, key, models, terms, what a test found, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.providers import ProvidersModel
from desktop.widgets.announce import announce
from desktop.widgets.button import Button, IconButton
from desktop.widgets.chip import Chip
from desktop.widgets.mark import Mark
from desktop.widgets.text import Text
from desktop.wordings import providers_page
from engine.provider_records import Provider

translate = QCoreApplication.translate
_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_TOP = Qt.AlignmentFlag.AlignTop


class ProviderRow(QWidget):
    """`wanted` carries what was pressed: key, edit, remove or models. A test is the view-model's own business."""

    wanted = Signal(str)

    def __init__(self, theme: Theme, model: ProvidersModel, provider: Provider) -> None:
        super().__init__()
        self._theme = theme
        self._model = model
        self.provider = provider
        self._name = Text(theme, provider.name, "bodyb", wrap=True)
        self._chip = Chip(theme)
        self._host = Text(theme, "", "mono", color="text2", wrap=True)
        self._lines = [Text(theme, "", "small", color="text2", wrap=True) for _ in range(3)]
        self._found = Text(theme, "", "small", wrap=True)
        self._found_mark = Mark(theme, "check", size=14)
        self.choose = Button(theme, translate("Providers", "Choose models"), size="s")
        self.test = Button(theme, translate("Providers", "Test"))
        self.key = Button(theme, "", icon="key-round")
        self.edit = IconButton(theme, "pencil", translate("Providers", "Change {name}").format(name=provider.name))
        self.remove = IconButton(theme, "trash-2", translate("Providers", "Remove {name}").format(name=provider.name))
        self._lay_out()
        self.test.clicked.connect(lambda: model.test(self.provider.id))
        for button, what in ((self.key, "key"), (self.edit, "edit"), (self.remove, "remove"), (self.choose, "models")):
            button.clicked.connect(lambda _=False, what=what: self.wanted.emit(what))
        self.show_provider(provider)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._name)
        words.addWidget(self._host)
        for line in self._lines:
            words.addWidget(line)
        self._test_line = QWidget()
        found = QHBoxLayout(self._test_line)
        found.setContentsMargins(0, 4, 0, 0)
        found.setSpacing(6)
        found.addWidget(self._found_mark, 0, _TOP)
        found.addWidget(self._found, 1)
        words.addWidget(self._test_line)
        words.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignLeft)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button in (self.test, self.key, self.edit, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._right = QVBoxLayout()
        self._right.setSpacing(8)
        self._right.addLayout(buttons)
        self._right.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignLeft)
        self._right.addStretch(1)
        self._both = QBoxLayout(_BESIDE)
        self._both.setSpacing(12)
        self._both.addLayout(words, 1)
        self._both.addLayout(self._right)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(19, 14, 14, 14)
        outer.setSpacing(14)
        self._mark = Mark(self._theme, "building-2", size=18)
        outer.addWidget(self._mark, 0, _TOP)
        outer.addLayout(self._both, 1)

    def show_provider(self, provider: Provider) -> None:
        """Show it as it is kept now, with the newest test."""
        self.provider = provider
        self._mark.show_icon("hard-drive" if provider.is_own else "building-2", "text2")
        self._name.setText(provider.name)
        self._host.setText(provider.host)
        state = providers_page.key_state(provider)
        self._chip.show_status(state.text, state.tone, state.icon)
        texts = (providers_page.models(provider.models), providers_page.terms(provider), providers_page.key_place(provider))
        for line, text in zip(self._lines, texts, strict=True):
            line.setText(text)
        verb = translate("Providers", "Add key") if provider.key == "none" else translate("Providers", "Change key")
        self.key.setText(verb)
        self.key.setAccessibleName(f"{verb}: {provider.name}")
        self.key.setVisible(provider.needs_key or provider.key != "none")
        self.test.setAccessibleName(translate("Providers", "Test {name}").format(name=provider.name))
        self.test.set_hint(translate("Providers", "Sends the key and asks which models there are. No text is sent"))
        self.test.explain(self._model.why_not_test(provider))
        self._show_test()

    def _show_test(self) -> None:
        words, test = self._model.test_words(self.provider), self._model.test_of(self.provider.id)
        self._test_line.setVisible(words is not None)
        self.choose.setVisible(test is not None and test.check is not None and bool(test.check.models))
        self.choose.setAccessibleName(translate("Providers", "Choose models of {name}").format(name=self.provider.name))
        if words is None:
            return
        color = "text2" if words.tone == "neutral" else f"{words.tone}_text"
        self._found_mark.show_icon(words.icon, color)
        self._found.set_color(color)
        if words.text != self._found.text():
            self._found.setText(words.text)
            announce(self, words.text, urgent=words.tone == "danger")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = self._right.sizeHint().width() + self._theme.px(260) + 80
        direction = _BESIDE if needed <= self.width() else _BELOW
        if direction != self._both.direction():
            self._both.setDirection(direction)
