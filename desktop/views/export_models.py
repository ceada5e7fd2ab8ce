"""Which models shall be carried to a computer without a network? They are written with their checksums and licences."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.widgets.button import Button
from desktop.widgets.sheet import Sheet
from desktop.widgets.text import Text
from desktop.widgets.tick import Tick
from engine.records import Model, ModelId

translate = QCoreApplication.translate


class ExportSheet(Sheet):
    """`agreed` carries the ids of the models that were ticked. It deletes itself when closed."""

    agreed = Signal(object)

    def __init__(self, theme: Theme, over: QWidget, models: Sequence[Model], chosen: ModelId | None) -> None:
        super().__init__(theme, over, translate("ExportModels", "Export for a USB stick"), width=560)
        self._models = list(models)
        words = translate(
            "ExportModels",
            "The models are written into a folder with their checksums and licences. On the other computer, choose Import from "
            "a USB stick: each is checked there.",
        )
        self.body.addWidget(Text(theme, words, color="text2", wrap=True))
        self.body.setSpacing(4)
        self.ticks: dict[ModelId, Tick] = {}
        for model in self._models:
            tick = self.ticks[model.id] = Tick(theme, model.name, figures.size(model.n_bytes))
            tick.setChecked(chosen is None or model.id == chosen)
            tick.toggled.connect(self._show_sum)
            self.body.addWidget(tick)
        self._sum = Text(theme, "", "small", color="text2", wrap=True)
        self._sum.setContentsMargins(0, 8, 0, 0)
        self.body.addWidget(self._sum)
        cancel = Button(theme, translate("ExportModels", "Cancel"), size="m")
        self.go = Button(theme, translate("ExportModels", "Choose a folder"), kind="primary", size="m")
        self.buttons.addStretch()
        self.buttons.addWidget(cancel)
        self.buttons.addWidget(self.go)
        cancel.clicked.connect(self.close_sheet)
        self.go.clicked.connect(self._agree)
        self.closed.connect(self.deleteLater)
        self._show_sum()

    def ask(self) -> None:
        self.open_sheet(next(iter(self.ticks.values()), self.go))

    @property
    def chosen(self) -> list[ModelId]:
        return [key for key, tick in self.ticks.items() if tick.isChecked()]

    def _show_sum(self) -> None:
        chosen = self.chosen
        n_bytes = sum(model.n_bytes for model in self._models if model.id in chosen)
        self._sum.setText(translate("ExportModels", "{size} in all").format(size=figures.size(n_bytes)))
        self.go.explain("" if chosen else translate("ExportModels", "Tick a model first"))

    def _agree(self) -> None:
        chosen = self.chosen
        self.close_sheet()
        self.agreed.emit(chosen)
