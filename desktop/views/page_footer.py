"""The bar under a page: what was compared with it and what came of it; both texts where they differ."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels import answer_words
from desktop.viewmodels.viewer import ViewerModel
from desktop.widgets.button import Button
from desktop.widgets.card import Card, Panel
from desktop.widgets.mark import Mark
from desktop.widgets.text import Text


class PageFooter(Panel):
    """Shows the model of the viewer and passes gestures to it."""

    def __init__(self, theme: Theme, model: ViewerModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, "surface", edge="top", parent=parent)
        self._model = model
        self._icon = Mark(theme, "badge-check", size=20)
        self._verdict = Text(theme, "", "bodyb", elide=True)
        self._checked = Text(theme, "", "small", color="text2", wrap=True)
        self._back = Button(theme, "", kind="ghost", size="s")
        self._original = Button(theme, self.tr("Open original"), icon="external-link")
        self._original.set_hint(self.tr("Open the file that was added in its own program"))
        self._answer_says, self._answer_text = _quote(theme, self.tr("The answer says"))
        self._page_says, self._page_text = _quote(theme, "")
        self._both = QWidget()
        self._lay_out()
        self._back.clicked.connect(self._go_back)
        self._original.clicked.connect(model.open_original)
        model.changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        texts = QHBoxLayout(self._both)
        texts.setContentsMargins(0, 0, 0, 4)
        texts.setSpacing(12)
        texts.addWidget(self._answer_says, 1)
        texts.addWidget(self._page_says, 1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._verdict)
        words.addWidget(self._checked)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        row.addWidget(self._back)
        row.addWidget(self._original)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(8)
        column.addWidget(self._both)
        column.addLayout(row)

    def _go_back(self) -> None:
        if self._model.source is not None and self._model.source.evidence is not None:
            self._model.go_to(self._model.source.evidence.page)

    def refresh(self) -> None:
        """Show the verdict about the passage."""
        model, verdict = self._model, self._model.verdict
        self._icon.setVisible(verdict is not None)
        self._verdict.setText(verdict.text if verdict else model.name)
        if verdict is not None:
            self._icon.show_icon(verdict.icon, f"{verdict.tone}_text")
            self._verdict.set_color(f"{verdict.tone}_text")
        self._checked.setText(model.checked)
        self._checked.setVisible(bool(model.checked))
        away = model.source is not None and not model.is_at_source
        self._back.setVisible(away)
        if away and model.source is not None and model.source.evidence is not None:
            place = answer_words.place(model.source.evidence.page, model.record)
            self._back.setText(self.tr("Back to {place}").format(place=place) if place else self.tr("Back to the passage"))
            self._page_says.setAccessibleName(place)
        self._show_both()

    def _show_both(self) -> None:
        both = self._model.both_texts
        self._both.setVisible(both is not None)
        if both is not None:
            self._answer_text.setText(both[0])
            self._page_text.setText(both[1])


def _quote(theme: Theme, title: str) -> tuple[Card, Text]:
    card = Card(theme)
    column = QVBoxLayout(card)
    column.setContentsMargins(12, 8, 12, 10)
    column.setSpacing(2)
    column.addWidget(Text(theme, title or card.tr("The document says"), "smallb", color="text2"))
    text = Text(theme, "", "small", wrap=True)
    column.addWidget(text)
    column.addStretch()
    return card, text
