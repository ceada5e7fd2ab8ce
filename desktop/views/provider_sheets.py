"""Sheets about a company or server: its key, which of its models are offered, and whether it shall go."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.views.secret_sheet import SecretSheet, SecretWords
from desktop.widgets.button import Button
from desktop.widgets.field import Field
from desktop.widgets.sheet import Sheet
from desktop.widgets.text import Text
from desktop.widgets.tick import Tick
from engine.provider_records import Provider

translate = QCoreApplication.translate
_LONGEST = 2000  # characters of a key
_AT_ONCE = 40  # models that are listed at once; the others are found by typing


class KeySheet(SecretSheet):
    """Asks for the key of a company or server."""

    def __init__(self, theme: Theme, over: QWidget, provider: Provider) -> None:
        about = translate(
            "Providers",
            "Create a key in your account with {name} and paste it here. It goes into the system keyring, or into memory until "
            "Strongroom closes where there is none, never into a file. It is sent to {host} only. Keeping a key sends nothing.",
        )
        words = SecretWords(
            title=translate("Providers", "Key for {name}").format(name=provider.name),
            about=about.format(name=provider.name, host=provider.host),
            name=translate("Providers", "Key"),
            keep=translate("Providers", "Keep key"),
            why_not=translate("Providers", "Paste a key first"),
        )
        super().__init__(theme, over, words, longest=_LONGEST, is_kept=provider.key != "none")


class ChooseModelsSheet(Sheet):
    """`chosen` carries the names of the models to offer, in the order in which they were named before and ticked now."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, over: QWidget, provider: Provider, found: Sequence[str]) -> None:
        super().__init__(theme, over, translate("Providers", "Models of {name}").format(name=provider.name), width=560)
        self._names = list(dict.fromkeys([*provider.models, *found]))
        self._chosen = list(provider.models)
        words = translate("Providers", "Those that you tick can be chosen in Compare.")
        self.body.addWidget(Text(theme, words, color="text2", wrap=True))
        name = translate("Providers", "Find a model")
        self.field = Field(theme, name, placeholder=name, icon="search")
        self.body.addWidget(self.field)
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.body.addWidget(self._list)
        self._more = Text(theme, "", "small", color="text2", wrap=True)
        self.body.addWidget(self._more)
        cancel = Button(theme, translate("Providers", "Cancel"), size="m")
        self.keep = Button(theme, translate("Providers", "Offer these"), kind="primary", size="m")
        self.buttons.addStretch()
        self.buttons.addWidget(cancel)
        self.buttons.addWidget(self.keep)
        self.field.textChanged.connect(self._fill)
        self.keep.clicked.connect(self._keep)
        cancel.clicked.connect(self.close_sheet)
        self.closed.connect(self.deleteLater)
        self._fill()

    def ask(self) -> None:
        self.open_sheet(self.field)

    def _fill(self) -> None:
        wanted = self.field.text().strip().casefold()
        fitting = [name for name in self._names if wanted in name.casefold()]
        while (item := self._column.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for name in fitting[:_AT_ONCE]:
            tick = Tick(self.theme, name)
            tick.setChecked(name in self._chosen)
            tick.toggled.connect(lambda on, name=name: self._tick(name, on))
            self._column.addWidget(tick)
        left = len(fitting) - _AT_ONCE
        words = translate("Providers", "{n} more. Type a part of the name to find them.").format(n=figures.number(left))
        self._more.setText(words if left > 0 else "" if fitting else translate("Providers", "No model has this in its name."))
        self._more.setVisible(left > 0 or not fitting)
        self._check()

    def _tick(self, name: str, on: bool) -> None:
        if on and name not in self._chosen:
            self._chosen.append(name)
        elif not on and name in self._chosen:
            self._chosen.remove(name)
        self._check()

    def _check(self) -> None:
        self.keep.explain("" if self._chosen else translate("Providers", "Tick at least one model"))

    def _keep(self) -> None:
        self.close_sheet()
        self.chosen.emit(tuple(self._chosen))
