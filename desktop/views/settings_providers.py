"""Settings, Other companies: nothing is there at first, and nothing is sent by anything on this page but a key to be tested."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.providers import ProvidersModel
from desktop.views.add_provider import ServerSheet
from desktop.views.provider_row import ProviderRow
from desktop.views.provider_sheets import ChooseModelsSheet, KeySheet
from desktop.views.told import Told
from desktop.widgets.button import Button
from desktop.widgets.card import Card, Divider
from desktop.widgets.setting_row import SettingRow
from desktop.widgets.sheet import ConfirmSheet
from desktop.widgets.text import Text
from engine.provider_records import Provider, ProviderId

translate = QCoreApplication.translate


class ProviderSettings(QWidget):
    """Sheets lie over `over`."""

    def __init__(self, model: ProvidersModel, theme: Theme, over: QWidget) -> None:
        super().__init__()
        self._model = model
        self._theme = theme
        self._over = over
        self._adding: ProviderId | None = None  # a preset that asks for its key when it is kept
        self.rows: dict[ProviderId, ProviderRow] = {}
        self.add: dict[ProviderId, Button] = {}
        self.add_server = Button(theme, translate("Providers", "Add server"), icon="plus")
        self._what_leaves = Told(theme, "local", "lock")
        self._kept = Card(theme)
        self._kept_column = _column(self._kept)
        self._more_title = Text(theme, translate("Providers", "Add a company"), "subtitle", wrap=True)
        self._more = Card(theme)
        self._more_column = _column(self._more)
        self._prices = Text(theme, "", "small", color="text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for part in (self._what_leaves, self._kept, self._more_title, self._more, self._prices):
            column.addWidget(part)
        column.addStretch()
        self.add_server.clicked.connect(self._add_server)
        model.changed.connect(self._show)
        model.kept.connect(self._ask_for_key)
        self._shown: tuple[tuple[ProviderId, ...], tuple[ProviderId, ...]] | None = None
        self._say_what_leaves()
        self._show()

    def _say_what_leaves(self) -> None:
        title = translate("Providers", "Nothing is sent before you choose Send")
        words = translate(
            "Providers",
            "Compare can put a question to models that run elsewhere, at other companies or on a server of your organisation. "
            "Each time you first see the exact text, with names and numbers hidden, where it goes and what it may cost. Nothing "
            "is asked of anybody whom you did not add here. Testing a key sends the key and no text.",
        )
        self._what_leaves.say(words, title)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._model.look()

    # ------------------------------------------------------------ showing
    def _show(self) -> None:
        model = self._model
        shown = tuple(one.id for one in model.providers), tuple(one.id for one in model.presets)
        if shown != self._shown:
            self._shown = shown
            self._fill_kept()
            self._fill_more()
        for provider in model.providers:
            self.rows[provider.id].show_provider(provider)
        self._kept.setVisible(bool(model.providers))
        self._prices.setText(model.prices_words if model.has_listed else "")

    def _fill_kept(self) -> None:
        _empty(self._kept_column)
        self.rows.clear()
        for place, provider in enumerate(self._model.providers):
            if place:
                self._kept_column.addWidget(Divider(self._theme))
            row = ProviderRow(self._theme, self._model, provider)
            row.wanted.connect(partial(self._do, row))
            self.rows[provider.id] = row
            self._kept_column.addWidget(row)

    def _fill_more(self) -> None:
        self.add_server.setParent(self)
        _empty(self._more_column)
        self.add.clear()
        for preset in self._model.presets:
            button = Button(self._theme, translate("Providers", "Add"), icon="plus")
            button.setAccessibleName(translate("Providers", "Add {name}").format(name=preset.name))
            button.clicked.connect(partial(self._add_preset, preset))
            self.add[preset.id] = button
            self._more_column.addWidget(SettingRow(self._theme, "building-2", preset.name, preset.host, button))
            self._more_column.addWidget(Divider(self._theme))
        title = translate("Providers", "Your organisation’s server, or another company")
        note = translate("Providers", "By its address: vLLM, llama-server, Ollama, or whatever speaks like OpenAI or Anthropic.")
        self._more_column.addWidget(SettingRow(self._theme, "hard-drive", title, note, self.add_server))
        self.add_server.show()

    # ------------------------------------------------------------ gestures
    def _add_preset(self, preset: Provider, *_: object) -> None:
        self._adding = preset.id
        self._model.keep(preset)

    def _ask_for_key(self, provider: Provider) -> None:
        if provider.id == self._adding and provider.needs_key and provider.key == "none":
            self._key(provider)
        self._adding = None

    def _add_server(self) -> None:
        ServerSheet(self._theme, self._over, self._model).ask()

    def _do(self, row: ProviderRow, what: str) -> None:
        gestures = {"key": self._key, "edit": self._edit, "remove": self._remove, "models": self._choose_models}
        gestures[what](row.provider)

    def _key(self, provider: Provider) -> None:
        sheet = KeySheet(self._theme, self._over, provider)
        sheet.given.connect(lambda key: self._take_key(provider.id, key))
        sheet.ask()

    def _take_key(self, provider: ProviderId, key: str) -> None:
        if key:
            self._model.keep_key(provider, key)
        else:
            self._model.forget_key(provider)

    def _edit(self, provider: Provider) -> None:
        ServerSheet(self._theme, self._over, self._model, provider).ask()

    def _remove(self, provider: Provider) -> None:
        title = translate("Providers", "Remove {name}?").format(name=provider.name)
        lost = translate(
            "Providers",
            "Its key is forgotten and {host} can no longer be reached. What was sent there stays in the network log, and the "
            "comparisons stay in their matters.",
        )
        verb = translate("Providers", "Remove")
        sheet = ConfirmSheet(self._theme, self._over, title, lost.format(host=provider.host), verb)
        sheet.confirmed.connect(lambda: self._model.remove(provider.id))
        sheet.ask()

    def _choose_models(self, provider: Provider) -> None:
        test = self._model.test_of(provider.id)
        if test is not None and test.check is not None:
            sheet = ChooseModelsSheet(self._theme, self._over, provider, test.check.models)
            sheet.chosen.connect(partial(self._model.choose_models, provider))
            sheet.ask()


def _column(card: Card) -> QVBoxLayout:
    column = QVBoxLayout(card)
    column.setContentsMargins(1, 1, 1, 1)
    column.setSpacing(0)
    return column


def _empty(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        item.widget().hide()
        item.widget().deleteLater()
