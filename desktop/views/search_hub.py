"""The row that asks a hub for what was typed. It says which host is asked and what is sent, and does nothing by itself."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from desktop.theme import Theme
from desktop.viewmodels.models import ModelsModel
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.mark import Mark
from desktop.widgets.text import Text

translate = QCoreApplication.translate


class SearchHubRow(Card):
    """Hidden while nothing is typed, and while the answer to it is shown."""

    def __init__(self, theme: Theme, model: ModelsModel) -> None:
        super().__init__(theme)
        self._model = model
        self._title = Text(theme, "", "bodyb", elide=True)
        self._note = Text(theme, "", "small", color="text2", wrap=True)
        self.ask = Button(theme, "", icon="search")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._note)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 14, 14, 14)
        row.setSpacing(14)
        row.addWidget(Mark(theme, "arrow-down-to-line", size=20), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self.ask)
        self.ask.clicked.connect(lambda: model.hub.search(model.filters.typed))
        self.show_search()

    def show_search(self) -> None:
        """Offer to ask for what stands in the field now."""
        model, hub = self._model, self._model.hub
        typed = " ".join(model.filters.typed.split())
        self.setVisible(hub.can_search(typed) and model.filters.shown != "installed")
        self._title.setText(translate("SearchHub", "Look for “{text}” elsewhere").format(text=typed))
        note = translate("SearchHub", "Asks {host}. Only these words are sent.")
        if not model.gate.is_open:
            note = translate("SearchHub", "Asks {host}, once you open the lock for downloads. Only these words are sent.")
        self._note.setText(note.format(host=hub.host))
        self.ask.setText(translate("SearchHub", "Search {hub}").format(hub=hub.name))
